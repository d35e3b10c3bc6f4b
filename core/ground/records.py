"""How config records become JSON and come back: keys are field names, unknown keys are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, ClassVar, Self

from .errors import ConfigError


class Record:
    """Base of flat frozen dataclasses that check themselves when built."""

    __slots__ = ()
    #: What the record is called in messages.
    _where: ClassVar[str] = ""

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Build the record from parsed JSON; keys left out keep their defaults.

        Raises
        ------
        ConfigError
            For an unknown key or a value out of range.
        """
        return cls(**known_keys(values, cls._where, [entry.name for entry in fields(cls)]))  # type: ignore[arg-type]

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain data for `json.dumps`."""
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}  # type: ignore[arg-type]
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)


def known_keys(values: object, where: str, names: Iterable[str]) -> dict[str, Any]:
    """Return `values` as a dict if it is an object with keys among `names` only, else raise ConfigError."""
    known = list(names)
    if not isinstance(values, Mapping):
        raise ConfigError(f"{where} must be an object, got {type(values).__name__}", where, values)
    for key in values:
        if key not in known:
            raise ConfigError(f"unknown key {key!r} in {where}; known are {', '.join(known)}", str(key), values[key])
    return dict(values)
