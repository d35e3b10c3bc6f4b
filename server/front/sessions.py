"""The life of the sessions: opened with a host, moved to another, put away, woken, built again, and forgotten."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace

from ..wire.commands import CommandError
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
from ..wire.protocol import Close, refuse, text
from ..wire.settings import Settings
from .audience import Audience
from .commands import COMMANDS
from .entries import FALLS_TO_GIVE_UP, FALLS_TO_PAUSE, Entries, Entry
from .hello import fresh_number
from .hosts import Hosts
from .jobs import Jobs
from .link import InlineLink, Link, ProcessLink
from .uploads import Uploads, names_in

#: Seconds of replay that a session may cost when it is moved to a host that suits it better.
_MOST_REPLAY = 2.0
#: Seconds until it is tried again to start a trainer, at first and at most.
_PATIENCE, _MOST_PATIENCE = 1.0, 30.0


class Sessions:
    """All sessions, and the hosts that train them.

    Parameters
    ----------
    settings : Settings
    clock : callable
        Seconds; what sessions expire by.
    make_jobs : callable
        Makes the queue of work beside the training, of what takes results and news of it.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], float],
        make_jobs: Callable[[Callable[[Job, object], None], Callable[[Job, float], None]], Jobs],
    ) -> None:
        self._settings, self._clock = settings, clock
        self.entries = Entries(settings.limits, clock)
        self.uploads = Uploads(settings.limits.upload_bytes)
        self.jobs = make_jobs(self._job_done, self._job_advanced)
        self.hosts = Hosts(self._make_link, settings.trainers, self.entries.load)
        self._closing: set[asyncio.Task[None]] = set()
        self._retry: asyncio.TimerHandle | None = None
        self._patience = _PATIENCE
        self.hosts.start()

    def open(self, name: str, address: str, secret: bytes, record: Record) -> Entry:
        """Open a session.

        Raises
        ------
        CommandError
            If there is no room for it.
        """
        leaver = self.entries.who_makes_room(address)
        if leaver is not None:
            self.forget(leaver, Close.SESSION_CLOSED)
        audience = Audience(name, lambda want: self.entries.known(name).link.send(want))
        link = self._place(record)
        entry = Entry(audience, secret, address, link, record, record.step, self._clock())
        self.entries.add(name, entry)
        if self.uploads.claim(name, names_in(record)):
            self.give(name, entry)
        link.send(Open(name, record, "rebuilt" if record.step else None))
        self.save_memory()
        return entry

    def forget(self, name: str, code: Close) -> None:
        """Drop a session, and end its sockets with this code."""
        entry = self.entries.pop(name)
        self.jobs.cancel(name)
        entry.link.send(Forget(name))
        self._take(self.uploads.release(name))
        for client in list(entry.audience.clients.values()):
            entry.audience.leave(client)
            client.close(code)

    def expire(self) -> None:
        """Drop what nobody has looked at for long, and put away what takes too much memory."""
        for name in self.entries.expired(self._clock() - self._settings.expiry):
            self.forget(name, Close.SESSION_CLOSED)
        self.save_memory()

    def save_memory(self) -> None:
        """Put sessions away that nobody looks at, where they take too much memory together."""
        for name in self.entries.who_may_sleep():
            self._put_away(name, self.entries.known(name))

    def wake(self, name: str, entry: Entry) -> None:
        """Have a session trained that was put away.

        Raises
        ------
        CommandError
            If there is no host for it.
        """
        if entry.asleep:
            self._build(name, entry, self._place(entry.record), "rebuilt" if entry.step else None)

    async def close(self) -> None:
        """End all that runs beside the event loop."""
        if self._retry is not None:
            self._retry.cancel()
        self.hosts.close()
        await asyncio.gather(self.jobs.close(), *(link.close() for link in self.hosts.all), *self._closing)

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
            return ProcessLink(self._receive, self._fallen, self._settings.limits)
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

    def _build(self, name: str, entry: Entry, link: Link, reason: str | None) -> None:
        """Have a host build a session again, and show it to its audience."""
        entry.link, entry.asleep = link, False
        entry.record = replace(entry.record, step=entry.step, number=fresh_number())
        self.give(name, entry)
        link.send(Open(name, entry.record, reason))
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
        self._build(name, entry, link, None)
        for (client, _), command in entry.pending.items():
            link.send(Order(name, client, command))

    def _fallen(self, link: Link) -> None:
        """A trainer process has died, or could not be started: another takes its sessions, from their logs."""
        self.hosts.remove(link)
        task = asyncio.get_running_loop().create_task(link.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
        orphans = self.entries.of(link)
        if link.heard:
            print("backscope: a trainer process has ended; another takes its runs", file=sys.stderr)
            self._patience = _PATIENCE
        elif self._retry is None:
            print("backscope: a trainer process could not be started; it is tried again", file=sys.stderr)
        for name, entry in orphans:
            self.jobs.cancel(name)
            entry.asleep = True
            self._refuse_pending(entry)
            falls = entry.fall(self._clock()) if link.heard else 0
            if falls >= FALLS_TO_GIVE_UP:
                self.forget(name, Close.FAILED)
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
        for name, entry in self.entries:
            if entry.asleep and not entry.abandoned:
                try:
                    link = self.hosts.place(entry.record.cost)
                except OSError:
                    self._try_later()
                    return
                self._build(name, entry, link, "trainer_restarted")

    def _try_later(self) -> None:
        if self._retry is None:
            self._retry = asyncio.get_running_loop().call_later(self._patience, self._build_orphans)
            self._patience = min(2 * self._patience, _MOST_PATIENCE)

    def _refuse_pending(self, entry: Entry) -> None:
        words = "the process that trained this run has died; the run is being built again"
        for (number, _), command in entry.pending.items():
            client = entry.audience.clients.get(number)
            if client is not None:
                client.reply(refuse(command.number, "trainer_lost", words))
        entry.pending.clear()

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
        elif isinstance(message, Progress):
            entry.step = message.step
        elif isinstance(message, Job):
            self.jobs.submit(message, {one.name: one.table for one in self.uploads.of(message.session)})
        elif isinstance(message, Cancel):
            self.jobs.cancel(message.session, message.topic)
        elif isinstance(message, Broken):
            self.forget(message.session, Close.FAILED)

    def _answer(self, entry: Entry, reply: Reply) -> None:
        command = entry.pending.pop((reply.client, reply.number), None)
        client = entry.audience.clients.get(reply.client)
        if client is not None:
            client.reply(reply.text, reply.kind)
            if command is not None and not COMMANDS[command.op].read_only:  # to look would spend what an edit needs
                entry.audience.hurry(client)

    def _save(self, name: str, entry: Entry, record: Record) -> None:
        entry.record, entry.step = record, record.step
        self.keep_uploads(name, record)
        suits = not self.hosts.misplaced(entry.link, record.cost)
        if not suits and not entry.asleep and record.step * record.cost.step < _MOST_REPLAY:
            self._move(name, entry)

    def _job_done(self, job: Job, result: object) -> None:
        entry = self.entries.get(job.session)
        if entry is not None:
            entry.link.send(JobDone(job.session, job.job, result))

    def _job_advanced(self, job: Job, share: float) -> None:
        entry = self.entries.get(job.session)
        if entry is not None:
            entry.link.send(JobAdvanced(job.session, job.job, share))
