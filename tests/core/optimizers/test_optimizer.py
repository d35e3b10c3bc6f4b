"""What holds for every update rule: live rates, states, ranges, refusals, and the bottom of a bowl."""

import numpy as np
import pytest
from backscope.core import OPTIMIZERS, ConfigError, make_optimizer
from backscope.core.ground.expressions import expression
from update_rules import RATE, START, gradients, made


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_finds_the_minimum_of_a_bowl(name):
    rate = {"adagrad": 1.0, "adadelta": 1.0, "lion": 0.003, "muon": 0.003}.get(
        name, RATE
    )  # their steps are never shorter
    optimizer, theta = make_optimizer(name, rate), np.array([1.0, -2.0])
    for _ in range(3000):
        theta = theta + optimizer.step_on(theta, lambda point: 2 * point)
    assert np.abs(theta).max() < 0.06


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_new_learning_rate_acts_at_once(name):
    one, other = made(name), made(name)
    for gradient in gradients():
        one.step(np.zeros(4), gradient)
        other.step(np.zeros(4), gradient)
    other.set(learning_rate=3 * RATE)
    moves = []
    for rule in (one, other):
        before = rule.z.copy() if rule.places else 0.0  # the rate moves z at once, and the answer as it follows
        step = rule.step(np.zeros(4), gradients()[0])
        moves.append((rule.z if rule.places else step) - before)
    np.testing.assert_allclose(moves[1], 3 * moves[0], rtol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_state_can_be_restored(name):
    optimizer = made(name)
    for gradient in gradients():
        optimizer.step(np.zeros(4), gradient)
    state = optimizer.state()
    first = [optimizer.step(np.zeros(4), gradient).copy() for gradient in gradients()]
    optimizer.restore(state)
    again = [optimizer.step(np.zeros(4), gradient).copy() for gradient in gradients()]
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_hyperparameter_refuses_what_is_out_of_range(name):
    for entry in OPTIMIZERS[name].hyperparameters:
        for value in (entry.low - 1, entry.high + 1, float("nan"), "much", True):
            if value is True and entry.name == "centered":
                continue  # what is 0 or 1 may be said so
            words = rf"{entry.name} must .*\[{entry.low:g}, {entry.high:g}[\])]"
            with pytest.raises(ConfigError, match=words) as caught:
                make_optimizer(name, **{entry.name: value})
            assert (caught.value.name, caught.value.low, caught.value.high) == (entry.name, entry.low, entry.high)


def test_a_refused_change_changes_nothing():
    optimizer = make_optimizer("adam", RATE)
    with pytest.raises(ConfigError):
        optimizer.set(learning_rate=0.5, beta1=2)
    assert (optimizer.learning_rate, optimizer.beta1) == (RATE, 0.9)
    assert optimizer.step(START, START)[0] == pytest.approx(-RATE, rel=1e-6)
    with pytest.raises(ConfigError, match="hyperparameter must be one of learning_rate, got 'momentum'"):
        make_optimizer("sgd").set(momentum=0.5)


@pytest.mark.parametrize("name", [name for name, rule in OPTIMIZERS.items() if rule.point is not None])
def test_the_place_of_a_gradient_is_what_its_formula_says(name):
    """Of one vector and of a stack with numbers in columns; the memory is left alone."""
    rng = np.random.default_rng(6)
    for shape in ((4,), (3, 4)):
        optimizer, theta, out = made(name), rng.normal(size=shape), np.empty(shape)
        optimizer.start(theta)
        for _ in range(4):
            theta = theta + optimizer.step(theta, rng.normal(size=shape))
        kept = optimizer.z.copy()
        optimizer.place(theta, out)
        expected = expression(optimizer.point).value({**vars(optimizer), "w": theta})
        np.testing.assert_allclose(out, expected, rtol=1e-14)
        np.testing.assert_array_equal(optimizer.z, kept)
