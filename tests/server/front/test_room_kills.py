"""A class in the middle of a run, whose worker, trainer and front are killed again and again: nothing acknowledged is
lost, everybody is back by themselves, and the room is the same.

Prints the longest times; `STUDENTS=12` has fewer of them, `ROUNDS=3` kills each less often.
"""

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from backscope.core.run.trainer import Trainer
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.protocol import decode
from talking import SECRET, Command, socket_of, trainers_of
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

STUDENTS = int(os.environ.get("STUDENTS", "50"))
ROUNDS = int(os.environ.get("ROUNDS", "20"))
KINDS = ("worker", "trainer", "front")
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
            if self.socket is not None:
                self.socket = None
                self.ends += 1
                self.newest.clear()
                self.replies.clear()
                self.changed.set()
            await asyncio.sleep(0.05)

    async def hear(self, raw: str | bytes) -> None:
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
        number = await self.send(op=op, **fields)
        await self.until(lambda: number in self.replies)
        reply = self.replies.pop(number)
        assert reply["ok"], reply
        return reply

    @property
    def step(self) -> int:
        """Of the newest frame."""
        return int(self.newest["frame"]["step"]) if "frame" in self.newest else -1


class Lesson:
    """A teacher whose run plays, and students who follow it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.teacher = Person("lesson", 0.03, op="hello", preset="xor", secret=SECRET, version=1)
        self.students: list[Person] = []
        self.log: list[tuple[int, float]] = []  # steps and rates of edits, as they stood at the last rest
        self.rates: list[float] = []  # those that cannot be lost any more
        self.edited = 0  # the step at which the last was answered
        self.twin = Trainer(PRESETS["xor"])
        self.longest: dict[str, float] = {}

    def start(self) -> None:
        """Have a server on the class's data; everybody knows its address."""
        self.command = Command("--port", "8950", "--trainers", "1", "--data-dir", str(self.folder))
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
        for number in range(STUDENTS):
            secret = f"the browser of {number}".ljust(30, ".")
            hello = {"op": "join", "code": self.code, "name": f"student {number}", "secret": secret, "version": 1}
            student = Person("room", 0.1, **hello)
            student.address = self.teacher.address
            self.students.append(student)
            tasks.append(group.create_task(student.live()))
        await self.all_see(-1)
        await self.all_present()
        self.numbers = [student.newest["room"]["you"]["number"] for student in self.students]
        await self.teacher.do("speed", steps_per_second=300)
        await self.teacher.do("play")
        return tasks

    async def all_present(self) -> None:
        """Wait until the teacher is told that everybody is there."""
        await self.teacher.until(lambda: self.teacher.newest.get("room", {}).get("present") == STUDENTS)

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

    async def kill(self, what: str) -> None:
        """Kill the front, its trainer, or the worker that computes pictures, and wait until it shows."""
        if what == "front":
            os.killpg(self.command.process.pid, signal.SIGKILL)
            self.command.process.communicate()
            for person in self.everybody:  # what was on its way is read first
                await person.until(lambda person=person: person.socket is None)  # type: ignore[misc]
            await asyncio.to_thread(self.start)
            await self.teacher.until(lambda: "frame" in self.teacher.newest)
            await self.teacher.do("play")
            return
        (process,) = [child for child in trainers_of(self.command) if socket_of(child) == (what == "trainer")]
        self.teacher.told.clear()
        os.kill(process, signal.SIGKILL)
        if what == "trainer":
            await self.teacher.until(lambda: "trainer_restarted" in self.teacher.told)
            for person in self.everybody:
                person.newest.pop("frame", None)

    async def held_against_a_twin(self) -> None:
        """Stand still, compare every bit with a run of the same edits by itself, and go on."""
        teacher, twin = self.teacher, self.twin
        await teacher.do("pause")
        await teacher.until(lambda: not teacher.newest["state"]["playing"])
        await teacher.until(lambda: teacher.newest["frame"]["status"] == "paused")
        log = [(entry["step"], entry["change"]["learning_rate"]) for entry in teacher.newest["state"]["log"]]
        assert log[: len(self.log)] == self.log
        assert [rate for _, rate in log] == self.rates
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

    async def survive(self, what: str, rate: float) -> None:
        """Lose a process in the middle, and be a whole class again."""
        await self.edit(rate)
        await self.teacher.until(lambda: "surface" in self.teacher.newest)  # the worker is there
        ends = [person.ends for person in self.everybody]
        begun = time.monotonic()
        await self.kill(what)
        known = time.monotonic()
        await self.all_see(self.edited)
        back = time.monotonic()
        await self.all_present()
        if what == "worker":
            await self.teacher.do("check")  # somebody computes again
        assert [person.ends for person in self.everybody] == [end + (what == "front") for end in ends]
        for name, seconds in ((what, back - begun), (f"{what}, from the teacher's news on", back - known)):
            self.longest[name] = max(self.longest.get(name, 0.0), seconds)
        await self.held_against_a_twin()


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_whatever_is_killed_all_are_back_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    lesson = Lesson(tmp_path)

    async def play() -> None:
        async with asyncio.TaskGroup() as group:
            tasks = await lesson.begin(group)
            for number in range(ROUNDS * len(KINDS)):
                await lesson.survive(KINDS[number % len(KINDS)], round(0.1 + 0.001 * number, 4))
            for task in tasks:
                task.cancel()

    try:
        asyncio.run(play())
    finally:
        os.killpg(lesson.command.process.pid, signal.SIGKILL)
        lesson.command.process.communicate()
    print({what: round(seconds, 2) for what, seconds in lesson.longest.items()}, lesson.twin.step_count, "steps")
