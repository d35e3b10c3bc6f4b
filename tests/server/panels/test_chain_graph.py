"""The graph of a formula as a session tells it: of what is typed, and of the run's own sample."""

import json

import pytest
from backscope.server.panels.chain_graph import numbers_of
from backscope.server.wire.presets import PRESETS
from stage import Stage


def test_a_formula_comes_back_with_its_numbers_and_follows_other_values() -> None:
    stage = Stage()
    found = stage.do("graph", text="C = (w·x − y)²; w = 2; x = 3; y = 5", values={"w": 3.0, "gone": 1}, check=0)
    by = {node["name"]: node for node in found["nodes"]}
    assert (by["C"]["value"], by["C"]["derivative"]) == (16.0, 1.0)
    assert by["w"]["derivative"] == 2 * 4 * 3
    assert found["check"]["agrees"]
    assert found["check"]["value"] == pytest.approx(24.0)
    edge = next(edge for edge in found["edges"] if found["nodes"][edge["from"]]["name"] == "w")
    assert (edge["rule"], edge["slope"], edge["flow"]) == ("x", 3.0, 24.0)


def test_what_is_wrong_is_told_with_its_column_and_numbers_out_of_range_are_refused() -> None:
    stage = Stage()
    assert stage.do("graph", text="C = (w")["fault"]["column"] == 5
    assert not stage.ask("graph", text="C = w", values={"w": "x"})["ok"]
    assert stage.ask("graph", text="C = w", values={"w": 1e12})["code"] == "out_of_range"
    assert stage.ask("graph", text="C = w", check=9)["code"] == "out_of_range"


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_a_graph_or_says_why_not(name: str) -> None:
    stage = Stage(PRESETS[name])
    stage.travel("step", count=3)
    reply = stage.ask("graph")
    small = stage.trainer.config.parameter_count <= 60 and not any(stage.trainer.network.normalization)
    assert ("nodes" in reply) == small, reply
    if "nodes" in reply:
        assert "fault" not in numbers_of(reply["text"], {})
        json.dumps(reply, allow_nan=False)
        assert len(reply["nodes"]) > 3
    else:
        assert reply["code"] in ("graph_large", "graph_normalized")
