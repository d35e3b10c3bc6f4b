"""Sums of losses over a batch, number by number: what is returned, what is written, and where exponentials end."""

import math

import numpy as np
import pytest
from backscope.core.nets import batch_losses
from backscope.core.nets.batch_losses import softmax


def sign(x):
    return math.copysign(1, x)


def logistic(x):
    return 1 / (1 + math.exp(-x))


#: Of a (or z) and y: the loss of one output, and the slope that is written.
FORMULAS = {
    "squared": (lambda a, y: (a - y) ** 2, lambda a, y: a - y),
    "half_squared": (lambda a, y: (a - y) ** 2 / 2, lambda a, y: a - y),
    "absolute": (lambda a, y: abs(a - y), lambda a, y: sign(a - y)),
    "hinge": (lambda a, y: max(0, 1 - y * a), lambda a, y: -y if y * a < 1 else 0),
    "bce": (lambda z, y: -math.log(logistic(z) if y == 1 else logistic(-z)), lambda z, y: logistic(z) - max(y, 0)),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_sum_and_slope_are_those_of_the_formula(name):
    z, y = np.array([[-2.5, 0.25, 1.5], [3.0, -0.5, -1.25]]), np.array([[1.0, -1, 1], [-1, 1, -1]])
    y = np.maximum(y, 0) if name == "bce" else y
    value, slope_of = FORMULAS[name]
    slope, pairs = np.full_like(z, np.nan), list(zip(z.ravel(), y.ravel(), strict=True))
    total = getattr(batch_losses, name)(z, z.copy(), slope)(y)
    assert total == pytest.approx(sum(value(*pair) for pair in pairs), rel=1e-14)
    np.testing.assert_allclose(slope.ravel(), [slope_of(*pair) for pair in pairs], rtol=1e-13)


def test_cross_entropy_is_the_same_on_both_sides_of_where_exponentials_overflow():
    """It does not change when all logits of a sample do, so both ways have to give the same."""
    y, found = np.array([[1.0, 0.2], [0.0, 0.3], [0.0, 0.5]]), []
    for shift in (0.0, 1024.0):
        z = np.array([[1.0, -2.0], [0.5, 1.0], [-0.25, 0.0]]) + shift
        a, slope = np.empty_like(z), np.empty_like(z)
        found.append((batch_losses.cross_entropy(z, a, slope)(y), a, slope))
    e = [[math.exp(x) for x in column] for column in ((1.0, 0.5, -0.25), (-2.0, 1.0, 0.0))]
    share = np.array([[x / sum(column) for x in column] for column in e]).T
    for total, a, slope in found:
        assert total == pytest.approx(-(y * np.log(share)).sum(), rel=1e-12)
        np.testing.assert_allclose(a, share, rtol=1e-12)
        np.testing.assert_allclose(slope, share - y, rtol=1e-12)


def test_softmax_columns_sum_to_one():
    z = np.array([[1.0, 1e4, -1e4], [2.0, 0.0, -1e4], [3.0, 1.0, -1e4]])
    out = np.empty_like(z)
    softmax(z, out)
    np.testing.assert_allclose(out.sum(axis=0), 1)
    np.testing.assert_allclose(out[:, 0], np.exp([1, 2, 3]) / np.exp([1, 2, 3]).sum())
