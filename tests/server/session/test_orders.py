"""What clients have computed: in turn, in bounds, and only while they stay."""

import json
from typing import Any

import pytest
from backscope.server.session.commands import OPERATIONS
from backscope.server.wire.messages import Cancel, Job, Reply
from backscope.server.wire.settings import Limits
from stage import Stage, parse

MAP: dict[str, Any] = {
    "width": 3, "activation": "tanh", "steps": 20, "map_seed": 0, "axes": "rates",
    "x": [-3, 6], "y": [-3, 6], "size": 17,
}  # fmt: skip

#: Commands that are answered by a job, as `{op: fields}`.
COMPUTED: dict[str, dict[str, Any]] = {
    "check": {},
    "cut": {},
    "sharpness": {},
    "difference": {"target": {"layer": 1, "to": 0, "from": 0}},
    "depth_map": {"depth": 2, "widths": [4], "activation": "tanh", "initializer": "he_normal"},
    "map_tile": {**MAP, "stride": 8, "first": 0, "stop": 17},
    "arrivals": {"measure": "loss", "target": 100.0},
    "sweep": {"changes": [{"learning_rate": 0.1}], "steps": 5, "target": 0.1},
    "map_run": {**MAP, "row": 1, "column": 2},
    "forecast": {"kind": "loss", "start": 3, "end": 5, "rate": 0.1},
}


def ask(stage: Stage, client: int, number: int, op: str) -> None:
    stage.session.obey(client, parse(json.dumps({"id": number, "op": op, **COMPUTED[op]})))


def replies(stage: Stage) -> dict[int, Any]:
    said = [json.loads(m.text) for m in stage.said if isinstance(m, Reply)]
    return {reply["id"]: reply.get("code", "ok") for reply in said}


def begun(**limits: int) -> Stage:
    stage = Stage(limits=Limits(**limits))
    stage.do("surface", off=True)
    stage.travel("step", count=3)
    stage.jobs()
    stage.said.clear()
    return stage


def test_all_that_is_computed_is_known_here() -> None:
    assert {op for op, one in OPERATIONS.items() if "order" in one.action.__code__.co_names} == set(COMPUTED)


@pytest.mark.parametrize("op", COMPUTED)
def test_the_front_has_one_piece_at_a_time_and_all_are_answered(op: str) -> None:
    stage = begun()
    for number in range(5):
        ask(stage, 1, number, op)
    assert len(stage.orders) == 1
    stage.serve_jobs()
    assert replies(stage) == dict.fromkeys(range(5), "ok")


def test_one_client_cannot_ask_for_more_than_its_share_nor_all_together() -> None:
    stage = begun(client_jobs=2, session_jobs=5)
    for client in range(1, 5):
        for number in range(3):
            ask(stage, client, 10 * client + number, "check")
    found = replies(stage)
    assert [number for number, code in found.items() if code == "too_many_jobs"] == [12, 22, 31, 32, 40, 41, 42]
    stage.serve_jobs()
    assert sum(code == "ok" for code in replies(stage).values()) == 5
    ask(stage, 4, 50, "check")
    stage.serve_jobs()
    assert replies(stage)[50] == "ok"


def test_what_a_client_asked_for_goes_with_it() -> None:
    stage = begun()
    for number in range(3):
        ask(stage, 1, number, "check")
    ask(stage, 2, 7, "cut")
    (running,) = stage.jobs()
    stage.session.attended(1, left=1)
    assert [m.topic for m in stage.said if isinstance(m, Cancel)] == [running.topic]
    stage.serve(running)  # it was done already when the front heard of it
    stage.serve_jobs()
    assert replies(stage) == {7: "ok"}
    assert len(stage.session.orders) == 0


def test_who_waits_behind_another_leaves_without_a_word() -> None:
    stage = begun()
    ask(stage, 1, 1, "check")
    ask(stage, 2, 2, "check")
    stage.session.attended(1, left=2)
    assert not [m for m in stage.said if isinstance(m, Cancel)]
    assert len([m for m in stage.said if isinstance(m, Job)]) == 1
    stage.serve_jobs()
    assert replies(stage) == {1: "ok"}


def test_who_has_left_is_shown_nothing_any_more() -> None:
    stage = begun()
    target = {"layer": 1, "to": 0, "from": 0}
    for client in (1, 2):
        stage.session.obey(
            client, parse(json.dumps({"id": client, "op": "watch", "target": target, "key": "x" * client}))
        )
    assert [one["key"] for one in stage.see()["inspections"]] == ["x", "xx"]
    stage.session.attended(1, left=1)
    stage.do("step")
    assert [one["key"] for one in stage.see()["inspections"]] == ["xx"]
