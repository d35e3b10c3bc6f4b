"""What is wrong with a lesson's file: in words, and by code for every language of the page."""

import json
import re
from pathlib import Path

import pytest
from backscope.server.lessons import nodes, shelf, steps, texts
from backscope.server.lessons.faults import WORDS, LessonError

STATIC = Path(__file__).parents[3] / "static"


def test_a_fault_says_file_line_and_what_is_wrong_and_keeps_them_apart() -> None:
    fault = LessonError("en.md", 12, "heading", level=4)
    assert str(fault) == "en.md, line 12: expected ## for a step or ### for a part of it, got a heading of level 4"
    assert fault.to_json() == {"file": "en.md", "line": 12, "code": "heading", "params": {"level": 4}}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_has_words_for_every_fault_in_every_language(language: str) -> None:
    """Its keys are just these, and each asks for what is told."""
    table = json.loads((STATIC / "i18n" / f"{language}.json").read_text("utf-8"))
    said = {key.removeprefix("lesson_fault."): text for key, text in table.items() if key.startswith("lesson_fault.")}
    assert said.keys() == WORDS.keys()
    for code, words in said.items():
        asked = set(re.findall(r"\{(\w+)[},]", words)) - {"one", "other"}
        assert asked <= set(re.findall(r"\{(\w+)\}", WORDS[code])), code


def test_every_code_is_told_somewhere() -> None:
    from backscope.server.lessons import given

    sources = "".join(Path(str(module.__file__)).read_text("utf-8") for module in (nodes, shelf, steps, texts, given))
    assert {code for code in WORDS if f'"{code}"' not in sources} == set()
