"""A run that leaves the numbers, or that a rule stops: what is said, and the way back."""

from typing import Any

import numpy as np
from stage import Stage


def diverge(stage: Stage) -> dict[str, Any]:
    stage.do("configure", loss="mse", network={"hidden": [4], "activation": "relu", "output": "identity"})
    stage.travel("step", count=10)
    stage.do("set", learning_rate=100)
    stage.do("speed", steps_per_second=0)
    stage.do("play")
    stage.work(5)
    return stage.state()


def test_divergence_stops_the_run_and_says_where_to_go_back_to() -> None:
    stage = Stage()
    state = diverge(stage)
    status = state["status"]
    assert status["kind"] == "diverged"
    assert status["loss"] in ("nan", "infinite", "huge")
    assert status["learning_rate"] == 100
    assert (status["good_step"], status["good_rate"]) == (10, 0.5)
    assert not state["playing"]
    frame = stage.see()
    assert frame["status"] == "diverged"
    assert frame["step"] == status["step"]
    assert stage.ask("play")["code"] == "diverged"


def test_recovery_goes_on_from_the_good_step_with_the_smaller_rate() -> None:
    stage = Stage()
    diverge(stage)
    reply = stage.do("recover")
    assert reply["learning_rate"] == 0.5
    state = stage.state()
    assert state["playing"]
    assert state["status"] == {"kind": "running"}
    stage.work(3)
    assert stage.trainer.step_count > 10
    assert stage.trainer.diverged is None
    assert stage.ask("recover")["code"] == "not_diverged"


def test_a_diverged_run_that_is_built_again_is_found_diverged() -> None:
    stage = Stage()
    status = diverge(stage)["status"]
    stage.build(stage.saved()).attended(1)
    stage.finish()
    stage.work(3)
    assert stage.state()["status"] == status


def test_nothing_but_numbers_gets_into_frames_of_a_run_gone_wild() -> None:
    stage = Stage()
    diverge(stage)
    frame = stage.see()
    assert frame["loss"] is None or frame["loss"] > 1e12
    assert np.float32(frame["step"]) == stage.trainer.step_count


def test_a_stopping_rule_pauses_the_run_and_says_which() -> None:
    stage = Stage()
    stage.do("set", stopping={"steps": 7})
    stage.do("speed", steps_per_second=0)
    stage.do("play")
    stage.pass_time(0.1, slices=2)
    assert stage.trainer.step_count == 7
    status = stage.session.run.status()
    assert status == {"kind": "stopped", "step": 7, "rule": "steps", "value": 7.0, "converged": False}
    stage.travel("step_back")
    assert stage.session.run.status()["kind"] == "paused"
