"""Weights brought into a session: taken away, brought back, refused, undone."""

from __future__ import annotations

import json

import pytest
from backscope.core.export import FORMS
from stage import Stage


@pytest.mark.parametrize(("form", "key"), [("parameters_json", "text"), ("parameters_npz", "base64")])
def test_what_was_taken_away_is_brought_back_and_undone(form: str, key: str) -> None:
    stage = Stage()
    stage.travel("step", count=30)
    away = stage.trainer.theta.tobytes()
    content = stage.do("take_away", form=form)[key]
    stage.travel("step", count=30)
    later = stage.trainer.theta.tobytes()
    reply = stage.do("bring_weights", **{key: content})
    assert (reply["restarted"], reply["digits"], reply["left_out"]) == (True, None, [])
    assert tuple(reply["sizes"]) == stage.trainer.network.sizes
    assert stage.trainer.step_count == 0
    assert stage.trainer.theta.tobytes() == away
    stage.do("undo")
    stage.work(5)
    assert stage.trainer.theta.tobytes() == later
    assert FORMS[form].make(stage.trainer)


def test_weights_that_do_not_fit_change_nothing() -> None:
    stage = Stage()
    stage.travel("step", count=3)
    before = stage.trainer.theta.tobytes()
    for text in ("rubbish", json.dumps({"0.weight": [[1, 2, 3]]})):
        refused = stage.ask("bring_weights", text=text)
        assert "cannot be brought in" in refused["message"]
    assert stage.ask("bring_weights", base64="%%%")["ok"] is False
    assert (stage.trainer.step_count, stage.trainer.theta.tobytes()) == (3, before)
