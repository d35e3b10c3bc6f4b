"""The page as one file without a server: script, styles and words in it, and room for a recorded run.

It asks nobody for anything: its policy allows the one script by its hash, the styles by theirs, and no connection.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Container, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from .joined import script, sources
from .styles import joined_styles, linked

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
_NO_STYLE = ("css/plotly.css",)
LANGUAGES = ("en", "zh")
Words = dict[str, str]


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
    words = {lang: words_of(static, lang, unsaid=_UNSAID) for lang in LANGUAGES}
    data = {
        "recording": ("text/plain", PLACE),
        "options": ("application/json", options),
        "words": ("application/json", json.dumps(words, ensure_ascii=False, separators=(",", ":"))),
    }
    page = one_file(static, "index.html", script(static, WITHOUT), data)
    page = page.replace("<html ", "<html data-recorded ", 1)
    return page.replace(' href="."', "")  # a tab of its own needs a server


def one_file(static: Path, name: str, code: str, data: Mapping[str, tuple[str, str]]) -> str:
    """Return a page as one file that asks nobody for anything.

    Parameters
    ----------
    static : Path
        The folder of the page.
    name : str
        Of its HTML; its styles are put in.
    code : str
        Its one script.
    data : mapping of str to (str, str)
        What the script finds in the page: by id, what kind of text it is, and the text.
    """
    page = (static / name).read_text("utf-8")
    style = joined_styles(static, page, _NO_STYLE)
    icon = f"data:image/svg+xml;base64,{base64.b64encode((static / 'icon.svg').read_bytes()).decode()}"
    code = code.replace("</script", "<\\/script").replace('"icon.svg"', json.dumps(icon))
    policy = (
        f"default-src 'none'; script-src {_hash(code)}; style-src {_hash(style)}; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<style>{style}</style>\n'
    held = "".join(
        f'<script type="{kind}" id="{key}">{_in_page(text) if kind.endswith("json") else text}</script>\n'
        for key, (kind, text) in data.items()
    )
    page = linked(page, None)
    page = re.sub(r' *<script type="module" src="[^"]+"></script>\n', "", page)
    page = page.replace('href="icon.svg"', f'href="{icon}"')
    page = page.replace('<meta charset="utf-8">\n', f'<meta charset="utf-8">\n{head}', 1)
    return page.replace("</body>", f'{held}<script type="module">{code}</script>\n</body>', 1)


def with_recording(page: str, block: bytes) -> str:
    """Return the page with a recorded run in it: `block` is what `recording` returned."""
    return page.replace(PLACE, base64.b64encode(block).decode(), 1)


def words_of(static: Path, lang: str, unsaid: tuple[str, ...] = (), families: Container[str] | None = None) -> Words:
    """Return the words of a page in a language: without keys that begin as `unsaid`, and of these families alone."""
    words: Words = json.loads((static / "i18n" / f"{lang}.json").read_text("utf-8"))
    return {
        key: text
        for key, text in words.items()
        if not key.startswith(unsaid) and (families is None or key.partition(".")[0] in families)
    }


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _in_page(text: str) -> str:
    return text.replace("<", "\\u003c")
