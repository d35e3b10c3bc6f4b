"""To begin anew: what of a run stays, and what everybody is told."""

import numpy as np
import pytest
from backscope.core.run.trainer import Trainer
from backscope.server.wire.messages import Publish
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.settings import Limits
from stage import CIRCLE, Stage


def test_reset_keeps_the_present_settings_and_the_old_curve_as_a_ghost() -> None:
    stage = Stage()
    stage.see()
    stage.travel("step", count=20)
    stage.do("set", learning_rate=0.07)
    stage.see()
    reply = stage.do("reset")
    assert reply["restarted"]
    assert reply["step"] == 0
    state = stage.state()
    assert state["log"] == []
    assert state["reason"] == {"code": "reset"}
    assert state["config"]["optimizer"]["learning_rate"] == 0.07
    frame = stage.see()
    assert frame["step"] == 0
    assert frame["before"]["history"][0]["ghosts"][0]["step"][-1] == 20
    np.testing.assert_array_equal(frame["arrays"]["P"], Trainer(CIRCLE).theta.astype(np.float32))


def test_reseed_changes_the_seed_alone() -> None:
    stage = Stage()
    reply = stage.do("reseed", seed=99)
    assert reply["restarted"]
    assert stage.state()["config"] == {**CIRCLE.to_json(), "seed": 99}
    stage.do("reseed")
    assert 0 <= stage.trainer.config.seed < 2**32


def test_a_patch_restarts_with_the_rest_kept_and_plays_on() -> None:
    stage = Stage()
    stage.do("play")
    stage.do("set", learning_rate=0.2)
    reply = stage.do("configure", network={"hidden": [5, 5]})
    assert reply["restarted"]
    state = stage.state()
    assert state["config"]["network"]["hidden"] == [5, 5]
    assert state["config"]["optimizer"]["learning_rate"] == 0.2
    assert state["playing"]
    kinds = [message.kind for message in stage.said if isinstance(message, Publish)]
    assert kinds.index("layout") < kinds.index("data")


def test_another_seed_draws_another_start_on_a_landscape() -> None:
    stage = Stage(PRESETS["bowl"])
    stage.do("configure", initial=[1.0, -1.0])
    assert stage.trainer.theta.tolist() == [1.0, -1.0]
    assert stage.do("reseed", seed=4)["landscape"]
    assert stage.trainer.config.initial is None
    assert stage.trainer.theta.tolist() != [1.0, -1.0]


@pytest.mark.parametrize("op", ["reset", "reseed", "preset"])
def test_what_begins_anew_stands_still_and_a_preset_is_alone(op: str) -> None:
    stage = Stage()
    stage.do("lane_add", change={"l2": 0.1})
    stage.do("play")
    reply = stage.do(op, **({"name": "xor"} if op == "preset" else {}))
    assert (reply["restarted"], reply["reason"], stage.session.run.playing) == (True, op, False)
    assert list(stage.session.run.lanes) == ([0] if op == "preset" else [0, 1])
    assert (stage.trainer.config == PRESETS["xor"]) is (op == "preset")


def test_what_is_too_large_for_this_server_leaves_the_run_where_it_is() -> None:
    stage = Stage(PRESETS["xor"], Limits(neurons=8, layers=2))
    stage.travel("step", count=9)
    for op, fields in (("configure", {"network": {"hidden": [9]}}), ("preset", {"name": "deep_sigmoid"})):
        assert stage.ask(op, **fields)["code"] == "out_of_range"
    assert (stage.trainer.step_count, stage.trainer.config) == (9, PRESETS["xor"])
