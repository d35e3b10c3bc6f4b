"""A class in the middle of a run, whose front, trainer and worker are killed in turn: nothing acknowledged is lost.

Prints the longest time until all were back; `STUDENTS=12` has fewer of them, for a busy machine.
"""

import os
import signal
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import numpy as np
import pytest
from backscope.core.run.trainer import Trainer
from backscope.server.wire.presets import PRESETS
from talking import Command, Talk, socket_of, started, trainers_of
from websockets.exceptions import ConnectionClosed

STUDENTS = int(os.environ.get("STUDENTS", "50"))
KILLS = 20
#: Seconds for all to be back on however busy a machine.
PATIENCE = 60


def listen(talk: Talk) -> None:
    """Draw all that comes, until the socket ends."""
    while True:
        with suppress(TimeoutError):
            try:
                talk.hear()
            except (ConnectionClosed, OSError):
                return
        del talk.heard[:-20], talk.frames[:-2]


class Lesson:
    """A teacher whose run plays, and students who follow it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.code = ""
        self.rates: list[float] = []  # those that cannot be lost any more
        self.longest: dict[str, float] = {}

    def begin(self) -> None:
        """Have a server on the class's data, and everybody on it."""
        self.stack = ExitStack()
        self.command = self.stack.enter_context(started("--trainers", "1", "--data-dir", str(self.folder)))
        self.enter()

    def enter(self) -> None:
        """Come in, or back."""
        self.teacher = self.visit("lesson")
        reply = self.teacher.hello(preset="xor")
        assert reply["resumed"] == bool(self.code)
        if not self.code:
            self.code = self.teacher.do("room_open")["code"]
        self.students = [self.visit("room") for _ in range(STUDENTS)]
        for number, talk in enumerate(self.students):
            secret = f"the browser of {number}".ljust(30, ".")
            talk.do("join", code=self.code, name=f"student {number}", secret=secret, version=1)
            threading.Thread(target=listen, args=(talk,), daemon=True).start()

    def visit(self, session: str) -> Talk:
        return self.stack.enter_context(self.command.visit(session))

    def edit(self, rate: float) -> int:
        """Change the learning rate of the run that plays, and wait until that cannot be lost; return the step."""
        number = self.teacher.send("set", learning_rate=rate)
        reply = self.teacher.until(lambda message: message["kind"] == "reply" and message["id"] == number)
        assert reply["ok"]
        self.teacher.until(lambda message: message["kind"] == "saved" and message["id"] >= number)
        self.rates.append(rate)
        return int(reply["step"])

    def all_see(self, step: int) -> None:
        """Wait until everybody has a frame at a later step than this."""
        self.teacher.frame(lambda frame: frame["step"] > step)
        end = time.monotonic() + PATIENCE
        while not all(talk.frames and talk.frames[-1]["step"] > step for talk in self.students):
            assert time.monotonic() < end, [talk.frames[-1]["step"] if talk.frames else None for talk in self.students]
            time.sleep(0.01)

    def held_against_a_twin(self) -> int:
        """Stand still, compare every bit with a run of the same edits by itself, and go on; return the step."""
        self.teacher.do("pause")
        here = self.teacher.frame(lambda frame: frame["status"] == "paused")
        while self.teacher.state["playing"]:
            self.teacher.hear()
        log = self.teacher.state["log"]
        assert [entry["change"]["learning_rate"] for entry in log] == self.rates
        twin = Trainer(PRESETS["xor"])
        for entry in log:
            twin.run(entry["step"] - twin.step_count)
            twin.edit(**entry["change"])
        twin.run(here["step"] - twin.step_count)
        assert here["arrays"]["P"].tobytes() == twin.theta.astype(np.float32).tobytes()
        self.teacher.do("play")
        return int(here["step"])


def killed(command: Command, what: str) -> None:
    """Kill the front, its trainer, or the worker that computes pictures."""
    if what == "front":
        os.killpg(command.process.pid, signal.SIGKILL)
        command.process.communicate()
        return
    (process,) = [child for child in trainers_of(command) if socket_of(child) == (what == "trainer")]
    os.kill(process, signal.SIGKILL)


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_whatever_is_killed_all_are_back_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    lesson = Lesson(tmp_path)
    lesson.begin()
    lesson.teacher.do("speed", steps_per_second=300)
    lesson.teacher.do("play")
    for number in range(KILLS):
        what = ("front", "trainer", "worker")[number % 3]
        acknowledged = lesson.edit(round(0.1 + 0.01 * number, 3))
        lesson.teacher.kind("surface")  # the worker is there
        began = time.monotonic()
        killed(lesson.command, what)
        if what == "front":
            lesson.stack.close()
            lesson.begin()
            lesson.teacher.do("play")
        elif what == "trainer":  # what comes before this was on its way
            lesson.teacher.until(lambda message: (message.get("reason") or {}).get("code") == "trainer_restarted")
            lesson.all_see(lesson.teacher.frame()["step"])
        lesson.all_see(acknowledged)
        lesson.longest[what] = max(lesson.longest.get(what, 0.0), time.monotonic() - began)
        if what == "worker":
            assert lesson.teacher.ask("check")["ok"]  # somebody computes again
        assert lesson.held_against_a_twin() >= acknowledged
    lesson.stack.close()
    print({what: round(seconds, 1) for what, seconds in lesson.longest.items()})
