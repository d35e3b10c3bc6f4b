"""The unit tests of static/js, run by Node."""

import re
import subprocess
from pathlib import Path

from javascript import node

HERE = Path(__file__).parent


def test_javascript_units() -> None:
    files = sorted(str(path) for path in HERE.glob("[!n]*/**/*.test.mjs"))
    assert files
    result = subprocess.run([node(), "--test", *files], capture_output=True, text=True, timeout=120)
    faults = re.findall(r"^ *not ok .*?^ *\.\.\.$", result.stdout, re.DOTALL | re.MULTILINE)
    assert result.returncode == 0, "\n".join(faults)[:8000] + result.stderr[-2000:]
    passed = re.search(r"pass (\d+)", result.stdout)
    assert passed is not None
    assert int(passed.group(1)) >= len(files)
