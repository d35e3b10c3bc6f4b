"""Copies: a room's run, forked at a step into a session of a student's own, bit for bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..wire.commands import CommandError
from ..wire.messages import Record
from .client import Client
from .entries import digest, member_place
from .hello import fresh_number
from .sessions import Sessions


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
        sessions, name = self._sessions, fields["session"]
        assert client.audience is not None
        room = client.audience.name
        kept = await sessions.store.state(room)
        entry = sessions.entries.get(room)
        taken = name in sessions.entries or await sessions.store.find(name) is not None
        if entry is None or taken:
            raise CommandError("wrong_secret", "this session belongs to somebody else, or is no longer here")
        for upload in sessions.uploads.of(room):
            sessions.uploads.add(name, upload)
        record = copied(entry.record, min(fields["step"], max(entry.step, entry.record.step)))
        owner = digest(fields["owner"]) if "owner" in fields else None
        assert client.member is not None
        place = member_place(room, client.member.number)
        copy = sessions.open(name, place, digest(fields["secret"]), record, owner, kept)
        sessions.hold(name, copy)
        return record.step


def copied(record: Record, step: int) -> Record:
    """Return the record of a run that stands at a step; what came later in it is a future that can be gone into."""
    return replace(record, step=step, playing=False, number=fresh_number(), deeds=((), ()))
