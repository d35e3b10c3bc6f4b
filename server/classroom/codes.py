"""Codes of rooms: six letters and digits that nobody mistakes for one another, read aloud or from the last row."""

from __future__ import annotations

import secrets

#: Without 0 O D Q, 1 I L, 2 Z, 5 S, 6 G, 8 B and U: whatever looks like another letter or figure is left out.
ALPHABET = "3479ACEFHJKMNPRTVWXY"
LENGTH = 6


def make_code() -> str:
    """Return a code that nobody can foresee: one of 64 million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def as_code(text: str) -> str:
    """Return what somebody has typed as a code is written: capitals, without blanks and hyphens."""
    return "".join(letter for letter in text.upper() if letter.isalnum())
