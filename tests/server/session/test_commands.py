"""The table of what a session can be asked: every command stands in it once, is whole, and does what its flags say."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from backscope.server.front.commands import BY_THE_FRONT, COMMANDS
from backscope.server.session import commands
from backscope.server.session.commands import OPERATIONS
from backscope.server.wire.commands import Command, parse
from backscope.server.wire.messages import Job, Reply
from backscope.server.wire.presets import PRESETS
from stage import Stage

MAP: dict[str, object] = {
    "width": 3, "activation": "tanh", "steps": 20, "map_seed": 0, "axes": "rates",
    "x": [-3, 6], "y": [-3, 6], "size": 17,
}  # fmt: skip

#: What a command needs beside its `op`, for a run of the circle.
NEEDED: dict[str, dict[str, Any]] = {
    "set": {"learning_rate": 0.25},
    "configure": {"loss": "mse"},
    "seek": {"step": 3},
    "speed": {"steps_per_second": 30},
    "preset": {"name": "xor"},
    "open_run": {"config": PRESETS["xor"].to_json(), "step": 3},
    "lane_remove": {"lane": 0},
    "lane_focus": {"lane": 0},
    "lane_promote": {"lane": 0},
    "sample": {"row": 3},
    "look": {"layers": [1]},
    "explain": {"target": {"layer": 1, "to": 0, "from": 0}},
    "watch": {"target": {"layer": 1, "to": 0, "from": 0}},
    "difference": {"target": {"layer": 1, "to": 0, "from": 0}},
    "activation": {"layer": 1},
    "graph": {"text": "C = (w·x − y)²", "values": {"w": 2}, "check": 0},
    "take_away": {"form": "numpy"},
    "bring_weights": {"text": '{"0.weight": [[1, 2]]}'},
    "set_parameter": {"index": 0, "value": 0.5},
    "depth_map": {"depth": 2, "widths": [4], "activation": "tanh", "initializer": "he_normal"},
    "map_tile": {**MAP, "stride": 8, "first": 0, "stop": 17},
    "arrivals": {"measure": "loss", "target": 0.1},
    "sweep": {"changes": [{"learning_rate": 0.1}], "steps": 5, "target": 0.1},
    "map_run": {**MAP, "row": 1, "column": 2},
    "box_dimension": {"bitmap": ["0" * 17, *["1" * 17] * 16]},
}
OF_CLIENTS = [op for op, operation in OPERATIONS.items() if not operation.internal]


def order(op: str) -> Command:
    return parse(json.dumps({"id": 5, "op": op, **NEEDED.get(op, {})}), OPERATIONS)


def test_every_module_of_commands_is_loaded_and_enters_some() -> None:
    names = {path.stem for path in Path(commands.__file__).parent.glob("*.py")} - {"__init__", "table"}
    assert len(names) >= 8
    for name in names:
        module = getattr(commands, name, None)
        assert isinstance(module, ModuleType), f"{name} is not imported: its commands are unknown"
        assert any(one.action.__module__ == module.__name__ for one in OPERATIONS.values()), name


def test_clients_can_ask_for_all_but_what_is_internal() -> None:
    assert set(COMMANDS) == {*OF_CLIENTS, *BY_THE_FRONT}
    assert "go_on" not in COMMANDS


@pytest.mark.parametrize("op", OF_CLIENTS)
def test_every_command_is_answered_in_words_or_by_what_it_orders(op: str) -> None:
    stage = Stage()
    stage.travel("step", count=2)
    stage.said.clear()
    stage.session.obey(1, order(op))
    answered = [m for m in stage.said if isinstance(m, Reply) and m.number == 5]
    if not answered:  # it is computed elsewhere
        stage.serve_jobs()
        answered = [m for m in stage.said if isinstance(m, Reply) and m.number == 5]
    (reply,) = answered
    refusals = "not_diverged", "last_lane", "nothing_to_undo", "nothing_to_redo"
    assert json.loads(reply.text).get("code") in (None, *refusals)


@pytest.mark.parametrize("op", [op for op in OF_CLIENTS if OPERATIONS[op].exact])
def test_what_means_a_step_waits_for_it(op: str) -> None:
    stage = Stage()
    stage.do("seek", step=60_000)
    stage.session.obey(1, order(op))
    assert [command.op for _, command in stage.session.dispatch.waiting] == [op]


@pytest.mark.parametrize("op", [op for op in OF_CLIENTS if OPERATIONS[op].read_only])
def test_what_only_looks_leaves_state_and_picture_alone(op: str) -> None:
    stage = Stage()
    stage.travel("step", count=2)
    stage.see()
    before = stage.state()
    version = stage.session.run.version
    stage.said.clear()
    stage.session.obey(1, order(op))
    assert all(isinstance(message, Reply | Job) for message in stage.said)
    assert stage.session.run.version == version
    assert stage.state() == before
    assert stage.frame() is None


@pytest.mark.parametrize("op", [op for op in OF_CLIENTS if OPERATIONS[op].needs_network])
def test_what_needs_a_network_is_refused_on_a_landscape(op: str) -> None:
    stage = Stage()
    stage.do("preset", name="beale")
    stage.said.clear()
    stage.session.obey(1, order(op))
    (reply,) = (json.loads(m.text) for m in stage.said if isinstance(m, Reply))
    assert (reply["ok"], reply["code"], reply["params"]["name"]) == (False, "no_network", op)
