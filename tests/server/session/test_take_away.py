"""A run taken away from a session: every form, of the lane and the step that are meant."""

from __future__ import annotations

import sys
from base64 import b64decode
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from backscope.core import RunConfig
from backscope.core.export import FORMS
from backscope.server.front.options import options
from backscope.server.wire.commands import CommandError
from backscope.server.wire.run_fields import REPLAY
from backscope.server.wire.settings import Limits
from stage import Stage


@pytest.mark.parametrize("form", FORMS)
def test_every_form_comes_with_a_name_and_a_type(form: str) -> None:
    stage = Stage()
    stage.travel("step", count=5)
    reply = stage.do("take_away", form=form)
    assert reply["name"].startswith("backscope-circle-step-5")
    assert reply["media_type"] == FORMS[form].media_type
    content = FORMS[form].make(stage.trainer)
    told = b64decode(reply["base64"]) if isinstance(content, bytes) else reply["text"]
    assert told == content


def test_a_script_does_what_the_session_did_with_its_edits() -> None:
    stage = Stage()
    stage.travel("step", count=7)
    stage.do("set", learning_rate=0.2)
    stage.travel("step", count=8)
    namespace: dict[str, Any] = {"print": lambda *_: None}
    exec(stage.do("take_away", form="numpy")["text"], namespace)
    assert namespace["step"] == 15
    np.testing.assert_allclose(namespace["theta"], stage.trainer.theta, rtol=1e-9, atol=1e-12)


def test_the_lane_that_is_meant_is_taken() -> None:
    stage = Stage()
    stage.do("lane_add", change={"optimizer": "adam"})
    stage.travel("step", count=3)
    archives = [
        np.load(BytesIO(b64decode(stage.do("take_away", form="parameters_npz", lane=lane)["base64"])))
        for lane in stage.session.run.lanes
    ]
    for archive, lane in zip(archives, stage.session.run.lanes.values(), strict=True):
        np.testing.assert_array_equal(archive["W1"], lane.trainer.network.unpack(lane.trainer.theta)[0].W)
    assert not np.array_equal(archives[0]["W1"], archives[1]["W1"])
    assert stage.ask("take_away", form="numpy", lane=4)["ok"] is False


def test_unknown_forms_and_functions_are_refused_in_words() -> None:
    with pytest.raises(CommandError, match="form must be one of numpy, "):
        Stage().ask("take_away", form="pdf")
    stage = Stage(RunConfig.from_json({"data": {"name": "bowl"}}))
    refused = stage.ask("take_away", form="notebook")
    assert "bowl is a function without a network" in refused["message"]
    assert stage.do("take_away", form="losses_csv")["text"].startswith("step,")


def test_the_page_is_told_of_all_forms() -> None:
    assert [form["name"] for form in options(Limits())["forms"]] == [*FORMS, REPLAY]


def test_a_form_whose_package_is_wanting_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["backscope.core.export.onnx_model"], "find_spec", lambda name: None)
    reply = Stage().ask("take_away", form="onnx")
    assert (reply["ok"], reply["code"], reply["params"]) == (False, "missing_extra", {"form": "onnx"})
