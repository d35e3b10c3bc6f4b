"""Checks of fields: what a value of a command must be, in words where it is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from reprlib import repr as shorten
from typing import Any

from ...core.ground.errors import ConfigError, check_choice, check_flag, check_integer, check_number
from .commands import MOST_EXACT, Check, CommandError, Field, params_of
from .presets import PRESETS, preset_name

#: Steps that a run can be asked for.
MOST_STEPS = 1_000_000_000


def needed(check: Check) -> Field:
    """Return a field that cannot be left out."""
    return Field(check, required=True)


def integer(low: int, high: int = MOST_EXACT) -> Check:
    """Return the check for a whole number in a range."""
    return lambda name, value: check_integer(name, value, low, high)


def number(low: float, high: float) -> Check:
    """Return the check for a number in a range."""
    return lambda name, value: check_number(name, value, low, high)


def text(pattern: str, words: str) -> Check:
    """Return the check for a text of a form; `words` say which."""
    known = re.compile(pattern)

    def check(name: str, value: object) -> str:
        if isinstance(value, str) and known.fullmatch(value):
            return value
        raise wrong_type(f"{name} must be {words}, got {shorten(value)}", name, value)

    return check


def anything(name: str, value: object) -> Any:
    """Let any value pass: the config checks it, where its partners are known."""
    return value


def _of_type(kind: type, words: str) -> Check:
    def check(name: str, value: object) -> Any:
        if isinstance(value, kind):
            return value
        raise wrong_type(f"{name} must be {words}, got {shorten(value)}", name, value)

    return check


record = _of_type(dict, "an object")
some_text = _of_type(str, "a text")
some_list = _of_type(list, "a list")


def maybe(check: Check) -> Check:
    """Return a check that lets null pass too."""
    return lambda name, value: None if value is None else check(name, value)


def flag(name: str, value: object) -> bool:
    """Check for true or false."""
    try:
        return check_flag(name, value)
    except ConfigError as error:
        raise wrong_type(str(error), name, value) from None


def choice(choices: Callable[[], Any]) -> Check:
    """Return the check for one of some names; they are asked for at every check, as tables may grow."""
    return lambda name, value: check_choice(name, value, choices())


def preset(name: str, value: object) -> str:
    """Check for a preset, in any common spelling."""
    if isinstance(value, str) and (known := preset_name(value)) is not None:
        return known
    return check_choice("preset", value, PRESETS)


def list_of(check: Check, most: int, words: str, *, least: int = 0, called: str | None = None) -> Check:
    """Return the check for a list of `least` to `most` entries, `words`, each `called` so and checked."""

    def check_list(name: str, value: object) -> list[Any]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            many = f"{least} to {most}" if least else f"up to {most}"
            raise wrong_type(f"{name} must be a list of {many} {words}, got {shorten(value)}", name, value)
        return [check(called or name, entry) for entry in value]

    return check_list


def two_indices(name: str, value: object) -> tuple[int, int]:
    """Check for two different parameters."""
    words = f"{name} must be two different parameter indices, got {shorten(value)}"
    if not isinstance(value, list) or len(value) != 2:
        raise wrong_type(words, name, value)
    first, second = (check_integer(name, index, 0, MOST_EXACT) for index in value)
    if first == second:
        raise wrong_type(words, name, value)
    return first, second


def wrong_type(words: str, name: str, value: object) -> CommandError:
    """Return the refusal of a value of another kind."""
    return CommandError("wrong_type", words, params_of(name, value))
