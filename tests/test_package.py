"""What `pip install .` puts on a machine: everything below the name backscope, and nothing generic."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHIPPED = ("core", "server", "static")


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Names in the wheel, built from a copy so that no build folder stays behind."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in SHIPPED:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, source]
    subprocess.run(command, check=True, capture_output=True, text=True)
    (wheel,) = folder.glob("*.whl")
    return zipfile.ZipFile(wheel).namelist()


def test_only_backscope_lands_in_site_packages(wheel_names: list[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in wheel_names} == {"backscope"}


def test_every_file_of_the_three_folders_is_shipped(wheel_names: list[str]) -> None:
    ours = {
        f"backscope/{path.relative_to(ROOT).as_posix()}"
        for folder in SHIPPED
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".ts"
    }
    assert ours - set(wheel_names) == set()
    assert len(ours) > 60


def test_the_command_is_called_backscope(wheel_names: list[str]) -> None:
    assert any(name.endswith("entry_points.txt") for name in wheel_names)
    from importlib.metadata import entry_points

    (command,) = entry_points(group="console_scripts", name="backscope")
    assert command.value == "backscope.server.__main__:main"
