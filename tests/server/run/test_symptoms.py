"""What goes wrong in a run comes with its frames, and every change that is offered can be carried out as it stands."""

from typing import Any

import pytest
from backscope.core.config.config import RunConfig
from backscope.core.run.lanes import MOST_LANES
from stage import Stage

SICK: dict[str, tuple[str, dict[str, Any]]] = {
    "slower": ("saturated", {"optimizer": {"name": "sgd", "learning_rate": 100}}),
    "slower here": (
        "oscillating",
        {
            "batch_size": None, "optimizer": {"name": "sgd", "learning_rate": 4}, "data": {"name": "spiral"},
            "network": {"hidden": [8, 8]}, "initializer": "he_normal",
        },
    ),
    "start": ("silent", {"initializer": "zeros", "optimizer": {"name": "sgd", "learning_rate": 0.1}}),
    "bound": ("clipped", {"clip_norm": 0.01, "clip_value": 0.5, "optimizer": {"name": "sgd", "learning_rate": 0.1}}),
    "penalty": (
        "runaway",
        {"l2": 2.1, "optimizer": {"name": "sgd", "learning_rate": 1}, "network": {"output": "tanh"}, "loss": "mse"},
    ),
    "decay": (
        "runaway",
        {
            "optimizer": {"name": "adamw", "learning_rate": 0.3, "weight_decay": 10}, "network": {"output": "tanh"},
            "loss": "mse",
        },
    ),
    "layers": (
        "stuck",
        {
            "data": {"name": "xor", "noise": 0.0, "samples": 1000}, "network": {"hidden": []}, "batch_size": None,
            "optimizer": {"name": "sgd", "learning_rate": 0.1},
        },
    ),
}  # fmt: skip


def shown(stage: Stage, name: str, steps: int = 1000) -> dict[str, Any]:
    """Train as somebody watches, and return the symptom once a frame shows it."""
    while stage.trainer.step_count < steps and stage.trainer.diverged is None:
        stage.travel("step", count=10)
        stage.now += 0.3
        for symptom in stage.see().get("symptoms", []):
            if symptom["name"] == name:
                return dict(symptom)
    raise AssertionError(f"{name} is not shown")


@pytest.mark.parametrize("case", SICK)
def test_frames_say_what_goes_wrong_and_what_helps_can_be_done_beside_it_and_in_its_place(case: str) -> None:
    name, config = SICK[case]
    stage = Stage(RunConfig.from_json({"data": {"name": "circle"}, "network": {"hidden": [6, 3]}, **config}))
    symptom = shown(stage, name)
    assert 0 < symptom["step"] <= stage.trainer.step_count
    assert symptom["remedies"]
    for remedy in symptom["remedies"]:
        start = "here" if remedy["here"] else "start"
        lane = stage.do("lane_add", change=remedy["change"], start=start, **{"from": 0})["lane"]
        stage.finish()
        assert stage.session.run.lanes[lane].trainer.config != stage.session.run.lanes[0].trainer.config
        assert stage.session.run.lanes[0].trainer.step_count > 0
    while len(stage.session.run.lanes) < MOST_LANES:
        stage.do("lane_add", change={}, start="start", **{"from": 0})
    refused = stage.ask("lane_add", change=remedy["change"], start="start", **{"from": 0})
    assert refused["code"] == "lanes_full"


def test_a_run_that_goes_back_shows_nothing_and_one_that_is_well_says_nothing() -> None:
    stage = Stage(RunConfig.from_json({"data": {"name": "circle"}, "network": {"hidden": [6]}, "initializer": "zeros"}))
    shown(stage, "silent")
    stage.travel("seek", step=5)
    assert "symptoms" not in stage.see()
    stage.do("reset")
    assert "symptoms" not in stage.see()
