"""A run that is opened again tells the losses it had where it was taken from, and what they were computed with."""

import numpy as np
import pytest
from backscope.server.wire.commands import CommandError
from backscope.server.wire.presets import PRESETS
from stage import Stage


@pytest.mark.parametrize("preset", ["xor", "circle", "edge", "bowl"])
@pytest.mark.parametrize("steps", [0, 3, 700])
def test_losses_of_about_ten_steps_come_again_with_the_run(preset: str, steps: int) -> None:
    stage = Stage()
    stage.do("preset", name=preset)
    stage.travel("seek", step=steps)
    stage.see()
    told = stage.do("agreement")
    assert told["steps"] == sorted(set(told["steps"]))
    assert min(steps, 5) <= len(told["steps"]) <= 11
    assert told["steps"][-1:] == ([steps] if steps else [])
    assert {"backscope", "numpy", "kernel", "engine"} == set(told["made"])
    assert told["made"]["numpy"] == np.__version__
    other = Stage()
    other.travel("open_run", config=PRESETS[preset].to_json(), step=steps)
    assert other.do("agreement", steps=told["steps"])["losses"] == told["losses"] if steps else told["losses"] == []
    losses = stage.trainer.losses.tail(0).losses
    assert told["losses"] == [float(losses[step - 1]) for step in told["steps"]]


def test_an_edit_is_seen_from_its_step_on() -> None:
    stage, other = Stage(), Stage()
    stage.travel("seek", step=320)
    other.travel("seek", step=160)
    other.do("set", learning_rate=0.05)
    other.travel("seek", step=320)
    here = stage.do("agreement")
    there = other.do("agreement", steps=here["steps"])["losses"]
    assert next(step for step, a, b in zip(here["steps"], here["losses"], there, strict=True) if a != b) == 192


def test_steps_that_were_not_taken_have_none_and_bad_ones_are_refused() -> None:
    stage = Stage()
    stage.travel("seek", step=5)
    assert stage.do("agreement", steps=[5, 6])["losses"][1] is None
    for bad in ([0], [1] * 25, ["1"], 3):
        with pytest.raises(CommandError):
            stage.ask("agreement", steps=bad)
