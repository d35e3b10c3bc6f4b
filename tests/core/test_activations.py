"""The whole table of activations: slopes, stability, buffers."""

import numpy as np
import oracle
import pytest
from backscope.core.activations import ACTIVATIONS

#: Away from kinks, which lie at multiples of 0.5.
POINTS = np.array([-7.3, -3.1, -2.2, -1.3, -0.7, -0.2, 0.1, 0.4, 1.2, 2.3, 3.3, 6.1])


def value(name, z):
    out = np.empty_like(z)
    ACTIVATIONS[name].f(z, out)
    return out


def slope(name, z):
    out = np.empty_like(z)
    ACTIVATIONS[name].df(z, value(name, z), out)
    return out


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_matches_central_difference(name):
    h = 1e-3

    def difference(h):
        return (value(name, POINTS + h) - value(name, POINTS - h)) / (2 * h)

    refined = (4 * difference(h / 2) - difference(h)) / 3
    np.testing.assert_allclose(slope(name, POINTS), refined, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name in oracle.ACTIVATIONS])
def test_value_matches_textbook(name):
    f, df = oracle.ACTIVATIONS[name]
    np.testing.assert_allclose(value(name, POINTS), f(POINTS), rtol=1e-14)
    np.testing.assert_allclose(slope(name, POINTS), df(POINTS, f(POINTS)), rtol=1e-13)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_stable_for_large_inputs(name, dtype):
    z = np.array([-1e4, -800, -100, -30, 0, 30, 100, 800, 1e4], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        a, s = value(name, z), slope(name, z)
    assert a.dtype == s.dtype == dtype
    assert np.isfinite(a).all()
    assert np.isfinite(s).all()
    assert np.abs(a).max() <= 1e4
    assert np.abs(s).max() <= 1.2


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_value_may_be_written_over_its_input(name):
    z = POINTS.copy()
    ACTIVATIONS[name].f(z, z)
    np.testing.assert_array_equal(z, value(name, POINTS))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_what_is_no_number_stays_so(name):
    assert np.isnan(value(name, np.array([np.nan]))).all()


def test_sigmoid_keeps_small_values():
    np.testing.assert_allclose(value("sigmoid", np.array([-700.0, -40.0])), np.exp([-700.0, -40.0]), rtol=1e-12)


def test_relu_has_slope_zero_at_the_kink():
    np.testing.assert_array_equal(slope("relu", np.array([-1.0, 0.0, 1.0])), [0, 0, 1])
