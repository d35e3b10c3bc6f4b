"""Dependencies run one way: core knows nobody, server knows core, the page knows only the wire."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE_MAY = {"numpy", "scipy", "sklearn", "openpyxl"}


def python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> list[tuple[int, str]]:
    """(level, module) of every import of a file: level 0 is absolute, 1 the same package, 2 the one above."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [(0, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.level, node.module or ""))
    return found


@pytest.mark.parametrize("path", python_files("core"), ids=lambda p: p.name)
def test_core_imports_nothing_of_ours_outside_core(path: Path) -> None:
    import sys

    for level, module in imports(path):
        depth = len(path.relative_to(ROOT).parts) - 1
        assert level <= depth, f"{path.name} reaches above core: {module}"
        top = module.split(".")[0]
        assert level > 0 or top in CORE_MAY or top in sys.stdlib_module_names, f"{path.name} imports {module}"


@pytest.mark.parametrize("path", python_files("server"), ids=lambda p: p.name)
def test_server_imports_only_core_above_itself(path: Path) -> None:
    for level, module in imports(path):
        depth = len(path.relative_to(ROOT).parts) - 1
        assert level < depth + 2
        if level == depth + 1:
            assert module.split(".")[0] == "core", f"{path.name} imports ..{module}"
        assert not module.startswith("backscope"), f"{path.name} imports {module} by its installed name"


def test_both_folders_are_looked_at() -> None:
    assert len(python_files("core")) > 60
    assert len(python_files("server")) > 45


VIEWS = ROOT / "static" / "js" / "views"


def javascript_imports(path: Path) -> list[str]:
    return re.findall(
        r"""(?:from|import)\s*\(?["']([^"']+)["']""", re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    )


def is_view(path: Path) -> bool:
    return re.search(r"export function \w+View\(", path.read_text("utf-8")) is not None


@pytest.mark.parametrize("path", sorted(VIEWS.rglob("*.js")), ids=lambda p: p.name)
def test_views_import_neither_the_socket_nor_each_other(path: Path) -> None:
    for name in javascript_imports(path):
        target = (path.parent / name).resolve()
        assert target.exists(), f"{path.name} imports {name}, which is not there"
        assert target.name not in {"socket.js", "protocol.js", "main.js", "page.js"}, f"{path.name} imports {name}"
        assert not is_view(target), f"{path.name} imports the view {name}"


def test_the_page_loads_nothing_from_elsewhere() -> None:
    for path in [*ROOT.glob("static/**/*.js"), *ROOT.glob("static/**/*.css"), ROOT / "static" / "index.html"]:
        for url in re.findall(r"""(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}[^\s"'`)]*""", path.read_text("utf-8")):
            assert "w3.org" in url, f"{path.name} names {url}"
