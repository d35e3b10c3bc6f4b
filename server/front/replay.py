"""The page as one file without a server: script, styles and words in it, and room for a recorded run.

It asks nobody for anything: its policy allows the one script by its hash, the styles by theirs, and no connection.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from .joined import script, sources

#: What a page without a server has not: the large picture asks for Plotly, the graph of the chain rule for its numbers,
#: lessons are the server's, and a film fetches what writes it. Dialogs are fetched in any case.
WITHOUT = frozenset(
    {
        *("js/views/surface/plotly.js", "js/views/graph/graph.js"),
        *("js/views/lessons/lessons.js", "js/views/film/film.js", "js/draw/film/encoders.js"),
    }
)
#: Words that only these say.
_UNSAID = (
    *("graph.fault", "graph.example", "graph.column", "graph.node", "graph.lead"),
    *("lesson.verdict", "lesson_fault.", "condition.", "writing.", "look.", "ask.", "plan.", "film."),
)
#: Where the recorded run belongs, as base64.
PLACE = "@RECORDING@"
#: Styles for Plotly, which is not there.
_NO_STYLE = "css/plotly.css"
_LANGUAGES = ("en", "zh")
_STYLESHEET = re.compile(r' *<link rel="stylesheet" href="([^"]+)"(?: media="(\w+)")?>\n')


def replay_page(static: Path, options: Mapping[str, Any]) -> str:
    """Return the page with `PLACE` where the recorded run belongs.

    Parameters
    ----------
    static : Path
        The folder of the page.
    options : mapping
        What the page can choose from, as a welcome tells it.
    """
    return _page(static, json.dumps(options), tuple(sources(static)))


@lru_cache(maxsize=2)
def _page(static: Path, options: str, _made_of: tuple[tuple[str, int], ...]) -> str:
    page = (static / "index.html").read_text("utf-8")
    style = "".join(_styles(static, page))
    icon = f"data:image/svg+xml;base64,{base64.b64encode((static / 'icon.svg').read_bytes()).decode()}"
    code = script(static, WITHOUT).replace("</script", "<\\/script").replace('"icon.svg"', json.dumps(icon))
    words = {lang: _words(static / "i18n" / f"{lang}.json") for lang in _LANGUAGES}
    policy = (
        f"default-src 'none'; script-src {_hash(code)}; style-src {_hash(style)}; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<style>{style}</style>\n'
    data = "".join(
        f'<script type="{kind}" id="{name}">{text}</script>\n'
        for name, kind, text in (
            ("recording", "text/plain", PLACE),
            ("options", "application/json", _in_page(options)),
            ("words", "application/json", _in_page(json.dumps(words, ensure_ascii=False, separators=(",", ":")))),
        )
    )
    page = _STYLESHEET.sub("", page)
    page = re.sub(r' *<script type="module" src="[^"]+"></script>\n', "", page)
    page = page.replace('href="icon.svg"', f'href="{icon}"')
    page = page.replace("<html ", "<html data-recorded ", 1).replace(' href="."', "")  # a tab of its own needs a server
    page = page.replace('<meta charset="utf-8">\n', f'<meta charset="utf-8">\n{head}', 1)
    return page.replace("</body>", f'{data}<script type="module">{code}</script>\n</body>', 1)


def with_recording(page: str, block: bytes) -> str:
    """Return the page with a recorded run in it: `block` is what `recording` returned."""
    return page.replace(PLACE, base64.b64encode(block).decode(), 1)


def _styles(static: Path, page: str) -> list[str]:
    found = []
    for name, medium in _STYLESHEET.findall(page):
        if name != _NO_STYLE:
            text = re.sub(r"/\*.*?\*/\s*", "", (static / name).read_text("utf-8"), flags=re.DOTALL)
            text = re.sub(r"\n\s+", "\n", text)
            found.append(f"@media {medium} {{\n{text}}}\n" if medium else text)
    return found


def _words(file: Path) -> dict[str, str]:
    words: dict[str, str] = json.loads(file.read_text("utf-8"))
    return {key: text for key, text in words.items() if not key.startswith(_UNSAID)}


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _in_page(text: str) -> str:
    return text.replace("<", "\\u003c")
