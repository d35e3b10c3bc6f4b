"""The paper on the library is true: its examples run, one after the other, in a process of their own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAPER = Path(__file__).parents[2] / "docs" / "library.md"


BLOCKS = re.findall(r"^```python\n(.*?)^```", PAPER.read_text("utf-8"), re.MULTILINE | re.DOTALL)
#: What needs PyTorch, which is no part of this project, stands by itself.
WITH_TORCH = [block for block in BLOCKS if "import torch" in block]
#: What needs the extras `widget` and `tensorboard`, and goes on from the others.
WITH_WIDGET = [block for block in BLOCKS if "import widget" in block]
WITH_EVENTS = [block for block in BLOCKS if "import log_events" in block]
ALONE = [block for block in BLOCKS if block not in WITH_TORCH + WITH_WIDGET + WITH_EVENTS]


def run(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_examples_of_the_paper_run() -> None:
    assert (len(ALONE), len(WITH_TORCH), len(WITH_WIDGET), len(WITH_EVENTS)) == (6, 1, 1, 1)
    assert "http://127.0.0.1:" in run("\n".join(ALONE))


def test_the_example_with_pytorch_runs_where_that_is_installed() -> None:
    pytest.importorskip("torch")
    run(f"{WITH_TORCH[0]}\nassert watched.steps == 100\nwatched.close()")


@pytest.mark.long
def test_the_example_with_a_widget_runs_where_anywidget_is_installed() -> None:
    pytest.importorskip("anywidget")
    run("\n".join([*ALONE, *WITH_WIDGET, "net.update()"]))


@pytest.mark.long
def test_the_example_with_event_files_runs_where_tensorboardx_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tensorboardX")
    monkeypatch.chdir(tmp_path)
    run("\n".join([*ALONE, *WITH_EVENTS]))
    assert list((tmp_path / "runs" / "one").glob("*tfevents*"))
