"""The unit tests of static/js, run by Node."""

import re
import subprocess
from pathlib import Path

from javascript import node

HERE = Path(__file__).parent
#: What puts something where all modules see it.
GLOBAL = re.compile(r"globalThis|formula_document")


def test_javascript_units(tmp_path: Path) -> None:
    """Files that change what is global have a process each, all others share one: starting it costs more."""
    files = sorted(HERE.glob("[!n]*/**/*.test.mjs"))
    alone = [path for path in files if GLOBAL.search(path.read_text("utf-8"))]
    others = [path for path in files if path not in alone]
    assert others
    together = tmp_path / "together.test.mjs"
    together.write_text("".join(f'import "{path.as_uri()}";\n' for path in others), "utf-8")
    command = [node(), "--test", *map(str, alone), str(together)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    faults = re.findall(r"^ *not ok .*?^ *\.\.\.$", result.stdout, re.DOTALL | re.MULTILINE)
    assert result.returncode == 0, "\n".join(faults)[:8000] + result.stderr[-2000:]
    passed = re.search(r"pass (\d+)", result.stdout)
    assert passed is not None
    assert int(passed.group(1)) >= len(files)
