"""The sessions of this server: opened, found again by their secret, limited, forgotten, and built again."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import itertools
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...core.ground.errors import ConfigError
from ..wire import protocol
from ..wire.commands import Command, CommandError, parse
from ..wire.edits import exhausted
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
from .client import Client
from .commands import COMMANDS, OF_THE_FRONT
from .hello import fresh_number, log_length, reading_record
from .jobs import Jobs, worker_process, worker_thread
from .link import InlineLink, Link, ProcessLink
from .options import options
from .reader import Reader
from .slices import in_slices
from .uploads import Choices, Uploads, names_in

#: Falls of its trainer process within a minute after which a session is built again but does not play,
#: and after which it is given up.
_FALLS_TO_PAUSE, _FALLS_TO_GIVE_UP = 2, 4
_MINUTE = 60.0

_SPARE_AFTER = 1.2  # seconds: by then a page on this machine stands

_SHORT_LOG = 30  # edits that are read in less than a hundredth of a second
_SHORT = 4096  # bytes of a message that costs less to read than to refuse


@dataclass(eq=False)
class Entry:
    """A session as the front knows it."""

    audience: Audience
    secret: bytes
    link: Link
    record: Record
    step: int  # the newest known, later than the record's
    seen: float
    pending: dict[tuple[int, int | None], str] = field(default_factory=dict)  # (client, number) to op
    falls: deque[float] = field(default_factory=lambda: deque(maxlen=_FALLS_TO_GIVE_UP))


class Registry:
    """All sessions, the hosts that train them, and the work beside them.

    Parameters
    ----------
    settings : Settings
    clock : callable
        Seconds; what sessions expire by.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings = settings
        self._clock = clock
        self._entries: dict[str, Entry] = {}
        self._links: list[Link] = []
        self._clients: dict[int, Client] = {}
        self._numbers = itertools.count(1)
        make = worker_process if settings.trainers else worker_thread
        self._uploads = Uploads(settings.limits.upload_bytes)
        self._reader = Reader(make)
        self._reading_logs = asyncio.Lock()
        self._jobs = Jobs(make, self._job_done, self._job_advanced)
        self._closing: set[asyncio.Task[None]] = set()
        self._spare: asyncio.TimerHandle | None = None
        self._add_link()
        self._jobs.prepare()
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._beat()), loop.create_task(self._expire())]

    # Numbers for `/healthz`

    @property
    def sessions(self) -> int:
        """Sessions held."""
        return len(self._entries)

    @property
    def trainers(self) -> int:
        """Trainer hosts alive."""
        return sum(link.alive for link in self._links)

    # Clients

    def connect(self) -> Client | None:
        """Return a new client, which is in no session yet; None if too many are in none."""
        if sum(client.audience is None for client in self._clients.values()) >= self.settings.limits.strangers:
            return None
        client = Client(next(self._numbers), self.settings.limits)
        self._clients[client.number] = client
        return client

    async def handle(self, client: Client, name: str, message: str) -> None:
        """Do what a message asks for, and answer it, whatever it is."""
        number, limits = None, self.settings.limits
        try:
            if len(message) > _SHORT:
                self._charge(client, len(message))
            command = parse(message, COMMANDS, limits.message_bytes)
            number = command.number
            if len(message) <= _SHORT and not COMMANDS[command.op].free:  # refused once, a client would wait for ever
                self._charge(client, len(message))
            await self._obey(client, name, command)
        except CommandError as error:
            client.reply(refuse(number if error.number is None else error.number, error.code, str(error), error.params))
        except ConfigError as error:
            refused = CommandError.of(error)
            client.reply(refuse(number, refused.code, str(error), refused.params))
        except Exception:
            traceback.print_exc(file=sys.stderr)
            client.reply(refuse(number, "internal", "this command failed inside the server"))

    def _charge(self, client: Client, length: int) -> None:
        if not client.pay(1 + length / 16_384):
            rate = self.settings.limits.messages_per_second
            words = f"a client may send {rate:g} commands per second, and this one sent more"
            raise CommandError("too_many", words, {"name": "commands", "high": rate})

    def leave(self, client: Client) -> None:
        """A client's socket has ended."""
        self._clients.pop(client.number, None)
        audience = client.audience
        if audience is None:
            return
        audience.leave(client)
        entry = self._entries.get(audience.name)
        if entry is not None and entry.audience is audience:
            entry.seen = self._clock()
            entry.pending = {key: op for key, op in entry.pending.items() if key[0] != client.number}
            entry.link.send(Attendance(audience.name, len(audience.clients), client.number))

    def audience_of(self, client: Client) -> Audience:
        """Return the audience that a client is in.

        Raises
        ------
        CommandError
            If it is in none yet.
        """
        if client.audience is None:
            raise CommandError("hello_first", "the first message must be hello")
        return client.audience

    async def _obey(self, client: Client, name: str, command: Command) -> None:
        if command.op in OF_THE_FRONT:
            await OF_THE_FRONT[command.op].action(self, client, name, command)
            return
        audience = self.audience_of(client)
        entry = self._entries[audience.name]
        entry.pending[client.number, command.number] = command.op
        entry.link.send(Order(name, client.number, command))
        if COMMANDS[command.op].picture_first:  # the wish for the frame that obeys goes with the order
            audience.hurry(client)

    async def enter(self, client: Client, name: str, command: Command) -> None:
        """Let a client into the session of this name, which is opened if there is none.

        Raises
        ------
        CommandError, ConfigError
            If it may not, or asks for what cannot be.
        """
        fields = command.fields
        if client.audience is not None:
            raise CommandError("already_open", "this socket is in a session already")
        token = self.settings.token
        if token is not None and not hmac.compare_digest(fields.get("token", "").encode(), token.encode()):
            raise CommandError("token_required", "this server asks for the token that stands in its link")
        version = fields.get("version", protocol.VERSION)
        if version != protocol.VERSION:
            words = f"this server speaks version {protocol.VERSION}, got {version}: reload the page"
            raise CommandError("version", words, {"name": "version", "value": version})
        secret = hashlib.sha256(fields["secret"].encode()).digest()
        record = None
        if name not in self._entries:  # nothing is read for who does not know the secret of a session that is there
            record = await self._read_record(client, fields)
        entry, resumed = self._entries.get(name), True
        if entry is None:
            assert record is not None
            entry, resumed = self._open(name, secret, record), False
        elif not hmac.compare_digest(secret, entry.secret):
            raise CommandError("wrong_secret", "this session belongs to somebody else")
        if len(entry.audience.clients) >= self.settings.limits.clients:
            raise CommandError("too_many_clients", f"a session has at most {self.settings.limits.clients} clients")
        client.reply(protocol.accept(command.number, entry.step, resumed=resumed))
        welcome = {"version": protocol.VERSION, "session": name, "heartbeat": self.settings.heartbeat}
        client.offer("welcome", text("welcome", {**welcome, "options": options(self.settings.limits)}))
        entry.audience.enter(client)
        entry.link.send(Attendance(name, len(entry.audience.clients)))

    async def _read_record(self, client: Client, fields: Mapping[str, Any]) -> Record:
        """Return what a hello wants to be opened; long logs are read in slices, and one at a time."""
        work = reading_record(fields, self.settings.limits)
        if log_length(fields) <= _SHORT_LOG:
            return exhausted(work)
        client.greets = True
        try:
            async with self._reading_logs:
                return await in_slices(work)
        finally:
            client.greets = False

    # Sessions

    def _open(self, name: str, secret: bytes, record: Record) -> Entry:
        limit = self.settings.limits.sessions
        if len(self._entries) >= limit:
            abandoned = [(entry.seen, name) for name, entry in self._entries.items() if not entry.audience.clients]
            if not abandoned:
                raise CommandError("too_many_sessions", f"this server holds {limit} sessions, and all are in use")
            self._forget(min(abandoned)[1], Close.SESSION_CLOSED)
        link = self._place()
        entry = Entry(
            Audience(name, lambda want: self._entries[name].link.send(want)),
            secret,
            link,
            record,
            record.step,
            self._clock(),
        )
        self._entries[name] = entry
        if self._uploads.claim(name, names_in(record)):
            self._give(name, entry)
        link.send(Open(name, record, "rebuilt" if record.step else None))
        return entry

    # Uploads

    async def read(self, name: str, secret: str, content: bytes, choices: Choices) -> dict[str, Any]:
        """Read a file that a client of a session gives, keep what it holds, and return the reply.

        Parameters
        ----------
        name, secret : str
            The session, and what its clients know.
        content : bytes
            Of the file.
        choices : Choices
            What the client says of it.

        Raises
        ------
        CommandError
            If there is no such session, no room, or no process that survives the file.
        """
        self.check_secret(name, secret)
        upload, reply = await self._reader.read(content, choices)
        entry = self.check_secret(name, secret)
        if upload is not None:
            self._uploads.add(name, upload)
            self._take(self._uploads.keep(name, names_in(entry.record)))
            self._give(name, entry)
        return reply

    def check_secret(self, name: str, secret: str) -> Entry:
        """Return a session to who knows its secret, else raise CommandError."""
        entry = self._entries.get(name)
        if entry is None or not hmac.compare_digest(hashlib.sha256(secret.encode()).digest(), entry.secret):
            raise CommandError("wrong_secret", "this session belongs to somebody else, or is no longer here")
        return entry

    def _give(self, name: str, entry: Entry) -> None:
        """Let host and clients of a session know its tables, before a run needs them."""
        tables = self._uploads.of(name)
        if self.settings.trainers:
            for one in tables:
                entry.link.send(Give(name, one.table))
        entry.audience.publish(Publish(name, "uploads", text("uploads", {"datasets": [one.option for one in tables]})))

    def _take(self, names: Iterable[str]) -> None:
        for name in names:
            self._jobs.forget(name)
            if self.settings.trainers:
                for link in self._links:
                    link.send(Take("", name))

    def _forget(self, name: str, code: Close) -> None:
        entry = self._entries.pop(name)
        self._jobs.cancel(name)
        entry.link.send(Forget(name))
        self._take(self._uploads.release(name))
        for client in list(entry.audience.clients.values()):
            entry.audience.leave(client)
            client.close(code)

    def _place(self) -> Link:
        """Return the host with the fewest sessions that are looked at; a new one while there may be more."""
        load = self._load()
        link = self._add_link() if self._more_wanted(load) else min(load, key=load.__getitem__)
        if self._spare is None and len(self._links) < self.settings.trainers:
            self._spare = asyncio.get_running_loop().call_later(_SPARE_AFTER, self._add_spare)
        return link

    def _load(self) -> dict[Link, float]:
        load = dict.fromkeys(self._links, 0.0)
        for entry in self._entries.values():
            if entry.link in load:
                load[entry.link] += 1.0 if entry.audience.clients else 0.001
        return load

    def _more_wanted(self, load: Mapping[Link, float]) -> bool:
        return len(self._links) < self.settings.trainers and all(load.values())

    def _add_spare(self) -> None:
        """Start the host of the next session before it comes, but not while the page of this one loads."""
        self._spare = None
        if self._more_wanted(self._load()):
            self._add_link()

    def _add_link(self) -> Link:
        limits = self.settings.limits
        link: Link
        if self.settings.trainers:
            link = ProcessLink(self._receive, self._fallen, limits)
        else:
            link = InlineLink(self._receive, limits)
        self._links.append(link)
        return link

    # What hosts say

    def _receive(self, link: Link, message: ToFront) -> None:
        entry = self._entries.get(message.session)
        if entry is None or entry.link is not link:
            return
        if isinstance(message, Frame):
            entry.audience.deliver(message)
        elif isinstance(message, Reply):
            op = entry.pending.pop((message.client, message.number), None)
            client = entry.audience.clients.get(message.client)
            if client is not None:
                client.reply(message.text, message.kind)
                if op is not None and not COMMANDS[op].read_only:  # to look would spend what an edit needs
                    entry.audience.hurry(client)
        elif isinstance(message, Publish):
            entry.audience.publish(message)
        elif isinstance(message, Saved):
            entry.record, entry.step = message.record, message.record.step
            self._take(self._uploads.keep(message.session, names_in(message.record)))
        elif isinstance(message, Progress):
            entry.step = message.step
        elif isinstance(message, Job):
            self._jobs.submit(message, {one.name: one.table for one in self._uploads.of(message.session)})
        elif isinstance(message, Cancel):
            self._jobs.cancel(message.session, message.topic)
        elif isinstance(message, Broken):
            self._forget(message.session, Close.FAILED)

    def _job_done(self, job: Job, result: object) -> None:
        entry = self._entries.get(job.session)
        if entry is not None:
            entry.link.send(JobDone(job.session, job.job, result))

    def _job_advanced(self, job: Job, share: float) -> None:
        entry = self._entries.get(job.session)
        if entry is not None:
            entry.link.send(JobAdvanced(job.session, job.job, share))

    def _fallen(self, link: Link) -> None:
        """A trainer process has died: another takes its sessions, from their logs."""
        self._links.remove(link)
        print("backscope: a trainer process has ended; another takes its runs", file=sys.stderr)
        task = asyncio.get_running_loop().create_task(link.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
        now = self._clock()
        for name, entry in list(self._entries.items()):
            if entry.link is link:
                self._jobs.cancel(name)
                entry.falls.append(now)
                self._build_again(name, entry, sum(fall > now - _MINUTE for fall in entry.falls))

    def _build_again(self, name: str, entry: Entry, falls: int) -> None:
        words = "the process that trained this run has died; the run is being built again"
        for number, command in entry.pending:
            client = entry.audience.clients.get(number)
            if client is not None:
                client.reply(refuse(command, "trainer_lost", words))
        entry.pending.clear()
        if falls >= _FALLS_TO_GIVE_UP:
            self._forget(name, Close.FAILED)
            return
        playing = entry.record.playing and falls < _FALLS_TO_PAUSE
        entry.link = self._place()
        entry.record = replace(entry.record, step=entry.step, playing=playing, number=fresh_number())
        self._give(name, entry)
        entry.link.send(Open(name, entry.record, "trainer_restarted"))
        entry.link.send(Attendance(name, len(entry.audience.clients)))
        entry.audience.start_over()

    # Time

    async def _beat(self) -> None:
        beat = text("beat")
        while True:
            await asyncio.sleep(self.settings.heartbeat)
            for client in self._clients.values():
                if client.audience is not None:
                    client.offer("beat", beat)

    async def _expire(self) -> None:
        while True:
            await asyncio.sleep(min(30.0, self.settings.expiry / 4))
            old = self._clock() - self.settings.expiry
            for name, entry in list(self._entries.items()):
                if not entry.audience.clients and entry.seen < old:
                    self._forget(name, Close.SESSION_CLOSED)

    async def close(self) -> None:
        """End all that runs beside the event loop."""
        if self._spare is not None:
            self._spare.cancel()
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        ends = [self._jobs.close(), self._reader.close(), *(link.close() for link in self._links)]
        await asyncio.gather(*ends, *self._closing)
