"""The front's ends of a trainer host: in order, also what was sent before it stood, and ended without a trace."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable

from backscope.server.front.link import InlineLink, Link, ProcessLink
from backscope.server.front.trainer_process import TrainerProcess
from backscope.server.wire.messages import Attendance, Open, Ready, Record, Saved, ToFront
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.settings import Limits

RECORD = Record(PRESETS["circle"].to_json(), number=1)


def played(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 60))


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.01)


def sessions_in(said: list[ToFront]) -> list[str]:
    return list(dict.fromkeys(message.session for message in said if isinstance(message, Saved)))


async def opens_two(link: Link, said: list[ToFront]) -> None:
    """Two sessions, asked for at once: they are opened in the order of the messages."""
    for name in ("one", "two"):
        link.send(Open(name, RECORD, None))
        link.send(Attendance(name, 1))
    await until(lambda: len(sessions_in(said)) == 2)
    assert sessions_in(said) == ["one", "two"]


def test_a_host_in_the_loop_hears_in_order_and_ends() -> None:
    async def scene() -> None:
        said: list[ToFront] = []
        link = InlineLink(lambda _, message: said.append(message), Limits())
        assert link.alive
        assert link.heard
        await opens_two(link, said)
        await link.close()
        assert not link.alive

    played(scene)


def test_a_process_hears_what_was_sent_before_it_stood_and_its_death_is_told_once() -> None:
    async def scene() -> None:
        said: list[ToFront] = []
        died: list[Link] = []
        link = ProcessLink(lambda _, message: said.append(message), died.append, TrainerProcess(Limits()))
        assert not link.heard
        await opens_two(link, said)
        assert isinstance(said[0], Ready)
        assert link.heard
        assert link.alive
        pid = link.process.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(lambda: bool(died))
        assert died == [link]
        assert not link.alive
        await link.close()
        assert died == [link]

    played(scene)


def test_an_end_that_was_asked_for_is_no_death() -> None:
    async def scene() -> None:
        died: list[Link] = []
        link = ProcessLink(lambda *_: None, died.append, TrainerProcess(Limits()))
        await until(lambda: link.alive)
        await link.close()
        assert not link.process.is_alive()
        assert died == []

    played(scene)
