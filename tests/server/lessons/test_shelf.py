"""Lessons as they are read from files: a good one, and every way in which one can be broken, told by its line."""

import json
from pathlib import Path

import pytest
from backscope.server.lessons.faults import LessonError
from backscope.server.lessons.shelf import Shelf

GOOD_STEPS = """{
  "order": 3,
  "minutes": 5,
  "steps": [
    {
      "state": {"preset": "xor", "config": {"network": {"hidden": [3]}, "seed": 4}, "select": {"weight": [1, 2, 1]}},
      "look": ["network"],
      "question": {"right": 2}
    },
    {
      "until": "loss < .1 and step > 3",
      "check": {
        "value": "a(1, 1)",
        "slips": ["z(1, 1)"]
      }
    }
  ]
}
"""
GOOD_WORDS = """# Title

What it is **about**.

## First

Words with $w^2$ and `=loss`.

### question

Which?

- One
- Two

  Because of [this](https://example.org).

## Second

### check

Work it out.

- You forgot σ.

### hint

Look again.
"""


def write(folder: Path, steps: str = GOOD_STEPS, **words: str) -> Path:
    (folder / "good").mkdir(parents=True, exist_ok=True)
    (folder / "good" / "lesson.json").write_text(steps, "utf-8")
    for language, text in (words or {"en": GOOD_WORDS}).items():
        (folder / "good" / f"{language}.md").write_text(text, "utf-8")
    return folder


def test_a_lesson_is_steps_with_their_words(tmp_path: Path) -> None:
    lesson = Shelf([write(tmp_path)]).lesson("good", "zh")
    assert (lesson["language"], lesson["title"], lesson["minutes"]) == ("en", "Title", 5)
    assert lesson["summary"] == [["p", {}, "What it is ", ["strong", {}, "about"], "."]]
    first, second = lesson["steps"]
    assert first["state"]["config"]["network"]["hidden"] == [3]
    assert first["state"]["config"]["data"]["name"] == "xor"
    assert first["question"]["right"] == 2
    assert [answer["head"] for answer in first["question"]["answers"]] == [["One"], ["Two"]]
    assert first["question"]["answers"][1]["rest"][0][2] == "Because of "
    assert ["live", {"text": "loss", "file": "en.md", "line": 7}] in first["text"][0]
    assert second["until"] == {"text": "loss < .1 and step > 3", "file": "lesson.json", "line": 11}
    assert second["check"]["slips"][0] == {
        "value": {"text": "z(1, 1)", "file": "lesson.json", "line": 14},
        "head": ["You forgot σ."],
        "rest": [],
    }
    assert second["hint"] == [["p", {}, "Look again."]]
    json.dumps(lesson, allow_nan=False)


#: What is replaced in which file by what; what the line begins with that is told, and what is expected there.
BROKEN = [
    ("json", '"minutes": 5,', '"minutes": 5', '"steps"', "expected JSON"),
    ("json", '"minutes": 5,', "", "{", "minutes: expected an entry of this name"),
    ("json", '"minutes": 5,', '"minutes": 500,', '"minutes"', "at most 60, got 500"),
    ("json", '"order": 3,', '"order": "third",', '"order"', "another kind of value (int)"),
    ("json", '"look"', '"loook"', '"loook"', "steps.0.loook: expected no entry"),
    ("json", '"preset": "xor"', '"preset": "xoor"', '"state"', "expected one of circle, xor"),
    ("json", '"hidden": [3]', '"hidden": [0]', '"state"', "neurons"),
    ("json", '"seed": 4', '"seeds": 4', '"state"', "seeds"),
    ("json", '"network": {"hidden": [3]}', '"network": 3', '"state"', "network"),
    ("json", "[1, 2, 1]", "[1, 2]", '"state"', "state.select"),
    ("json", '"state":', '"x":', '"x"', "steps.0.x"),
    ("json", '"right": 2', '"right": 3', "### question", "a list of 2 to 6 answers, at least 3, got 2"),
    ("json", '"z(1, 1)"', "", "### check", "a list of 0 slips"),
    ("json", '"value": "a(1, 1)",', "", '"check"', "steps.1.check.value: expected an entry"),
    ("json", ',\n      "question": {"right": 2}', "", "### question", "or neither"),
    ("md", "# Title", "Title", "Title", "expected the title"),
    ("md", "What it is **about**.\n", "", "# Title", "a paragraph below the title"),
    ("md", "## Second\n", "", "## First", "expected 2 sections, one a step, got 1"),
    ("md", "### hint", "### check", "### check", "once in a step, got 'check'"),
    ("md", "### hint", "### hints", "### hints", "do, question, check, hint"),
    ("md", "### hint", "#### hint", "#### hint", "a heading of level 4"),
    ("md", "Look again.", "Look <b>again</b>.", "Look", "got HTML: '<b>'"),
    ("md", "Look again.", "<script>x</script>", "<script>", "got HTML"),
    ("md", "Look again.", "![x](https://example.org/x.png)", "![x]", "a image"),
    ("md", "https://example.org", "http://example.org", "Because", "begin with https://"),
    ("md", "$w^2$", r"$w^$", "Words", "a formula in TeX"),
    ("md", "$w^2$", r"$\frac{1}$", "Words", "an argument is missing"),
    ("md", "$w^2$", r"$\nosuch{1}$", "Words", "nosuch"),
    ("md", "- One\n- Two\n\n  Because of [this](https://example.org).\n", "", "### question", "2 to 6 answers"),
]


@pytest.mark.parametrize(("file", "old", "new", "begin", "words"), BROKEN, ids=lambda part: str(part)[:30])
def test_what_is_broken_is_told_by_line(tmp_path: Path, file: str, old: str, new: str, begin: str, words: str) -> None:
    texts = {"lesson.json": GOOD_STEPS, "en.md": GOOD_WORDS}
    name = "lesson.json" if file == "json" else "en.md"
    assert texts[name].count(old) == 1 or name == "en.md"
    texts[name] = texts[name].replace(old, new, 1)
    with pytest.raises(LessonError) as caught:
        Shelf([write(tmp_path, texts["lesson.json"], en=texts["en.md"])]).lesson("good", "en")
    line = texts[caught.value.file].split("\n")[caught.value.line - 1]
    assert words in str(caught.value)
    assert line.strip().startswith(begin), str(caught.value)


def test_bytes_that_are_no_text_and_files_too_large_are_told(tmp_path: Path) -> None:
    file = write(tmp_path) / "good" / "en.md"
    file.write_bytes(GOOD_WORDS.encode() + b"\nmore\n\xff")
    with pytest.raises(LessonError, match="expected UTF-8"):
        Shelf([tmp_path]).lesson("good", "en")
    file.write_text("x" * 300_000)
    with pytest.raises(LessonError, match="at most"):
        Shelf([tmp_path]).lesson("good", "en")


def test_a_shelf_reads_again_what_has_changed_and_names_what_is_broken(tmp_path: Path) -> None:
    shelf = Shelf([write(tmp_path / "own"), write(tmp_path / "more"), tmp_path / "missing"])
    assert [entry["title"] for entry in shelf.entries("en")] == ["Title"]
    assert shelf.lesson("good", "en") is shelf.lesson("good", "en")
    write(tmp_path / "own", en=GOOD_WORDS.replace("# Title", "# Another one"))
    assert shelf.lesson("good", "en")["title"] == "Another one"
    write(tmp_path / "own", en="no title")
    (entry,) = shelf.entries("en")
    assert entry["name"] == "good"
    assert "expected the title" in entry["error"]
    (tmp_path / "own" / "Not A Name").mkdir()
    (tmp_path / "own" / "good" / "en.md").unlink()
    (entry,) = shelf.entries("en")
    assert "expected a file en.md" in entry["error"]
    with pytest.raises(KeyError):
        shelf.lesson("../good", "en")
