"""Nicknames are text: what would break a line, turn one around or be seen by nobody is left out."""

import unicodedata

import pytest
from backscope.server.classroom.names import MOST_CHARACTERS, clean_name, told_apart
from backscope.server.wire.commands import CommandError
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Ada   Lovelace ", "Ada Lovelace"),
        ("Ada\u202eevil\u2066", "Adaevil"),
        ("a\x00b\x1b[31m\nc", "ab[31m c"),
        ("李\u200b华", "李华"),
        ("<b>Bob</b>", "<b>Bob</b>"),
        ("a" + "\u0301" * 9, "á\u0301\u0301"),
    ],
)
def test_a_name_is_what_can_be_seen_of_it(typed: str, name: str) -> None:
    assert clean_name(typed) == name


@pytest.mark.parametrize("typed", ["", "  ", "\u200b\u202e", "\u0301", "x" * 25])
def test_nothing_and_too_much_is_refused(typed: str) -> None:
    with pytest.raises(CommandError, match="1 to 24 characters"):
        clean_name(typed)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_refused_or_a_line_of_text(typed: str) -> None:
    try:
        name = clean_name(typed)
    except CommandError:
        return
    assert 0 < len(name) <= 3 * MOST_CHARACTERS
    assert not {unicodedata.category(letter) for letter in name} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert name == name.strip()


def test_two_of_one_name_are_told_apart() -> None:
    assert told_apart("Ada", ["Ben"]) == "Ada"
    assert told_apart("Ada", ["ADA", "ada (2)"]) == "Ada (3)"
