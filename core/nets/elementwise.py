"""What activations are made of: elementwise functions f and their slopes, written into buffers that the caller owns.

A function takes z and `out`, a slope z, a = f(z) and `out`; some need further buffers like z to work in. Each works in
the dtype of its buffers, and holds for every z: `activations` says to how many digits.
"""

from __future__ import annotations

import math
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def identity(z: Array, out: Array) -> None:
    if out is not z:
        out[...] = z


def identity_slope(z: Array, a: Array, out: Array) -> None:
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


def slope_after_sigmoid(kept: Array, a: Array) -> None:
    """Slope exp(−z) a², which is a (1 − a) without the difference."""
    np.multiply(kept, a, kept)
    np.multiply(kept, a, kept)


def sigmoid_slope(z: Array, a: Array, out: Array) -> None:
    """Slope a / (1 + exp(z)), which is a (1 − a) without the difference."""
    number = CONSTANTS[out.dtype.char]
    np.minimum(z, number.largest, out=out)
    np.exp(out, out)
    np.add(out, number.one, out)
    np.divide(a, out, out)


def tanh_slope(z: Array, a: Array, out: Array) -> None:
    """Slope 1 / cosh²(z), which is 1 − a² without the difference; 0 where cosh overflows."""
    np.cosh(z, out)
    np.reciprocal(out, out)
    np.square(out, out)


def silu(z: Array, out: Array, work: Array) -> None:
    """Write z σ(z) with σ = sigmoid (Elfwing et al. 2017)."""
    number = CONSTANTS[out.dtype.char]
    np.maximum(z, number.smallest, out=work)
    np.negative(work, out)
    np.exp(out, out)
    np.add(out, number.one, out)
    np.divide(work, out, out)


def silu_slope(z: Array, a: Array, out: Array, work: Array) -> None:
    """Slope σ(z) (1 + a exp(−z)), for 1 − σ = σ exp(−z)."""
    sigmoid_keeping(z, out, work)
    np.multiply(work, a, work)
    np.add(work, CONSTANTS[out.dtype.char].one, work)
    np.multiply(out, work, out)


def softplus(z: Array, out: Array) -> None:
    """Write ln(1 + exp(z)), as a sum of exponentials under the logarithm that cannot overflow."""
    np.logaddexp(z, CONSTANTS[out.dtype.char].zero, out)


def softplus_slope(z: Array, a: Array, out: Array) -> None:
    """Slope σ(z)."""
    sigmoid(z, out)


def mish(z: Array, out: Array, work: Array, sum_: Array, _: Array) -> None:
    """Write z tanh(ln(1 + exp(z))) (Misra 2019): z n / (n + 2) with n = e² + 2e, e = exp(z)."""
    number = CONSTANTS[out.dtype.char]
    np.minimum(z, number.level, out=work)
    np.exp(work, work)
    np.add(work, number.two, sum_)
    np.multiply(work, sum_, work)
    np.add(work, number.two, sum_)
    np.divide(work, sum_, work)
    np.multiply(z, work, out)


def mish_slope(z: Array, a: Array, out: Array, e: Array, d: Array, work: Array) -> None:
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


def gelu(z: Array, out: Array, work: Array) -> None:
    """Write z Φ(z), Φ the normal distribution function (Hendrycks & Gimpel 2016): exact, not its approximation."""
    _normal_distribution(z, work)
    np.multiply(z, work, out)


def gelu_slope(z: Array, a: Array, out: Array, work: Array) -> None:
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


def relu(z: Array, out: Array) -> None:
    """Write max(z, 0)."""
    np.maximum(z, CONSTANTS[out.dtype.char].zero, out=out)


def positive(z: Array, out: Array) -> None:
    """Write 1 where z > 0, else 0: at the kink itself the slope is that of the left, as in every framework."""
    np.maximum(z, 0.0, out=out)
    np.sign(out, out)


def relu_slope(z: Array, a: Array, out: Array) -> None:
    """Slope 1 where z > 0, else 0."""
    np.sign(a, out)


def elu(z: Array, out: Array, work: Array) -> None:
    """Write z where z > 0, else exp(z) − 1 (Clevert et al. 2015, α = 1): the larger one, since exp(z) − 1 ≥ z."""
    np.minimum(z, 0.0, out=work)
    np.expm1(work, work)
    np.maximum(z, work, out=out)


def elu_slope(z: Array, a: Array, out: Array, work: Array) -> None:
    """Slope 1 where z > 0, else exp(z)."""
    np.minimum(z, 0.0, out=out)
    np.exp(out, out)


#: Klambauer et al. 2017: with them, mean 0 and variance 1 are a fixed point of the layers.
SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


def selu(z: Array, out: Array, work: Array) -> None:
    """Write λ z where z > 0, else λα (exp(z) − 1)."""
    np.minimum(z, 0.0, out=work)
    np.expm1(work, work)
    np.multiply(work, SELU_ALPHA, work)
    np.maximum(z, 0.0, out=out)
    np.add(out, work, out)
    np.multiply(out, SELU_SCALE, out)


def selu_slope(z: Array, a: Array, out: Array, work: Array) -> None:
    """Slope λ where z > 0, else λα exp(z)."""
    positive(z, work)
    np.multiply(work, 1.0 - SELU_ALPHA, work)
    np.add(work, SELU_ALPHA, work)
    np.minimum(z, 0.0, out=out)
    np.exp(out, out)
    np.multiply(out, work, out)
    np.multiply(out, SELU_SCALE, out)


# Without exponentials


def softsign(z: Array, out: Array, work: Array) -> None:
    """Write z / (1 + |z|)."""
    np.absolute(z, work)
    np.add(work, 1.0, work)
    np.divide(z, work, out)


def softsign_slope(z: Array, a: Array, out: Array, work: Array) -> None:
    """Slope 1 / (1 + |z|)²."""
    np.absolute(z, out)
    np.add(out, CONSTANTS[out.dtype.char].one, out)
    np.reciprocal(out, out)
    np.multiply(out, out, out)


def hard_sigmoid(z: Array, out: Array, work: Array) -> None:
    """Write (z + 3) / 6, held between 0 and 1."""
    number = CONSTANTS[out.dtype.char]
    np.add(z, number.three, out)
    np.multiply(out, 1 / 6, out)
    np.maximum(out, number.zero, out=out)
    np.minimum(out, number.one, out=out)


def hard_sigmoid_slope(z: Array, a: Array, out: Array, work: Array) -> None:
    """Slope 1 / 6 where 0 < a < 1, else 0."""
    np.sign(a, out)
    np.subtract(1.0, a, work)
    np.sign(work, work)
    np.multiply(out, work, out)
    np.multiply(out, 1 / 6, out)
