"""What commands do to a session."""

import json
from typing import Any

import numpy as np
import pytest
from backscope.core.run import compiled
from backscope.server.wire.messages import Frame, Reply
from backscope.server.wire.protocol import decode
from backscope.server.wire.settings import Limits
from stage import CIRCLE, Stage, parse


def test_playing_keeps_the_pace_of_the_clock() -> None:
    stage = Stage()
    stage.do("speed", steps_per_second=60)
    stage.do("play")
    stage.pass_time(2.0, slices=400)
    assert abs(stage.trainer.step_count - 121) <= 1
    stage.do("pause")
    before = stage.trainer.step_count
    stage.pass_time(5.0)
    assert stage.trainer.step_count == before
    stage.do("play")
    stage.pass_time(0.5, slices=100)
    assert abs(stage.trainer.step_count - before - 31) <= 1


def test_nobody_looking_means_no_work() -> None:
    stage = Stage()
    stage.do("play")
    stage.session.attended(0)
    assert stage.session.due() == float("inf")
    stage.now += 3600
    stage.session.attended(1)
    before = stage.trainer.step_count
    stage.pass_time(0.1, slices=100)
    assert 1 <= stage.trainer.step_count - before <= 8


def test_an_edit_is_obeyed_by_the_next_step_and_shown_at_once() -> None:
    stage = Stage()
    stage.do("speed", steps_per_second=0)
    stage.do("play")
    stage.work(3)
    stage.see()
    step = stage.trainer.step_count
    stage.session.want((stage.position,))
    stage.said.clear()
    reply = stage.do("set", learning_rate=0.2)
    (frame,) = (message for message in stage.said if isinstance(message, Frame))
    header, arrays = decode(frame.parts[0].head + frame.body + frame.parts[0].tail)
    assert (header["learning_rate"], header["step"]) == (0.2, step + 1)
    assert arrays["rates"][-1] == np.float32(0.2)
    assert reply["step"] == step + 1


def test_training_makes_way_for_the_picture_of_an_edit_and_goes_on_once_it_is_drawn() -> None:
    stage = Stage()
    stage.do("speed", steps_per_second=0)
    stage.do("play")
    stage.see()
    for drawn in (True, False):
        stage.session.want((stage.position,))
        stage.do("set", learning_rate=0.2 if drawn else 0.3)
        (frame,) = (message for message in stage.said if isinstance(message, Frame))
        stage.position, step = frame.position, stage.trainer.step_count
        stage.work(3)
        assert stage.trainer.step_count == step
        if drawn:
            stage.session.want((stage.position,))
        else:
            stage.now += 0.025
        stage.work()
        assert stage.trainer.step_count > step


def test_the_number_of_parameters_is_limited_and_the_largest_net_allowed_trains() -> None:
    stage = Stage(limits=Limits(parameters=100_000))
    reply = stage.ask("configure", network={"hidden": [128] * 20})
    assert (reply["code"], reply["params"]["high"]) == ("out_of_range", 100_000)
    reply = Stage().ask("configure", network={"hidden": [200] * 41})
    assert (reply["code"], reply["params"]["high"]) == ("out_of_range", 8192)
    for hidden in ([128] * 64, [1024, 1024], [4096, 255]):
        stage = Stage()
        stage.do("configure", network={"hidden": hidden})
        stage.travel("step")
        assert stage.see()["step"] == 1


def test_edits_are_limited_in_number_and_the_run_lives_on() -> None:
    stage = Stage(limits=Limits(edits=2))
    for rate in (0.1, 0.2, 0.3):
        stage.travel("step")
        reply = stage.ask("set", learning_rate=rate)
    assert reply["code"] == "log_full"
    assert stage.trainer.learning_rate == 0.2
    stage.do("reset")
    stage.do("set", learning_rate=0.3)


@pytest.mark.parametrize(
    ("op", "fields", "code"),
    [
        ("set", {"momentum": 0.5}, "bad_config"),
        ("configure", {"network": {"hidden": [3] * 65}}, "out_of_range"),
        ("configure", {"network": {"hidden": [4097]}}, "out_of_range"),
        ("configure", {"data": {"samples": 5001}}, "out_of_range"),
        ("configure", {"data": {"name": "nothing"}}, "unknown_choice"),
        ("configure", {"loss": "cross_entropy"}, "bad_config"),
        ("configure", {"initial": [1, 2, 3]}, "bad_config"),
        ("configure", {"initial": "none"}, "bad_config"),
        ("configure", {"network": {"hiden": [3]}}, "bad_config"),
        ("sample", {"row": 400}, "out_of_range"),
        ("surface", {"plane": "weights", "weights": [0, CIRCLE.parameter_count]}, "out_of_range"),
        ("recover", {}, "not_diverged"),
    ],
)
def test_a_refused_command_changes_nothing(op: str, fields: dict[str, Any], code: str) -> None:
    stage = Stage()
    stage.travel("step", count=3)
    stage.see()
    before = stage.state()
    reply = stage.ask(op, **fields)
    assert (reply["ok"], reply["code"]) == (False, code)
    assert len(reply["message"]) > 10
    assert stage.state() == before
    assert stage.frame() is None


def test_the_gradient_is_checked_on_the_spot() -> None:
    stage = Stage()
    stage.travel("step", count=20)
    stage.session.obey(1, parse('{"id":5,"op":"check"}'))
    (job,) = (job for job in stage.jobs() if job.topic == "order")
    rows = np.concatenate([job.work.function(job.work.task, start, start + 5) for start in range(0, job.work.size, 5)])
    stage.session.job_done(job.job, rows)
    reply = [json.loads(message.text) for message in stage.said if isinstance(message, Reply)][-1]
    assert reply["ok"]
    assert 0 <= reply["error"] < 1e-6
    assert reply["parameters"] == stage.trainer.network.parameter_count


def test_the_chosen_sample_is_shown() -> None:
    stage = Stage()
    stage.do("sample", row=399)
    frame = stage.see()
    assert frame["sample"] == 399
    np.testing.assert_array_equal(frame["arrays"]["A"], stage.trainer.view.trace(399).A.astype(np.float32))
    stage.do("configure", data={"samples": 100})
    assert stage.see()["sample"] == 99


def test_a_failure_inside_stops_the_run_and_keeps_the_session() -> None:
    stage = Stage()
    stage.do("play")
    stage.session.fail()
    state = stage.state()
    assert (state["playing"], state["reason"]) == (False, {"code": "internal"})
    stage.do("play")
    assert stage.state()["playing"]


def test_that_machine_code_has_taken_over_is_told_and_kept_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "installed", lambda: True)
    monkeypatch.setattr(compiled.steps, "ready", lambda: True)
    stage = Stage(limits=Limits(machine_code=True))
    stage.do("play")
    stage.now += 0.1
    stage.work(1)
    state = json.loads(stage.published["state"])
    assert state["engine"] == {"name": "compiled", "lack": None}
    assert [entry["change"] for entry in state["log"]] == [{"engine": "compiled"}]
    assert [edit.change for edit in stage.published["record"].log] == [{"engine": "compiled"}]
