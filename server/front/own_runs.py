"""The runs that a browser keeps: listed, named, deleted and given as files, to who knows its secret alone."""

from __future__ import annotations

from typing import Any

from ..store.database import Stored
from ..wire.commands import CommandError
from ..wire.packing import Damaged
from ..wire.protocol import Close
from .client import Client
from .kept import exported, table_from_bytes, table_to_json, told_of
from .sessions import Sessions

#: What a file of a run says of itself.
FORMAT, VERSION = "backscope-run", 1


class OwnRuns:
    """What `Registry` offers of it.

    Parameters
    ----------
    sessions : Sessions
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions, self._store = sessions, sessions.store

    async def list(self, client: Client, here: str) -> list[dict[str, Any]]:
        """Return what there is to say of each run; `here` is the session that asks."""
        runs = []
        for one in await self._store.runs_of(_owner_of(client)):
            try:
                told = told_of(one.record)
            except (KeyError, TypeError, ValueError, StopIteration):
                told = {}
            values = {"session": one.session, "name": one.name, "begun": one.begun, "seen": one.seen, "step": one.step}
            runs.append({**values, **told, "here": one.session == here})
        return runs

    async def rename(self, client: Client, session: str, name: str) -> None:
        """Give a run a name."""
        if not await self._store.rename(session, _owner_of(client), name):
            raise _unknown(session)

    async def delete(self, client: Client, session: str) -> None:
        """Delete a run that nobody looks at."""
        entry = self._sessions.entries.get(session)
        await self._find(client, session)
        if entry is not None and not entry.abandoned:
            raise CommandError("run_open", "this run is open in a tab: close it first")
        if entry is not None:
            self._sessions.forget(session, Close.SESSION_CLOSED)
        if not await self._store.delete(session, _owner_of(client)):
            raise _unknown(session)

    async def export(self, client: Client, session: str, *, tables: bool) -> dict[str, Any]:
        """Return a run as a file carries it."""
        stored = await self._find(client, session)
        file: dict[str, Any] = {"format": FORMAT, "version": VERSION, "run": exported(stored.record, stored.step)}
        if tables:
            try:
                file["tables"] = [table_to_json(table_from_bytes(raw)) for raw in stored.tables]
            except Damaged as error:
                raise CommandError("internal", f"a table of this run cannot be read: {error}") from error
        return file

    async def _find(self, client: Client, session: str) -> Stored:
        owner = _owner_of(client)
        await self._store.flush()
        stored = await self._store.find(session)
        if stored is None or stored.owner != owner:
            raise _unknown(session)
        return stored


def _owner_of(client: Client) -> bytes:
    if client.audience is None:
        raise CommandError("hello_first", "the first message must be hello")
    if client.owner is None:
        raise CommandError("no_owner", "this page has told no secret under which runs are kept")
    return client.owner


def _unknown(session: str) -> CommandError:
    return CommandError("no_such_run", f"there is no run {session} of yours here", {"name": "run", "value": session})
