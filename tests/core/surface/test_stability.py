"""The limit of the curvature, found by running each rule on a quadratic just below and just above it."""

import numpy as np
import pytest
from backscope.core.optimizers.table import OPTIMIZERS, make_optimizer
from backscope.core.surface.stability import stability_factor

START = 1e-60
#: With ε = 1 and slopes near 0, what a rule divides by is 1: the rates of its parameters are all η.
HELD = {"eps": 1.0}
RULES = [
    ("sgd", {}),
    ("momentum", {"momentum": 0.9}),
    ("momentum", {"momentum": 0.5, "dampening": 0.5}),
    ("nesterov", {"momentum": 0.9}),
    ("nesterov", {"momentum": 0.3}),
    ("adagrad", {}),
    ("rmsprop", {}),
    ("rmsprop", {"momentum": 0.8}),
    ("adadelta", {}),
    ("adam", {}),
    ("adam", {"beta1": 0.5}),
    ("amsgrad", {}),
    ("adamw", {"weight_decay": 0.02}),
    ("nadam", {"momentum_decay": 1.0}),
]


def distance_after(name, hyperparameters, rate, curvature, steps=4000):
    """What ½ h θ² has made of a distance of 1, tiny as it is to begin with."""
    optimizer, theta = make_optimizer(name, learning_rate=rate, **hyperparameters), np.full(1, START)
    for _ in range(steps):
        theta = theta + optimizer.step(theta, curvature * theta)
        if not np.abs(theta) < 1e45 * START:
            return np.inf
    return float(np.abs(theta[0])) / START


@pytest.mark.parametrize(("name", "hyperparameters"), RULES)
@pytest.mark.parametrize("curvature", [0.5, 8.0])
def test_the_limit_is_where_a_quadratic_is_left(name, hyperparameters, curvature):
    if OPTIMIZERS[name].rates is not None:
        hyperparameters = {**hyperparameters, **HELD}
    rate = 0.03
    for _ in range(80):  # AdamW's limit hangs on η as well
        rate = make_optimizer(name, rate, **hyperparameters).limit() / curvature
    assert distance_after(name, hyperparameters, 0.98 * rate, curvature) < 1e-3
    assert distance_after(name, hyperparameters, 1.02 * rate, curvature) == np.inf


def test_every_rule_with_a_limit_is_tried():
    assert {name for name, _ in RULES} == {name for name, rule in OPTIMIZERS.items() if rule.stability is not None}


@pytest.mark.parametrize(("name", "hyperparameters"), RULES)
def test_rules_that_rescale_parameters_have_no_limit_for_the_curvature_alone(name, hyperparameters):
    factor, rescales = stability_factor(name, hyperparameters), OPTIMIZERS[name].rates is not None
    assert factor is None if rescales else factor == make_optimizer(name, **hyperparameters).limit() / 2


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_rule_is_asked(name):
    assert (stability_factor(name, {}) is None) == (name not in ("sgd", "momentum", "nesterov"))


def test_without_any_share_of_the_gradient_there_is_no_limit():
    assert stability_factor("momentum", {"momentum": 0.9, "dampening": 1.0}) is None
