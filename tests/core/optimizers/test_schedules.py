"""Learning-rate schedules: their curves, and runs that follow them."""

import numpy as np
import pytest
from backscope.core import ConfigError, RunConfig, ScheduleConfig, Trainer
from backscope.core.optimizers.schedules import SCHEDULES, Plateau


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


def test_one_cycle_rises_and_falls():
    curve = factors("one_cycle", range(1001), period=1000, rise=0.3, start=0.04, end=4e-6)
    assert curve[0] == pytest.approx(0.04)
    assert curve.argmax() == 300
    assert curve[300] == pytest.approx(1)
    assert curve[1000] == pytest.approx(4e-6)
    assert (np.diff(curve[:301]) > 0).all()
    assert (np.diff(curve[300:]) < 0).all()
    assert curve[150] == pytest.approx((1 + 0.04) / 2)


def test_plateau_reduces_after_waiting_in_vain():
    values = {"factor": 0.5, "patience": 2, "threshold": 0.1}
    state, found = Plateau(), []
    for loss in [1.0, 0.95, 0.5, 0.5, 0.49, 0.48, 0.47, 0.3, 0.3, 0.3, 0.3]:
        state = state.after(loss, values)
        found.append(state.factor)
    assert found == [1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25]


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
        np.testing.assert_allclose(
            trainer.losses.tail(0).rates, 0.1 * factors(name, range(40)), rtol=1e-6
        )


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
