"""One record makes an update rule: what it takes to add one, and that it is found wherever rules are."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_made_up_rule_is_found_everywhere() -> None:
    script = Path(__file__).with_name("made_up_optimizer.py")
    result = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.strip() == "found everywhere"


def test_a_rule_is_named_in_four_files() -> None:
    """The newest rule stands for all that are to come: its file, the table, and a word in each language."""
    files = [path for folder in ("core", "server", "static") for path in (ROOT / folder).rglob("*")]
    texts = [path for path in files if path.suffix in (".py", ".js", ".ts", ".json", ".html", ".css")]
    assert len(texts) > 250
    named = {str(path.relative_to(ROOT)) for path in texts if re.search(r"\blion\b", path.read_text("utf-8"), re.I)}
    assert named == {
        "core/optimizers/lion.py",
        "core/optimizers/table.py",
        "static/i18n/en.json",
        "static/i18n/zh.json",
    }
