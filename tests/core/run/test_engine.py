"""The engine: steps are the textbook's over the batches it deals, and what it keeps brings back every bit."""

import numpy as np
import pytest
from backscope.core import RunConfig
from backscope.core.config.problem import start_parameters
from backscope.core.data.datasets import make_dataset
from backscope.core.nets.textbook import descend
from backscope.core.run.engine import HUGE_LOSS, Engine
from backscope.core.run.samples import Samples

RUNS = {
    "default": {},
    "batch of one": {"batch_size": 1},
    "full batch": {"batch_size": None},
    "penalties": {"l1": 0.01, "l2": 0.05},
    "noise": {"gradient_noise": 0.1},
    "clipped": {"clip_norm": 0.05, "clip_value": 0.02},
    "dropout": {"network": {"hidden": [8, 6], "dropout": 0.3}},
    "batch normalization": {"network": {"hidden": [8, 6], "normalization": "batch"}},
    "adam, falling": {"optimizer": {"name": "adam"}, "schedule": "cosine"},
    "nadam": {"optimizer": {"name": "nadam"}},
    "float32": {"precision": "float32", "optimizer": {"name": "rmsprop"}},
}


def made(**config):
    """An engine before its first step, and what it was made of."""
    given = RunConfig.from_json(config)
    output, loss = given.output_and_loss()
    samples = Samples(given, make_dataset(given.data, given.seed, output, loss))
    rows, targets = samples.training_set(given.label_smoothing)
    return Engine(given, start_parameters(given), rows, targets), given, rows, targets


def go(engine, steps, step=0):
    """Take steps over as many epochs as it needs; return losses and rates."""
    losses, rates = np.zeros(steps, np.float32), np.zeros(steps, np.float32)
    with np.errstate(all="ignore"):
        done = engine.burst(step, losses, rates)
    return losses[:done], rates[:done]


def test_steps_are_the_textbooks_over_the_batches_it_deals():
    engine, config, rows, targets = made(batch_size=13, optimizer={"name": "sgd", "learning_rate": 0.4})
    theta = engine.theta.copy()
    for step in range(60):
        (loss,), (rate,) = go(engine, 1, step)
        x, y = engine.last_batch
        np.testing.assert_allclose(engine.before, theta, rtol=1e-14, atol=1e-16)
        expected, theta = descend(engine.network, theta, x[:-1], y, config.make_loss(), 0.4)
        assert loss == pytest.approx(expected, rel=1e-6)
        assert engine.last_loss == pytest.approx(expected, rel=1e-12)
        assert rate == np.float32(0.4)
        np.testing.assert_allclose(engine.theta, theta, rtol=1e-11, atol=1e-13)
        theta = engine.theta.copy()
    assert {tuple(row) for row in x.T} <= {tuple(row) for row in rows}
    assert len(targets) == len(rows)


@pytest.mark.parametrize("name", RUNS)
def test_many_steps_at_once_are_as_many_single_ones(name):
    one, other = made(**RUNS[name])[0], made(**RUNS[name])[0]
    losses, rates = go(one, 90)
    single = [go(other, 1, step) for step in range(90)]
    np.testing.assert_array_equal(losses, np.concatenate([loss for loss, _ in single]))
    np.testing.assert_array_equal(rates, np.concatenate([rate for _, rate in single]))
    for array in ("theta", "gradient", "update", "step_gradient", "before"):
        np.testing.assert_array_equal(getattr(one, array), getattr(other, array))


@pytest.mark.parametrize("name", RUNS)
def test_a_state_brings_back_every_bit(name):
    engine, config, rows, targets = made(**RUNS[name])
    go(engine, 37)
    state, theta = engine.state(), engine.theta.copy()
    losses, _ = go(engine, 50, 37)
    end = engine.theta.copy()
    engine.restore(state, config, rows, targets)
    np.testing.assert_array_equal(engine.theta, theta)
    np.testing.assert_array_equal(go(engine, 50, 37)[0], losses)
    np.testing.assert_array_equal(engine.theta, end)
    stranger = made(**RUNS[name])[0]
    stranger.restore(state, config, rows, targets)
    go(stranger, 50, 37)
    np.testing.assert_array_equal(stranger.theta, end)
    assert state.nbytes >= theta.nbytes


@pytest.mark.parametrize("name", RUNS)
def test_what_was_before_and_what_was_added_make_what_is(name):
    engine = made(**RUNS[name])[0]
    np.testing.assert_array_equal(engine.update, np.zeros_like(engine.theta))
    for step in range(20):
        start = engine.theta.copy()
        go(engine, 1, step)
        scale = np.abs(start) + np.abs(engine.update)
        assert (np.abs(engine.before - start) <= 4 * np.finfo(start.dtype).eps * scale).all()
        np.testing.assert_array_equal(start + engine.update, engine.theta)


def test_a_replaced_parameter_keeps_what_it_was():
    engine = made()[0]
    go(engine, 5)
    before = engine.before.copy()
    for value in (7.0, -2.0):
        engine.replace(3, value)
        assert engine.theta[3] == value
        np.testing.assert_allclose(engine.before, before, rtol=1e-14, atol=1e-16)
    go(engine, 1, 5)
    assert engine.before[3] == pytest.approx(-2.0, rel=1e-14)


def test_the_gradient_has_the_penalties_slope():
    plain, held = made()[0], made(l1=0.02, l2=0.1)[0]
    go(plain, 1)
    go(held, 1)
    slopes = held.parts().penalty
    np.testing.assert_allclose(held.gradient - plain.gradient, slopes, rtol=1e-9, atol=1e-14)
    biases = np.ones_like(held.theta, bool)
    for layer in held.network.unpack(marks := np.zeros_like(held.theta)):
        layer.W[...] = 1.0
    biases[marks > 0] = False
    assert (slopes[biases] == 0).all()
    start, h = held.theta.copy(), 1e-6
    for index in np.flatnonzero(~biases)[:5]:
        sides = []
        for move in (h, -h):
            held.theta[...] = start
            held.theta[index] += move
            sides.append(held.penalty())
        expected = 0.02 * np.sign(start[index]) + 0.1 * start[index]
        assert (sides[0] - sides[1]) / (2 * h) == pytest.approx(expected, rel=1e-6, abs=1e-8)


def test_a_diverging_loss_takes_no_step():
    engine = made(data={"name": "gaussian"}, optimizer={"name": "sgd", "learning_rate": 100.0})[0]
    losses, _ = go(engine, 2000)
    assert len(losses) < 2000
    assert not -HUGE_LOSS <= engine.last_loss <= HUGE_LOSS
    there = engine.theta.copy()
    index = engine.batches.index
    assert go(engine, 1, len(losses))[0].size == 0
    np.testing.assert_array_equal(engine.theta, there)
    assert engine.batches.index == index


def test_a_deadline_that_is_past_lets_one_step_through():
    engine = made()[0]
    assert engine.burst(0, np.zeros(10, np.float32), np.zeros(10, np.float32), deadline=0.0) == 1


def test_clipping_holds_what_the_optimizer_gets():
    engine = made(clip_norm=0.05)[0]
    for step in range(30):
        go(engine, 1, step)
        length = np.linalg.norm(engine.step_gradient)
        assert length <= 0.05 * (1 + 1e-9)
        assert engine.clipping.before == pytest.approx(np.linalg.norm(engine.gradient), rel=1e-12)
        assert engine.clipping.after == pytest.approx(length, rel=1e-9)
    assert engine.clipping.steps == 30
    free = made()[0]
    go(free, 1)
    np.testing.assert_array_equal(free.step_gradient, free.gradient)


@pytest.mark.parametrize("schedule", ["constant", "step", "cosine", "warmup", "one_cycle"])
def test_rates_are_those_of_the_schedule(schedule):
    numbers = {} if schedule == "constant" else {"period": 20}
    engine, config, *_ = made(schedule={"name": schedule, **numbers})
    _, rates = go(engine, 40)
    expected = [config.optimizer.learning_rate * config.schedule.factor(t) for t in range(40)]
    np.testing.assert_allclose(rates, expected, rtol=1e-6)
    assert engine.rate(40) == pytest.approx(config.optimizer.learning_rate * config.schedule.factor(40), rel=1e-12)


def test_an_edit_keeps_what_it_does_not_touch():
    engine, config, rows, targets = made(optimizer={"name": "adam"})
    go(engine, 10)
    memory = engine.optimizer.m.copy()
    engine.apply(config.edited({"learning_rate": 0.5, "beta1": 0.5}), rows, targets)
    np.testing.assert_array_equal(engine.optimizer.m, memory)
    assert (engine.optimizer.learning_rate, engine.optimizer.beta1, engine.optimizer.t) == (0.5, 0.5, 10)
    update = engine.update.copy()
    engine.apply(config.edited({"optimizer": "momentum"}), rows, targets)
    assert engine.optimizer.t == 0
    np.testing.assert_array_equal(engine.update, update)
