"""Exported scripts and notebooks where Backscope is not: in an environment with NumPy (and Jupyter) alone they have the
losses of the run.

`BACKSCOPE_CLEAN_PYTHON` names such a Python, else one is made with pip; `BACKSCOPE_TORCH_PYTHON` one with PyTorch,
without which its scripts are not run. Prints how far they agree.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from backscope.core import OPTIMIZERS, SCHEDULES, RunConfig, Trainer
from backscope.core.export import notebook, numpy_script, torch_script
from backscope.core.run.lanes import Lanes
from drawn_runs import STEPS, agree, random_run, random_tasks, trained

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]
RUNS = 30
#: Further ones, of one task after the other, in two of three with continual backpropagation.
TASKS = 12
SAY = "\nimport json\nprint('LOSSES ' + json.dumps(list(map(float, losses))))\n"
#: Executes all notebooks of a folder, each with a kernel of its own.
EXECUTE = """
import pathlib, sys, nbformat, nbclient
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.ipynb")):
    book = nbformat.read(file, 4)
    nbclient.NotebookClient(book, timeout=600, kernel_name="python3").execute()
    nbformat.write(book, file)
"""


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has NumPy, nbclient and ipykernel, and no Backscope."""
    named = os.environ.get("BACKSCOPE_CLEAN_PYTHON")
    if named:
        return Path(named)
    folder = tmp_path_factory.mktemp("clean")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "numpy", "nbclient", "ipykernel"], check=True)
    return python


def lane_of(config: RunConfig, edits: list[tuple[int, dict[str, Any]]]) -> Trainer:
    """Return the run as the second lane of two, which train side by side."""
    beside, lane = Trainer(config), Trainer(config)
    beside.edit(learning_rate=0.003)
    lanes = Lanes({0: beside, 1: lane})
    for step, change in edits:
        lanes.run(step - lanes.step_count)
        lane.edit(**change)
    lanes.run(STEPS - lanes.step_count)
    return lane


def runs() -> list[tuple[int, RunConfig, list[tuple[int, dict[str, Any]]], Trainer, list[float]]]:
    """Return the drawn runs; every third that keeps its data is a lane beside another."""
    found = []
    for seed in range(RUNS + TASKS):
        config, edits = random_run(seed) if seed < RUNS else random_tasks(seed - RUNS)
        trainer, losses = trained(config, edits)
        disturbed = any(change.keys() & {"noise", "label_noise"} for _, change in edits)
        if seed % 3 == 0 and len(losses) == STEPS and not disturbed:
            lane = lane_of(config, edits)
            assert lane.theta.tobytes() == trainer.theta.tobytes()
            trainer = lane
        found.append((seed, config, edits, trainer, losses))
    return found


def hold(losses_of: Callable[[int], list[float]]) -> None:
    """Hold the losses that were found for each seed against those of its run, and print how far they agree."""
    off = {seed: agree(losses_of(seed), losses, config, edits, seed) for seed, config, edits, _, losses in runs()}
    within = sum(most <= 1e-10 for most in off.values())
    print(f"{within} of {len(off)} within 1e-10 over the first 100 steps; the furthest off by {max(off.values()):.1e}")


def said(text: str) -> list[float]:
    """Return the losses that a script has printed."""
    (line,) = [line for line in text.splitlines() if line.startswith("LOSSES ")]
    return [float(loss) for loss in json.loads(line.removeprefix("LOSSES "))]


def run_all(python: Path, script: Callable[[Trainer], str], folder: Path) -> dict[int, list[float]]:
    """Return what the scripts of all runs print, each in a process of its own that sees nothing of this one."""
    found = {}
    for seed, _, _, trainer, _ in runs():
        file = folder / f"{seed}.py"
        file.write_text(script(trainer) + SAY, "utf-8")
        done = subprocess.run([python, "-I", file], capture_output=True, text=True, cwd=folder, env={}, check=False)
        assert done.returncode == 0, done.stderr
        found[seed] = said(done.stdout)
    return found


def test_the_runs_are_of_all_parts() -> None:
    drawn = [random_run(seed) for seed in range(RUNS)]
    changes = [change for _, edits in drawn for _, change in edits]
    optimizers = {config.optimizer.name for config, _ in drawn} | {change.get("optimizer") for change in changes}
    schedules = {config.schedule.name for config, _ in drawn}
    assert optimizers >= set(OPTIMIZERS)
    assert schedules >= set(SCHEDULES)
    assert {config.network.normalization for config, _ in drawn} == {None, "batch", "layer"}
    assert sum(config.network.dropout > 0 for config, _ in drawn) >= 5
    assert sum(bool(edits) for _, edits in drawn) >= 15


def test_there_is_no_backscope(clean: Path) -> None:
    done = subprocess.run([clean, "-I", "-c", "import backscope"], capture_output=True, text=True, env={}, check=False)
    assert "No module named 'backscope'" in done.stderr


def test_scripts_have_the_losses_of_their_runs(clean: Path, tmp_path: Path) -> None:
    hold(run_all(clean, numpy_script, tmp_path).__getitem__)


def test_notebooks_have_the_losses_of_their_runs(clean: Path, tmp_path: Path) -> None:
    for seed, _, _, trainer, _ in runs():
        book = json.loads(notebook(trainer))
        last = {"cell_type": "code", "id": "said", "metadata": {}, "execution_count": None, "outputs": []}
        book["cells"].append({**last, "source": SAY})
        (tmp_path / f"{seed}.ipynb").write_text(json.dumps(book), "utf-8")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONNOUSERSITE": "1"}
    done = subprocess.run(
        [clean, "-c", EXECUTE, tmp_path], capture_output=True, text=True, cwd=tmp_path, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr

    def losses_of(seed: int) -> list[float]:
        book = json.loads((tmp_path / f"{seed}.ipynb").read_text("utf-8"))
        return said("".join("".join(output["text"]) for output in book["cells"][-1]["outputs"]))

    hold(losses_of)


def test_scripts_of_pytorch_have_the_losses_of_their_runs(tmp_path: Path) -> None:
    python = os.environ.get("BACKSCOPE_TORCH_PYTHON")
    if not python:
        pytest.skip("BACKSCOPE_TORCH_PYTHON names no Python with PyTorch: the scripts were not run")
    hold(run_all(Path(python), torch_script, tmp_path).__getitem__)
