"""Activation functions ``a = f(z)`` and their slopes ``df/dz``: a table of small records.

They are elementwise and write into buffers that the caller owns, in the dtype of their input: a training step allocates
nothing. The formulas hold for every z: a saturated slope is computed from what is small, never as the difference of two
numbers near 1.

Digits, in float64: for every z from −1.8e308 to 1.8e308, values and slopes agree with the exact ones to `digits`
decimal places of their own size, be it 1 or 1e-300. Two things are excepted. Below 1e-305 there is no relative size any
more: results may be 0, or some number below that. And near a root, where positive and negative terms cancel (f′ of
gelu, silu and mish has one, at z = −0.75, −1.28 and −1.19; f of hard_sigmoid has one at −3), it is so many places of 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..ground.parts import Parts
from . import elementwise
from . import second_derivatives as second
from .written import Written

Array = NDArray[np.floating]
Call = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Activation:
    """``a = f(z)`` and its slope ``df(z, a) = da/dz``.

    Attributes
    ----------
    name : str
        Its key in `ACTIVATIONS`.
    f : callable (z, out, *work)
        Write f(z) into `out`, which may be `z` itself.
    df : callable (z, a, out, *work)
        Write f′(z) into `out`; `a` is f(z). `out` overlaps neither.
    second : callable (z) -> array
        Return f″(z), 0 at a kink.
    written : Written
        f and f′ as they are shown.
    digits : int
        Decimal places that f and f′ keep in float64, see above.
    scratch : int
        How many buffers like `z` both need as `work`.
    keeping : tuple of two callables, optional
        A cheaper way where the slope follows at once: (z, out, kept) writes f(z) and something into `kept`, (kept, a)
        turns that into f′(z).
    kinks : tuple of float
        Where f′ or f″ jumps: a difference across such a point does not tell the slope.
    bounded : bool
        Whether f levels off on both sides, so that a neuron can saturate.
    """

    name: str
    f: Callable[..., object]
    df: Callable[..., object]
    second: Callable[[Array], Array]
    written: Written
    digits: int = 15
    scratch: int = 0
    keeping: tuple[Callable[[Array, Array, Array], object], Callable[[Array, Array], object]] | None = None
    kinks: tuple[float, ...] = ()
    bounded: bool = False

    def bind(self, z: Array, out: Array) -> Call:
        """Return a call without arguments that writes f(z) into `out`."""
        return partial(self.f, z, out, *self._work(z))

    def bind_slope(self, z: Array, a: Array, out: Array) -> Call:
        """Return a call without arguments that writes f′(z) into `out`."""
        return partial(self.df, z, a, out, *self._work(z))

    def bind_before_slope(self, z: Array, out: Array, kept: Array) -> Call:
        """Return a call that writes f(z) into `out`, and into `kept` what `bind_slope_after` may need of it."""
        return self.bind(z, out) if self.keeping is None else partial(self.keeping[0], z, out, kept)

    def bind_slope_after(self, z: Array, a: Array, kept: Array) -> Call:
        """Return a call that writes f′(z) into `kept`, after a call of `bind_before_slope` with the same buffers."""
        return self.bind_slope(z, a, kept) if self.keeping is None else partial(self.keeping[1], kept, a)

    def apply(self, z: Array, out: Array | None = None) -> Array:
        """Return f(z), in `out` if it is given."""
        out = np.empty_like(z) if out is None else out
        self.bind(z, out)()
        return out

    def slope(self, z: Array) -> Array:
        """Return f′(z)."""
        out = np.empty_like(z)
        with np.errstate(over="ignore"):  # of a cosh whose reciprocal is 0, as it should be
            self.bind_slope(z, self.apply(z), out)()
        return out

    def _work(self, z: Array) -> list[Array]:
        return [np.empty_like(z) for _ in range(self.scratch)]


_LEAKY_RELU = Written("z if z > 0 else leaky_slope * z", "1 if z > 0 else leaky_slope", symbols={"leaky_slope": "α"})


def leaky_relu(slope: float | Array = 0.01) -> Activation:
    """Return max(z, 0) + slope · min(z, 0) (Maas et al. 2013), for a slope in [0, 1]; or one for each row of z."""

    def f(z: Array, out: Array, work: Array) -> None:
        np.multiply(z, slope, work)
        np.maximum(z, work, out=out)

    def df(z: Array, a: Array, out: Array, work: Array) -> None:
        elementwise.positive(z, out)
        np.multiply(out, 1.0 - slope, out)
        np.add(out, slope, out)

    return Activation("leaky_relu", f, df, second.flat, _LEAKY_RELU, scratch=1, kinks=(0.0,))


#: name -> record; order is the order in which they are offered.
ACTIVATIONS: Parts[Activation] = Parts(
    "activation",
    {
        entry.name: entry
        for entry in [
            Activation("identity", elementwise.identity, elementwise.identity_slope, second.flat, Written("z", "1")),
            Activation(
                "sigmoid",
                elementwise.sigmoid,
                elementwise.sigmoid_slope,
                second.sigmoid,
                Written("1 / (1 + exp(-z))", "a * (1 - a)"),
                bounded=True,
                keeping=(elementwise.sigmoid_keeping, elementwise.slope_after_sigmoid),
            ),
            Activation(
                "tanh", np.tanh, elementwise.tanh_slope, second.tanh, Written("tanh(z)", "1 - a**2"), bounded=True
            ),
            Activation(
                "relu",
                elementwise.relu,
                elementwise.relu_slope,
                second.flat,
                Written("max(0, z)", "1 if z > 0 else 0"),
                kinks=(0.0,),
            ),
            leaky_relu(),
            Activation(
                "elu",
                elementwise.elu,
                elementwise.elu_slope,
                second.elu,
                Written("z if z > 0 else exp(z) - 1", "1 if z > 0 else exp(z)"),
                scratch=1,
                kinks=(0.0,),
            ),
            Activation(
                "selu",
                elementwise.selu,
                elementwise.selu_slope,
                second.selu,
                Written(
                    "scale * z if z > 0 else scale * alpha * (exp(z) - 1)",
                    "scale if z > 0 else scale * alpha * exp(z)",
                    symbols={"scale": "λ", "alpha": "α"},
                    constants={"scale": elementwise.SELU_SCALE, "alpha": elementwise.SELU_ALPHA},
                ),
                scratch=1,
                kinks=(0.0,),
            ),
            Activation(
                "gelu",
                elementwise.gelu,
                elementwise.gelu_slope,
                second.gelu,
                Written(
                    "z * normal(z)",
                    "normal(z) + z * exp(-(z**2) / 2) / sqrt(2 * pi)",
                    symbols={"pi": "π"},
                    constants={"pi": math.pi},
                ),
                digits=12,
                scratch=1,
            ),
            Activation(
                "silu",
                elementwise.silu,
                elementwise.silu_slope,
                second.silu,
                Written("z / (1 + exp(-z))", "(1 + a * exp(-z)) / (1 + exp(-z))"),
                scratch=1,
            ),
            Activation(
                "softplus",
                elementwise.softplus,
                elementwise.softplus_slope,
                second.softplus,
                Written("ln(1 + exp(z))", "1 / (1 + exp(-z))"),
            ),
            Activation(
                "softsign",
                elementwise.softsign,
                elementwise.softsign_slope,
                second.softsign,
                Written("z / (1 + abs(z))", "1 / (1 + abs(z))**2"),
                scratch=1,
                kinks=(0.0,),
                bounded=True,
            ),
            Activation(
                "hard_sigmoid",
                elementwise.hard_sigmoid,
                elementwise.hard_sigmoid_slope,
                second.flat,
                Written("max(0, min(1, (z + 3) / 6))", "1 / 6 if abs(z) < 3 else 0"),
                scratch=1,
                kinks=(-3.0, 3.0),
                bounded=True,
            ),
            Activation(
                "mish",
                elementwise.mish,
                elementwise.mish_slope,
                second.mish,
                Written(
                    "z * tanh(ln(1 + exp(z)))",
                    "tanh(ln(1 + exp(z))) + z * (1 - tanh(ln(1 + exp(z)))**2) / (1 + exp(-z))",
                ),
                scratch=3,
            ),
        ]
    },
)
