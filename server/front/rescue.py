"""What becomes of sessions whose trainer process has died: they are built again from their records, by another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..wire.log import warn
from ..wire.messages import Reply
from ..wire.protocol import Close, refuse
from .entries import FALLS_TO_GIVE_UP, FALLS_TO_PAUSE, Entry
from .link import Link

if TYPE_CHECKING:
    from .sessions import Sessions

#: Seconds until it is tried again to start a trainer, at first and at most.
_PATIENCE, _MOST_PATIENCE = 1.0, 30.0


class Rescue:
    """Takes care of the sessions of fallen hosts.

    Parameters
    ----------
    sessions : Sessions
        Which finds a place for them again.
    clock : callable
        Seconds; falls are counted within a minute of it.
    """

    def __init__(self, sessions: Sessions, clock: Callable[[], float]) -> None:
        self._sessions, self._clock = sessions, clock
        self._beside: set[asyncio.Task[None]] = set()
        self._retry: asyncio.TimerHandle | None = None
        self._patience = _PATIENCE

    async def close(self) -> None:
        """Try nothing any more, and wait for what has begun."""
        if self._retry is not None:
            self._retry.cancel()
        await asyncio.gather(*self._beside)

    def fallen(self, link: Link) -> None:
        """A trainer process has died, or could not be started: another takes its sessions, from their logs."""
        sessions = self._sessions
        sessions.hosts.remove(link)
        self._begin(link.close())
        orphans = sessions.entries.of(link)
        if link.heard:
            warn("trainer_ended", "a trainer process has ended; another takes its runs")
            self._patience = _PATIENCE
        elif self._retry is None:
            warn("trainer_not_started", "a trainer process could not be started; it is tried again")
        for name, entry in orphans:
            sessions.jobs.cancel(name)
            entry.asleep = True
            for reply in _refuse_pending(name, entry):
                for hear in sessions.listeners:
                    hear(name, entry, reply)
            falls = entry.fall(self._clock()) if link.heard else 0
            if falls >= FALLS_TO_GIVE_UP:
                sessions.forget(name, Close.FAILED)
                continue
            playing = entry.record.playing and falls < FALLS_TO_PAUSE
            entry.record = replace(entry.record, playing=playing)
        if link.heard:
            self._build_orphans()
        else:
            self._try_later()

    def _build_orphans(self) -> None:
        """Build all sessions again that somebody looks at and no host knows."""
        self._retry = None
        for name, entry in self._sessions.entries:
            if entry.asleep and not entry.abandoned:
                self._begin(self._rebuild(name, entry))

    async def _rebuild(self, name: str, entry: Entry) -> None:
        """Build a session again, from its packed state."""
        sessions = self._sessions
        kept = await sessions.store.state(name)
        if entry.asleep and not entry.abandoned and sessions.entries.get(name) is entry:
            try:
                link = sessions.hosts.place(entry.record.cost)
            except OSError:
                self._try_later()
            else:
                sessions.build(name, entry, link, "trainer_restarted", kept)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside all else; the end waits for it."""
        task = asyncio.get_running_loop().create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    def _try_later(self) -> None:
        if self._retry is None:
            self._retry = asyncio.get_running_loop().call_later(self._patience, self._build_orphans)
            self._patience = min(2 * self._patience, _MOST_PATIENCE)


def _refuse_pending(name: str, entry: Entry) -> list[Reply]:
    """What was asked of the process that has died is answered: it may not have been done.

    Returns the answers for whom no socket waits: the front asks too.
    """
    words = "the process that trained this run has died; the run is being built again"
    others = []
    for (number, _), command in entry.pending.items():
        client, refusal = entry.audience.clients.get(number), refuse(command.number, "trainer_lost", words)
        if client is not None:
            client.reply(refusal)
        else:
            others.append(Reply(name, number, command.number, refusal))
    entry.pending.clear()
    entry.unsaved.clear()
    return others
