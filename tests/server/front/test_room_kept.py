"""A class whose server is killed without a word: on the same data all are back in the same room, as who they were."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from talking import Command, Talk, started

TEACHER = "lesson"


def secret_of(name: str) -> str:
    return f"the browser of {name}".ljust(30, ".")


def room_of(talk: Talk) -> dict[str, Any]:
    """The newest word on the room that has been heard."""
    return next(message for message in reversed(talk.heard) if message["kind"] == "room")


class School:
    """A teacher and students on the sockets of one server."""

    def __init__(self, command: Command, code: str, names: list[str]) -> None:
        self.stack = ExitStack()
        self.command = command
        self.students: dict[str, Talk] = {}
        self.code = code
        if code:  # the class is faster than its teacher
            self.join(names)
        self.teacher = self.stack.enter_context(command.visit(TEACHER))
        assert self.teacher.hello()["resumed"] == bool(code)
        if not code:
            self.code = self.teacher.do("room_open")["code"]
            self.join(names)

    def join(self, names: list[str]) -> None:
        for name in names:
            talk = self.students[name] = self.stack.enter_context(self.command.visit("room"))
            talk.do("join", code=self.code, name=name, secret=secret_of(name), version=1)
            talk.kind("room")

    def told(self, answers: int) -> dict[str, Any]:
        """What the teacher is told once all are there, and so many have answered."""

        def wanted(message: dict[str, Any]) -> bool:
            if message["kind"] != "room" or message["present"] != len(self.students):
                return False
            return bool(message["poll"]) and message["poll"]["count"] == answers

        heard = [message for message in self.teacher.heard if message["kind"] == "room"]
        return heard[-1] if heard and wanted(heard[-1]) else self.teacher.until(wanted)


@contextmanager
def school(folder: Path, names: list[str], code: str = "") -> Iterator[School]:
    with started("--trainers", "1", "--data-dir", str(folder)) as command:
        held = School(command, code, names)
        yield held
        os.killpg(command.process.pid, signal.SIGKILL)
        command.process.communicate()


def wait_until_kept(folder: Path, words: str) -> None:
    """Wait until a room is written that these words stand in."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with sqlite3.connect(f"file:{folder / 'runs.sqlite'}?mode=ro", uri=True) as file:
            if any(words in payload for (payload,) in file.execute("SELECT payload FROM rooms")):
                return
        time.sleep(0.02)
    raise AssertionError(f"{words} was not kept")


@pytest.mark.parametrize("students", [3, pytest.param(50, marks=pytest.mark.long)])
def test_all_come_back_into_the_same_room_with_a_running_question(students: int, tmp_path: Path) -> None:
    names = ["Ada", "Ben", *(f"student {n}" for n in range(2, students))]
    with school(tmp_path, names) as first:
        teacher = first.teacher
        teacher.do("step", count=40)
        bits = teacher.at(40)["arrays"]["P"].tobytes()
        teacher.do("room_rules", locked=True, door=True)
        teacher.do("room_hand", member=2)
        question = teacher.do("ask", kind="loss", step=90)["question"]
        for name, value in (("Ada", 0.4), ("Ben", 0.25)):
            first.students[name].do("answer", number=question, value=value)
        before = first.told(2)
        wait_until_kept(tmp_path, "0.25")
    with school(tmp_path, names[::-1], first.code) as again:
        after = again.told(2)
        roster = [{(one["number"], one["name"]) for one in told["you"]["members"]} for told in (before, after)]
        assert roster[0] == roster[1]
        assert {one["state"] for one in after["you"]["members"]} <= {"follows", "lags"}  # many read nothing for long
        for name in ("code", "driver", "paused", "locked", "door", "present"):
            assert before[name] == after[name], name
        assert (after["poll"]["open"], after["poll"]["count"], "histogram" in after["poll"]) == (True, 2, False)
        ada, ben, other = (again.students[name] for name in ("Ada", "Ben", names[2]))
        assert [room_of(one)["you"]["answer"] for one in (ada, ben, other)] == [0.4, 0.25, None]
        assert [room_of(one)["you"]["drives"] for one in (ada, ben, other)] == [False, True, False]
        assert other.ask("step")["code"] == again.teacher.ask("step")["code"] == "no_right"
        assert again.teacher.at(40)["arrays"]["P"].tobytes() == bits
        other.do("answer", number=question, value=0.3)
        again.teacher.do("reveal", number=question)
        shown = again.teacher.until(lambda message: message["kind"] == "room" and message["poll"]["revealed"])
        assert sum(shown["poll"]["histogram"]["counts"]) == 3
        ben.do("step", count=50)
        assert ben.at(90)["loss"] == shown["poll"]["outcome"]["value"]
        with again.command.visit("room") as stranger:
            joining = stranger.ask("join", code=first.code, name="Eve", secret=secret_of("Eve"), version=1)
            assert joining["code"] == "room_locked"
