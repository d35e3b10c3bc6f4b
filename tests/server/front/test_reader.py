"""The process that reads files: killed, replaced, and ended when nobody needs it."""

import asyncio
import os
import signal
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import pytest
from backscope.server.front.jobs import worker_process
from backscope.server.front.reader import Reader
from backscope.server.front.uploads import Choices
from backscope.server.wire.commands import CommandError

TABLE = b"a,y\n1,0\n2,1\n3,0\n"
LARGE = b"a,b,c,d,e,f,g,h,y\n" + b"1.5,2.5,3.5,4.5,5.5,6.5,7.5,8.5,yes\n1,2,3,4,5,6,7,8,no\n" * 25_000


class Broken(Executor):
    """Breaks over every work."""

    def submit(self, function: Callable[..., Any], /, *_: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(BrokenExecutor("gone"))
        return future


def reading(makes: list[Callable[[], Executor]], idle: float = 60.0) -> Reader:
    return Reader(lambda: makes.pop(0)(), idle)


def test_a_process_killed_while_it_reads_is_replaced_and_reads_once_more(capsys: pytest.CaptureFixture[str]) -> None:
    made: list[ProcessPoolExecutor] = []

    def make() -> Executor:
        executor = worker_process()
        assert isinstance(executor, ProcessPoolExecutor)
        made.append(executor)
        return executor

    async def work() -> None:
        reader = Reader(make)
        await reader.read(TABLE, Choices())  # so that the process stands
        task = asyncio.create_task(reader.read(LARGE, Choices()))
        await asyncio.sleep(0.05)
        (worker,) = made[0]._processes.values()
        os.kill(worker.pid, signal.SIGKILL)  # type: ignore[arg-type]
        upload, reply = await task
        assert upload is not None
        assert upload.table.X.shape == (50_000, 8)
        assert reply["ok"]
        assert len(made) == 2
        (worker,) = made[1]._processes.values()
        os.kill(worker.pid, signal.SIGKILL)  # type: ignore[arg-type]  # at rest, too
        await asyncio.sleep(0.2)
        assert (await reader.read(TABLE, Choices()))[1]["ok"]
        await reader.close()

    asyncio.run(asyncio.wait_for(work(), 120))
    assert "the process that reads files has ended; another takes its work" in capsys.readouterr().err


def test_a_file_that_kills_two_processes_is_refused_and_the_next_one_read() -> None:
    async def work() -> None:
        reader = reading([Broken, Broken, lambda: ThreadPoolExecutor(1)])
        with pytest.raises(CommandError, match="died twice") as caught:
            await reader.read(TABLE, Choices())
        assert caught.value.code == "reader_lost"
        assert (await reader.read(TABLE, Choices()))[1]["ok"]
        await reader.close()

    asyncio.run(asyncio.wait_for(work(), 30))


def test_the_process_ends_after_a_rest_and_comes_again() -> None:
    made: list[ThreadPoolExecutor] = []

    def make() -> Executor:
        made.append(ThreadPoolExecutor(1))
        return made[-1]

    async def work() -> None:
        reader = Reader(make, idle=0.01)
        await reader.read(TABLE, Choices())
        while not made[0]._shutdown:
            await asyncio.sleep(0.001)
        await reader.read(TABLE, Choices())
        assert len(made) == 2
        await reader.close()
        assert made[1]._shutdown

    asyncio.run(asyncio.wait_for(work(), 30))
