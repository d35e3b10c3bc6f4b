"""Noise that changes while a run goes on: sent with the next frame, in the log, the same for all lanes."""

import json
from typing import Any

import numpy as np
import pytest
from backscope.server.wire.edits import beginning
from stage import CIRCLE, Stage


def test_new_points_come_before_the_frame_that_is_about_them() -> None:
    stage = Stage()
    stage.see()
    before = stage.published["data"]
    stage.travel("step", count=20)
    first = stage.see()
    assert stage.published["data"] is before
    assert "restarted" not in stage.do("set", noise=0.6)
    stage.see()
    stage.do("set", noise=0.5)
    frame = stage.see()
    assert stage.published["data"] != before
    assert frame["step"] == 20
    assert frame["arrays"]["P"].tobytes() == first["arrays"]["P"].tobytes()
    assert frame["loss"] != first["loss"]
    state = stage.state()
    assert state["config"]["data"]["noise"] == 0.5
    assert [(entry["step"], entry["change"]) for entry in state["log"]] == [(20, {"noise": 0.5})]
    assert state["log"][0]["before"]["data"]["noise"] == CIRCLE.data.noise


def test_a_return_brings_back_the_points_of_that_time() -> None:
    stage = Stage()
    stage.travel("step", count=20)
    early = stage.see(), stage.published["data"]
    stage.do("set", noise=0.5)
    stage.travel("step", count=20)
    late = stage.see(), stage.published["data"]
    assert late[1] != early[1]
    for step, (frame, data) in ((19, early), (40, late), (20, late)):
        stage.travel("seek", step=step)
        seen = stage.see()
        assert stage.published["data"] == data
        if step == 40:
            assert seen["loss"] == frame["loss"]
            assert seen["arrays"]["P"].tobytes() == frame["arrays"]["P"].tobytes()


def test_a_hand_faster_than_frames_sends_points_once_a_frame() -> None:
    stage = Stage()
    stage.see()
    stage.position = None
    stage.said.clear()
    told = []
    for k in range(1, 30):
        stage.do("set", noise=k / 100)
        told += [said for said in stage.said if getattr(said, "kind", "") == "data"]
    assert told == []
    stage.see()
    assert stage.state()["log"][-1]["change"] == {"noise": 0.29}


def test_the_surface_follows_the_data() -> None:
    stage = Stage()
    stage.see()
    stage.work()
    stage.serve_jobs()
    first = np.array(stage.session.surface.picture.grid)
    stage.do("set", noise=0.5, label_noise=0.2)
    stage.work()
    stage.serve_jobs()
    assert not np.array_equal(stage.session.surface.picture.grid, first)


def test_noise_is_all_lanes() -> None:
    stage = Stage()
    stage.do("lane_add", change={"learning_rate": 0.1})
    stage.travel("step", count=10)
    stage.do("set", lane=1, noise=0.4)
    stage.travel("step", count=10)
    first, second = (lane.trainer for lane in stage.session.run.lanes.values())
    assert np.array_equal(first.dataset.X_train, second.dataset.X_train)
    assert first.last_step.rows().tolist() == second.last_step.rows().tolist()
    logs = [[entry["change"] for entry in lane["log"]] for lane in stage.state()["lanes"]]
    assert logs == [[{"noise": 0.4}], [{"noise": 0.4}]]
    late = stage.do("lane_add", change={"learning_rate": 0.2})["lane"]
    stage.finish()
    trainer = stage.session.run.lanes[late].trainer
    assert trainer.step_count == 20
    assert np.array_equal(trainer.dataset.X_train, first.dataset.X_train)
    reply = stage.ask("lane_add", change={"noise": 0.1})
    assert (reply["code"], reply["message"].split(":")[0]) == ("lanes_share", "all lanes share noise")


def test_a_session_built_again_has_the_same_noise_at_every_step() -> None:
    stage = Stage()
    stage.travel("step", count=10)
    stage.do("set", noise=0.4)
    stage.travel("step", count=10)
    stage.do("set", label_noise=0.1)
    stage.travel("step", count=10)
    theta, state = stage.trainer.theta.copy(), stage.state()
    config, log = json.loads(json.dumps([state["config"], state["log"]]))
    assert beginning(config, log)[0] == CIRCLE
    stage.build(stage.saved())
    stage.session.attended(1)
    stage.finish()
    assert stage.trainer.step_count == 30
    assert np.array_equal(stage.trainer.theta, theta)
    assert stage.trainer.config.data.noise == 0.4


@pytest.mark.parametrize(
    ("data", "change", "words"),
    [
        ({"name": "iris"}, {"noise": 0.2}, "noise cannot change: the samples of iris are given"),
        ({"name": "sine"}, {"label_noise": 0.2}, "label_noise cannot change: sine has no classes"),
        ({}, {"noise": 2}, "noise must lie in [0, 1], got 2"),
        ({}, {"noise": "much"}, "noise must lie in [0, 1], got 'much'"),
    ],
)
def test_what_cannot_be_is_refused_in_words(data: dict[str, Any], change: dict[str, Any], words: str) -> None:
    stage = Stage()
    if data:
        stage.do("configure", data=data)
    reply = stage.ask("set", **change)
    assert not reply["ok"]
    assert reply["message"].startswith(words)
    assert stage.state()["log"] == []
