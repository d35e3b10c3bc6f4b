"""The page's style sheets, joined: one in place of thirty, in the order in which the page names them."""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path

_LINK = re.compile(r' *<link rel="stylesheet" href="([^"]+)"(?: media="(\w+)")?>\n')
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


def joined_styles(static: Path, page: str, without: Container[str] = ()) -> str:
    """Return the style sheets that a page links to as one, without comments and indentation.

    Parameters
    ----------
    static : Path
        The folder of the page.
    page : str
        Its HTML. A sheet for one medium keeps to it.
    without : container of str
        Sheets that are left out, such as ``"css/plotly.css"``.
    """
    found = []
    for name, medium in _LINK.findall(page):
        if name not in without:
            text = _COMMENT.sub("", (static / name).read_text("utf-8"))
            text = re.sub(r"\n\s+", "\n", text)
            found.append(f"@media {medium} {{\n{text}}}\n" if medium else text)
    return "".join(found)


def linked(page: str, address: str | None) -> str:
    """Return the HTML of a page with one link to a sheet at an address, or with none, in place of all its links."""
    links = iter([] if address is None else [f'  <link rel="stylesheet" href="{address}">\n'])
    return _LINK.sub(lambda _: next(links, ""), page)
