"""Activation functions ``a = f(z)`` and their slopes ``df/dz``: a table of small records.

Both write into a buffer that the caller owns, elementwise, in the dtype of their input: the training step allocates
nothing. The formulas hold for every z: no overflow, and small values keep their digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Activation:
    """``a = f(z)`` and its slope ``df(z, a) = da/dz``, both elementwise and into ``out``.

    Attributes
    ----------
    name : str
        Its key in `ACTIVATIONS`.
    f : callable (z, out)
        Write f(z) into `out`, which may be `z` itself.
    df : callable (z, a, out)
        Write f′(z) into `out`; `a` is f(z). `out` overlaps neither.
    kinks : tuple of float
        Where f′ jumps.
    """

    name: str
    f: Callable[[Array, Array], object]
    df: Callable[[Array, Array, Array], object]
    kinks: tuple[float, ...] = ()


def _identity(z: Array, out: Array) -> None:
    if out is not z:
        out[...] = z


def _identity_slope(z: Array, a: Array, out: Array) -> None:
    out.fill(1.0)


def sigmoid(z: Array, out: Array) -> None:
    """Write ``1 / (1 + exp(−z))`` into `out`: where exp would overflow, z is held at the last number that does not."""
    np.negative(z, out)
    np.minimum(out, _LARGEST_EXPONENT[out.dtype.char], out=out)
    np.exp(out, out)
    np.add(out, 1.0, out)
    np.reciprocal(out, out)


_LARGEST_EXPONENT = {"d": np.array(709.0), "f": np.array(88.0, np.float32)}


def _sigmoid_slope(z: Array, a: Array, out: Array) -> None:
    np.subtract(1.0, a, out)
    np.multiply(out, a, out)


def _tanh_slope(z: Array, a: Array, out: Array) -> None:
    np.multiply(a, a, out)
    np.subtract(1.0, out, out)


def _relu(z: Array, out: Array) -> None:
    np.maximum(z, 0.0, out=out)


def _relu_slope(z: Array, a: Array, out: Array) -> None:
    """Write 1 where z > 0, else 0: at the kink itself the slope is 0, as in every framework."""
    np.sign(a, out)


#: name -> record; order is the order in which they are offered.
ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        entry.name: entry
        for entry in [
            Activation("identity", _identity, _identity_slope),
            Activation("sigmoid", sigmoid, _sigmoid_slope),
            Activation("tanh", np.tanh, _tanh_slope),
            Activation("relu", _relu, _relu_slope, kinks=(0.0,)),
        ]
    }
)
