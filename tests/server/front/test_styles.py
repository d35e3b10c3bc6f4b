"""The page's style sheets as one: each in its turn, those for one medium within it, and nothing else changed."""

import re
from pathlib import Path

from backscope.server.front.files import STATIC
from backscope.server.front.styles import joined_styles, linked

PAGE = (STATIC / "index.html").read_text("utf-8")
LINKS = re.findall(r'<link rel="stylesheet" href="([^"]+)"', PAGE)


def bare(text: str) -> str:
    """A sheet without comments and white space."""
    return re.sub(r"\s+", "", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))


def test_every_sheet_stands_whole_and_in_its_turn() -> None:
    joined = bare(joined_styles(STATIC, PAGE))
    place = 0
    for name in LINKS:
        text = (STATIC / name).read_text("utf-8")
        assert bare(text).count("{") == bare(text).count("}"), f"{name} would swallow the sheets after it"
        place = joined.index(bare(text), place) + len(bare(text))
    assert len(LINKS) > 20


def test_a_sheet_for_a_medium_keeps_to_it(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("p {\n  margin: 0;\n}\n")
    (tmp_path / "b.css").write_text("/* ink */\np {\n  color: black;\n}\n")
    page = '  <link rel="stylesheet" href="a.css">\n  <link rel="stylesheet" href="b.css" media="print">\n'
    expected = "p {\nmargin: 0;\n}\n@media print {\np {\ncolor: black;\n}\n}\n"
    assert joined_styles(tmp_path, page) == expected
    assert joined_styles(tmp_path, page, ("b.css",)) == "p {\nmargin: 0;\n}\n"


def test_one_link_stands_for_all() -> None:
    assert re.findall(r'rel="stylesheet" href="([^"]+)"', linked(PAGE, "all.css")) == ["all.css"]
    assert "stylesheet" not in linked(PAGE, None)
    assert linked(PAGE, None) == re.sub(r' *<link rel="stylesheet".*\n', "", PAGE)
