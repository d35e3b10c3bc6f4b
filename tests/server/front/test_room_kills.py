"""A class in the middle of a run, whose worker, trainer and front are killed again and again: nothing acknowledged is
lost, everybody is back by themselves, and the room is the same.

Prints the longest times; `STUDENTS=12` has fewer of them, `ROUNDS=3` kills each less often.
"""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest
from people import Lesson
from talking import socket_of, trainers_of

STUDENTS = int(os.environ.get("STUDENTS", "50"))
ROUNDS = int(os.environ.get("ROUNDS", "20"))
KINDS = ("worker", "trainer", "front")


class KilledLesson(Lesson):
    """A lesson whose processes are killed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(STUDENTS, "--data-dir", str(folder))
        self.longest: dict[str, float] = {}

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
    lesson = KilledLesson(tmp_path)

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
