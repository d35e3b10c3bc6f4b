"""What losses are made of: for the buffers of one output layer, functions that sum a loss over a batch.

Each takes z, a and `slope` (n_out, batch) and returns ``evaluate(y)``, which returns the sum and writes its derivative
into `slope`; those from logits write `a` too. `losses` says to how many digits, and what the sums are divided by.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .activations import Array
from .elementwise import CONSTANTS

Evaluate = Callable[[Array], float]


def squared(z: Array, a: Array, slope: Array) -> Evaluate:
    """Σ (a − y)²; the slope written is a − y."""
    flat = slope.reshape(-1)
    dot = flat.dot

    def evaluate(y: Array) -> float:
        np.subtract(a, y, slope)
        return float(dot(flat))

    return evaluate


def half_squared(z: Array, a: Array, slope: Array) -> Evaluate:
    """½ Σ (a − y)²: Nielsen's quadratic cost."""
    whole = squared(z, a, slope)
    return lambda y: 0.5 * whole(y)


def absolute(z: Array, a: Array, slope: Array) -> Evaluate:
    """Σ |a − y|; the slope is the sign of a − y."""
    size = np.empty_like(z)
    total, ones = size.reshape(-1).dot, np.ones(z.size, z.dtype)

    def evaluate(y: Array) -> float:
        np.subtract(a, y, slope)
        np.absolute(slope, size)
        np.sign(slope, slope)
        return float(total(ones))

    return evaluate


def hinge(z: Array, a: Array, slope: Array) -> Evaluate:
    """Σ max(0, 1 − ya) for targets y of −1 and 1; the slope is −y where that is above 0."""
    margin = np.empty_like(z)
    total, ones = margin.reshape(-1).dot, np.ones(z.size, z.dtype)

    def evaluate(y: Array) -> float:
        np.multiply(y, a, margin)
        np.subtract(1.0, margin, margin)
        np.maximum(margin, 0.0, out=margin)
        np.sign(margin, slope)
        np.multiply(slope, y, slope)
        np.negative(slope, slope)
        return float(total(ones))

    return evaluate


def bce(z: Array, a: Array, slope: Array) -> Evaluate:
    """−Σ y ln a + (1 − y) ln(1 − a) with a = sigmoid(z): no difference of two numbers near 1 is ever taken.

    With h = 1 where z > 0, else 0, and e = exp(−|z|), a is h ∓ e / (1 + e); so the loss is (h − y) z + ln(1 + e) and
    the slope a − y is (h − y) ∓ e / (1 + e), and where a sure output is right, h − y is 0.
    """
    side, tail, small, wrong = (np.empty_like(z) for _ in range(4))
    number, minus_one, half = CONSTANTS[z.dtype.char], np.array(-1, z.dtype), np.array(0.5, z.dtype)
    flat_z, ones = z.reshape(-1), np.ones(z.size, z.dtype)
    total, wrong_dot = small.reshape(-1).dot, wrong.reshape(-1).dot

    def evaluate(y: Array) -> float:
        np.copysign(z, minus_one, small)
        np.exp(small, small)
        np.sign(z, tail)
        np.multiply(tail, small, tail)
        np.add(small, number.one, side)
        np.divide(tail, side, tail)
        np.heaviside(z, half, side)
        np.subtract(side, tail, a)
        np.subtract(side, y, wrong)
        np.subtract(wrong, tail, slope)
        np.log1p(small, small)
        return float(wrong_dot(flat_z)) + float(total(ones))

    return evaluate


def softmax(z: Array, out: Array) -> None:
    """Write exp(z) / Σ exp(z) per sample (column) into `out`; the largest z is taken off first: nothing overflows."""
    np.subtract(z, z.max(axis=0), out)
    np.exp(out, out)
    np.divide(out, out.sum(axis=0), out)


#: By dtype: up to here, on both sides of 0, exponentials of logits can be divided by each other as they are.
_MODEST = {"d": 340.0, "f": 40.0}


def cross_entropy(z: Array, a: Array, slope: Array) -> Evaluate:
    """−Σ y ln a with a = softmax(z), for targets of any sum: no difference of two numbers near 1 is ever taken.

    With e = exp(z), ē and ȳ the sums over all the *other* outputs, and q = ē / e, a is 1 / (1 + q), −ln a is ln(1 + q),
    and the slope aΣy − y is (ȳ − yq) a: where a sure output is right, both q and ȳ are small.
    """
    q, work, over_others = np.empty_like(z), np.empty_like(z), _others(z).dot
    flat_z, one, modest = z.reshape(-1), CONSTANTS[z.dtype.char].one, _MODEST[z.dtype.char]
    lowest, highest = flat_z.argmin, flat_z.argmax

    def evaluate(y: Array) -> float:
        if not (flat_z[highest()] < modest and flat_z[lowest()] > -modest):
            return _cross_entropy_far(z, a, slope, y)
        np.exp(z, work)
        over_others(work, q)
        np.divide(q, work, q)
        np.add(q, one, a)
        np.reciprocal(a, a)
        over_others(y, slope)
        np.multiply(y, q, work)
        np.subtract(slope, work, slope)
        np.multiply(slope, a, slope)
        np.log1p(q, q)
        return float(np.vdot(y, q))

    return evaluate


def _cross_entropy_far(z: Array, a: Array, slope: Array, y: Array) -> float:
    """Do the same for logits whose exponentials overflow: the largest of each sample is taken off first."""
    over_others = _others(z)
    shifted = z - z.max(axis=0)
    e = np.exp(shifted)
    others = over_others @ e
    np.divide(e, e + others, a)
    np.divide(e * (over_others @ y) - y * others, e + others, slope)
    logs = np.log1p(others.min(axis=0))  # of what the others add to the largest one's 1
    return float(np.sum(y.sum(axis=0) * logs) - np.sum(y * shifted))


def _others(z: Array) -> Array:
    """Return the matrix that sums over all outputs but one: ones, and zeros on the diagonal."""
    return 1 - np.eye(len(z), dtype=z.dtype)
