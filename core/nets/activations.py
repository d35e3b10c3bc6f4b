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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib import import_module
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


def _identity(z: Array, out: Array) -> None:
    if out is not z:
        out[...] = z


def _identity_slope(z: Array, a: Array, out: Array) -> None:
    out.fill(1.0)


# With an exponential that levels off: 1 / (1 + exp(−z)) and its relatives


class _Constants:
    """Numbers in a dtype, as NumPy takes them fastest: a Python number costs a call half as much again."""

    def __init__(self, dtype: type[np.floating], largest_exponent: float) -> None:
        self.zero, self.one, self.two, self.three, self.four = (np.array(x, dtype) for x in (0, 1, 2, 3, 4))
        #: exp of it is a number, and so is 1 over that.
        self.largest, self.smallest = np.array(largest_exponent, dtype), np.array(-largest_exponent, dtype)
        #: From here on tanh(softplus(z)) is 1.
        self.level = np.array(40, dtype)


CONSTANTS = {"d": _Constants(np.float64, 709.0), "f": _Constants(np.float32, 88.0)}


def sigmoid(z: Array, out: Array) -> None:
    """Write 1 / (1 + exp(−z)); where exp would overflow, z is held at the last number that does not."""
    sigmoid_keeping(z, out, out)


def sigmoid_keeping(z: Array, out: Array, kept: Array) -> None:
    """Write 1 / (1 + exp(−z)) into `out` and exp(−z) into `kept`, held as in `sigmoid`."""
    number = CONSTANTS[out.dtype.char]
    np.negative(z, kept)
    np.minimum(kept, number.largest, out=kept)
    np.exp(kept, kept)
    np.add(kept, number.one, out)
    np.reciprocal(out, out)


def _slope_after_sigmoid(kept: Array, a: Array) -> None:
    """Slope exp(−z) a², which is a (1 − a) without the difference."""
    np.multiply(kept, a, kept)
    np.multiply(kept, a, kept)


def _sigmoid_slope(z: Array, a: Array, out: Array) -> None:
    """Slope a / (1 + exp(z)), which is a (1 − a) without the difference."""
    number = CONSTANTS[out.dtype.char]
    np.minimum(z, number.largest, out=out)
    np.exp(out, out)
    np.add(out, number.one, out)
    np.divide(a, out, out)


def _tanh_slope(z: Array, a: Array, out: Array) -> None:
    """Slope 1 / cosh²(z), which is 1 − a² without the difference; 0 where cosh overflows."""
    np.cosh(z, out)
    np.reciprocal(out, out)
    np.square(out, out)


def _silu(z: Array, out: Array, work: Array) -> None:
    """Write z σ(z) with σ = sigmoid (Elfwing et al. 2017)."""
    number = CONSTANTS[out.dtype.char]
    np.maximum(z, number.smallest, out=work)
    np.negative(work, out)
    np.exp(out, out)
    np.add(out, number.one, out)
    np.divide(work, out, out)


def _silu_slope(z: Array, a: Array, out: Array, work: Array) -> None:
    """Slope σ(z) (1 + a exp(−z)), for 1 − σ = σ exp(−z)."""
    sigmoid_keeping(z, out, work)
    np.multiply(work, a, work)
    np.add(work, CONSTANTS[out.dtype.char].one, work)
    np.multiply(out, work, out)


def _softplus(z: Array, out: Array) -> None:
    """Write ln(1 + exp(z)), as a sum of exponentials under the logarithm that cannot overflow."""
    np.logaddexp(z, CONSTANTS[out.dtype.char].zero, out)


def _softplus_slope(z: Array, a: Array, out: Array) -> None:
    """Slope σ(z)."""
    sigmoid(z, out)


def _mish(z: Array, out: Array, work: Array, sum_: Array, _: Array) -> None:
    """Write z tanh(ln(1 + exp(z))) (Misra 2019): z n / (n + 2) with n = e² + 2e, e = exp(z)."""
    number = CONSTANTS[out.dtype.char]
    np.minimum(z, number.level, out=work)
    np.exp(work, work)
    np.add(work, number.two, sum_)
    np.multiply(work, sum_, work)
    np.add(work, number.two, sum_)
    np.divide(work, sum_, work)
    np.multiply(z, work, out)


def _mish_slope(z: Array, a: Array, out: Array, e: Array, d: Array, work: Array) -> None:
    """Slope (n + 4z e (1 + e) / d) / d with e = exp(z), n = e² + 2e, d = n + 2."""
    number = CONSTANTS[out.dtype.char]
    np.minimum(z, number.level, out=out)
    np.exp(out, e)
    np.add(e, number.two, work)
    np.multiply(e, work, work)
    np.add(work, number.two, d)
    np.multiply(out, e, out)
    np.multiply(out, number.four, out)
    np.divide(out, d, out)
    np.add(e, number.one, e)
    np.multiply(out, e, out)
    np.add(out, work, out)
    np.divide(out, d, out)


def _gelu(z: Array, out: Array, work: Array) -> None:
    """Write z Φ(z), Φ the normal distribution function (Hendrycks & Gimpel 2016): exact, not its approximation."""
    _normal_distribution(z, work)
    np.multiply(z, work, out)


def _gelu_slope(z: Array, a: Array, out: Array, work: Array) -> None:
    """Slope Φ(z) + z φ(z) with φ = Φ′."""
    np.multiply(z, z, out)
    np.multiply(out, -0.5, out)
    np.exp(out, out)
    np.multiply(out, 1 / math.sqrt(2 * math.pi), out)
    np.multiply(out, z, out)
    _normal_distribution(z, work)
    np.add(out, work, out)


def _normal_distribution(z: Array, out: Array) -> None:
    _scipy_special().ndtr(z, out)


@lru_cache(maxsize=1)
def _scipy_special() -> Any:
    return import_module("scipy.special")  # when it is first needed: only GELU does


# Bent at zero: ReLU and its relatives


def _relu(z: Array, out: Array) -> None:
    """Write max(z, 0)."""
    np.maximum(z, CONSTANTS[out.dtype.char].zero, out=out)


def _positive(z: Array, out: Array) -> None:
    """Write 1 where z > 0, else 0: at the kink itself the slope is that of the left, as in every framework."""
    np.maximum(z, 0.0, out=out)
    np.sign(out, out)


def _relu_slope(z: Array, a: Array, out: Array) -> None:
    """Slope 1 where z > 0, else 0."""
    np.sign(a, out)


_LEAKY_RELU = Written("z if z > 0 else leaky_slope * z", "1 if z > 0 else leaky_slope", symbols={"leaky_slope": "α"})


def leaky_relu(slope: float | Array = 0.01) -> Activation:
    """Return max(z, 0) + slope · min(z, 0) (Maas et al. 2013), for a slope in [0, 1]; or one for each row of z."""

    def f(z: Array, out: Array, work: Array) -> None:
        np.multiply(z, slope, work)
        np.maximum(z, work, out=out)

    def df(z: Array, a: Array, out: Array, work: Array) -> None:
        _positive(z, out)
        np.multiply(out, 1.0 - slope, out)
        np.add(out, slope, out)

    return Activation("leaky_relu", f, df, second.flat, _LEAKY_RELU, scratch=1, kinks=(0.0,))


def _elu(z: Array, out: Array, work: Array) -> None:
    """Write z where z > 0, else exp(z) − 1 (Clevert et al. 2015, α = 1): the larger one, since exp(z) − 1 ≥ z."""
    np.minimum(z, 0.0, out=work)
    np.expm1(work, work)
    np.maximum(z, work, out=out)


def _elu_slope(z: Array, a: Array, out: Array, work: Array) -> None:
    """Slope 1 where z > 0, else exp(z)."""
    np.minimum(z, 0.0, out=out)
    np.exp(out, out)


#: Klambauer et al. 2017: with them, mean 0 and variance 1 are a fixed point of the layers.
SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


def _selu(z: Array, out: Array, work: Array) -> None:
    """Write λ z where z > 0, else λα (exp(z) − 1)."""
    np.minimum(z, 0.0, out=work)
    np.expm1(work, work)
    np.multiply(work, SELU_ALPHA, work)
    np.maximum(z, 0.0, out=out)
    np.add(out, work, out)
    np.multiply(out, SELU_SCALE, out)


def _selu_slope(z: Array, a: Array, out: Array, work: Array) -> None:
    """Slope λ where z > 0, else λα exp(z)."""
    _positive(z, work)
    np.multiply(work, 1.0 - SELU_ALPHA, work)
    np.add(work, SELU_ALPHA, work)
    np.minimum(z, 0.0, out=out)
    np.exp(out, out)
    np.multiply(out, work, out)
    np.multiply(out, SELU_SCALE, out)


# Without exponentials


def _softsign(z: Array, out: Array, work: Array) -> None:
    """Write z / (1 + |z|)."""
    np.absolute(z, work)
    np.add(work, 1.0, work)
    np.divide(z, work, out)


def _softsign_slope(z: Array, a: Array, out: Array, work: Array) -> None:
    """Slope 1 / (1 + |z|)²."""
    np.absolute(z, out)
    np.add(out, CONSTANTS[out.dtype.char].one, out)
    np.reciprocal(out, out)
    np.multiply(out, out, out)


def _hard_sigmoid(z: Array, out: Array, work: Array) -> None:
    """Write (z + 3) / 6, held between 0 and 1."""
    number = CONSTANTS[out.dtype.char]
    np.add(z, number.three, out)
    np.multiply(out, 1 / 6, out)
    np.maximum(out, number.zero, out=out)
    np.minimum(out, number.one, out=out)


def _hard_sigmoid_slope(z: Array, a: Array, out: Array, work: Array) -> None:
    """Slope 1 / 6 where 0 < a < 1, else 0."""
    np.sign(a, out)
    np.subtract(1.0, a, work)
    np.sign(work, work)
    np.multiply(out, work, out)
    np.multiply(out, 1 / 6, out)


#: name -> record; order is the order in which they are offered.
ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        entry.name: entry
        for entry in [
            Activation("identity", _identity, _identity_slope, second.flat, Written("z", "1")),
            Activation(
                "sigmoid",
                sigmoid,
                _sigmoid_slope,
                second.sigmoid,
                Written("1 / (1 + exp(-z))", "a * (1 - a)"),
                bounded=True,
                keeping=(sigmoid_keeping, _slope_after_sigmoid),
            ),
            Activation("tanh", np.tanh, _tanh_slope, second.tanh, Written("tanh(z)", "1 - a**2"), bounded=True),
            Activation(
                "relu", _relu, _relu_slope, second.flat, Written("max(0, z)", "1 if z > 0 else 0"), kinks=(0.0,)
            ),
            leaky_relu(),
            Activation(
                "elu",
                _elu,
                _elu_slope,
                second.elu,
                Written("z if z > 0 else exp(z) - 1", "1 if z > 0 else exp(z)"),
                scratch=1,
                kinks=(0.0,),
            ),
            Activation(
                "selu",
                _selu,
                _selu_slope,
                second.selu,
                Written(
                    "scale * z if z > 0 else scale * alpha * (exp(z) - 1)",
                    "scale if z > 0 else scale * alpha * exp(z)",
                    symbols={"scale": "λ", "alpha": "α"},
                    constants={"scale": SELU_SCALE, "alpha": SELU_ALPHA},
                ),
                scratch=1,
                kinks=(0.0,),
            ),
            Activation(
                "gelu",
                _gelu,
                _gelu_slope,
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
                _silu,
                _silu_slope,
                second.silu,
                Written("z / (1 + exp(-z))", "(1 + a * exp(-z)) / (1 + exp(-z))"),
                scratch=1,
            ),
            Activation(
                "softplus",
                _softplus,
                _softplus_slope,
                second.softplus,
                Written("ln(1 + exp(z))", "1 / (1 + exp(-z))"),
            ),
            Activation(
                "softsign",
                _softsign,
                _softsign_slope,
                second.softsign,
                Written("z / (1 + abs(z))", "1 / (1 + abs(z))**2"),
                scratch=1,
                kinks=(0.0,),
                bounded=True,
            ),
            Activation(
                "hard_sigmoid",
                _hard_sigmoid,
                _hard_sigmoid_slope,
                second.flat,
                Written("max(0, min(1, (z + 3) / 6))", "1 / 6 if abs(z) < 3 else 0"),
                scratch=1,
                kinks=(-3.0, 3.0),
                bounded=True,
            ),
            Activation(
                "mish",
                _mish,
                _mish_slope,
                second.mish,
                Written(
                    "z * tanh(ln(1 + exp(z)))",
                    "tanh(ln(1 + exp(z))) + z * (1 - tanh(ln(1 + exp(z)))**2) / (1 + exp(-z))",
                ),
                scratch=3,
            ),
        ]
    }
)
