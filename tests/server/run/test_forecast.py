"""What a run answers is what it then does: the same bits, with its edits, from wherever it stands."""

import json
from typing import Any

import numpy as np
import pytest
from backscope.server.run.forecast import answer_of
from backscope.server.wire.commands import Command
from backscope.server.wire.messages import Reply
from backscope.server.wire.presets import PRESETS
from stage import Stage


def forecast(stage: Stage, kind: str, start: int, end: int, **rate: float) -> dict[str, Any]:
    stage.said.clear()
    stage.session.obey(0, Command("forecast", 7, {"kind": kind, "start": start, "end": end, **rate}))
    stage.serve_jobs()
    (reply,) = [json.loads(said.text) for said in stage.said if isinstance(said, Reply)]
    outcome: dict[str, Any] = reply["outcome"]
    return outcome


@pytest.mark.parametrize("here", [40, 100, 260])
def test_the_loss_that_is_foretold_is_the_loss_that_comes(here: int) -> None:
    """Also of a run that is already beyond the step, or was changed between."""
    stage = Stage()
    stage.travel("step", count=40)
    stage.do("set", learning_rate=0.3)
    stage.travel("step", count=60)
    stage.do("set", learning_rate=0.1)
    stage.travel("seek", step=here)
    told = forecast(stage, "loss", 40, 200)
    assert stage.trainer.step_count == here
    stage.travel("seek", step=200)
    assert told["value"] == stage.trainer.evaluate().loss


def test_lanes_are_held_against_each_other() -> None:
    stage = Stage()
    stage.do("lane_add", change={"learning_rate": 1e-6})
    stage.travel("step", count=10)
    told = forecast(stage, "lane", 10, 300)
    assert told["value"] == 0
    assert len(told["losses"]) == 2
    assert told["losses"][0] < told["losses"][1]


def test_another_rate_is_tried_beside_the_run() -> None:
    stage = Stage()
    stage.travel("step", count=10)
    before = stage.trainer.theta.copy()
    assert forecast(stage, "rate", 10, 300, rate=0.0)["value"] == 1
    huge = Stage(PRESETS["bowl"])
    assert forecast(huge, "rate", 0, 300, rate=100.0)["value"] == 2
    assert np.array_equal(stage.trainer.theta, before)


@pytest.mark.parametrize(
    ("rows", "value"),
    [([[1, 0.5, 0.499, 0]], 0), ([[1, 0.5, 0.4, 0]], 1), ([[1, 5, np.nan, 1]], 2)],
)
def test_settled_falling_and_diverged_are_told_apart(rows: list[list[float]], value: int) -> None:
    assert answer_of("converge", np.array(rows))["value"] == value


def test_where_all_diverge_no_lane_is_first() -> None:
    assert answer_of("lane", np.array([[1, 1, np.inf, 1], [1, 1, np.nan, 1]])) == {
        "value": None,
        "losses": [None, None],
    }
