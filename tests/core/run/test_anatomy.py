"""A step taken apart: its parts make the step that was taken, for every rule."""

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer
from backscope.core.optimizers.table import OPTIMIZERS, make_optimizer
from backscope.core.run.anatomy import anatomy, next_anatomy, rate_along

RNG = np.random.default_rng(4)
#: Rules with one rate for all and no mean of gradients.
PLAIN = ("sgd", "lbfgs", "sam", "schedule_free")


def after_steps(name, **hyperparameters):
    """The parts of the fourth step, its gradient, and where it was taken."""
    optimizer, theta = make_optimizer(name, learning_rate=0.2, **hyperparameters), RNG.standard_normal(6)
    optimizer.elsewhere = np.sin
    for _ in range(4):
        gradient, before = RNG.standard_normal(6), theta
        theta = theta + optimizer.step(theta, gradient)
    return anatomy(optimizer, gradient), gradient, before, optimizer


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_parts_are_there_and_the_step_is_the_one_taken(name):
    parts, gradient, _, optimizer = after_steps(name)
    np.testing.assert_allclose(parts.gradient, -0.2 * gradient)
    np.testing.assert_array_equal(parts.step, optimizer.update)
    assert (parts.momentum is None) == (name in (*PLAIN, "adagrad", "rmsprop", "adadelta", "schedule_free_adamw"))
    assert (parts.rates is None) == (name in (*PLAIN, "momentum", "nesterov", "lion", "muon"))


@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "adadelta"])
def test_rates_turn_the_gradient_into_the_step(name):
    parts, gradient, *_ = after_steps(name)
    np.testing.assert_allclose(parts.step, -parts.rates * gradient, rtol=1e-9)


@pytest.mark.parametrize("name", ["adam", "amsgrad"])
def test_rates_turn_the_momentum_into_the_step(name):
    parts, *_ = after_steps(name)
    np.testing.assert_allclose(parts.step, parts.momentum * parts.rates / 0.2, rtol=1e-9)


def test_the_rest_of_the_rules():
    parts, gradient, *_ = after_steps("sgd")
    np.testing.assert_allclose(parts.step, parts.gradient)
    parts, *_ = after_steps("momentum")
    np.testing.assert_allclose(parts.step, parts.momentum)
    parts, *_ = after_steps("nesterov", momentum=0.7)
    np.testing.assert_allclose(parts.step, parts.gradient + 0.7 * parts.momentum)
    parts, gradient, before, _ = after_steps("lion", weight_decay=0.1)
    np.testing.assert_allclose(parts.step, 0.2 * np.sign(parts.momentum) - 0.2 * 0.1 * before)
    parts, gradient, before, _ = after_steps("adamw", weight_decay=0.1)
    np.testing.assert_allclose(parts.step, parts.momentum * parts.rates / 0.2 - 0.2 * 0.1 * before)
    parts, gradient, *_ = after_steps("rmsprop", centered=1)
    np.testing.assert_allclose(parts.step, -parts.rates * gradient, rtol=1e-9)


def test_the_rate_along_a_direction_by_hand():
    rates = np.array([1.0, 3.0])
    assert rate_along(rates, np.array([0.0, 2.0])) == 3.0
    assert rate_along(rates, np.array([1.0, 1.0])) == 2.0
    assert rate_along(rates, np.array([2.0, 1.0])) == pytest.approx(7 / 5)


@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_the_coming_step_is_the_one_that_comes(name):
    trainer = Trainer(RunConfig.from_json({"optimizer": {"name": name, "learning_rate": 0.05}}))
    assert trainer.last_step.anatomy() is None
    trainer.run(20)
    before, coming = trainer.theta.copy(), next_anatomy(trainer)
    assert (trainer.step_count, trainer.theta.tobytes()) == (20, before.tobytes())
    trainer.step()
    np.testing.assert_array_equal(trainer.update, coming.step)
    np.testing.assert_array_equal(trainer.last_step.anatomy().step, coming.step)
