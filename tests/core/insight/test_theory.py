"""What theory expects: moments of Gaussians, and a network's factors worked out by hand."""

import math

import numpy as np
import pytest
from backscope.core import ACTIVATIONS, Network
from backscope.core.insight.theory import Expectation, expect, fitted_factor, moments


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("q", [0.0, 0.3, 9.0, 1000.0])
def test_moments_are_those_of_many_draws(name, q):
    z = np.sqrt(q) * np.random.default_rng(1).normal(size=400_000)
    f = ACTIVATIONS[name]
    a = f.apply(z.copy())
    drawn = np.mean(a), np.mean(a**2), np.mean(f.slope(z.copy()) ** 2)
    assert moments(f, q) == pytest.approx(drawn, rel=0.02, abs=0.01 * np.std(a))


def test_the_fitted_factor_is_the_slope_of_a_line_over_hidden_layers():
    assert fitted_factor(0.2 ** np.arange(6, 0, -1)) == pytest.approx(0.2)
    assert fitted_factor([0.008, 0.04, 0.2, 77.0]) == pytest.approx(0.2)
    assert fitted_factor([0.0, 0.008, 0.04, 0.2, 1.0]) == pytest.approx(0.2)
    assert np.isnan(fitted_factor([0.04, 0.2, 1.0]))
    assert np.isnan(fitted_factor(np.zeros(9)))


def test_relu_halves_and_hes_weights_double():
    """Var w = 2 / n_in: q stays what 2⟨x²⟩ is, and the error of layer l grows by √(½ · n_above · 2 / n_l)."""
    found = expect(Network([10, 20, 30, 5], "relu"), "he_normal", square=10.0)
    np.testing.assert_allclose(found.spread, [math.sqrt(2)] * 2, rtol=1e-9)
    np.testing.assert_allclose(found.factors, [math.sqrt(30 / 20), math.sqrt(5 / 30)], rtol=1e-9)
    assert found.factor == pytest.approx(math.sqrt(30 / 20))


def test_where_there_is_no_answer_it_says_so():
    behind = expect(Network([4, 8, 8, 8, 2], normalization=[None, "batch", None]), "xavier_normal", 4.0)
    assert math.isfinite(behind.spread[0])
    assert np.isnan(behind.spread[1:]).all()
    assert math.isnan(behind.factor)
    assert Expectation(np.ones(2), np.zeros(2)).factor == 0
