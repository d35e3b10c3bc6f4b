"""Dependencies run one way: between the three folders, between rooms, and between panels of the page."""

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE_MAY = {"numpy", "scipy", "sklearn", "openpyxl", "onnx"}

_INSIGHT = ("ground", "nets", "optimizers", "data", "landscapes", "config")
_RUN = (*_INSIGHT, "insight", "surface")

#: What each room may import besides itself. Inside functions and under TYPE_CHECKING too: what needs another room lies
#: in the wrong one. A folder that is no key here fails.
ROOMS: dict[str, dict[str, tuple[str, ...]]] = {
    "core": {
        "ground": (),
        "nets": ("ground",),
        "optimizers": ("ground", "nets"),
        "data": ("ground", "nets", "optimizers"),
        "landscapes": ("ground", "nets", "optimizers", "data"),
        "config": ("ground", "nets", "optimizers", "data", "landscapes"),
        "insight": _INSIGHT,
        "surface": _INSIGHT,
        "run": _RUN,
        "ensemble": (*_RUN, "run"),
        "export": (*_RUN, "run"),
    },
    "server": {
        "wire": (),
        "run": ("wire",),
        "panels": ("wire", "run"),
        "store": ("wire",),
        "classroom": ("wire", "run"),
        "session": ("wire", "run", "panels"),
        "lessons": ("wire",),
        "front": ("wire", "run", "panels", "session", "store", "classroom", "lessons"),
        "notebook": ("wire", "run", "panels", "session", "store", "classroom", "lessons", "front"),
        "cluster": ("wire", "run", "panels", "session", "store", "classroom", "lessons", "front"),
    },
}

#: What the rooms of the page may import besides themselves; `views` are told apart by panel.
PAGE = {
    "draw": (),
    "maths": ("draw",),
    "wire": ("draw",),
    "model": ("draw", "maths", "wire"),
    "app": ("draw", "wire", "model"),
    "views": ("draw", "maths", "model"),
}


def files_below(folder: Path, suffix: str) -> list[Path]:
    """All files with a suffix, at any depth, found without a pattern that could miss some."""
    found = [Path(here) / name for here, _, names in os.walk(folder) for name in names if name.endswith(suffix)]
    return sorted(path for path in found if "node_modules" not in path.parts)


PYTHON = {top: files_below(ROOT / top, ".py") for top in ("core", "server")}
JAVASCRIPT = files_below(ROOT / "static" / "js", ".js")
STYLES = files_below(ROOT / "static" / "css", ".css")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> list[tuple[str, ...]]:
    """Every module a Python file imports, anywhere in it: ours from the top (``("core", "nets", "losses")``)."""
    package = path.relative_to(ROOT).parts[:-1]
    found: list[tuple[str, ...]] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = tuple((node.module or "").split(".")) if node.module else ()
            if not node.level:
                found.append(module)
                continue
            assert node.level <= len(package) + 1, f"{named(path)} reaches above the project"
            base = (*package[: len(package) - node.level + 1], *module)
            names = [alias.name for alias in node.names]
            found += [base] if node.module else [(*base, name) for name in names]
    return found


@pytest.mark.parametrize("path", [*PYTHON["core"], *PYTHON["server"]], ids=named)
def test_python_rooms_import_one_way(path: Path) -> None:
    top, *rest = path.relative_to(ROOT).parts
    room = rest[0] if len(rest) > 1 else None
    assert room is None or room in ROOMS[top], f"{room} is no room of {top}: say above what it may import"
    for module in imports(path):
        assert module[0] != "backscope", f"{named(path)} imports {'.'.join(module)} by its installed name"
        if module[0] not in ("core", "server", "static"):
            known = top != "core" or module[0] in CORE_MAY or module[0] in sys.stdlib_module_names
            assert known, f"{named(path)} imports {module[0]}"
        elif module[0] != top:
            assert (top, module[0]) == ("server", "core"), f"{named(path)} imports {'.'.join(module)}"
        elif room and len(module) > 1:
            target = module[1]
            assert target == room or target in ROOMS[top][room], f"{named(path)} imports {'.'.join(module)}"


def test_every_room_says_what_belongs_in_it() -> None:
    for top, rooms in ROOMS.items():
        for room in rooms:
            folder = ROOT / top / room
            if folder.is_dir():
                words = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8")))
                assert words, f"{top}/{room} does not say what belongs in it"
                assert len(words) > 40, f"{top}/{room} does not say what belongs in it"


def test_all_files_are_looked_at() -> None:
    """As many as the folders hold, counted another way; and no module lies outside the rooms but the entrances."""
    for top, paths in PYTHON.items():
        assert len(paths) == len(list((ROOT / top).rglob("*.py"))) > 45
        flat = {path.name for path in paths if path.parent == ROOT / top}
        assert flat == {"__init__.py"} | ({"__main__.py"} if top == "server" else set())
    assert len(JAVASCRIPT) == len(list((ROOT / "static" / "js").rglob("*.js"))) > 130
    flat = {path.name for path in JAVASCRIPT if path.parent == ROOT / "static" / "js"}
    assert flat == {"main.js", "page.js", "join.js", "watch.js", "small.js"}


def javascript_imports(path: Path) -> list[str]:
    """Every module that a file of the page imports, statically or when it is wanted; types in comments are none."""
    code = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    return re.findall(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']""", code)


@pytest.mark.parametrize("path", JAVASCRIPT, ids=lambda path: path.relative_to(ROOT / "static" / "js").as_posix())
def test_the_page_imports_one_way(path: Path) -> None:
    """A panel imports itself, what panels share, and the rooms below: not the wire, the app, another panel."""
    js = ROOT / "static" / "js"
    here = path.relative_to(js).parts
    for name in javascript_imports(path):
        target = (path.parent / name).resolve()
        assert target.exists(), f"{named(path)} imports {name}, which is not there"
        there = target.relative_to(js).parts
        words = f"{named(path)} imports {'/'.join(there)}"
        if len(here) == 1:
            continue
        assert len(there) > 1, words
        if here[0] == there[0] == "views":
            assert there[1] in (here[1], "shared"), words
        elif here[0] != there[0]:
            assert there[0] in PAGE[here[0]], words


def test_the_page_loads_nothing_from_elsewhere() -> None:
    for path in [*ROOT.glob("static/**/*.js"), *ROOT.glob("static/**/*.css"), ROOT / "static" / "index.html"]:
        for url in re.findall(r"""(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}[^\s"'`)]*""", path.read_text("utf-8")):
            named_only = "w3.org" in url or url.startswith("http://purl.org/dc/")  # names of namespaces
            assert named_only, f"{path.name} names {url}"


def test_the_papers_name_every_room() -> None:
    """Who reads docs/architecture.md knows of every folder that holds code."""
    paper = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = {"/".join(named(path).split("/")[:2]) for files in PYTHON.values() for path in files}
    rooms |= {"/".join(named(path).split("/")[:3]) for path in JAVASCRIPT}
    folders = sorted(room for room in rooms if (ROOT / room).is_dir())
    assert len(folders) > 20
    assert [room for room in folders if f"`{room}/`" not in paper] == []


#: What fits the eye, as style checkers hold it for the page: lines of a module, and of a function below its docstring.
MOST_LINES, MOST_OF_A_FUNCTION, COLUMNS = 400, 60, 120


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Every function of a file, those within others too, with its lines; its docstring is not counted."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            told = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) is not None else 0
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - told


@pytest.mark.parametrize("path", [*PYTHON["core"], *PYTHON["server"]], ids=named)
def test_a_module_has_one_subject_and_a_function_fits_the_eye(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES
    assert {name: lines for name, lines in functions(path) if lines > MOST_OF_A_FUNCTION} == {}


def test_no_line_is_wider_than_a_page() -> None:
    """Ruff leaves lines alone that end in a remark for a tool, and Prettier comments; here they count as they are."""
    files = [*PYTHON["core"], *PYTHON["server"], *files_below(ROOT / "tests", ".py"), *STYLES]
    assert len(files) > 300
    wide = [
        f"{named(path)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > COLUMNS
    ]
    assert wide == []
