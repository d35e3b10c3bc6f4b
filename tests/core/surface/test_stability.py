"""The limit of the curvature, found by running each rule on a quadratic just below and just above it."""

import numpy as np
import pytest
from backscope.core.nets.network import Network
from backscope.core.optimizers.table import OPTIMIZERS, make_optimizer
from backscope.core.surface.curvature import sharpness
from backscope.core.surface.stability import rescales, scale_of, stability_factor

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
    ("schedule_free", {}),
    ("schedule_free", {"beta": 0.3}),
    ("schedule_free_adamw", {"weight_decay": 0.02, "beta2": 0.9}),
]


def distance_after(name, hyperparameters, rate, curvature, steps=4000):
    """What ½ h θ² has made of a distance of 1, tiny as it is to begin with."""
    optimizer, theta = make_optimizer(name, learning_rate=rate, **hyperparameters), np.full(1, START)
    for _ in range(steps):
        theta = theta + optimizer.step_on(theta, lambda point: curvature * point)
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
def test_every_rule_has_the_factor_of_its_limit(name, hyperparameters):
    factor = stability_factor(name, hyperparameters, 0.2)
    assert factor == make_optimizer(name, 0.2, **hyperparameters).limit() / 2
    assert rescales(name) == (OPTIMIZERS[name].rates is not None)


def test_adams_limit_is_the_published_one():
    assert 2 * stability_factor("adam", {"beta1": 0.9}) == pytest.approx(38)
    assert 2 * stability_factor("rmsprop", {}) == pytest.approx(2)


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if OPTIMIZERS[name].rates])
def test_the_scale_is_what_a_rule_divides_by(name):
    optimizer, rng = make_optimizer(name, 0.01), np.random.default_rng(0)
    optimizer.start(np.zeros(5))
    assert np.isnan(scale_of(optimizer)).all()
    for _ in range(30):
        optimizer.step(np.zeros(5), rng.normal(size=5) * np.array([1e-3, 0.1, 1.0, 10.0, 1e3]))
    assert np.isfinite(scale_of(optimizer)).all()
    if name in ("adam", "nadam", "adamw"):
        np.testing.assert_allclose(
            scale_of(optimizer) ** -2, np.sqrt(optimizer.v / (1 - optimizer.beta2**30)) + optimizer.eps, rtol=1e-12
        )
    assert scale_of(make_optimizer("sgd")) is None


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("name", "rate"), [("adam", 2e-3), ("rmsprop", 2e-3), ("sgd", 0.15)])
def test_full_batch_training_sharpens_up_to_the_limit_of_its_rule(name, rate, seed):
    """50 tanh units on 20 points of a Chebyshev polynomial: the curvature that the rule sees comes to the edge."""
    x = np.linspace(-1, 1, 20)[:, None]
    y = np.cos(5 * np.arccos(x))
    net = Network([1, 50, 1], "tanh")
    theta, optimizer = net.initialize("lecun_normal", seed=seed), make_optimizer(name, rate)
    limit, shares = optimizer.limit() / rate, []
    for step in range(4000):
        theta = theta + optimizer.step(theta, net.backpropagate(theta, x, y).gradient)
        if step > 2500 and step % 300 == 0:
            shares.append(sharpness(net, theta, x, y, scale=scale_of(optimizer)).value / limit)
    assert 0.75 < np.median(shares) < 1.25, shares


def test_without_any_share_of_the_gradient_there_is_no_limit():
    assert stability_factor("momentum", {"momentum": 0.9, "dampening": 1.0}) is None
