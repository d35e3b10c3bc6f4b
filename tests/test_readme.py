"""Both READMEs say the same: sections, commands, code, options, figures and links stand in each, in the same order."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ENGLISH, CHINESE = (ROOT.joinpath(name).read_text("utf-8") for name in ("README.md", "README.zh.md"))

PARTS = {
    "sections": r"^#+ ",
    "blocks of code": r"^```[^`]*^```",
    "points": r"^- \*\*",
    "rows of tables": r"^\|",
    "links": r"\]\(([^)]*\.(?:md|png)|LICENSE)\)",
    "options": r"`(--[a-z-]+)",
    "addresses": r"`\??[a-z_]+=?[a-z_]+(?:\|[a-z_]+)+`",
    "figures": r"(?<![\w.])\d[\d.,]*\d|(?<=\| )\.\d+",
}


@pytest.mark.parametrize("part", PARTS)
def test_both_have_the_same(part: str) -> None:
    one, other = (re.findall(PARTS[part], text, re.M) for text in (ENGLISH, CHINESE))
    mine, theirs = ([x for x in found if not x.startswith("README")] for found in (one, other))
    assert mine
    if part == "figures":  # sentences are built differently; words may stand for small ones
        assert sorted(set(mine)) == sorted(set(theirs))
    else:
        assert mine == theirs


def test_every_link_leads_somewhere_and_each_leads_to_the_other() -> None:
    for text in (ENGLISH, CHINESE):
        assert all((ROOT / target).exists() for target in re.findall(PARTS["links"], text))
    assert "(README.zh.md)" in ENGLISH
    assert "(README.md)" in CHINESE


def test_chinese_goes_by_the_words_of_the_page() -> None:
    """What the page calls a thing; and none of the words that it has given up."""
    assert not re.findall(r"\.\.\.|最小值|种子(?<!随机种子)|惩罚|斜率|赛道|地形", CHINESE)


@pytest.mark.parametrize(("text", "lang"), [(ENGLISH, "en"), (CHINESE, "zh")], ids=["en", "zh"])
def test_what_is_pressed_has_the_name_that_stands_on_it(text: str, lang: str) -> None:
    """A word between single stars is one of the page, at least before its colon."""
    page = json.loads((ROOT / f"static/i18n/{lang}.json").read_text("utf-8")).values()
    names = {re.split("[:：]", words)[0] for words in page}
    named = re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", text)
    assert named
    assert not [name for name in named if name not in names]
