"""Commands are carried out in their order, at once or when the run stands, and each is answered once."""

import json
from dataclasses import replace

import pytest
from backscope.server.session.commands import OPERATIONS
from backscope.server.wire.messages import Reply
from stage import Stage, parse


def test_commands_that_mean_a_step_wait_for_it() -> None:
    stage = Stage()
    stage.do("seek", step=60_000)
    stage.said.clear()
    stage.session.obey(1, parse('{"id":8,"op":"set","learning_rate":0.25}'))
    stage.session.obey(1, parse('{"id":9,"op":"play"}'))
    assert not [message for message in stage.said if isinstance(message, Reply)]
    stage.finish()
    replies = [json.loads(message.text) for message in stage.said if isinstance(message, Reply)]
    assert [(reply["id"], reply["ok"], reply["step"]) for reply in replies] == [(8, True, 60_000), (9, True, 60_000)]
    assert stage.state()["playing"]


def test_a_later_aim_leaves_waiting_commands_behind() -> None:
    stage = Stage()
    stage.do("seek", step=60_000)
    stage.session.obey(1, parse('{"id":8,"op":"set","learning_rate":0.25}'))
    stage.said.clear()
    stage.session.obey(1, parse('{"id":9,"op":"seek","step":10}'))
    replies = [json.loads(message.text) for message in stage.said if isinstance(message, Reply)]
    assert [(reply["id"], reply.get("code")) for reply in replies] == [(8, "superseded"), (9, None)]
    stage.finish()
    assert stage.see()["learning_rate"] == 0.5


def test_a_bad_patch_leaves_a_replay_alone() -> None:
    stage = Stage()
    stage.do("seek", step=60_000)
    assert stage.ask("configure", network={"hidden": [0]})["code"] == "out_of_range"
    stage.finish()
    assert stage.trainer.step_count == 60_000


def test_a_failure_inside_is_answered_and_goes_on_to_who_keeps_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        """Fail."""
        raise ZeroDivisionError

    stage = Stage()
    failing = {"sample": replace(OPERATIONS["sample"], action=fail)}
    monkeypatch.setattr("backscope.server.session.dispatch.OPERATIONS", failing)
    stage.said.clear()
    with pytest.raises(ZeroDivisionError):
        stage.session.dispatch.carry_out(1, parse('{"id":3,"op":"sample","row":1}'))
    (reply,) = (json.loads(message.text) for message in stage.said if isinstance(message, Reply))
    assert (reply["id"], reply["ok"], reply["code"]) == (3, False, "internal")
