"""The parts of activations: formulas in plain floats, slopes from what was kept, and the edges of exponentials."""

import math

import numpy as np
import pytest
from backscope.core.nets import elementwise
from backscope.core.nets.activations import ACTIVATIONS


def logistic(x):
    return 1 / (1 + math.exp(-x))


#: Of f and its slope, at points where nothing of them cancels.
SLOPES = {
    "sigmoid_slope": (logistic, lambda z: logistic(z) * logistic(-z)),
    "tanh_slope": (math.tanh, lambda z: 1 / math.cosh(z) ** 2),
    "softplus_slope": (lambda z: math.log1p(math.exp(z)), logistic),
    "relu_slope": (lambda z: max(z, 0), lambda z: float(z > 0)),
}
POINTS = [-3.0, -0.75, 0.0, 0.5, 2.0]


@pytest.mark.parametrize("name", SLOPES)
def test_a_slope_is_that_of_its_formula(name):
    f, slope = SLOPES[name]
    out = np.full(len(POINTS), np.nan)
    getattr(elementwise, name)(np.array(POINTS), np.array([f(z) for z in POINTS]), out)
    np.testing.assert_allclose(out, [slope(z) for z in POINTS], rtol=1e-14)


def test_a_sigmoid_that_keeps_its_exponential_has_its_slope_at_once():
    z, a, kept = np.array(POINTS), np.empty(5), np.empty(5)
    elementwise.sigmoid_keeping(z, a, kept)
    np.testing.assert_allclose(kept, [math.exp(-x) for x in POINTS], rtol=1e-15)
    elementwise.slope_after_sigmoid(kept, a)
    np.testing.assert_allclose(kept, [logistic(x) * logistic(-x) for x in POINTS], rtol=1e-14)


def test_positive_is_zero_at_the_kink_and_below():
    out = np.empty(4)
    elementwise.positive(np.array([-2.0, 0.0, 1e-300, 5.0]), out)
    np.testing.assert_array_equal(out, [0, 0, 1, 1])


def test_sigmoid_keeps_small_values():
    z = np.array([-700.0, -40.0])
    np.testing.assert_allclose(ACTIVATIONS["sigmoid"].apply(z), np.exp(z), rtol=1e-12)
