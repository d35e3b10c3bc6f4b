"""What the page records of a run as the state of a step: the server builds the same run from it, whatever it is."""

import json
import subprocess
from dataclasses import replace
from typing import Any

from backscope.core import ACTIVATIONS, DATASETS, OPTIMIZERS, RunConfig
from backscope.server.lessons.steps import read_steps
from backscope.server.wire.edits import patched
from backscope.server.wire.presets import PRESETS
from javascript import node
from walking import NAMES, ROOT, SHELF

OPTIONS = {"presets": [{"name": name, "config": config.to_json()} for name, config in PRESETS.items()]}


def recorded(*states: dict[str, Any]) -> list[dict[str, Any]]:
    script = ROOT / "tests" / "static" / "views" / "lessons" / "record.mjs"
    lines = "\n".join(json.dumps({"options": OPTIONS, **state}) for state in states)
    done = subprocess.run([node(), str(script)], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def runs() -> list[RunConfig]:
    """Every preset, every state of a lesson, and every data set, optimizer and activation on some preset."""
    states = [step["state"] for name in NAMES for step in SHELF.lesson(name, "en")["steps"] if "state" in step]
    first = PRESETS["circle"]
    made = [patched(first, {"data": {"name": name}}) for name in DATASETS]
    made += [patched(first, {"optimizer": {"name": name, "learning_rate": 0.01}}) for name in OPTIMIZERS]
    made += [patched(first, {"network": {"hidden": [3, 5], "activation": [name, "tanh"]}}) for name in ACTIVATIONS]
    made += [replace(PRESETS["tutorial"], initial=None), patched(first, {"seed": 9, "l2": 0.1, "batch_size": None})]
    return [*PRESETS.values(), *(RunConfig.from_json(state["config"]) for state in states), *made]


def test_every_run_that_is_recorded_is_built_again() -> None:
    configs = runs()
    states = [{"config": config.to_json(), "log": [], "lanes": [{"id": 0, "log": []}]} for config in configs]
    for config, found in zip(configs, recorded(*states), strict=True):
        text = json.dumps({"minutes": 5, "steps": [{"state": found["state"]}]})
        assert read_steps(text).configs[0] == config, found["state"]
        assert found["edits"] == 0


def test_what_lies_open_and_is_chosen_is_recorded_and_edits_on_the_way_are_told() -> None:
    config = PRESETS["xor"].to_json()
    faster = {**config, "optimizer": {**config["optimizer"], "learning_rate": 0.1}}
    plain = {"config": config, "log": [], "frame": {"step": 40}, "lanes": [{"id": 0, "log": []}], "lane": 0}
    lane = {"id": 2, "config": faster, "log": []}
    look = {"laboratory": True, "surface": "contour", "selected": {"kind": "weight", "layer": 1, "to": 0, "from": 1}}
    edit = {"step": 3, "change": {"learning_rate": 0.1}}
    at_once, beside, edited = recorded(
        plain,
        {**plain, "lanes": [*plain["lanes"], lane], "view": look, "plane_choice": {"plane": "random"}},
        {**plain, "config": faster, "log": [edit]},
    )
    assert at_once == {"state": {"preset": "xor", "step": 40}, "edits": 0}
    assert beside["state"] == {
        "preset": "xor",
        "lanes": [{"optimizer": {"learning_rate": 0.1}}],
        "surface": {"plane": "random", "show": "contour"},
        "open": ["laboratory"],
        "step": 40,
        "select": {"weight": [1, 1, 2]},
    }
    assert edited == {"state": {"preset": "xor", "config": {"optimizer": {"learning_rate": 0.1}}}, "edits": 1}
    for found in (at_once, beside, edited):
        read_steps(json.dumps({"minutes": 5, "steps": [{"state": found["state"]}]}))
