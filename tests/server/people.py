"""Clients of a server's real sockets in one event loop: they read all the time, and come back when theirs has ended."""

import asyncio
import contextlib
import json
import math
import random
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from backscope.core.run.trainer import Trainer
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.protocol import decode
from talking import SECRET, Command
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

#: Seconds for anything to come about on however busy a machine.
PATIENCE = 60


class Person:
    """Somebody at a socket: reads all the time, as a page does, and comes back whenever the socket has ended."""

    def __init__(self, session: str, pause: float, **hello: Any) -> None:
        self.session, self.pause, self.hello = session, pause, hello
        self.address = ""
        self.newest: dict[str, dict[str, Any]] = {}  # by kind
        self.replies: dict[int, dict[str, Any]] = {}
        self.told: list[str] = []  # reasons of states, as they came
        self.number, self.ends = 0, 0
        self.socket: ClientConnection | None = None
        self.changed = asyncio.Event()

    async def live(self) -> None:
        """Come, read, and come back."""
        while True:
            with contextlib.suppress(ConnectionClosed, OSError, TimeoutError):
                async with connect(self.address, max_size=None, compression=None) as self.socket:
                    await self.send(**self.hello)
                    async for raw in self.socket:
                        await self.hear(raw)
            self.lose()
            await asyncio.sleep(0.05)

    def lose(self) -> None:
        """Note that the socket has ended, if there was one: what came of it is old."""
        if self.socket is not None:
            self.socket = None
            self.ends += 1
            self.newest.clear()
            self.replies.clear()
            self.changed.set()

    async def hear(self, raw: str | bytes) -> dict[str, Any]:
        if isinstance(raw, str):
            message = json.loads(raw)
        else:
            head, arrays = decode(raw)
            message = {**head, "arrays": arrays}
        self.newest[message["kind"]] = message
        if message["kind"] == "reply":
            self.replies[message["id"]] = message
        elif message["kind"] == "state" and message.get("reason"):
            self.told.append(message["reason"]["code"])
        elif message["kind"] == "frame":
            await asyncio.sleep(self.pause)
            await self.send(op="ack", seq=message["seq"])
        self.changed.set()
        return message

    async def send(self, **command: Any) -> int:
        """Send a command, and return its id."""
        assert self.socket is not None
        self.number += 1
        await self.socket.send(json.dumps({"id": self.number, **command}))
        return self.number

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds of what has come."""
        async with asyncio.timeout(PATIENCE):
            while not holds():
                self.changed.clear()
                await self.changed.wait()

    async def do(self, op: str, **fields: Any) -> dict[str, Any]:
        """Send a command that has to be obeyed, and return its reply."""
        number, ends = await self.send(op=op, **fields), self.ends
        await self.until(lambda: number in self.replies or self.ends > ends)
        if number not in self.replies:  # it went with its socket
            await self.until(lambda: "frame" in self.newest)
            return await self.do(op, **fields)
        reply = self.replies.pop(number)
        assert reply["ok"], reply
        return reply

    @property
    def step(self) -> int:
        """Of the newest frame."""
        return int(self.newest["frame"]["step"]) if "frame" in self.newest else -1


def _said_by_page(name: str) -> list[float]:
    """Return the seconds, or shares, that a constant of the page's own client has."""
    folder = Path(__file__).parents[2] / "static" / "js" / "wire"
    code = "".join((folder / f"{file}.js").read_text("utf-8") for file in ("socket", "rival", "letters", "patience"))
    found = re.search(rf"^(?:export )?const {name} = \[?([\d_., ]+)\]?;", code, re.MULTILINE)
    assert found is not None, name
    shares = ("JITTER", "QUIET", "LENIENCE", "LEEWAY")
    return [float(number) * (1 if name in shares else 1e-3) for number in found[1].split(",")]


class Patience:
    """How long a page waits, as `static/js/wire/patience.js` has it."""

    def __init__(self) -> None:
        self.retry, self.reopening = map(_said_by_page, ("RETRY", "REOPENING"))
        self.most, self.jitter, self.leeway, self.word = (
            _said_by_page(name)[0] for name in ("OPENING", "JITTER", "LEEWAY", "FIRST_WORD")
        )
        self.soonest = math.inf
        self.welcomed()

    def welcomed(self) -> None:
        self.attempt = self.sockets = self.mute = 0

    def opening(self) -> float:
        if self.soonest == math.inf:
            return self.most
        self.sockets += 1
        return min(self.most, max(self.leeway * self.soonest, self.reopening[: self.sockets][-1]))

    def first_word(self) -> float:
        self.mute += 1
        return float(self.word * 2 ** (self.mute - 1))

    def pause(self, hung: bool) -> float:
        self.attempt += 1
        return self.jittered(self.retry[0] if hung else self.retry[: self.attempt][-1])

    def jittered(self, seconds: float) -> float:
        return seconds * (1 - self.jitter * random.random())

    def rest(self) -> float:
        return self.jittered(self.retry[0])


def _drop(rival: asyncio.Task[ClientConnection] | None) -> None:
    """Give up what was made beside a socket that has spoken, or has ended."""
    if rival is not None and not rival.cancel() and rival.exception() is None:
        rival.result().transport.abort()


class Page(Person):
    """A person with the patience and the pauses of the page, for networks that say nothing when they are gone."""

    def __init__(self, session: str, pause: float, **hello: Any) -> None:
        super().__init__(session, pause, **hello)
        self.patience = Patience()
        (self.silence,), (self.quiet,), (self.lenience,) = map(_said_by_page, ("SILENCE", "QUIET", "LENIENCE"))
        (self.grace,), (self.heard_after,) = map(_said_by_page, ("GRACE", "HEARD"))
        self.hasty = False  # nothing came through the last socket
        self.sent: list[float] = []  # when what was sent through this socket was
        self.line: socket.socket | None = None  # what the first connection is to be made of
        self.course: list[tuple[float, str]] = []  # what became of its sockets, and when

    def note(self, what: str) -> None:
        self.course.append((time.monotonic(), what))

    async def live(self) -> None:
        """Come, read, and come back when the socket has ended, or is replaced, or nothing is heard of it."""
        rival: ClientConnection | None = None
        while True:
            fresh, rival, hung = rival, None, False
            self.note("a socket is made" if fresh is None else "the other takes over")
            try:
                async with fresh or await self._connection() as self.socket:
                    self.sent = []
                    await self.send(**self.hello)
                    rival = await self._stay(self.socket)
            except TimeoutError:
                hung = self.hasty = True
            except (ConnectionClosed, InvalidHandshake, OSError):
                pass
            hung = hung and not self.newest
            self.lose()
            if rival is None:
                self.note("lost")
                await asyncio.sleep(self.patience.pause(hung))
            else:
                self.hasty = True

    async def _connection(self) -> ClientConnection:
        line, self.line = self.line, None
        how: dict[str, Any] = {"max_size": None, "compression": None, "ping_interval": None, "close_timeout": 0.01}
        begun = time.monotonic()
        made = await connect(self.address, sock=line, open_timeout=self.patience.opening(), **how)
        self.patience.soonest = min(self.patience.soonest, time.monotonic() - begun)
        return made

    async def send(self, **command: Any) -> int:
        self.sent.append(time.monotonic())
        return await super().send(**command)

    async def hear(self, raw: str | bytes) -> dict[str, Any]:
        message = await super().hear(raw)
        kind = message["kind"]
        if "mark" in message:
            name = "options" if kind == "welcome" else kind
            self.hello["has"] = {**self.hello.get("has", {}), name: message["mark"]}
        if kind == "welcome":
            self.patience.welcomed()
            self.hasty = False
        if kind in ("reply", "welcome", "frame"):
            self.note(kind)
        return message

    async def _stay(self, old: ClientConnection) -> ClientConnection:
        """Hear what comes, and return a connection that is to take this one's place, if it goes quiet."""
        rival: asyncio.Task[ClientConnection] | None = None
        word = asyncio.ensure_future(old.recv())
        proven = time.monotonic()
        quiet = min(self.silence, self.patience.first_word()) if self.hasty else self.silence
        try:
            while True:
                limit = proven + (quiet if rival is None else self.silence) - time.monotonic()
                waits: set[asyncio.Task[Any]] = {word} if rival is None else {word, rival}
                await asyncio.wait(waits, timeout=max(0.0, limit), return_when=asyncio.FIRST_COMPLETED)
                if word.done():
                    message = await self.hear(word.result())
                    word = asyncio.ensure_future(old.recv())
                    late = self._late(message)
                    if late or (rival is not None and message["kind"] not in ("frame", "beat", "reply", "pong")):
                        rival = rival or await self._doubt()
                        continue
                    if rival is not None:
                        _drop(rival)
                        self.patience.sockets = 0
                    rival, proven = None, time.monotonic()
                    beat = self.newest["welcome"]["heartbeat"] if "frame" in self.newest else self.silence
                    quiet = min(self.silence, self.quiet * beat * (1 + self.lenience * random.random()))
                elif rival is not None and rival.done():
                    won, rival = rival.result(), None
                    return won
                elif rival is None and quiet < self.silence:
                    rival = await self._doubt()
                else:
                    raise TimeoutError
        finally:
            word.cancel()
            _drop(rival)

    async def _doubt(self) -> asyncio.Task[ClientConnection]:
        await self.send(op="ping")
        return asyncio.create_task(self._rival())

    def _late(self, message: dict[str, Any]) -> bool:
        """Whether this tells that what was sent long ago has not come."""
        unheard = self.sent[message.get("heard", len(self.sent)) :]
        return "frame" in self.newest and bool(unheard) and time.monotonic() - unheard[0] > self.heard_after

    async def _rival(self) -> ClientConnection:
        """Return a connection that has been open for long enough for the old one to speak."""
        while True:
            self.note("another is made beside it")
            with contextlib.suppress(ConnectionClosed, InvalidHandshake, OSError, TimeoutError):
                found = await self._connection()
                try:
                    await asyncio.sleep(self.grace)
                except asyncio.CancelledError:
                    found.transport.abort()
                    raise
                return found
            await asyncio.sleep(self.patience.rest())


class Lesson:
    """A teacher whose run plays, and students who follow it.

    Parameters
    ----------
    students : int
    arguments : str
        Of the command.
    person : type
        What everybody is.
    """

    def __init__(self, students: int, *arguments: str, person: type[Person] = Person) -> None:
        self.size, self.arguments, self.person = students, arguments, person
        self.teacher = person("lesson", 0.03, op="hello", preset="xor", secret=SECRET, version=1)
        self.students: list[Person] = []
        self.log: list[tuple[int, float]] = []  # steps and rates of edits, as they stood at the last rest
        self.rates: list[float] = []  # those that cannot be lost any more
        self.uncertain: set[float] = set()  # those whose answer did not come
        self.edited = 0  # the step at which the last was answered
        self.twin = Trainer(PRESETS["xor"])

    def start(self) -> None:
        """Have a server; everybody knows its address."""
        self.command = Command("--port", "8950", "--trainers", "1", *self.arguments)
        if self.command.token is not None:
            self.teacher.hello["token"] = self.command.token
        for person in self.everybody:
            person.address = f"ws://{self.command.host}:{self.command.port}/ws/{person.session}"

    @property
    def everybody(self) -> list[Person]:
        return [self.teacher, *self.students]

    async def begin(self, group: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        """Bring everybody in."""
        self.start()
        tasks = [group.create_task(self.teacher.live())]
        await self.teacher.until(lambda: "frame" in self.teacher.newest)
        self.code = (await self.teacher.do("room_open"))["code"]
        for number in range(self.size):
            secret = f"the browser of {number}".ljust(30, ".")
            hello = {"op": "join", "code": self.code, "name": f"student {number}", "secret": secret, "version": 1}
            student = self.person("room", 0.1, **hello)
            student.address = self.teacher.address
            self.students.append(student)
            self.seated(student)
            tasks.append(group.create_task(student.live()))
        await self.all_see(-1)
        await self.all_present()
        self.numbers = [student.newest["room"]["you"]["number"] for student in self.students]
        await self.teacher.do("speed", steps_per_second=300)
        await self.teacher.do("play")
        return tasks

    def seated(self, student: Person) -> None:
        """Called for each student before they come in."""

    async def all_present(self) -> None:
        """Wait until the teacher is told that everybody is there."""
        await self.teacher.until(lambda: self.teacher.newest.get("room", {}).get("present") == self.size)

    async def all_see(self, step: int) -> None:
        """Wait until everybody has a frame at a later step than this."""
        for person in self.everybody:
            await person.until(lambda person=person: person.step > step)  # type: ignore[misc]

    async def edit(self, rate: float) -> None:
        """Change the learning rate of the run that plays, and wait until that cannot be lost."""
        reply = await self.teacher.do("set", learning_rate=rate)
        await self.teacher.until(lambda: self.teacher.newest.get("saved", {}).get("id", -1) >= reply["id"])
        self.rates.append(rate)
        self.edited = reply["step"]

    async def held_against_a_twin(self) -> None:
        """Stand still, compare every bit with a run of the same edits by itself, and go on."""
        teacher, twin = self.teacher, self.twin
        await teacher.do("pause")
        await teacher.until(lambda: not teacher.newest["state"]["playing"])
        await teacher.until(lambda: teacher.newest["frame"]["status"] == "paused")
        log = [(entry["step"], entry["change"]["learning_rate"]) for entry in teacher.newest["state"]["log"]]
        assert log[: len(self.log)] == self.log
        assert [rate for _, rate in log if rate not in self.uncertain] == self.rates
        here = teacher.newest["frame"]
        for step, rate in log[len(self.log) :]:
            twin.run(step - twin.step_count)
            twin.edit(learning_rate=rate)
        self.log = log
        twin.run(here["step"] - twin.step_count)
        assert here["arrays"]["P"].tobytes() == twin.theta.astype(np.float32).tobytes()
        for student in self.students:
            await student.until(lambda student=student: student.step == here["step"])  # type: ignore[misc]
            assert student.newest["room"]["code"] == self.code
        assert [student.newest["room"]["you"]["number"] for student in self.students] == self.numbers
        await teacher.do("play")
