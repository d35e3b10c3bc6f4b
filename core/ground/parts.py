"""Tables of parts by name: what a run can choose from, its own parts after those that are there from the beginning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TypeVar

from .errors import ConfigError

Part = TypeVar("Part")

#: What a part's name looks like: it goes into links, files and words.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


class Parts(Mapping[str, Part]):
    """A table of one kind of part; order is the order in which they are offered.

    Parameters
    ----------
    kind : str
        What a part of it is called where the page's words are looked up: ``"activation"``.
    given : mapping
        Those that are always there.

    Attributes
    ----------
    words : dict of str to mapping
        For each part that was added, what it is called, by language.
    changes : int
        How often a part was added or taken away.
    """

    def __init__(self, kind: str, given: Mapping[str, Part]) -> None:
        self.kind = kind
        self.words: dict[str, Mapping[str, str]] = {}
        self.changes = 0
        self._given, self._all = frozenset(given), dict(given)

    def __getitem__(self, name: str) -> Part:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __contains__(self, name: object) -> bool:
        return name in self._all

    def check_name(self, name: object) -> str:
        """Return `name` if a part can be added by it.

        Raises
        ------
        ConfigError
            For a name that no part can have, and for that of a part which was there from the beginning.
        """
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            words = "must be a small letter, and up to 31 more of small letters, digits and _"
            raise ConfigError(f"the name of a part {words}, got {name!r}", "name", name)
        if name in self._given:
            known = ", ".join(sorted(self._given))
            message = f"there is {'an' if self.kind[0] in 'aeiou' else 'a'} {self.kind} {name} already"
            raise ConfigError(f"{message}: choose a name other than {known}", "name", name)
        return name

    def add(self, name: str, part: Part, words: Mapping[str, str]) -> None:
        """Add a part behind all others; one that was added by this name before gives way."""
        self._all[self.check_name(name)] = part
        self.words[name] = MappingProxyType(dict(words))
        self.changes += 1

    def drop(self, name: str) -> None:
        """Take away a part that was added; nothing happens for any other name."""
        if name in self.words:
            del self.words[name], self._all[name]
            self.changes += 1
