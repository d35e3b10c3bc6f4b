"""The whole table of activations: slopes, stability, buffers."""

import numpy as np
import oracle
import pytest
from backscope.core.nets.activations import ACTIVATIONS, leaky_relu

#: Away from kinks, which lie at multiples of 0.5.
POINTS = np.array([-7.3, -3.1, -2.2, -1.3, -0.7, -0.2, 0.1, 0.4, 1.2, 2.3, 3.3, 6.1])


def value(name, z):
    return ACTIVATIONS[name].apply(z)


def slope(name, z):
    return ACTIVATIONS[name].slope(z)


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
    np.testing.assert_allclose(slope(name, POINTS), df(POINTS, f(POINTS)), rtol=1e-13, atol=2e-16)  # 1 − a² cancels


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_stable_for_large_inputs(name, dtype):
    z = np.array([-1e4, -800, -100, -30, 0, 30, 100, 800, 1e4], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        a, s = value(name, z), slope(name, z)
    assert a.dtype == s.dtype == dtype
    assert np.isfinite(a).all()
    assert np.isfinite(s).all()
    assert np.abs(a).max() <= 1.06e4
    assert np.abs(s).max() <= 1.8


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_value_may_be_written_over_its_input(name):
    z = POINTS.copy()
    ACTIVATIONS[name].apply(z, z)
    np.testing.assert_array_equal(z, value(name, POINTS))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_what_is_no_number_stays_so(name):
    with np.errstate(invalid="ignore"):
        assert np.isnan(value(name, np.array([np.nan]))).all()


#: f(1) and f(−1), from the papers' formulas.
PUBLISHED = {
    "identity": (1, -1),
    "sigmoid": (0.7310585786300049, 0.2689414213699951),
    "tanh": (0.7615941559557649, -0.7615941559557649),
    "relu": (1, 0),
    "leaky_relu": (1, -0.01),
    "elu": (1, -0.6321205588285577),
    "selu": (1.0507009873554805, -1.1113307378125625),
    "gelu": (0.8413447460685429, -0.15865525393145707),
    "silu": (0.7310585786300049, -0.2689414213699951),
    "softplus": (1.3132616875182228, 0.31326168751822286),
    "softsign": (0.5, -0.5),
    "hard_sigmoid": (2 / 3, 1 / 3),
    "mish": (0.8650983882673103, -0.30340146137410895),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_published_values(name):
    assert name in PUBLISHED, f"look up f(1) and f(−1) of {name} in its paper, and enter them in PUBLISHED"
    np.testing.assert_allclose(value(name, np.array([1.0, -1.0])), PUBLISHED[name], rtol=1e-14)


def test_leaky_relu_with_another_slope():
    f = leaky_relu(0.2)
    np.testing.assert_array_equal(f.apply(np.array([-5.0, 0.0, 5.0])), [-1, 0, 5])
    np.testing.assert_array_equal(f.slope(np.array([-5.0, 0.0, 5.0])), [0.2, 0.2, 1])


@pytest.mark.parametrize("name", [name for name, entry in ACTIVATIONS.items() if entry.bounded])
def test_bounded_activations_level_off(name):
    assert slope(name, np.array([-1e4, 1e4])).max() < 1e-7


def test_relu_has_slope_zero_at_the_kink():
    np.testing.assert_array_equal(slope("relu", np.array([-1.0, 0.0, 1.0])), [0, 0, 1])
