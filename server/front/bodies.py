"""Files on their way: so many at once, whoever sends them, so that no memory fills with what is not read yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..wire.commands import CommandError
from ..wire.settings import Limits


class Bodies:
    """What is being sent, by session and address.

    Parameters
    ----------
    limits : Limits
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._coming: list[tuple[str, str]] = []

    @contextmanager
    def one(self, session: str, address: str) -> Iterator[None]:
        """Have a place for a file while it is sent and read.

        Raises
        ------
        CommandError
            If there is none.
        """
        limits = self._limits
        for count, most in (
            (sum(name == session for name, _ in self._coming), 1),
            (sum(place == address for _, place in self._coming), limits.address_uploads),
            (len(self._coming), limits.uploads),
        ):
            if count >= most:
                words = f"{count} files are on their way already: try again in a moment"
                raise CommandError("uploads_busy", words, {"name": "uploads", "value": count, "high": most})
        self._coming.append((session, address))
        try:
            yield
        finally:
            self._coming.remove((session, address))
