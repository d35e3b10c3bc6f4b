"""Nicknames: text that stays text, fits a line, and turns no other text around."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from ..wire.commands import CommandError, params_of

#: Characters of a name, and marks on one of them.
MOST_CHARACTERS, _MOST_MARKS = 24, 2
#: What no name holds: control and formatting characters (those that turn the direction of text among them), halves of
#: characters, private ones, and breaks of lines.
_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_name(text: str) -> str:
    """Return a nickname as it is shown.

    Raises
    ------
    CommandError
        If nothing is left of it, or it is too long.
    """
    kept: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", text[: 16 * MOST_CHARACTERS]):
        kind = unicodedata.category(letter)
        if kind in _UNWANTED and not letter.isspace():
            continue
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks <= _MOST_MARKS:
            kept.append(letter)
    name = " ".join("".join(kept).split())
    seen = sum(unicodedata.category(letter) not in ("Mn", "Me") for letter in name)
    if not 1 <= seen <= MOST_CHARACTERS:
        words = f"a nickname has 1 to {MOST_CHARACTERS} characters that can be seen, got {seen}"
        raise CommandError(
            "bad_name", words, {**params_of("name", name), "value": seen, "low": 1, "high": MOST_CHARACTERS}
        )
    return name


def told_apart(name: str, others: Collection[str]) -> str:
    """Return a name that nobody else has: the second Ada is "Ada (2)"."""
    taken = {other.casefold() for other in others}
    found, number = name, 1
    while found.casefold() in taken:
        number += 1
        found = f"{name} ({number})"
    return found
