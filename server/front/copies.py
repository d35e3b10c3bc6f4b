"""Copies: a room's run, forked at a step into a session of a student's own, bit for bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from ...core.data.tables import Table
from ..wire.commands import CommandError
from ..wire.messages import Record
from .client import Client
from .entries import digest, member_place
from .hello import fresh_number
from .sessions import Sessions
from .uploads import upload_of


class Fork(NamedTuple):
    """All that a copy begins from.

    Parameters
    ----------
    record : Record
        The run, standing still at the step.
    kept : bytes or None
        Its packed state from near there.
    tables : tuple of Table
        The uploads that it needs.
    place : str
        What the copy is counted by.
    """

    record: Record
    kept: bytes | None
    tables: tuple[Table, ...]
    place: str


class Copies:
    """What `Registry` offers of it.

    Parameters
    ----------
    sessions : Sessions
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def take(self, client: Client, fields: Mapping[str, Any]) -> int:
        """Open a session in which the client's run stands still at a step, and return that step.

        It begins from what is kept of the room's run, and trains from there to the step: the same bits.

        Raises
        ------
        CommandError
            If there is no room for it, or the room's run has never been at that step.
        """
        return await self.open(await self.fork(client, fields["step"]), fields)

    async def fork(self, client: Client, step: int) -> Fork:
        """Return what a copy of the run that a member of its room looks at begins from.

        Raises
        ------
        CommandError
            If the run is gone.
        """
        assert client.audience is not None
        assert client.member is not None
        room, place = client.audience.name, member_place(client.audience.name, client.member.number)
        kept = await self._sessions.store.state(room)
        entry = self._sessions.entries.get(room)
        if entry is None:
            raise CommandError("wrong_secret", "this session belongs to somebody else, or is no longer here")
        record = copied(entry.record, min(step, max(entry.step, entry.record.step)))
        return Fork(record, kept, tuple(one.table for one in self._sessions.uploads.of(room)), place)

    async def open(self, fork: Fork, fields: Mapping[str, Any]) -> int:
        """Open the session of a copy, under the name and secrets in the fields, and return the step that it stands at.

        Raises
        ------
        CommandError
            If there is no room for it.
        """
        sessions, name = self._sessions, fields["session"]
        if name in sessions.entries or await sessions.store.find(name) is not None:
            raise CommandError("wrong_secret", "this session belongs to somebody else, or is no longer here")
        for table in fork.tables:
            sessions.uploads.add(name, upload_of(table))
        owner = digest(fields["owner"]) if "owner" in fields else None
        copy = sessions.open(name, fork.place, digest(fields["secret"]), fork.record, owner, fork.kept)
        sessions.hold(name, copy)
        return fork.record.step


def copied(record: Record, step: int) -> Record:
    """Return the record of a run that stands at a step; what came later in it is a future that can be gone into."""
    return replace(record, step=step, playing=False, number=fresh_number(), deeds=((), ()))
