"""Rooms of other servers: what the classroom asks where a code is none of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol


class DirectoryLost(RuntimeError):
    """Nobody can say just now which server a room is on."""


class Elsewhere(Protocol):
    """A directory that several servers share, from codes of rooms to the server that a room lives on."""

    def begin(self, codes: Callable[[], Iterable[str]]) -> None:
        """Tell from now on which codes open rooms here: `codes` returns them."""

    def changed(self) -> None:
        """The codes may be others now."""

    async def address_of(self, code: str) -> str | None:
        """Return the address of the server that has the room of a code; None where no other one has it.

        Raises
        ------
        DirectoryLost
            If the directory does not answer.
        """

    async def close(self) -> None:
        """Tell no more; the rooms here are not to be found any longer."""
