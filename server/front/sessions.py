"""The life of the sessions: opened with a host, moved to another, put away, woken, built again, and forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from ..store.database import Run, Stored
from ..store.store import Store
from ..wire.commands import CommandError
from ..wire.log import alias, note, warn
from ..wire.messages import (
    Attendance,
    Broken,
    Cancel,
    Forget,
    Frame,
    Give,
    Job,
    JobAdvanced,
    JobDone,
    Kept,
    Open,
    Order,
    Progress,
    Publish,
    Record,
    Reply,
    Saved,
    Take,
    ToFront,
)
from ..wire.packing import Damaged
from ..wire.protocol import Close, text
from ..wire.settings import Settings
from .audience import Audience
from .commands import COMMANDS
from .entries import Entries, Entry, opens
from .hello import fresh_number
from .hosts import Hosts
from .jobs import Jobs
from .kept import record_from_json, record_to_json, table_from_bytes, table_to_bytes
from .link import InlineLink, Link, ProcessLink
from .rescue import Rescue
from .tally import Tally
from .trainer_process import TrainerProcess
from .uploads import Uploads, names_in, upload_of

#: Seconds of replay that a session may cost when it is moved to a host that suits it better.
_MOST_REPLAY = 2.0


class Sessions:
    """All sessions, and the hosts that train them.

    Parameters
    ----------
    settings : Settings
    clock : callable
        Seconds; what sessions expire by.
    make_jobs : callable
        Makes the queue of work beside the training, of what takes results and news of it.
    tally : Tally
        Counts the steps.
    trainer : TrainerProcess, optional
        One that loads already.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], float],
        make_jobs: Callable[[Callable[[Job, object], None], Callable[[Job, float], None]], Jobs],
        tally: Tally,
        trainer: TrainerProcess | None = None,
    ) -> None:
        self._tally, self._loading = tally, trainer
        self._settings, self._clock = settings, clock
        self.entries = Entries(settings.limits, clock)
        self.uploads = Uploads(settings.limits.upload_bytes)
        self.jobs = make_jobs(self._job_done, self._job_advanced)
        self.store = Store(settings.data_dir, self._tell_trouble, self._save_all)
        self.hosts = Hosts(self._make_link, settings.trainers, self.entries.load)
        self.listeners: list[Callable[[str, Entry, ToFront], None]] = []  # hear what hosts say, after all is done
        self._rescue = Rescue(self, clock)
        self.hosts.start()

    def open(
        self,
        name: str,
        address: str,
        secret: bytes,
        record: Record,
        owner: bytes | None = None,
        kept: bytes | None = None,
        *,
        stored: bool = False,
    ) -> Entry:
        """Open a session, from its packed state if it was `stored` with one.

        Raises
        ------
        CommandError
            If there is no room for it.
        """
        leaver = self.entries.who_makes_room(address)
        if leaver is not None:
            self.forget(leaver, Close.SESSION_CLOSED)
        if self.entries.memory + record.cost.memory > self._settings.limits.memory_bytes:
            self.save_memory(0)
        self.entries.check_memory(record.cost.memory)
        audience = Audience(name, lambda want: self.entries.known(name).link.send(want))
        link = self._place(record)
        entry = Entry(audience, secret, address, link, record, record.step, self._clock(), owner=owner, stored=stored)
        self.entries.add(name, entry)
        note("session_opened", session=alias(name), sessions=len(self.entries), stored=stored)
        if self.uploads.claim(name, names_in(record)):
            self.give(name, entry)
        if self.store.trouble is not None:
            audience.publish(_trouble(name, self.store.trouble))
        link.send(Open(name, record, "rebuilt" if record.step else None, kept))
        self.save_memory()
        return entry

    async def opened_by(self, name: str, secret: str) -> bool:
        """Whether a secret opens the session of this name, in memory or kept."""
        entry = self.entries.get(name)
        held = entry or await self.store.find(name)
        return held is not None and opens(secret, held.secret, held.owner)

    def reopen(self, name: str, address: str, stored: Stored) -> Entry:
        """Open a session that the store has kept, where it was.

        Raises
        ------
        CommandError, ConfigError
            If there is no room for it, or it cannot be read.
        """
        for raw in stored.tables:
            try:
                self.uploads.add(name, upload_of(table_from_bytes(raw)))
            except Damaged as error:
                warn("table_unreadable", f"a table that was kept cannot be read: {error}")
        record = replace(record_from_json(stored.record), step=stored.step)
        return self.open(name, address, stored.secret, record, stored.owner, stored.state, stored=True)

    def forget(self, name: str, code: Close) -> None:
        """Drop a session, and end its sockets with this code."""
        entry = self.entries.pop(name)
        note("session_ended", session=alias(name), sessions=len(self.entries), why=code.name.lower())
        self.jobs.cancel(name)
        entry.link.send(Forget(name))
        self.store.let_go(name)
        self._take(self.uploads.release(name))
        for client in list(entry.audience.clients.values()):
            entry.audience.leave(client)
            client.close(code)

    def expire(self) -> None:
        """Drop what nobody has looked at for long, and put away what takes too much memory."""
        for name in self.entries.expired(self._clock() - self._settings.expiry):
            self.forget(name, Close.SESSION_CLOSED)
        self.save_memory()

    def save_memory(self, keep: int | None = None) -> None:
        """Put sessions away that nobody looks at, where they take too much memory together."""
        for name in self.entries.who_may_sleep(keep):
            self._put_away(name, self.entries.known(name))

    def wake(self, name: str, entry: Entry, kept: bytes | None = None) -> None:
        """Have a session trained that was put away, from its packed state.

        Raises
        ------
        CommandError
            If there is no host for it.
        """
        if entry.asleep:
            self.build(name, entry, self._place(entry.record), "rebuilt" if entry.step else None, kept)

    async def close(self) -> None:
        """End all that runs beside the event loop."""
        self.hosts.close()
        await asyncio.gather(self.jobs.close(), *(link.close() for link in self.hosts.all), self._rescue.close())
        await self.store.close()

    # The store

    def _store(self, name: str, entry: Entry) -> None:
        """Have the newest of a session written, once there is anything in it to lose."""
        if not (entry.stored or entry.touched or entry.unsaved):
            return
        entry.stored = True
        record, tables = entry.record, self.uploads.of(name)
        for upload in tables:
            self.store.add_table(upload.name, partial(table_to_bytes, upload.table))
        names = frozenset(upload.name for upload in tables)
        self.store.save(name, Run(entry.secret, entry.owner, entry.step, partial(record_to_json, record), names))

    def hold(self, name: str, entry: Entry) -> None:
        """Keep a session although there may be nothing in it to lose yet: others know of it."""
        entry.stored = True
        self._store(name, entry)

    def _save_all(self) -> None:
        """A new file had to be begun: what is in memory is written to it."""
        for name, entry in self.entries:
            if entry.stored:
                self._store(name, entry)

    def _tell_trouble(self, word: str | None) -> None:
        for name, entry in self.entries:
            entry.audience.publish(_trouble(name, word))

    # Uploads

    def give(self, name: str, entry: Entry) -> None:
        """Let host and clients of a session know its tables, before a run needs them."""
        tables = self.uploads.of(name)
        if self._settings.trainers:
            for one in tables:
                entry.link.send(Give(name, one.table))
        entry.audience.publish(Publish(name, "uploads", text("uploads", {"datasets": [one.option for one in tables]})))

    def keep_uploads(self, name: str, record: Record) -> None:
        """Drop the tables that a session needs no more."""
        self._take(self.uploads.keep(name, names_in(record)))

    def _take(self, names: Iterable[str]) -> None:
        for name in names:
            self.jobs.forget(name)
            if self._settings.trainers:
                self.hosts.send_all(Take("", name))

    # Hosts

    def _make_link(self) -> Link:
        if self._settings.trainers:
            trainer, self._loading = self._loading or TrainerProcess(self._settings.limits), None
            return ProcessLink(self._receive, self._rescue.fallen, trainer)
        return InlineLink(self._receive, self._settings.limits)

    def _place(self, record: Record) -> Link:
        try:
            return self.hosts.place(record.cost)
        except OSError as error:
            words = f"this server cannot start a process for this run just now: {error.strerror or error}"
            raise CommandError("no_trainer", words) from error

    def _put_away(self, name: str, entry: Entry) -> None:
        """No host knows a session any more, until it is built again from its record."""
        self.jobs.cancel(name)
        entry.link.send(Forget(name))
        entry.asleep = True

    def build(self, name: str, entry: Entry, link: Link, reason: str | None, kept: bytes | None = None) -> None:
        """Have a host build a session again, and show it to its audience."""
        entry.link, entry.asleep = link, False
        entry.record = replace(entry.record, step=entry.step, number=fresh_number())
        self.give(name, entry)
        link.send(Open(name, entry.record, reason, kept))
        link.send(Attendance(name, len(entry.audience.clients)))
        for (client, _), command in entry.standing.items():
            link.send(Order(name, client, replace(command, number=None)))
        entry.audience.start_over()

    def _move(self, name: str, entry: Entry) -> None:
        """Bring a session that has become heavier, or lighter, to a host where it holds nobody up.

        What was asked and not answered yet is asked again: the record does not know of it.
        """
        try:
            link = self.hosts.place(entry.record.cost)
        except OSError:  # it stays where it is
            return
        self._put_away(name, entry)
        self.build(name, entry, link, None)
        for (client, _), command in entry.pending.items():
            link.send(Order(name, client, command))

    # What hosts say

    def _receive(self, link: Link, message: ToFront) -> None:
        entry = self.entries.get(message.session)
        if entry is None or entry.link is not link:
            return
        if isinstance(message, Frame):
            entry.audience.deliver(message)
        elif isinstance(message, Reply):
            self._answer(entry, message)
        elif isinstance(message, Publish):
            entry.audience.publish(message)
        elif isinstance(message, Saved):
            self._save(message.session, entry, message.record)
        elif isinstance(message, Kept):
            if entry.stored:
                self.store.keep(message.session, message.payload)
        elif isinstance(message, Progress):
            self._tally.steps += entry.reach(message.step)
            if entry.stored:
                self.store.advance(message.session, message.step)
            elif entry.touched:
                self._store(message.session, entry)
        elif isinstance(message, Job):
            self.jobs.submit(message, {one.name: one.table for one in self.uploads.of(message.session)})
        elif isinstance(message, Cancel):
            self.jobs.cancel(message.session, message.topic)
        elif isinstance(message, Broken):
            self.forget(message.session, Close.FAILED)
        for hear in self.listeners:
            hear(message.session, entry, message)

    def _answer(self, entry: Entry, reply: Reply) -> None:
        command = entry.pending.pop((reply.client, reply.number), None)
        client = entry.audience.clients.get(reply.client)
        if client is not None:
            client.reply(reply.text, reply.kind)
            if reply.change and reply.number is not None:
                entry.unsaved[reply.client] = reply.number
            if command is not None and not COMMANDS[command.op].read_only:  # to look would spend what an edit needs
                entry.audience.hurry(client)

    def _save(self, name: str, entry: Entry, record: Record) -> None:
        self._tally.steps += entry.reach(record.step)
        entry.record = record
        self.keep_uploads(name, record)
        self._store(name, entry)
        if entry.unsaved:
            changes, entry.unsaved = entry.unsaved, {}
            if self.store.lasting:
                self.store.when_saved(lambda: entry.audience.tell_saved(changes))
        suits = not self.hosts.misplaced(entry.link, record.cost)
        if not suits and not entry.asleep and record.step * record.cost.step < _MOST_REPLAY:
            self._move(name, entry)

    def _job_done(self, job: Job, result: object) -> None:
        if (entry := self.entries.get(job.session)) is not None:
            entry.link.send(JobDone(job.session, job.job, result))

    def _job_advanced(self, job: Job, share: float) -> None:
        if (entry := self.entries.get(job.session)) is not None:
            entry.link.send(JobAdvanced(job.session, job.job, share))


def _trouble(name: str, word: str | None) -> Publish:
    return Publish(name, "storage", text("storage", {"trouble": word}))
