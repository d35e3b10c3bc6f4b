"""A landscape as a run's problem: its loss, its start, and the rate that fits."""

import numpy as np
import pytest
from backscope.core import OPTIMIZERS
from backscope.core.landscapes.functions import LANDSCAPES
from backscope.core.landscapes.problem import fitting_rate, landscape_dataset, landscape_loss, start_of


@pytest.mark.parametrize("name", LANDSCAPES)
def test_the_loss_of_two_outputs_is_the_function_with_its_slope(name):
    landscape, loss = LANDSCAPES[name], landscape_loss(name)
    a = np.array(start_of(landscape, 7))[:, None]
    slope = np.full_like(a, np.nan)
    assert loss.bind(a, a, slope)(landscape_dataset(name).y_train.T) == pytest.approx(float(landscape.f(*a[:, 0])))
    np.testing.assert_allclose(slope[:, 0], landscape.df(*a[:, 0]))
    stack = np.stack([a, a + 0.1], axis=1)  # two points at a time
    np.testing.assert_allclose(loss.totals(stack, a), [landscape.f(*a[:, 0]), landscape.f(*(a[:, 0] + 0.1))])


@pytest.mark.parametrize("name", LANDSCAPES)
def test_the_start_is_its_own_or_drawn_within_the_window(name):
    landscape = LANDSCAPES[name]
    assert tuple(start_of(landscape, 0)) == tuple(landscape.start)
    low, high = np.array(landscape.domain).T
    drawn = np.array([start_of(landscape, seed) for seed in range(1, 40)])
    assert (drawn > low + 0.049 * (high - low)).all()
    assert (drawn < high - 0.049 * (high - low)).all()
    assert len(np.unique(drawn)) == drawn.size


def test_a_rate_follows_the_measure_of_its_rule():
    landscape = LANDSCAPES["beale"]
    assert fitting_rate(landscape, "sgd") == pytest.approx(landscape.rate, rel=0.05)
    assert fitting_rate(landscape, "momentum") == pytest.approx(0.3 * landscape.rate, rel=0.05)
    assert fitting_rate(landscape, "adadelta") == OPTIMIZERS["adadelta"].usual.rate
    assert fitting_rate(landscape, "adam") == fitting_rate(landscape, "lion")
