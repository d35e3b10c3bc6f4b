"""The page's modules, joined: four files in place of two hundred, made from the sources as they are.

A browser asks for each module by itself, and each question costs it about two milliseconds, also on the same machine.
So modules are joined as they were written: each becomes a function that returns what it exports, in the order in which
they need each other. That is what they mean to each other, because none of them imports in a circle or exports what
changes later: the page's linter sees to both.

first.js   what `main.js` needs to open the session
main.js    itself
page.js    the page and what its first picture needs
later.js   what is fetched after the first picture, or when it is wanted

Beside them stand the style sheets of the page as one, and the words of each language.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .styles import joined_styles

_IMPORT = re.compile(r"""^import \{([^}]*)\} from ["']([^"']+)["'];$""", re.MULTILINE)
_DYNAMIC = re.compile(r"""import\((?<=[\s(]import\()["']([^"']+)["']\)(?!\.)""")  # letters first: quickly found
_EXPORT = re.compile(r"^export ((?:async )?function\*?|class|const) (\w+)", re.MULTILINE)
_INDENTATION = re.compile(r"^ +", re.MULTILINE)  # no text holds any: the page's linter sees to it
_COMMENT = re.compile(r"^[ ]*/\*(?:(?!\*/).)*\*/$\n?", re.DOTALL | re.MULTILINE)

MAIN, PAGE = "js/main.js", "js/page.js"

#: The folder of the joined files, from the root of the page.
FOLDER = "joined"


@dataclass(frozen=True, slots=True)
class Module:
    """A source of the page: its text, without indentation and comments between its lines, and what it imports when."""

    text: str
    imports: tuple[str, ...]
    later: tuple[str, ...]


@lru_cache(maxsize=1000)
def _read(static: Path, name: str, _changed: int) -> Module:
    text = _INDENTATION.sub("", _COMMENT.sub("", (static / name).read_text("utf-8")))
    left = re.sub(r"^export \{\};$", "", text, flags=re.MULTILINE)
    place = os.path.dirname(name)

    def named(found: Iterable[str]) -> tuple[str, ...]:
        return tuple(os.path.normpath(f"{place}/{path}") for path in found)

    imports, later = [path for _, path in _IMPORT.findall(left)], _DYNAMIC.findall(left)
    return Module(left, named(imports), named(later))


def read(static: Path, name: str) -> Module:
    """Return a module of the folder `static` by its name, such as ``"js/main.js"``, as it is now."""
    return _read(static, name, (static / name).stat().st_mtime_ns)


def ordered(static: Path, names: Iterable[str]) -> list[str]:
    """Return the modules and all that they import at once, directly or not: each after what it needs."""
    found: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in found:
            for needed in read(static, name).imports:
                visit(needed)
            found[name] = None

    for name in names:
        visit(name)
    return list(found)


def _identifier(name: str) -> str:
    return "_" + re.sub(r"\W", "_", name.removeprefix("js/").removesuffix(".js"))


def _file(later: str) -> Callable[[str], str]:
    """Where a module is found that is imported when it is wanted: in a file of its own, or in that of the others."""

    def found(target: str) -> str:
        if target == PAGE:
            return 'import("./page.js")'
        return f'import("{later}").then(joined => joined.{_identifier(target)})'

    return found


def _linked(name: str, module: Module, found: Callable[[str], str]) -> str:
    """The text of a module with its imports taken from the functions of the others."""
    places = dict(zip((path for _, path in _IMPORT.findall(module.text)), module.imports, strict=True))
    text = _IMPORT.sub(
        lambda given: f"const {{{given[1].replace(' as ', ': ')}}} = {_identifier(places[given[2]])};", module.text
    )
    wanted = iter(module.later)
    text = _DYNAMIC.sub(lambda _: found(next(wanted)), text)
    return text.replace("import.meta.url", f'new URL("../../{name}", import.meta.url).href')


def _wrapped(name: str, module: Module, found: Callable[[str], str]) -> str:
    """A module as a constant: what it exports."""
    exported = [found[2] for found in _EXPORT.finditer(module.text)]
    body = _EXPORT.sub(r"\1 \2", _linked(name, module, found))
    return f"const {_identifier(name)} = (() => {{\n{body}\nreturn {{{', '.join(exported)}}};\n}})();\n"


def _chunk(static: Path, names: list[str], others: dict[str, list[str]]) -> str:
    """One file: what it needs of the others, its modules, and all of them as its exports."""
    needed = {path for name in names for path in read(static, name).imports}
    head = [
        f'import {{{", ".join(map(_identifier, taken))}}} from "./{file}";\n'
        for file, held in others.items()
        if (taken := [name for name in held if name in needed])
    ]
    body = [_wrapped(name, read(static, name), _file("./later.js")) for name in names]
    return "".join([*head, *body, f"export {{{', '.join(map(_identifier, names))}}};\n"])


def join(static: Path) -> dict[str, str]:
    """Return the joined files by name, made from the sources in the folder `static` as they are now."""
    first = [name for name in ordered(static, [MAIN]) if name != MAIN]
    page = [name for name in ordered(static, [PAGE]) if name not in first]
    at_once = [*first, MAIN, *page]
    asked = [target for name in at_once for target in read(static, name).later if target != PAGE]
    late = [name for name in ordered(static, asked) if name not in at_once]
    while more := [target for name in late for target in read(static, name).later if target not in (*at_once, *late)]:
        late += [name for name in ordered(static, more) if name not in (*at_once, *late)]
    main = _linked(MAIN, read(static, MAIN), _file("./later.js"))
    needs = [name for name in first if name in read(static, MAIN).imports]
    page_file = _chunk(static, page, {"first.js": first}) + f"export const {{openPage}} = {_identifier(PAGE)};\n"
    return {
        "first.js": _chunk(static, first, {}),
        "main.js": f'import {{{", ".join(map(_identifier, needs))}}} from "./first.js";\n{main}',
        "page.js": page_file,
        "later.js": _chunk(static, late, {"first.js": first, "page.js": page}),
    }


def script(static: Path, without: frozenset[str] = frozenset(), main: str = MAIN) -> str:
    """Return all modules as one script, for a page without a server; those in `without` are not to be had there.

    Parameters
    ----------
    static : Path
        The folder of the page.
    without : frozenset of str
        Modules that are imported when they are wanted.
    main : str
        The one that runs: the page's own, or that of another page.
    """
    names, asked = [], [MAIN, PAGE] if main == MAIN else [main]
    while asked:
        names += [name for name in ordered(static, asked) if name not in names]
        asked = [
            target
            for name in names
            for target in read(static, name).later
            if target not in names and target not in without
        ]

    def found(target: str) -> str:
        return (
            f'Promise.reject(new Error("{target}"))' if target in without else f"Promise.resolve({_identifier(target)})"
        )

    others = [_wrapped(name, read(static, name), found) for name in names if name != main]
    return "".join([*others, _linked(main, read(static, main), found)])


def sources(static: Path) -> list[tuple[str, int]]:
    """Return the sources of the page with the times of their last changes: what a joined page depends on."""
    kinds = ("index.html", "js/**/*.js", "css/*.css", "i18n/*.json")
    return sorted((path.as_posix(), path.stat().st_mtime_ns) for kind in kinds for path in static.glob(kind))


def beside(static: Path) -> dict[str, str]:
    """Return what a joined page has besides its modules: ``page.css``, and the words of each language by its code."""
    words = {path.name: json.loads(path.read_text("utf-8")) for path in sorted((static / "i18n").glob("*.json"))}
    written = {name: json.dumps(table, ensure_ascii=False, separators=(",", ":")) for name, table in words.items()}
    return {"page.css": joined_styles(static, (static / "index.html").read_text("utf-8")), **written}


class Joined:
    """The joined files of a folder, made when they are first asked for and anew when a source has changed."""

    def __init__(self, static: Path) -> None:
        self._static = static
        self._made_of: list[tuple[str, int]] = []
        self._files: dict[str, tuple[bytes, bytes]] = {}
        self._version = ""

    def refresh(self) -> str:
        """Return the version of the page as it is now: a digest of the joined files."""
        now = sources(self._static)
        if now != self._made_of:
            texts = {name: text.encode() for name, text in {**join(self._static), **beside(self._static)}.items()}
            self._files = {name: (text, gzip.compress(text, 9, mtime=0)) for name, text in texts.items()}
            self._version = f"{zlib.crc32(b''.join(texts.values())):08x}"
            self._made_of = now
        return self._version

    def get(self, version: str, name: str) -> tuple[bytes, bytes] | None:
        """Return a joined file, as it is and compressed; None where there is none of that name and version."""
        return self._files.get(name) if version == self.refresh() else None
