"""The map of depths and widths on the wire: a row at a time, computed beside the training."""

import json

import numpy as np
import pytest
from backscope.core.ground.errors import ConfigError
from backscope.core.insight.depth_map import MapTask, first_to_last
from backscope.server.wire.commands import CommandError
from backscope.server.wire.messages import Reply
from backscope.server.wire.settings import Limits
from stage import Stage, parse

ROW = {"depth": 6, "widths": [4, 8], "activation": "sigmoid", "initializer": "xavier_normal"}


def order(stage: Stage, **fields: object) -> None:
    stage.said.clear()
    stage.session.obey(1, parse(json.dumps({"id": 9, "op": "depth_map", **ROW, **fields})))


def answer(stage: Stage) -> dict[str, object]:
    return next(json.loads(said.text) for said in stage.said if isinstance(said, Reply) and said.number == 9)


@pytest.mark.parametrize("kind", [None, "batch"])
def test_a_row_is_answered_when_it_is_computed_and_the_run_goes_on(kind: str | None) -> None:
    stage = Stage()
    stage.travel("step", count=3)
    stage.jobs()
    order(stage, normalization=kind)
    assert not [said for said in stage.said if isinstance(said, Reply)]
    (job,) = stage.jobs()
    stage.serve(job)
    reply = answer(stage)
    task = MapTask.of(stage.trainer.config, stage.trainer.dataset, ((6, 4), (6, 8)), "sigmoid", "xavier_normal", kind)
    assert reply["ok"]
    assert reply["depth"] == 6
    np.testing.assert_allclose(reply["ratios"], first_to_last(task, 0, 2), rtol=1e-12)
    assert stage.trainer.step_count == 3


def test_what_is_no_number_is_null() -> None:
    stage = Stage()
    stage.jobs()
    order(stage, activation="relu", initializer="zeros")
    stage.serve(stage.jobs()[-1])
    assert answer(stage)["ratios"] == [None, None]


def test_a_job_that_failed_is_answered_in_words() -> None:
    stage = Stage()
    stage.jobs()
    order(stage)
    stage.session.job_done(stage.jobs()[-1].job, None)
    assert "depth_map" in str(answer(stage)["message"])


@pytest.mark.parametrize(
    "fields",
    [{"depth": 65}, {"widths": []}, {"widths": [129]}, {"widths": 4}, {"activation": "magic"}, {"initializer": "none"},
     {"normalization": "magic"}],
)  # fmt: skip
def test_what_cannot_be_tried_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises((CommandError, ConfigError)):
        parse(json.dumps({"op": "depth_map", **ROW, **fields}))


def test_the_servers_own_limits_hold() -> None:
    stage = Stage(limits=Limits(layers=5))
    order(stage)
    assert answer(stage)["code"] == "out_of_range"
