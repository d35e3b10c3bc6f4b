"""The store as the event loop sees it: what has changed is collected, and a thread of its own writes it."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from ..wire.log import fault, warn
from .database import Batch, Database, Listed, Run, Stored, is_damage

#: Seconds that a step waits to be written, and until writing is tried again that has failed.
_STEP_REST, _RETRY = 0.2, 5.0

T = TypeVar("T")


class Store:
    """Runs on disk.

    Parameters
    ----------
    folder : Path or None
        Where they are kept; None for nowhere: they last as long as this server.
    troubled : callable
        Hears of trouble, as a word: ``"full"`` for a disk without room, ``"failed"`` for another failure; and None once
        it is over.
    again : callable
        Called when a new file had to be begun: all that is known has to be saved again.
    """

    def __init__(
        self,
        folder: Path | None,
        troubled: Callable[[str | None], None] = lambda word: None,
        again: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = Database(folder, partial(warn, "storage"))
        self._troubled, self._again = troubled, again
        self._thread = ThreadPoolExecutor(1, "backscope store")
        self._batch = Batch()
        self._waiting: list[Callable[[], None]] = []
        self._wake = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._open: set[str] = set()
        self.trouble: str | None = None
        self._task = asyncio.get_running_loop().create_task(self._write_on())

    @property
    def lasting(self) -> bool:
        """Whether what is saved is there after the server has ended."""
        return self._database.lasting

    # What is to be written

    def save(self, session: str, run: Run) -> None:
        """Keep the newest of a run."""
        self._batch.runs[session] = run
        self._batch.steps.pop(session, None)
        self._open.add(session)
        self._wake.set()

    def advance(self, session: str, step: int) -> None:
        """A run has come to a step."""
        self._batch.steps[session] = step
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_STEP_REST, self._step_on)

    def _step_on(self) -> None:
        self._timer = None
        self._wake.set()

    def keep(self, session: str, state: bytes) -> None:
        """Keep the packed state of a run."""
        self._batch.states[session] = state
        self._wake.set()

    def add_table(self, name: str, payload: Callable[[], bytes]) -> None:
        """Keep a table; it stays as long as a run needs it."""
        self._batch.tables[name] = payload

    def keep_room(self, session: str, payload: Callable[[], str] | None) -> None:
        """Keep the newest of a session's room; None closes it."""
        self._batch.rooms[session] = payload
        self._wake.set()

    def when_saved(self, done: Callable[[], None]) -> None:
        """Call back once all is written that is to be kept now, or cannot be."""
        if self._batch:
            self._waiting.append(done)
            self._wake.set()
        else:
            done()

    def let_go(self, session: str) -> None:
        """A run is no longer in use: it may be dropped when room is needed."""
        self._open.discard(session)

    async def _write_on(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self.flush()

    async def flush(self) -> None:
        """Write all that is to be kept."""
        batch, self._batch = self._batch, Batch()
        waiting, self._waiting = self._waiting, []
        try:
            for session, room in batch.rooms.items():
                if room is not None:  # here, where nobody comes in while it is written down
                    batch.rooms[session] = partial(str, room())
            if batch:
                await self._in_thread(self._database.write, batch, frozenset(self._open))
        except (sqlite3.Error, OSError) as error:
            self._batch = batch.under(self._batch)
            await self._failed(error)
        except Exception:  # nothing that one run holds may keep the others from being written
            fault("runs_not_written")
        else:
            self._set_trouble(None)
        finally:
            for done in waiting:
                done()

    async def _failed(self, error: Exception) -> None:
        if is_damage(error):
            with contextlib.suppress(sqlite3.Error, OSError):
                await self._in_thread(self._database.start_over)
                self._again()
                self._wake.set()
                return
        if self.trouble is None:
            warn("storage", f"runs cannot be written ({error}); it is tried again every {_RETRY:g} s")
        self._set_trouble("full" if "full" in str(error) else "failed")
        asyncio.get_running_loop().call_later(_RETRY, self._wake.set)

    def _set_trouble(self, word: str | None) -> None:
        if word != self.trouble:
            if word is None:
                warn("storage", "runs are being written again")
            self.trouble = word
            self._troubled(word)

    # What is asked of it

    async def find(self, session: str) -> Stored | None:
        """Return a run as it was kept last, None if it is not known or cannot be read."""
        return await self._read(lambda: self._database.find(session), None)

    async def state(self, session: str) -> bytes | None:
        """Return the newest packed state of a run, None if there is none."""
        pending = self._batch.states.get(session)
        return pending if pending is not None else await self._read(lambda: self._database.state(session), None)

    async def rooms(self) -> list[tuple[str, str]]:
        """Return all rooms, as sessions and what was kept of each."""
        return await self._read(self._database.rooms, [])

    async def runs_of(self, owner: bytes) -> list[Listed]:
        """Return the runs of an owner, the newest first."""
        await self.flush()
        return await self._read(lambda: self._database.runs_of(owner), [])

    async def rename(self, session: str, owner: bytes, name: str) -> bool:
        """Give a run of an owner a name; False if there is no such run."""
        await self.flush()
        return await self._read(lambda: self._database.rename(session, owner, name), False)

    async def delete(self, session: str, owner: bytes) -> bool:
        """Delete a run of an owner; False if there is no such run."""
        await self.flush()
        for part in (self._batch.runs, self._batch.steps, self._batch.states, self._batch.rooms):
            part.pop(session, None)
        return await self._read(lambda: self._database.delete(session, owner), False)

    async def _read(self, work: Callable[[], T], otherwise: T) -> T:
        try:
            return await self._in_thread(work)
        except (sqlite3.Error, OSError) as error:
            await self._failed(error)
            return otherwise

    async def _in_thread(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    async def close(self) -> None:
        """Write what is left, and close the file."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        if self._timer is not None:
            self._timer.cancel()
        await self.flush()
        await self._in_thread(self._database.close)
        self._thread.shutdown(wait=False)
