"""How a lane that is "the same but …" begins, and what is refused because lanes share it."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from backscope.core.ground.errors import ConfigError
from backscope.core.run.lanes import MOST_LANES, SHARED, SHARED_EDITS
from backscope.server.run.lane_changes import added, check_sizes, lane_of, patched_all, present
from backscope.server.run.pace import Pace
from backscope.server.run.run import Run
from backscope.server.wire.commands import CommandError
from backscope.server.wire.edits import Edits
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.settings import Limits

CIRCLE = PRESETS["circle"]


def run_of(*numbers: int) -> Run:
    return Run({number: (CIRCLE, Edits()) for number in numbers}, numbers[0], Pace(0), 1)


def run_at(step: int) -> Run:
    run = run_of(0)
    lane = run.lanes[0]
    lane.go_to(step)
    lane.make_for(step, time.perf_counter() + 60)
    return run


def test_a_command_means_the_lane_in_focus_unless_it_names_one() -> None:
    run = run_of(2, 5)
    assert (lane_of(run, None), lane_of(run, 5)) == (2, 5)
    with pytest.raises(ConfigError, match="lane must be one of 2, 5, got 3"):
        lane_of(run, 3)


def test_the_limit_of_parameters_is_for_all_lanes_together() -> None:
    configs, count = present(run_of(0, 1)), CIRCLE.parameter_count
    check_sizes(configs, replace(Limits(), parameters=2 * count))
    with pytest.raises(ConfigError, match="parameters of all lanes"):
        check_sizes(configs, replace(Limits(), parameters=2 * count - 1))


def test_what_all_lanes_share_is_patched_in_all() -> None:
    run = run_of(0, 1)
    patched = patched_all(present(run), 1, {"seed": 9, "initializer": "zeros"})
    assert [config.seed for config in patched.values()] == [9, 9]
    assert [config.initializer for config in patched.values()] == [CIRCLE.initializer, "zeros"]


def test_from_the_start_the_change_is_there_from_the_beginning() -> None:
    run = run_at(10)
    run.lanes[0].set({"learning_rate": 0.5})
    run.lanes[0].set({"l2": 0.01})
    config, edits = added(run, 0, {"learning_rate": 0.2}, "start", Limits())
    assert config.optimizer.learning_rate == 0.2
    assert [edit.change for edit in edits.record()] == [{"l2": 0.01}], "edits about something else are kept"


def test_from_here_the_change_is_an_edit_at_the_present_step() -> None:
    run = run_at(10)
    config, edits = added(run, 0, {"optimizer": {"name": "adam", "learning_rate": 0.01}}, "here", Limits())
    assert config == CIRCLE
    (edit,) = edits.record()
    assert edit.step == 10
    assert edit.change["optimizer"] == "adam"


@pytest.mark.parametrize(
    ("change", "start", "code"),
    [
        *[({name: 1}, "start", "lanes_share") for name in (*SHARED, *SHARED_EDITS)],
        ({"nonsense": 1}, "start", "unknown_field"),
        ({"network": {"hidden": [3]}}, "here", "not_live"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(change: Mapping[str, Any], start: str, code: str) -> None:
    with pytest.raises(CommandError) as caught:
        added(run_of(0), 0, change, start, Limits())
    assert caught.value.code == code
    assert next(iter(change)) in str(caught.value) or "hidden" in str(caught.value)


def test_there_is_room_for_so_many() -> None:
    with pytest.raises(CommandError, match=str(MOST_LANES)) as caught:
        added(run_of(*range(MOST_LANES)), 0, {"l2": 0.1}, "start", Limits())
    assert caught.value.code == "lanes_full"
