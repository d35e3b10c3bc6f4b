"""Activation functions ``a = f(z)`` and their slopes ``df/dz``: a table of small records.

They are elementwise and write into buffers that the caller owns, in the dtype of their input: a training step allocates
nothing. The formulas hold for every z: no overflow, and small values keep their digits.
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
    scratch : int
        How many buffers like `z` both need as `work`.
    kinks : tuple of float
        Where f′ or f″ jumps: a difference across such a point does not tell the slope.
    bounded : bool
        Whether f levels off on both sides, so that a neuron can saturate.
    """

    name: str
    f: Callable[..., object]
    df: Callable[..., object]
    scratch: int = 0
    kinks: tuple[float, ...] = ()
    bounded: bool = False

    def bind(self, z: Array, out: Array) -> Call:
        """Return a call without arguments that writes f(z) into `out`."""
        return partial(self.f, z, out, *self._work(z))

    def bind_slope(self, z: Array, a: Array, out: Array) -> Call:
        """Return a call without arguments that writes f′(z) into `out`."""
        return partial(self.df, z, a, out, *self._work(z))

    def apply(self, z: Array, out: Array | None = None) -> Array:
        """Return f(z), in `out` if it is given."""
        out = np.empty_like(z) if out is None else out
        self.bind(z, out)()
        return out

    def slope(self, z: Array) -> Array:
        """Return f′(z)."""
        out = np.empty_like(z)
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


def sigmoid(z: Array, out: Array) -> None:
    """Write 1 / (1 + exp(−z)); where exp would overflow, z is held at the last number that does not."""
    np.negative(z, out)
    np.minimum(out, _LARGEST_EXPONENT[out.dtype.char], out=out)
    np.exp(out, out)
    np.add(out, 1.0, out)
    np.reciprocal(out, out)


_LARGEST_EXPONENT = {"d": np.array(709.0), "f": np.array(88.0, np.float32)}


def _sigmoid_slope(z: Array, a: Array, out: Array) -> None:
    """Slope a (1 − a)."""
    np.subtract(1.0, a, out)
    np.multiply(out, a, out)


def _tanh_slope(z: Array, a: Array, out: Array) -> None:
    """Slope 1 − a²."""
    np.multiply(a, a, out)
    np.subtract(1.0, out, out)


def _silu(z: Array, out: Array, work: Array) -> None:
    """Write z σ(z) with σ = sigmoid (Elfwing et al. 2017)."""
    sigmoid(z, work)
    np.multiply(z, work, out)


def _silu_slope(z: Array, a: Array, out: Array, work: Array) -> None:
    """Slope σ(z) + a (1 − σ(z))."""
    sigmoid(z, work)
    np.subtract(1.0, work, out)
    np.multiply(out, a, out)
    np.add(out, work, out)


def _softplus(z: Array, out: Array) -> None:
    """Write ln(1 + exp(z)), as a sum of exponentials under the logarithm that cannot overflow."""
    np.logaddexp(z, np.zeros((), z.dtype), out)


def _softplus_slope(z: Array, a: Array, out: Array) -> None:
    """Slope σ(z)."""
    sigmoid(z, out)


def _mish(z: Array, out: Array, work: Array, _: Array) -> None:
    """Write z tanh(softplus(z)) (Misra 2019)."""
    _softplus(z, work)
    np.tanh(work, work)
    np.multiply(z, work, out)


def _mish_slope(z: Array, a: Array, out: Array, t: Array, work: Array) -> None:
    """Slope t + z σ(z) (1 − t²) with t = tanh(softplus(z))."""
    _softplus(z, t)
    np.tanh(t, t)
    sigmoid(z, out)
    np.multiply(out, z, out)
    np.multiply(t, t, work)
    np.subtract(1.0, work, work)
    np.multiply(out, work, out)
    np.add(out, t, out)


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
    np.maximum(z, 0.0, out=out)


def _positive(z: Array, out: Array) -> None:
    """Write 1 where z > 0, else 0: at the kink itself the slope is that of the left, as in every framework."""
    np.maximum(z, 0.0, out=out)
    np.sign(out, out)


def _relu_slope(z: Array, a: Array, out: Array) -> None:
    """Slope 1 where z > 0, else 0."""
    np.sign(a, out)


def leaky_relu(slope: float = 0.01) -> Activation:
    """Return max(z, 0) + slope · min(z, 0) (Maas et al. 2013), for a slope in [0, 1]."""

    def f(z: Array, out: Array, work: Array) -> None:
        np.multiply(z, slope, work)
        np.maximum(z, work, out=out)

    def df(z: Array, a: Array, out: Array, work: Array) -> None:
        _positive(z, out)
        np.multiply(out, 1.0 - slope, out)
        np.add(out, slope, out)

    return Activation("leaky_relu", f, df, scratch=1, kinks=(0.0,))


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
    np.add(out, 1.0, out)
    np.multiply(out, out, out)
    np.reciprocal(out, out)


def _hard_sigmoid(z: Array, out: Array, work: Array) -> None:
    """Write z / 6 + 1 / 2, held between 0 and 1."""
    np.multiply(z, 1 / 6, out)
    np.add(out, 0.5, out)
    np.maximum(out, 0.0, out=out)
    np.minimum(out, 1.0, out=out)


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
            Activation("identity", _identity, _identity_slope),
            Activation("sigmoid", sigmoid, _sigmoid_slope, bounded=True),
            Activation("tanh", np.tanh, _tanh_slope, bounded=True),
            Activation("relu", _relu, _relu_slope, kinks=(0.0,)),
            leaky_relu(),
            Activation("elu", _elu, _elu_slope, scratch=1, kinks=(0.0,)),
            Activation("selu", _selu, _selu_slope, scratch=1, kinks=(0.0,)),
            Activation("gelu", _gelu, _gelu_slope, scratch=1),
            Activation("silu", _silu, _silu_slope, scratch=1),
            Activation("softplus", _softplus, _softplus_slope),
            Activation("softsign", _softsign, _softsign_slope, scratch=1, kinks=(0.0,), bounded=True),
            Activation("hard_sigmoid", _hard_sigmoid, _hard_sigmoid_slope, scratch=1, kinks=(-3.0, 3.0), bounded=True),
            Activation("mish", _mish, _mish_slope, scratch=2),
        ]
    }
)
