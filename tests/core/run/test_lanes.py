"""Lanes side by side: each is the run that it would be alone, and only one thing differs."""

import time
from dataclasses import replace

import numpy as np
import pytest
from backscope.core import (
    MOST_LANES,
    ConfigError,
    DataConfig,
    Lanes,
    LogEntry,
    NetworkConfig,
    OptimizerConfig,
    RunConfig,
    StoppingConfig,
    Trainer,
)
from backscope.core.landscapes.functions import LANDSCAPES
from backscope.core.landscapes.problem import fitting_rate
from backscope.core.optimizers.table import OPTIMIZERS, usual_rate
from backscope.core.run.lanes import suiting_rates

BASE = RunConfig(DataConfig("circle"), NetworkConfig((6, 4)), OptimizerConfig("sgd", 0.3))
UNBOUNDED = NetworkConfig((6, 4), "relu", "identity")
WILD = replace(BASE, loss="mse", network=UNBOUNDED, optimizer=OptimizerConfig("sgd", 60))
OTHERS = [
    replace(BASE, optimizer=OptimizerConfig("adam", 0.02)),
    replace(BASE, network=NetworkConfig((6, 4), "relu")),
    replace(BASE, network=NetworkConfig((3,), "sigmoid")),
    replace(BASE, network=NetworkConfig((6, 4), dropout=0.3)),
    replace(BASE, network=NetworkConfig((6, 4), normalization="batch")),
]


def race(*configs: RunConfig) -> Lanes:
    return Lanes({lane: Trainer(config) for lane, config in enumerate(configs)})


def assert_alone(lanes: Lanes, configs: list[RunConfig], steps: int) -> None:
    for lane, config in enumerate(configs):
        alone = Trainer(config)
        alone.run(steps)
        assert lanes[lane].step_count == alone.step_count
        assert lanes[lane].theta.tobytes() == alone.theta.tobytes()
        assert lanes[lane].losses.tail(0).losses.tobytes() == alone.losses.tail(0).losses.tobytes()


def test_every_lane_is_the_run_that_it_would_be_alone_bit_for_bit() -> None:
    lanes = race(BASE, *OTHERS)
    assert lanes.run(200) == 200
    assert_alone(lanes, [BASE, *OTHERS], 200)


def test_slices_of_time_keep_them_at_the_same_step() -> None:
    lanes = race(BASE, *OTHERS)
    for _ in range(40):
        lanes.run(10**6, time.perf_counter() + 0.0005)
        assert len({trainer.step_count for trainer in lanes.values()}) == 1
    assert lanes.step_count >= 40
    assert_alone(lanes, [BASE, *OTHERS], lanes.step_count)


def test_they_begin_with_the_same_weights_and_take_the_same_batches() -> None:
    lanes = race(BASE, *OTHERS)
    np.testing.assert_array_equal(lanes[0].theta, lanes[1].theta)
    np.testing.assert_array_equal(lanes[0].theta, lanes[2].theta)
    for _ in range(70):
        lanes.run(1)
        rows = lanes[0].last_step.rows()
        assert all((trainer.last_step.rows() == rows).all() for trainer in lanes.values())


def test_one_that_diverges_stands_and_the_others_go_on() -> None:
    lanes = race(BASE, WILD)
    assert lanes.run(300) == 300
    gone = lanes[1].diverged
    assert gone is not None
    assert lanes[1].step_count == gone.step < 300
    assert lanes[0].step_count == lanes.step_count == 300
    assert lanes.able == [0]
    lanes.seek(gone.step - 1)
    assert [trainer.step_count for trainer in lanes.values()] == [gone.step - 1] * 2
    assert lanes.able == [0, 1]


def test_when_none_can_go_on_nothing_is_done() -> None:
    lanes = race(WILD, WILD)
    lanes.run(1000)
    assert lanes.able == []
    assert lanes.run(10) == 0


def test_one_that_a_rule_has_stopped_catches_up_when_it_may_go_on() -> None:
    ruled = replace(BASE, stopping=StoppingConfig(steps=50))
    lanes = race(ruled, BASE)
    lanes.run(120)
    assert [trainer.step_count for trainer in lanes.values()] == [50, 120]
    lanes.go_on()
    lanes.run(30)
    assert [trainer.step_count for trainer in lanes.values()] == [150, 150]
    assert_alone(lanes, [BASE, BASE], 150)


def test_a_lane_that_comes_later_is_brought_up_before_the_others_move() -> None:
    lanes = race(BASE)
    lanes.run(100)
    assert lanes.add(Trainer(OTHERS[0])) == 1
    lanes.run(5, time.perf_counter())
    assert lanes[0].step_count == 100
    assert lanes[1].step_count < 100
    assert lanes.run(20) == 20
    assert_alone(lanes, [BASE, OTHERS[0]], 120)


def test_seeking_takes_all_of_them() -> None:
    lanes = race(BASE, *OTHERS)
    lanes.run(150)
    lanes.seek(40)
    assert_alone(lanes, [BASE, *OTHERS], 40)
    assert lanes.furthest == 150
    assert lanes.rewind(130) <= 130
    lanes.seek(150)
    assert_alone(lanes, [BASE, *OTHERS], 150)


def test_numbers_stay_with_their_lanes_and_free_ones_are_given_again() -> None:
    lanes = race(BASE, BASE, BASE)
    lanes.remove(1)
    assert list(lanes) == [0, 2]
    assert lanes.add(Trainer(BASE)) == 1
    while len(lanes) < MOST_LANES:
        lanes.add(Trainer(BASE))
    with pytest.raises(ConfigError, match=r"6 lanes side by side: remove one"):
        lanes.add(Trainer(BASE))


@pytest.mark.parametrize(
    "other", [{"seed": 7}, {"batch_size": 3}, {"data": DataConfig("xor")}, {"data": DataConfig("circle", noise=0.4)}]
)
def test_what_lanes_share_cannot_differ(other: dict[str, object]) -> None:
    (name,) = other
    with pytest.raises(ConfigError, match=f"all lanes share {name}"):
        race(BASE, replace(BASE, **other))  # type: ignore[arg-type]


def test_all_lanes_together_keep_to_the_memory_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    room = 2**20
    monkeypatch.setattr("backscope.core.run.trainer.KEYFRAME_BYTES", room)
    lanes = race(*[BASE] * 4)
    lanes.run(64 * 300)
    held = [sum(frame.engine.nbytes for frame in trainer._past.keyframes._frames) for trainer in lanes.values()]
    assert max(held) <= room // 4
    assert min(held) > room // 16
    lanes.seek(1000)
    assert len({trainer.theta.tobytes() for trainer in lanes.values()}) == 1


@pytest.mark.parametrize("step", [1, 64, 200, 1000])
def test_a_run_that_takes_over_anothers_past_is_the_same_as_one_that_took_every_step(step: int) -> None:
    first = Trainer(BASE)
    first.run(30)
    first.edit(learning_rate=0.2)
    first.run(900)
    first.seek(step)
    log = [entry for entry in first.edits.entries if entry.step <= step]
    change = LogEntry(0, step, 0, {"optimizer": "adam", "learning_rate": 0.01})
    late, slow = (Trainer.from_log(BASE, [*log, change]) for _ in range(2))
    late.adopt(first)
    assert late.rewind(step) > step - 65
    for there in (step, step + 150, max(step - 70, 0), step + 40):
        for trainer in (late, slow):
            trainer.seek(there)
        assert late.theta.tobytes() == slow.theta.tobytes()
        assert late.gradient.tobytes() == slow.gradient.tobytes()
        assert late.config == slow.config
        assert late.losses.series().last.tobytes() == slow.losses.series().last.tobytes()
        for mine, its in zip(late.track.path(), slow.track.path(), strict=True):
            assert mine.tobytes() == its.tobytes()
    twin = Trainer(BASE)
    twin.run(30)
    twin.edit(learning_rate=0.2)
    twin.run(930)
    first.seek(960)
    assert first.theta.tobytes() == twin.theta.tobytes()


@pytest.mark.parametrize("data", ["circle", "bowl"])
def test_a_rule_races_at_the_rate_that_suits_it(config, data):
    model = config(data={"name": data}, optimizer={"name": "sgd", "learning_rate": 0.5})
    rates = suiting_rates(model)
    assert list(rates) == list(OPTIMIZERS)
    if data == "circle":
        assert rates == {name: usual_rate(name, "sgd", 0.5) for name in OPTIMIZERS}
        assert rates["sgd"] == 0.5
    else:
        assert rates == {name: fitting_rate(LANDSCAPES["bowl"], name) for name in OPTIMIZERS}


def test_a_past_is_taken_over_from_a_run_whose_log_took_more_entries_to_say_the_same() -> None:
    """A hand that moves while a run stands leaves an entry at each of its places; undone and redone it is one."""
    config = RunConfig(seed=3)
    moved = Trainer(config)
    for rate in (0.1, 0.7, 0.3):
        moved.edit(learning_rate=rate)
    moved.run(100)
    for rate in (0.2, 0.05):
        moved.edit(learning_rate=rate)
    moved.run(200)
    for step in (0, 1, 99, 100, 101, 250, 300):
        entries = [LogEntry(0, 0, 0, {"learning_rate": 0.3}), LogEntry(0, 100, 0, {"learning_rate": 0.05})]
        once = Trainer.from_log(config, entries)
        moved.seek(step)
        once.adopt(moved)
        once.seek(350)
        alone = Trainer.from_log(config, entries)
        alone.run(350)
        np.testing.assert_array_equal(once.theta, alone.theta)
        assert once.edits.applied == 2
        moved.seek(300)
