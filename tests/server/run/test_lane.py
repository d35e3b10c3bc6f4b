"""One lane: full losses along its way, returns, changes and what a restart keeps."""

import itertools
import time
from dataclasses import replace

import pytest
from backscope.core.config.config import DataConfig, RunConfig
from backscope.server.run import lane as module
from backscope.server.run.lane import Lane
from backscope.server.wire.edits import Edits
from backscope.server.wire.presets import PRESETS

CIRCLE = PRESETS["circle"]


def lane_at(step: int, config: RunConfig = CIRCLE) -> Lane:
    lane = Lane(config, Edits())
    lane.go_to(step)
    assert lane.make_for(step, time.perf_counter() + 60)
    return lane


def steps_of(lane: Lane) -> list[int]:
    return [int(step) for step in lane.metrics.rows[:, 0]]


def test_a_measured_row_is_the_trainers_and_stands_on_the_curve() -> None:
    lane = lane_at(20)
    row = lane.measure(1.0)
    assert row == (20.0, *lane.trainer.evaluate())
    assert tuple(lane.metrics.rows[-1]) == pytest.approx(row)
    assert lane.penalty is None


@pytest.mark.parametrize(("crowd", "cost", "rest"), [(1, 0.0005, 0.2), (200, 0.0, 0.2), (100, 0.0005, 2.5)])
def test_symptoms_are_looked_for_now_and_then_and_among_many_take_a_fiftieth_of_the_core_together(
    crowd: int, cost: float, rest: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks, looks = itertools.count(), []
    lane = lane_at(20)
    monkeypatch.setattr(module, "spent", lambda: next(ticks) * cost)
    monkeypatch.setattr(lane.watch, "look", lambda trainer: looks.append(trainer.step_count))
    for now in (10.0, 10.0 + 0.9 * rest, 10.0 + 1.01 * rest, 10.0 + 1.02 * rest):
        lane.look(now, crowd)
    assert looks == [20, 20]


def test_penalties_are_told_where_there_are_any() -> None:
    lane = lane_at(5, replace(CIRCLE, l2=0.01))
    lane.measure(0.0)
    assert lane.penalty == pytest.approx(lane.trainer.view.penalty)


def test_a_way_that_is_looked_at_closely_has_a_loss_at_every_step() -> None:
    lane = Lane(CIRCLE, Edits())
    lane.go_to(30, closely=True)
    assert lane.make_for(30, time.perf_counter() + 60)
    assert steps_of(lane) == list(range(31))


def test_a_way_without_time_is_not_at_its_end() -> None:
    lane = Lane(CIRCLE, Edits())
    lane.go_to(5000)
    assert not lane.make_for(5000, time.perf_counter() - 1)
    assert lane.trainer.step_count < 5000


def test_a_return_is_told_and_gives_the_same_numbers() -> None:
    lane = lane_at(100)
    there = lane.trainer.evaluate()
    assert lane.go_to(40)
    assert lane.make_for(40, time.perf_counter() + 60)
    assert lane.trainer.step_count == 40
    assert not lane.go_to(100)
    assert lane.make_for(100, time.perf_counter() + 60)
    assert lane.trainer.evaluate() == there


def test_a_change_in_the_past_leaves_the_future_and_keeps_what_it_replaced() -> None:
    lane = lane_at(60)
    assert not lane.set({"learning_rate": 0.1})
    lane.go_to(20)
    lane.make_for(20, time.perf_counter() + 60)
    old = float(lane.trainer.theta[2])
    assert lane.set({"parameters": {"2": 1.5}})
    assert lane.trainer.theta[2] == 1.5
    (edit,) = lane.edits.record()
    assert (edit.step, edit.before["parameters"]) == (20, {"2": old})


def test_a_restart_keeps_a_ghost_of_the_same_problem_only() -> None:
    lane = lane_at(60)
    lane.measure(0.0)
    same = lane.restarted(replace(CIRCLE, seed=CIRCLE.seed, optimizer=replace(CIRCLE.optimizer, learning_rate=0.5)))
    assert len(same.metrics.left()["ghosts"]) == 1
    other = lane.restarted(replace(CIRCLE, data=DataConfig("xor")))
    assert other.metrics.left()["ghosts"] == []


def test_what_stops_it_is_said_with_the_way_back() -> None:
    assert lane_at(5).halt() is None
    lane = Lane(replace(PRESETS["circle"], optimizer=replace(CIRCLE.optimizer, learning_rate=0.5)), Edits())
    lane.set({"stopping": {"steps": 10}})
    lane.trainer.run(50)
    halted = lane.halt()
    assert halted is not None
    assert (halted["kind"], halted["step"], halted["rule"]) == ("stopped", 10, "steps")
