"""A state that was kept is opened in the session that is there: the same bits as where it was kept, and undone."""

from typing import Any

import pytest
from backscope.server.wire.presets import PRESETS
from stage import Stage


def kept_with_two_lanes() -> tuple[Stage, dict[str, Any]]:
    """A run of two lanes that was edited on its way, and what a page keeps of it."""
    stage = Stage()
    stage.travel("step", count=40)
    stage.do("set", learning_rate=0.2)
    stage.travel("step", count=20)
    stage.do("lane_add", change={"network": {"activation": "relu"}})
    stage.finish()
    run = stage.session.run
    lanes = [
        {"id": number, "config": lane.config.to_json(), "log": [edit.to_json() for edit in lane.edits.record()]}
        for number, lane in run.lanes.items()
    ]
    return stage, {"step": run.front, "lane": run.focus, "lanes": lanes}


def thetas(stage: Stage) -> dict[int, bytes]:
    return {number: lane.trainer.theta.tobytes() for number, lane in stage.session.run.lanes.items()}


def test_it_stands_where_it_was_kept_bit_for_bit_and_is_undone() -> None:
    there, run = kept_with_two_lanes()
    here = Stage(PRESETS["xor"])
    here.travel("step", count=5)
    before = thetas(here)
    reply = here.do("open_run", **run)
    here.finish()
    assert (reply["target"], reply["config"]) == (60, run["lanes"][0]["config"])
    assert thetas(here) == thetas(there)
    for stage in (here, there):
        stage.travel("step", count=30)
    assert thetas(here) == thetas(there)
    here.do("undo")
    here.finish()
    assert thetas(here) == before


@pytest.mark.parametrize(
    "fields",
    [
        {"step": 3},
        {"config": {"data": {"name": "upload-0"}}},
        {"config": PRESETS["xor"].to_json(), "lane": 1, "log": [{"step": 2, "change": {"learning_rate": -1}}]},
        {"config": PRESETS["xor"].to_json(), "log": [{"step": 1, "change": {"l2": 0.1}}] * 1001},
    ],
)
def test_what_cannot_be_opened_changes_nothing(fields: dict[str, Any]) -> None:
    stage = Stage()
    stage.travel("step", count=5)
    before = thetas(stage)
    assert not stage.ask("open_run", **fields)["ok"]
    assert (thetas(stage), stage.trainer.step_count) == (before, 5)
