"""The unit tests of static/js, run by Node: the one on the path, else the one that Playwright brings."""

import re
import shutil
import subprocess
from pathlib import Path

from playwright._impl._driver import compute_driver_executable

HERE = Path(__file__).parent


def node() -> str:
    """A Node that knows ``--test``: Playwright's own is always there with the test extra."""
    found = shutil.which("node")
    if found:
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
        if int(version.strip().lstrip("v").split(".")[0]) >= 20:
            return found
    return str(compute_driver_executable()[0])


def test_javascript_units() -> None:
    files = sorted(str(path) for path in HERE.glob("[!n]*/**/*.test.mjs"))
    assert files
    result = subprocess.run([node(), "--test", *files], capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout[-8000:] + result.stderr[-2000:]
    passed = re.search(r"pass (\d+)", result.stdout)
    assert passed is not None
    assert int(passed.group(1)) >= len(files)
