"""The reference of the public names: each says what it is and names its parameters, and the command writes them all."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("backscope.core", "backscope.core.export", "backscope.server")
#: Parameters that docstrings name by their sign.
SIGNS = {"theta": "θ", "alpha": "α", "beta": "β"}


def explained() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield what is to explain itself: public functions and classes, and the public methods of these."""
    for package in map(import_module, PACKAGES):
        for name in package.__all__:
            found = getattr(package, name)
            if not callable(found):
                continue
            yield name, found
            for method, value in vars(found).items() if inspect.isclass(found) else ():
                function = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
                if not method.startswith("_") and inspect.isfunction(function):
                    yield f"{name}.{method}", function


def missing(explains: Callable[..., Any]) -> list[str]:
    """Return the parameters that a docstring does not name, or that there is none; errors are made by nobody else."""
    words = inspect.getdoc(explains)
    if not words:
        return ["docstring"]
    if inspect.isclass(explains) and issubclass(explains, Exception):
        return []
    names = [name for name in inspect.signature(explains).parameters if name not in ("self", "cls") and name[0] != "_"]
    return [
        name for name in names if not re.search(rf"(?<!\w){name}(?!\w)", words) and SIGNS.get(name, name) not in words
    ]


def test_every_public_name_says_what_it_is_and_names_its_parameters() -> None:
    found = list(explained())
    assert len(found) > 100
    assert {name: missing(explains) for name, explains in found if missing(explains)} == {}


def test_a_parameter_that_is_not_named_is_found() -> None:
    def drawn(width: int, height: int) -> None:
        """Draw with a width."""

    assert missing(drawn) == ["height"]
    assert missing(lambda x: x) == ["docstring"]


@pytest.mark.long
def test_the_command_writes_every_public_name(tmp_path: Path) -> None:
    pytest.importorskip("pdoc")
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "api", tmp_path / "api"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "does not resolve" not in done.stderr
    assert (tmp_path / "api" / "index.html").exists()
    for package in PACKAGES:
        page = (tmp_path / "api" / Path(*package.split("."))).with_suffix(".html").read_text("utf-8")
        for name in import_module(package).__all__:
            assert f'<section id="{name}"' in page, f"{package}.{name}"
        assert " at 0x" not in page
