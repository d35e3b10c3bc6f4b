"""Sweeps on the wire: each cell is the run that the change makes, and opens as a lane that ends the same."""

import json
from typing import Any

import numpy as np
import pytest
from backscope.core.ground.errors import ConfigError
from backscope.server.wire.commands import CommandError
from backscope.server.wire.messages import Reply
from stage import Stage, parse


def ask(stage: Stage, **fields: object) -> dict[str, Any]:
    stage.said.clear()
    stage.session.obey(1, parse(json.dumps({"id": 9, "op": "sweep", "steps": 30, "target": 0.5, **fields})))
    for job in stage.jobs():
        if job.topic == "order":
            stage.serve(job)
    return next(json.loads(said.text) for said in stage.said if isinstance(said, Reply) and said.number == 9)


CHANGES: list[dict[str, Any]] = [
    {"learning_rate": 0.2},
    {"network": {"hidden": [5, 5]}},
    {"initializer_scale": 0.5, "learning_rate": 0.3},
    {"l2": 0.1, "activation": "relu"},
]


def test_cells_are_the_lanes_that_their_changes_open() -> None:
    stage = Stage()
    reply = ask(stage, changes=CHANGES)
    assert reply["ok"]
    assert reply["targets"] == 280
    for k, change in enumerate(CHANGES):
        stage.do("lane_add", change=change)
        lane = stage.session.run.lanes[max(stage.session.run.lanes)]
        assert reply["parameters"][k] == len(lane.trainer.theta)
        lane.trainer.seek(30)
        np.testing.assert_allclose(reply["loss"][k], lane.trainer.evaluate().loss, rtol=1e-6)


def test_what_all_lanes_share_can_be_swept_and_an_edit_at_the_start_counts() -> None:
    stage = Stage()
    stage.do("set", learning_rate=0.25)
    reply = ask(stage, changes=[{"batch_size": 5}, {"seed": 3}, {}])
    assert len(set(reply["loss"])) == 3
    stage.travel("step", count=30)
    np.testing.assert_allclose(reply["loss"][2], stage.trainer.evaluate().loss, rtol=1e-6)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"changes": [{"learning_rate": -1}]}, "learning_rate must lie in"),
        ({"changes": [{"network": {"hidden": [5000]}}]}, "must be a whole number in"),
        ({"changes": [{"colour": 1}]}, "no run has 'colour'"),
        ({"changes": []}, "changes must be a list of 1 to 64"),
        ({"changes": [{}], "steps": 6000}, "steps must be a whole number in"),
    ],
)
def test_what_cannot_be_is_refused_in_words(fields: dict[str, Any], words: str) -> None:
    with pytest.raises((ConfigError, CommandError), match=words):  # before the session sees it, or by its answer
        raise CommandError("", ask(Stage(), **fields)["message"], {})
