"""A class behind a network that loses and delays packets, and is gone for 3, 30 and 300 seconds: everybody is back by
themselves, with the page's patience and pauses, and nothing acknowledged is lost.

Prints how long it takes; `STUDENTS=12` has fewer of them, `CUTS=3,30` fewer cuts.
"""

import asyncio
import math
import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from network import Network
from people import Lesson, Page, Person

STUDENTS = int(os.environ.get("STUDENTS", "50"))
CUTS = [float(word) for word in os.environ.get("CUTS", "3,3,3,30,30,30,300").split(",")]
#: Packets: the share that gets lost, and seconds that each takes.
LOSS, DELAY = 0.03, (0.01, 0.06)


class FarLesson(Lesson):
    """A lesson whose people, but for one, have the network between them and the server."""

    def __init__(self, network: Network, folder: Path) -> None:
        super().__init__(STUDENTS, "--host", network.near, "--data-dir", str(folder), person=Page)
        self.network = network
        self.cut_off: list[Person] = []
        self.here: Person | None = None

    def start(self) -> None:
        super().start()
        self.line = socket.socket()  # it belongs to where it is made, not to where it is connected
        self.network.enter()

    def seated(self, student: Person) -> None:
        if self.here is None:
            assert isinstance(student, Page)
            self.line.connect((self.command.host, self.command.port))
            self.here, student.line = student, self.line
            student.quiet = student.heard_after = math.inf  # another line would be made of the network

    async def live_through(self, seconds: float, rate: float) -> str:
        """Be without a network for so long, and be a whole class again."""
        assert self.here is not None
        await self.edit(rate)
        await self.all_see(self.edited)
        ends = [person.ends for person in self.everybody]
        self.network.cut()
        lost_at = self.here.step
        self.uncertain.add(rate + 0.0005)
        await self.teacher.send(op="set", learning_rate=rate + 0.0005)  # nobody knows whether it arrives
        await asyncio.sleep(seconds)
        self.network.resume()
        begun, now = time.monotonic(), self.here.step
        assert self.here.ends == 0
        assert now > lost_at or seconds < 5  # the class at the server went on
        back = {}

        async def return_of(person: Person) -> None:
            await person.until(lambda: person.step >= now)
            back[person] = time.monotonic() - begun

        await asyncio.gather(*map(return_of, self.everybody))
        await self.all_present()
        ended = sum(person.ends > end for person, end in zip(self.everybody, ends, strict=True))
        assert ended == STUDENTS or seconds < 5  # all but the one who was not cut off
        await self.held_against_a_twin()
        slowest = max(back, key=back.__getitem__)
        if isinstance(slowest, Page):
            course = [(when - begun, what) for when, what in slowest.course if when - begun > -seconds - 0.5]
            print("the slowest:", ", ".join(f"{what} {when:.2f}" for when, what in course if when <= back[slowest]))
        times = sorted(back.values())
        half, last = times[len(times) // 2], times[-1]
        return f"{seconds:.0f} s: half in step after {half:.2f} s, all after {last:.2f} s; {ended} by a new socket"


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_a_class_whose_network_was_gone_is_back_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    network = Network(LOSS, DELAY)
    lesson = FarLesson(network, tmp_path)

    async def play() -> None:
        async with asyncio.TaskGroup() as group:
            tasks = await lesson.begin(group)
            for number, seconds in enumerate(CUTS):
                print(await lesson.live_through(seconds, round(0.1 + 0.001 * number, 4)))
            for task in tasks:
                task.cancel()

    failed: list[BaseException] = []

    def far() -> None:
        try:
            asyncio.run(play())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=far)
    try:
        thread.start()
        thread.join()
    finally:
        network.close()
        if hasattr(lesson, "command"):
            os.killpg(lesson.command.process.pid, signal.SIGKILL)
            lesson.command.process.communicate()
    print(f"{network.carried} packets carried, {network.lost} lost; {lesson.twin.step_count} steps")
    if failed:
        raise failed[0]
