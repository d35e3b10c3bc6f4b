"""The words of a lesson: which section and part each block belongs to, and what stands where it must not."""

import pytest
from backscope.server.lessons.faults import LessonError
from backscope.server.lessons.texts import PARTS, read_text

WORDS = """# The title

A summary.

Its second paragraph.

## First

Read.

### Question

Which?

- One
- Two

  Because.

### do

- Press play

## Second
"""


def test_every_block_goes_to_its_section_and_part() -> None:
    text = read_text(WORDS, "en.md")
    assert text.title == "The title"
    assert text.summary == [["p", {}, "A summary."], ["p", {}, "Its second paragraph."]]
    first, second = text.sections
    assert (first.title, first.line, first.nodes) == ("First", 7, [["p", {}, "Read."]])
    assert (second.title, second.line, second.nodes, second.parts) == ("Second", 24, [], {})
    question = first.parts["question"]
    assert (question.line, question.nodes) == (11, [["p", {}, "Which?"]])
    assert [(item.line, item.head, item.rest) for item in question.items] == [
        (15, ["One"], []),
        (16, ["Two"], [["p", {}, "Because."]]),
    ]


def test_only_questions_and_checks_end_with_a_list_of_answers() -> None:
    for part in PARTS:
        found = read_text(f"# T\n\nS.\n\n## A\n\n### {part}\n\n- one\n- two\n", "en.md").sections[0].parts[part]
        assert len(found.items) == (2 if part in ("question", "check") else 0)
        assert bool(found.nodes) is (not found.items)


@pytest.mark.parametrize(
    ("words", "line", "expected"),
    [
        ("", 1, "the title"),
        ("## A", 1, "the title"),
        ("# T\n\n## A", 1, "a paragraph below the title"),
        ("# T\n\nS.\n\n### hint", 5, "a heading of level 3"),
        ("# T\n\nS.\n\n# U", 5, "a heading of level 1"),
        ("# T\n\nS.\n\n## A\n\n### hint\n\n### hint", 9, "once in a step, got 'hint'"),
        ("# T\n\nS.\n\n## A\n\n### tip", 7, "got 'tip'"),
    ],
)
def test_what_stands_where_it_must_not_is_told_by_line(words: str, line: int, expected: str) -> None:
    with pytest.raises(LessonError, match=expected) as caught:
        read_text(words, "zh.md")
    assert (caught.value.file, caught.value.line) == ("zh.md", line)
