"""The script that does a run again with PyTorch: executed where that is installed, and read where it is not."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from backscope.core import (
    ACTIVATIONS,
    LOSSES,
    ConfigError,
    RunConfig,
    Trainer,
    forget,
    own_activation,
    own_loss,
    register,
)
from backscope.core.export import torch_script
from drawn_runs import check, random_run, random_tasks, run_script, trained


def ordinary(**values: Any) -> Trainer:
    trainer = Trainer(RunConfig.from_json({"data": {"name": "blobs"}, "seed": 3, **values}))
    trainer.run(5)
    return trainer


def needs_pytorch() -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed: the script was not run")


def functions_of(text: str) -> str:
    """The part of the script with activations and loss."""
    return text.partition("# Activations, and the loss")[2].partition("# Forward, and backward")[0]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_is_written_in_calls_of_pytorch(name: str) -> None:
    text = torch_script(ordinary(network={"hidden": [3], "activation": name}))
    ast.parse(text)
    assert f'"{name}": lambda z: ' in text
    assert "np." not in functions_of(text)


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_is_written_in_calls_of_pytorch(name: str) -> None:
    text = torch_script(ordinary(data={"name": "circle" if name != "cross_entropy" else "blobs"}, loss=name))
    ast.parse(text)
    assert f"The mean loss {name} of a batch" in functions_of(text)
    assert "np." not in functions_of(text)


def test_parts_of_ones_own_are_written_from_their_formulas() -> None:
    register(own_activation("lean", "max(z / 2, z) + sqrt(2) - sqrt(2)", "1 if z > 0 else 1 / 2", kinks=[0.0]))
    register(own_loss("soft", "mean(sqrt(1 + (a - y)**2) - 1)", "(a - y) / sqrt(1 + (a - y)**2) / outputs"))
    try:
        config = {
            "data": {"name": "blobs"},
            "seed": 3,
            "network": {"hidden": [4], "activation": "lean"},
            "loss": "soft",
        }
        trainer, losses = trained(RunConfig.from_json(config), [])
        text = torch_script(trainer)
    finally:
        forget("lean")
        forget("soft")
    assert "torch.maximum(tensor(z / 2), tensor(z))" in text
    assert "np." not in functions_of(text)
    needs_pytorch()
    found = run_script(text)["losses"]
    assert found == pytest.approx(losses, rel=1e-10)


@pytest.mark.parametrize("seed", range(12))
def test_what_pytorch_takes_in_hand_stands_in_every_script(seed: int) -> None:
    """Read without PyTorch: the parameters ask for a gradient, the passes use them, and masks become tensors."""
    trainer, _ = trained(*random_run(seed))
    text = torch_script(trainer)
    called = [ast.unparse(node) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    assert called.count("torch.from_numpy(theta).requires_grad_()") == 1
    assert called.count("parts_of(parameters)") == 1
    assert "parts_of(theta)" not in called
    assert called.count("torch.from_numpy(mask)") == text.count("def draw_masks")


def test_a_landscape_has_no_script() -> None:
    with pytest.raises(ConfigError, match="there is no training to write down"):
        torch_script(Trainer(RunConfig.from_json({"data": {"name": "himmelblau"}})))


@pytest.mark.parametrize("seed", range(4))
def test_a_script_has_the_losses_of_its_run(seed: int) -> None:
    needs_pytorch()
    check(torch_script, seed)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_script_of_tasks_and_new_units_has_the_losses_of_its_run(seed: int) -> None:
    needs_pytorch()
    check(torch_script, seed, random_tasks)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3, 60))
def test_many_more_of_those_do(seed: int) -> None:
    needs_pytorch()
    check(torch_script, seed, random_tasks)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4, 72))
def test_many_more_scripts_do(seed: int) -> None:
    needs_pytorch()
    check(torch_script, seed)
