"""Runs of one task after the other in scripts: each task deals the same targets out as the run does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer
from backscope.core.config.parts import LIMITS
from backscope.core.export import numpy_script, torch_script
from drawn_runs import check, random_tasks, run_script


def tasks(first: int = 0, name: str = "wine", **values: Any) -> Trainer:
    data = {"name": name, "samples": 60, "steps_per_task": 7, "first_task": first}
    return Trainer(RunConfig.from_json({"data": data, "network": {"hidden": [4]}, "batch_size": 50, **values}))


@pytest.mark.parametrize("first", [0, 3, LIMITS["task"] - 1])
def test_each_task_has_the_targets_that_the_run_has(first: int) -> None:
    trainer = tasks(first, label_smoothing=0.1)
    changes: list[dict[str, Any]] = [{"label_noise": 0.3}, {"label_smoothing": 0.2}, {"learning_rate": 0.1}]
    for change in changes:
        trainer.run(12)
        script = run_script(numpy_script(trainer))
        np.testing.assert_array_equal(script["Y"], trainer._at.samples.training_set(trainer.config.label_smoothing)[1])
        assert script["training_loss"]() == pytest.approx(trainer.evaluate().loss, rel=1e-10)
        trainer.edit(**change)


def test_painted_and_erased_samples_are_dealt_out_too() -> None:
    trainer = tasks(1, "circle")
    losses = [trainer.step() for _ in range(9)]
    trainer.edit(painted=[[0.5, 0.5, 1], [-0.5, 0.2, 0]], erased=[2, 3, 11])
    losses += [trainer.step() for _ in range(20)]
    assert run_script(numpy_script(trainer))["losses"] == pytest.approx(losses, rel=1e-10)


def test_both_scripts_say_what_becomes_of_the_targets_and_runs_of_one_task_do_not() -> None:
    for script in (numpy_script, torch_script):
        assert "each task deals their targets out anew" in script(tasks())
        assert "if step % steps_per_task == 0:" in script(tasks())
        assert "task" not in script(Trainer(RunConfig()))


@pytest.mark.parametrize("seed", [0, 1])
def test_a_script_has_the_losses_of_a_run_of_tasks(seed: int) -> None:
    check(numpy_script, seed, random_tasks)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4, 60, 3))
def test_many_more_scripts_do(seed: int) -> None:
    check(numpy_script, seed, random_tasks)
