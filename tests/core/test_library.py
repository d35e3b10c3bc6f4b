"""The paper on the library is true: its examples run, one after the other, in a process of their own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAPER = Path(__file__).parents[2] / "docs" / "library.md"


def test_the_examples_of_the_paper_run() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", PAPER.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 6
    script = "\n".join(blocks)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "http://127.0.0.1:" in done.stdout
