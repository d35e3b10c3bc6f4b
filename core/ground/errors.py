"""Exceptions of the core, and the two checks that raise most of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from reprlib import repr as shorten


class BackscopeError(Exception):
    """Base of everything that Backscope raises on purpose."""


class ConfigError(BackscopeError, ValueError):
    """A value that a run cannot have.

    Parameters
    ----------
    message : str
        Words for the user; they name the value and its range.
    name : str
        What was to be set, e.g. ``"learning_rate"``.
    value : object
        What was asked for.
    low, high : float, optional
        The range, where there is one.
    bound : str
        What a value within [low, high] is refused for: ``"below"`` where it must stay below `high`, ``"whole"`` where
        it must be a whole number; else empty.
    """

    def __init__(
        self,
        message: str,
        name: str,
        value: object,
        low: float | None = None,
        high: float | None = None,
        bound: str = "",
    ) -> None:
        super().__init__(message)
        self.name, self.value, self.low, self.high, self.bound = name, value, low, high, bound

    def __reduce__(self) -> tuple[object, ...]:
        return ConfigError, (str(self), self.name, self.value, self.low, self.high, self.bound)


def check_number(name: str, value: object, low: float, high: float, *, open_high: bool = False) -> float:
    """Return `value` as a float if it is a number in [low, high] (or [low, high)), else raise ConfigError."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value) if abs(value) < 1e300 else math.inf
        if low <= number < high or (number == high and not open_high):
            return number
    message = f"{name} must lie in [{low:g}, {high:g}{')' if open_high else ']'}, got {shorten(value)}"
    raise ConfigError(message, name, value, low, high, "below" if open_high else "")


def check_integer(name: str, value: object, low: int, high: int) -> int:
    """Return `value` as an int if it is a whole number in [low, high], else raise ConfigError."""
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high and value == int(value):
        return int(value)
    message = f"{name} must be a whole number in [{low}, {high}], got {shorten(value)}"
    broken = isinstance(value, float) and not value.is_integer()
    raise ConfigError(message, name, value, low, high, "whole" if broken else "")


def check_choice(name: str, value: object, choices: Iterable[str]) -> str:
    """Return `value` if it is one of `choices`, else raise ConfigError."""
    known = list(choices)
    if isinstance(value, str) and value in known:
        return value
    raise ConfigError(f"{name} must be one of {', '.join(known)}, got {shorten(value)}", name, value)


def check_flag(name: str, value: object) -> bool:
    """Return `value` if it is True or False, else raise ConfigError."""
    if isinstance(value, bool):
        return value
    raise ConfigError(f"{name} must be true or false, got {shorten(value)}", name, value)
