"""What runs the page's modules without a browser."""

import shutil
import subprocess

from playwright._impl._driver import compute_driver_executable


def node() -> str:
    """A Node that knows ``--test``: the one on the path, else the one that Playwright brings."""
    found = shutil.which("node")
    if found:
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
        if int(version.strip().lstrip("v").split(".")[0]) >= 20:
            return found
    return str(compute_driver_executable()[0])
