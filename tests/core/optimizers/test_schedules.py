"""Learning-rate schedules: their curves, and runs that follow them."""

import math

import numpy as np
import pytest
from backscope.core import ConfigError, RunConfig, ScheduleConfig, Trainer
from backscope.core.optimizers.schedules import LEAST_CHANGE, SCHEDULES, Plateau


def factors(name, steps, **values):
    schedule = ScheduleConfig(name, values)
    return np.array([schedule.factor(t) for t in steps])


def test_step_halves_at_every_period():
    np.testing.assert_allclose(factors("step", [0, 9, 10, 19, 20], period=10, factor=0.5), [1, 1, 0.5, 0.5, 0.25])


def test_exponential_is_smooth():
    np.testing.assert_allclose(factors("exponential", [0, 5, 10, 20], period=10, factor=0.25), [1, 0.5, 0.25, 0.0625])


def test_cosine_falls_to_its_floor_and_stays():
    expected = [1, 0.1 + 0.9 * (1 + np.cos(np.pi / 4)) / 2, 0.55, 0.1, 0.1]
    np.testing.assert_allclose(factors("cosine", [0, 25, 50, 100, 1000], period=100, floor=0.1), expected)


def test_warmup_rises_in_a_line():
    np.testing.assert_allclose(factors("warmup", [0, 1, 3, 4, 100], period=4), [0.25, 0.5, 1, 1, 1])


def published_one_cycle(t, total_steps, pct_start=0.3, div_factor=25.0, final_div_factor=1e4):
    """Return lr / max_lr as PyTorch's OneCycleLR has it: anneal_strategy "cos", three_phase False."""
    phases = [
        (0.0, pct_start * total_steps - 1, 1 / div_factor, 1.0),
        (pct_start * total_steps - 1, total_steps - 1, 1.0, 1 / div_factor / final_div_factor),
    ]
    for i, (first, last, start, end) in enumerate(phases):
        if t <= last or i == len(phases) - 1:
            return end + (start - end) / 2.0 * (math.cos(math.pi * (t - first) / (last - first)) + 1)
    raise AssertionError


@pytest.mark.parametrize("period", [2, 7, 10, 11, 100, 5000])
@pytest.mark.parametrize("rise", [0.0, 0.25, 0.3, 0.9])
def test_one_cycle_is_as_published(period, rise):
    mine = factors("one_cycle", range(period), period=period, rise=rise, start=1 / 25, end=1 / 25e4)
    np.testing.assert_allclose(mine, [published_one_cycle(t, period, rise) for t in range(period)], rtol=1e-9)
    assert factors("one_cycle", [period, 10 * period], period=period, rise=rise, end=0.25).tolist() == [0.25, 0.25]


@pytest.mark.parametrize("period", [1, 3, 10])
def test_the_other_schedules_are_as_published(period):
    """StepLR, ExponentialLR, CosineAnnealingLR (until it would rise again) and LinearLR, as PyTorch states them."""
    steps = np.arange(40)
    np.testing.assert_allclose(factors("step", steps, period=period, factor=0.3), 0.3 ** (steps // period), rtol=1e-12)
    np.testing.assert_allclose(
        factors("exponential", steps, period=period, factor=0.3), (0.3 ** (1 / period)) ** steps, rtol=1e-12
    )
    share = np.minimum(steps, period) / period
    cosine = 0.1 + (1 - 0.1) * (1 + np.cos(np.pi * share)) / 2
    np.testing.assert_allclose(factors("cosine", steps, period=period, floor=0.1), cosine, rtol=1e-12)
    if period > 1:
        first = 1 / period
        linear = first + (1 - first) * np.minimum(steps, period - 1) / (period - 1)
        np.testing.assert_allclose(factors("warmup", steps, period=period), linear, rtol=1e-12)


def published_plateau(losses, rate, factor, patience, threshold, min_lr, eps=1e-8):
    """Return the learning rates as PyTorch's ReduceLROnPlateau sets them: mode "min", threshold_mode "rel"."""
    best, bad, found = math.inf, 0, []
    for loss in losses:
        if loss < best * (1.0 - threshold):
            best, bad = loss, 0
        else:
            bad += 1
        if bad > patience:
            lower = max(rate * factor, min_lr)
            if rate - lower > eps:
                rate = lower
            bad = 0
        found.append(rate)
    return found


def test_plateau_reduces_after_waiting_in_vain():
    values = {"factor": 0.5, "patience": 2, "threshold": 0.1, "min_lr": 0.0}
    state, found = Plateau(), []
    for loss in [1.0, 0.95, 0.5, 0.5, 0.49, 0.48, 0.47, 0.3, 0.3, 0.3, 0.3]:
        state = state.after(loss, values, 0.1)
        found.append(state.factor)
    assert found == [1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25]


@pytest.mark.parametrize("rate", [0.1, 3e-8, 0.0, 1e-3])
@pytest.mark.parametrize("min_lr", [0.0, 1e-3, 0.02, 5.0])
@pytest.mark.parametrize("factor", [0.0, 0.1, 0.5, 1.0])
def test_plateau_is_as_published_down_to_its_floor(rate, min_lr, factor):
    values = {"factor": factor, "patience": 1, "threshold": 1e-4, "min_lr": min_lr}
    losses = np.concatenate([[1.0, 0.9, np.nan], np.full(30, 0.9), [0.1], np.full(20, 0.1)])
    state, found = Plateau(), []
    for loss in losses:
        state = state.after(float(loss), values, rate)
        found.append(rate * state.factor)
    np.testing.assert_allclose(found, published_plateau(losses, rate, factor, 1, 1e-4, min_lr), rtol=1e-12)
    assert LEAST_CHANGE == 1e-8


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_survives_json_and_never_raises_the_rate_above_what_is_set(name):
    schedule = ScheduleConfig(name)
    assert ScheduleConfig.from_json(schedule.to_json()) == ScheduleConfig.from_json(name) == schedule
    if SCHEDULES[name].factor:
        assert (factors(name, range(0, 20_000, 37)) <= 1).all()


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_number_of_a_schedule_has_its_range(name):
    for entry in SCHEDULES[name].hyperparameters:
        with pytest.raises(ConfigError, match=rf"{entry.name} must .*, got -1"):
            ScheduleConfig(name, {entry.name: -1})
    with pytest.raises(ConfigError, match=f"unknown key 'speed' in schedule {name}"):
        ScheduleConfig(name, {"speed": 1})


@pytest.mark.parametrize("name", [name for name in SCHEDULES if name != "constant"])
def test_a_run_follows_its_schedule(name):
    trainer = Trainer(RunConfig.from_json({"schedule": {"name": name}, "optimizer": {"learning_rate": 0.1}}))
    for _ in range(40):
        rate = trainer.learning_rate
        trainer.step()
        np.testing.assert_allclose(trainer.update, -rate * trainer.gradient, rtol=1e-12)
        assert trainer.losses.tail(trainer.step_count - 1).rates[0] == np.float32(rate)
    if SCHEDULES[name].factor:
        np.testing.assert_allclose(trainer.losses.tail(0).rates, 0.1 * factors(name, range(40)), rtol=1e-6)


def test_the_rate_stays_live_under_a_schedule():
    trainer = Trainer(RunConfig.from_json({"schedule": {"name": "step", "period": 10}}))
    trainer.run(15)
    trainer.edit(learning_rate=0.8)
    assert trainer.learning_rate == 0.4
    trainer.edit(schedule="constant")
    assert trainer.learning_rate == 0.8
    trainer.step()
    np.testing.assert_allclose(trainer.update, -0.8 * trainer.gradient, rtol=1e-12)


def test_a_plateau_is_read_when_an_epoch_ends():
    trainer = Trainer(RunConfig.from_json({
        "schedule": {"name": "plateau", "patience": 0, "factor": 0.5, "threshold": 1.0},
        "data": {"samples": 50, "test_fraction": 0},
    }))  # fmt: skip
    rates = []
    for _ in range(4):
        trainer.run(5)
        rates.append(trainer.learning_rate / 0.03)
    assert rates == [0.5, 0.25, 0.125, 0.0625]
