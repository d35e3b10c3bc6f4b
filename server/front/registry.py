"""The clients of this server: let in, heard, and let go; and all that ends with it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from ...core.ground.errors import ConfigError
from ..classroom.elsewhere import Elsewhere
from ..wire import protocol
from ..wire.commands import Command, CommandError, parse
from ..wire.log import alias, fault, note
from ..wire.messages import Attendance, Order, Record
from ..wire.protocol import Close, refuse, text
from ..wire.settings import Settings
from .abroad import Abroad
from .admission import Admission
from .audience import Audience
from .bodies import Bodies
from .classroom import Classroom
from .client import Client
from .commands import BY_THE_FRONT, COMMANDS
from .copies import Copies
from .direct import Rounds
from .entries import Entry, digest, opens
from .hello import Hellos, check_version
from .jobs import Jobs, MakeJobs, worker_process, worker_thread
from .options import options_mark, options_text
from .own_runs import OwnRuns
from .reader import Reader
from .sessions import Sessions
from .tally import Tally
from .trainer_process import TrainerProcess
from .uploads import Choices, Upload

Made = TypeVar("Made", bound=Client)

_SHORT = 4096  # bytes of a message that costs less to read than to refuse


class Registry:
    """All clients, and the sessions that they are in.

    Parameters
    ----------
    settings : Settings
    clock : callable
        Seconds; what sessions expire by.
    trainer : TrainerProcess, optional
        One that loads already.
    make_jobs : callable, optional
        Makes what computes beside the training, as `Jobs` is made: they are the default.
    elsewhere : Elsewhere, optional
        Rooms of other servers.
    abroad : Abroad, optional
        Hands rooms on between servers.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        trainer: TrainerProcess | None = None,
        make_jobs: MakeJobs | None = None,
        elsewhere: Elsewhere | None = None,
        abroad: Abroad | None = None,
    ) -> None:
        self.settings = settings
        self._clock = clock
        self.tally, self.rounds = Tally(), Rounds()
        self.admission = Admission(settings.token)
        self._clients: dict[int, Client] = {}
        self._numbers = itertools.count(1)
        make = worker_process if settings.trainers else worker_thread
        self._reader = Reader(make)
        self.bodies = Bodies(settings.limits)
        self._hellos = Hellos(settings.limits)
        jobs = partial(make_jobs or Jobs, make)
        self._sessions = Sessions(settings, clock, jobs, self.tally, trainer)
        self._entries = self._sessions.entries
        self.own_runs = OwnRuns(self._sessions)
        self.copies = Copies(self._sessions)
        self.classroom = Classroom(settings, self._sessions, elsewhere=elsewhere)
        self._abroad = abroad
        if abroad is not None:
            abroad.begin(self)
        self._sessions.jobs.prepare()
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
        return self._sessions.hosts.alive

    @property
    def latest(self) -> Record | None:
        """The run that somebody looks at, or looked at last, at the step that it is known to have reached."""
        entries = (entry for _, entry in self._entries)
        found = max(entries, key=lambda entry: (not entry.abandoned, entry.seen), default=None)
        return None if found is None else replace(found.record, step=found.step)

    # Numbers for `/metrics`

    @property
    def rooms(self) -> int:
        """Rooms that are open."""
        return len(self.classroom.rooms)

    @property
    def members(self) -> int:
        """People who are in a room, or play with a copy of its run."""
        return sum(room.roster.present for room in self.classroom.rooms)

    @property
    def watched(self) -> int:
        """Sessions that somebody looks at."""
        return sum(not entry.abandoned for _, entry in self._entries)

    def plays(self, name: str) -> bool | None:
        """Whether somebody looks at a session; None where it is not in memory."""
        entry = self._entries.get(name)
        return None if entry is None else not entry.abandoned

    @property
    def clients(self) -> int:
        """Clients that are in a session."""
        return sum(client.audience is not None for client in self._clients.values())

    @property
    def memory(self) -> int:
        """Bytes that the sessions which a host trains should take."""
        return self._entries.memory

    # Clients

    def connect(self, address: str) -> Client | None:
        """Return a new client, which is in no session yet; None if too many are in none.

        The address with the most of them makes room, so that nobody keeps others out.
        """
        strangers = [client for client in self._clients.values() if client.audience is None and client.closed is None]
        if len(strangers) >= self.settings.limits.strangers:
            crowd = Counter(client.address for client in strangers)
            most = max(crowd, key=crowd.__getitem__, default=address)
            if crowd[address] >= crowd[most]:
                return None
            next(client for client in strangers if client.address == most).close(Close.TOO_MANY)
        return self.add(lambda number: Client(number, self.settings.limits, address, self.tally))

    def add(self, make: Callable[[int], Made]) -> Made:
        """Return a client of a new number, made by `make`, which is in no session yet."""
        client = make(next(self._numbers))
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
            await self._obey(client, name, command, message)
        except (CommandError, ConfigError) as error:
            refused = error if isinstance(error, CommandError) else CommandError.of(error)
            self._refuse(client, number if refused.number is None else refused.number, refused)
        except Exception:
            fault("command_failed")
            client.reply(refuse(number, "internal", "this command failed inside the server"))

    def _refuse(self, client: Client, number: int | None, error: CommandError) -> None:
        self.tally.refused[error.code] += 1
        if client.audience is None:
            note("hello_refused", code=error.code)
        client.reply(refuse(number, error.code, str(error), error.params))

    def _charge(self, client: Client, length: int) -> None:
        if not client.pay(1 + length / 16_384):
            rate = self.settings.limits.messages_per_second
            words = f"a client may send {rate:g} commands per second, and this one sent more"
            raise CommandError("too_many", words, {"name": "commands", "high": rate})

    def leave(self, client: Client) -> None:
        """A client's socket has ended."""
        self._clients.pop(client.number, None)
        audience = client.audience
        self.classroom.left(client)
        if audience is None:
            return
        audience.leave(client)
        note("client_left", session=alias(audience.name), clients=len(audience.clients))
        entry = self._entries.get(audience.name)
        if entry is not None and entry.audience is audience:
            entry.leave(client.number, self._clock())
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

    async def _obey(self, client: Client, name: str, command: Command, message: str) -> None:
        if client.audience is not None and not client.audience.obeys(client, command, message):
            return
        self.classroom.check(client, COMMANDS[command.op])
        if command.op in BY_THE_FRONT:
            await BY_THE_FRONT[command.op].action(self, client, name, command)
            return
        audience = self.audience_of(client)
        entry = self._entries.known(audience.name)
        if entry.asleep:
            raise CommandError("trainer_lost", "no process trains this run just now; it is being built again")
        if COMMANDS[command.op].grows:
            self._entries.check_growth(entry)
        entry.pending[client.number, command.number] = command
        if COMMANDS[command.op].standing:
            entry.standing[client.number, command.op] = command
        wish = audience.lend(client) if COMMANDS[command.op].picture_first else None
        entry.link.send(Order(audience.name, client.number, command, wish))

    async def enter(self, client: Client, name: str, command: Command) -> None:
        """Let a client into the session of this name, which is opened if there is none.

        Raises
        ------
        CommandError, ConfigError
            If it may not, or asks for what cannot be.
        """
        fields = command.fields
        await self.classroom.ready
        admitted = await self.admission.let_in(fields, lambda: self._sessions.opened_by(name, fields["secret"]))
        check_version(fields)
        record, stored = None, None
        if name not in self._entries:  # nothing is read for who does not know the secret of a session that is there
            stored = await self._sessions.store.find(name)
            if stored is not None and not opens(fields["secret"], stored.secret, stored.owner):
                raise CommandError("wrong_secret", "this session belongs to somebody else, or is no longer here")
            if stored is None:
                record = await self._hellos.read(client, fields)
        owner = digest(fields["owner"]) if "owner" in fields else None
        resumed = name in self._entries or stored is not None
        if name in self._entries:
            entry = self._entries.check_secret(name, fields["secret"])
            if entry.asleep:
                kept = await self._sessions.store.state(name)
                entry = self._entries.check_secret(name, fields["secret"])
                self._sessions.wake(name, entry, kept)
        elif stored is not None:
            entry = self._sessions.reopen(name, self.classroom.players.place_of(name, client.address), stored)
        else:
            assert record is not None
            entry = self._sessions.open(name, client.address, digest(fields["secret"]), record, owner)
        if sum(one.member is None for one in entry.audience.clients.values()) >= self.settings.limits.clients:
            raise CommandError("too_many_clients", f"a session has at most {self.settings.limits.clients} clients")
        client.owner, client.has = owner, fields.get("has", {})
        client.reply(protocol.accept(command.number, entry.step, resumed=resumed, **admitted))
        self._let_in(client, entry, {"session": name}, resumed=resumed)

    async def join(self, client: Client, command: Command) -> None:
        """Let a client into a room, by its code.

        Raises
        ------
        CommandError, ConfigError
            If it may not come in.
        """
        check_version(command.fields)
        client.has = command.fields.get("has", {})
        try:
            entry = await self.classroom.join(client, command.fields)
        except CommandError as error:
            if error.code == "elsewhere":
                if self._abroad is not None and await self._abroad.join(client, command):
                    return
                self._refuse(client, command.number, error)
                client.close(Close.ELSEWHERE)
                return
            raise
        client.reply(protocol.accept(command.number, entry.step, resumed=True))
        self._let_in(client, entry, {"session": None}, resumed=True)

    def welcome(self, client: Client, audience: Audience, welcome: Mapping[str, Any]) -> None:
        """Show a client from now on what an audience sees; what it has of what is large is not sent again."""
        mark = options_mark(self.settings.limits)
        told = {"version": protocol.VERSION, "heartbeat": self.settings.heartbeat, **welcome, "mark": mark}
        words = text("welcome", told | {"keeps": self._sessions.store.lasting})
        if client.has.get("options") != mark:
            words = f'{words[:-1]},"options":{options_text(self.settings.limits)}}}'
        client.offer("welcome", words)
        audience.enter(client)

    def _let_in(self, client: Client, entry: Entry, welcome: Mapping[str, Any], *, resumed: bool) -> None:
        """Show a client a session of this server from now on."""
        self.welcome(client, entry.audience, welcome)
        self.classroom.greet(client)
        name, count = entry.audience.name, len(entry.audience.clients)
        note("client_entered", session=alias(name), clients=count, resumed=resumed)
        entry.link.send(Attendance(name, count))

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
        self._entries.check_secret(name, secret)
        upload, reply = await self._reader.read(content, choices)
        entry = self._entries.check_secret(name, secret)
        if upload is not None:
            self._sessions.uploads.add(name, upload)
            self._sessions.keep_uploads(name, entry.record)
            self._sessions.give(name, entry)
        return reply

    def give(self, name: str, secret: str, upload: Upload) -> None:
        """Keep a table that comes with a run for a session, as `read` does.

        Raises
        ------
        CommandError
            If there is no such session, or no room.
        """
        entry = self._entries.check_secret(name, secret)
        self._sessions.uploads.add(name, upload)
        self._sessions.give(name, entry)

    def check_secret(self, name: str, secret: str) -> None:
        """Raise CommandError unless there is a session of this name, and this is its secret."""
        self._entries.check_secret(name, secret)

    # Time

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.settings.heartbeat / 2)
            for client in self._clients.values():
                if client.audience is not None:
                    client.keep_alive()

    async def _expire(self) -> None:
        while True:
            await asyncio.sleep(min(30.0, self.settings.expiry / 4))
            self._sessions.expire()
            self.classroom.expire()

    async def close(self) -> None:
        """End all that runs beside the event loop."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._abroad is not None:
            await self._abroad.close()
        await self.classroom.close()
        await asyncio.gather(self._reader.close(), self._sessions.close())
