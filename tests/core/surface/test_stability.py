"""The limit of the curvature, found by running each rule on a quadratic just below and just above it."""

import numpy as np
import pytest
from backscope.core.optimizers.rules import OPTIMIZERS, make_optimizer
from backscope.core.surface.stability import stability_factor

RULES = [
    ("sgd", {}),
    ("momentum", {"momentum": 0.9}),
    ("momentum", {"momentum": 0.5, "dampening": 0.5}),
    ("nesterov", {"momentum": 0.9}),
    ("nesterov", {"momentum": 0.3}),
]


def distance_after(name, hyperparameters, rate, curvature, steps=4000):
    """Where ½ h θ² has led from θ = 1."""
    optimizer, theta = make_optimizer(name, learning_rate=rate, **hyperparameters), np.ones(1)
    for _ in range(steps):
        theta = theta + optimizer.step(theta, curvature * theta)
        if not np.abs(theta) < 1e6:
            return np.inf
    return float(np.abs(theta)[0])


@pytest.mark.parametrize(("name", "hyperparameters"), RULES)
@pytest.mark.parametrize("curvature", [0.5, 8.0])
def test_the_limit_is_where_a_quadratic_is_left(name, hyperparameters, curvature):
    factor = stability_factor(name, hyperparameters)
    rate = factor * 2 / curvature
    assert distance_after(name, hyperparameters, 0.99 * rate, curvature) < 1e-3
    assert distance_after(name, hyperparameters, 1.01 * rate, curvature) == np.inf


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_rules_that_rescale_parameters_have_no_limit(name):
    assert (stability_factor(name, {}) is None) == (name not in ("sgd", "momentum", "nesterov"))


def test_without_any_share_of_the_gradient_there_is_no_limit():
    assert stability_factor("momentum", {"momentum": 0.9, "dampening": 1.0}) is None
