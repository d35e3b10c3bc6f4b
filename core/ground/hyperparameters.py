"""Numbers that belong to a choice from a table: an update rule's momentum, a schedule's period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .errors import check_integer, check_number
from .records import known_keys


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """A number by its `name`, `default` and range [low, high], or [low, high) if `open_high`; whole if `integer`."""

    name: str
    default: float
    low: float
    high: float
    open_high: bool = False
    integer: bool = False

    def check(self, value: object) -> float:
        """Return `value` if it lies in the range, else raise ConfigError."""
        if isinstance(value, bool) and self.integer and (self.low, self.high) == (0, 1):
            return int(value)  # what is 0 or 1 may be said as no or yes
        if self.integer:
            return check_integer(self.name, value, int(self.low), int(self.high))
        return check_number(self.name, value, self.low, self.high, open_high=self.open_high)


def checked(entries: Iterable[Hyperparameter], given: object, where: str) -> Mapping[str, float]:
    """Return all hyperparameters by name: those given, checked, and the defaults of the others.

    Raises
    ------
    ConfigError
        For an unknown name or a value out of range.
    """
    known = {entry.name: entry for entry in entries}
    values = known_keys(given, where, known)
    return MappingProxyType({name: entry.check(values.get(name, entry.default)) for name, entry in known.items()})
