"""Second derivatives against differences of the slopes, far out, and at the kinks."""

import numpy as np
import pytest
from backscope.core.nets import second_derivatives
from backscope.core.nets.activations import ACTIVATIONS

#: On both sides of every kink, which lie at multiples of 0.5.
POINTS = np.array([-5.3, -2.2, -1.3, -0.2, 0.1, 0.7, 1.6, 4.3])
NAMES = [name for name in ACTIVATIONS if hasattr(second_derivatives, name)]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_how_the_slope_changes(name):
    slope, h = ACTIVATIONS[name].slope, 1e-3
    near, far = ((slope(POINTS + step) - slope(POINTS - step)) / (2 * step) for step in (h / 2, h))
    found = getattr(second_derivatives, name)(POINTS)
    np.testing.assert_allclose(found, (4 * near - far) / 3, rtol=1e-8, atol=1e-10)
    assert np.abs(found).max() > 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_far_out_it_is_nothing_and_no_exponential_overflows(name):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.abs(getattr(second_derivatives, name)(np.array([-1e9, 1e9]))).max() < 1e-20


def test_straight_lines_and_kinks_have_none():
    z = np.array([-1.0, 0.0, 1.0])
    np.testing.assert_array_equal(second_derivatives.flat(z), 0)
    np.testing.assert_array_equal(second_derivatives.elu(z), [np.exp(-1.0), 0, 0])
    np.testing.assert_array_equal(second_derivatives.softsign(z), [0.25, 0, -0.25])
