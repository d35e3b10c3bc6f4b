"""Work in chunks: progress, turns, and what happens when it fails."""

import asyncio
import os
import signal
import struct
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from concurrent.futures import process as pools
from typing import Any

import numpy as np
import pytest
from backscope.server.front.jobs import Jobs, end_executor, worker_process, worker_thread
from backscope.server.wire.messages import Job, Work
from numpy.typing import NDArray


def squares(task: int, start: int, stop: int) -> NDArray[Any]:
    return np.arange(start, stop) ** 2 + task


def failing(task: int, start: int, stop: int) -> NDArray[Any]:
    if start >= task:
        raise ZeroDivisionError("on purpose")
    return np.arange(start, stop)


class Scripted(Executor):
    """Computes at once, and notes what was asked for."""

    def __init__(self, broken: int = 0) -> None:
        self.asked: list[tuple[int, int, int]] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.broken = broken

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        _, task, start, stop = arguments
        self.asked.append((task, start, stop))
        if self.broken:
            self.broken -= 1
            future.set_exception(BrokenExecutor("gone"))
            return future
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        self.meanwhile()
        return future


def job(number: int, size: int, session: str = "r", function: Any = squares, first: int = 2) -> Job:
    return Job(session, number, "surface", Work(function, number, size, first))


def run(executor: Callable[[], Executor], *jobs: Job, expect: int | None = None) -> list[tuple[int, Any]]:
    done: list[tuple[int, Any]] = []

    async def work() -> None:
        queue = Jobs(executor, lambda job, result: done.append((job.job, result)))
        for entry in jobs:
            queue.submit(entry)
        while len(done) < (len(jobs) if expect is None else expect):
            await asyncio.sleep(0.001)
        await queue.close()

    asyncio.run(asyncio.wait_for(work(), 30))
    return done


def test_chunks_make_the_whole_and_grow_as_time_allows() -> None:
    executor = Scripted()
    ((_, result),) = run(lambda: executor, job(7, 100))
    np.testing.assert_array_equal(result, np.arange(100) ** 2 + 7)
    sizes = [stop - start for _, start, stop in executor.asked]
    assert sizes[0] == 2
    assert sizes[1] == 8
    assert sum(sizes) == 100


def test_sessions_take_turns() -> None:
    executor = Scripted()
    run(lambda: executor, job(1, 50, "a"), job(2, 50, "b"))
    assert [task for task, _, _ in executor.asked[:4]] == [1, 2, 1, 2]


def test_a_newer_job_takes_the_place_of_an_older_one() -> None:
    executor = Scripted()
    assert [number for number, _ in run(lambda: executor, job(1, 50), job(2, 50), expect=1)] == [2]


def test_an_executor_is_made_once_before_the_first_job_whoever_asks_meanwhile() -> None:
    made: list[Executor] = []

    def make() -> Executor:
        time.sleep(0.05)
        made.append(ThreadPoolExecutor(1))
        return made[-1]

    async def work() -> None:
        done: list[int] = []
        queue = Jobs(make, lambda job, result: done.append(job.job))
        queue.prepare()
        while not made:
            await asyncio.sleep(0.001)
        again = Jobs(make, lambda job, result: done.append(job.job))
        again.prepare()
        again.submit(job(1, 10))
        while done != [1]:
            await asyncio.sleep(0.001)
        assert len(made) == 2
        await queue.close()
        await again.close()

    asyncio.run(asyncio.wait_for(work(), 30))


def test_what_takes_the_place_of_a_job_half_done_begins_anew() -> None:
    executor, done, rounds = Scripted(), {}, 200

    async def work() -> None:
        queue = Jobs(lambda: executor, lambda job, result: done.update({job.job: result}))

        def meanwhile() -> None:
            number = executor.asked[-1][0]
            if number < rounds:  # a chunk of it is computed; another session has its turn
                queue.submit(job(rounds + number, 2, "other"))
            elif number < 2 * rounds - 1:  # it waits, and something else takes its place
                queue.submit(job(number - rounds + 1, 1000 + number, "replaced"))

        executor.meanwhile = meanwhile
        queue.submit(job(0, 1000, "replaced"))
        while rounds - 1 not in done:
            await asyncio.sleep(0.001)
        await queue.close()

    asyncio.run(asyncio.wait_for(work(), 30))
    begun = [start for number, start, _ in executor.asked if number < rounds - 1]
    assert begun == [0] * (rounds - 1)
    np.testing.assert_array_equal(done[rounds - 1], np.arange(2 * rounds + 998) ** 2 + rounds - 1)


def test_to_cancel_is_to_submit_no_more() -> None:
    executor, done = Scripted(), []

    async def work() -> None:
        queue = Jobs(lambda: executor, lambda job, result: done.append(job.job))
        queue.submit(job(1, 10_000, "gone"))
        queue.submit(job(2, 10, "stays"))
        executor.meanwhile = lambda: queue.cancel("gone")
        while not done:
            await asyncio.sleep(0.001)
        await queue.close()

    asyncio.run(asyncio.wait_for(work(), 30))
    assert done == [2]
    assert [stop for task, _, stop in executor.asked if task == 1] == [2]


def test_common_work_is_computed_once_and_anew_when_an_upload_has_gone() -> None:
    executor, done = Scripted(), list[tuple[int, NDArray[Any]]]()

    async def work() -> None:
        queue = Jobs(lambda: executor, lambda job, result: done.append((job.job, result)))

        async def have(number: int, task: int, *, common: bool = True) -> None:
            queue.submit(Job("r", number, "surface", Work(squares, task, 50, 2, common=common)))
            while not done or done[-1][0] != number:
                await asyncio.sleep(0.001)
            np.testing.assert_array_equal(done[-1][1], np.arange(50) ** 2 + task)

        async def asks(*arguments: Any, **options: Any) -> bool:
            before = len(executor.asked)
            await have(*arguments, **options)
            return len(executor.asked) > before

        assert await asks(1, 7)
        done[-1][1][:] = 0  # whoever has it may do with it what he likes
        assert not await asks(2, 7)
        assert await asks(3, 8)
        assert await asks(4, 7, common=False)
        queue.forget("a table")
        assert await asks(5, 7)
        for number in range(100, 200):  # the last few are kept, and what is asked for is among them
            await have(number, number)
            assert not await asks(1000 + number, 100)
        assert await asks(6, 7)
        await queue.close()

    asyncio.run(asyncio.wait_for(work(), 30))


def test_a_failing_job_is_told_and_the_next_one_goes_on(capsys: Any) -> None:
    executor = Scripted()
    done = dict(run(lambda: executor, job(5, 50, "a", failing), job(2, 50, "b")))
    assert done[5] is None
    assert len(done[2]) == 50
    assert "on purpose" in capsys.readouterr().err


@pytest.mark.parametrize("falls", [1, 2])
def test_a_broken_executor_is_made_anew_and_its_work_done_once_more(falls: int) -> None:
    made: list[Scripted] = []

    def make() -> Executor:
        made.append(Scripted(broken=1 if len(made) < falls else 0))
        return made[-1]

    done = dict(run(make, job(1, 10, "a"), *([job(2, 10, "b")] if falls == 1 else [])))
    if falls == 1:
        np.testing.assert_array_equal(done[1], np.arange(10) ** 2 + 1)
        assert len(done[2]) == 10
    else:
        assert done[1] is None
    assert len(made) == 2


def test_a_thread_and_a_process_compute_the_same() -> None:
    for make in (worker_thread, worker_process):
        ((_, result),) = run(make, job(3, 30))
        np.testing.assert_array_equal(result, np.arange(30) ** 2 + 3)


def test_a_job_of_one_topic_is_cancelled_after_at_most_one_more_chunk() -> None:
    executor, told = Scripted(), []
    done: list[int] = []

    async def work() -> None:
        queue = Jobs(lambda: executor, lambda job, result: done.append(job.job), lambda job, share: told.append(share))
        queue.submit(job(1, 10**9, "a"))
        queue.submit(Job("a", 2, "check", Work(squares, 2, 4, 2)))
        while 2 not in done or len(executor.asked) < 6:
            await asyncio.sleep(0)
        queue.cancel("a", "surface")
        asked = len(executor.asked)
        for _ in range(50):
            await asyncio.sleep(0)
        assert len(executor.asked) <= asked + 1
        await queue.close()

    asyncio.run(asyncio.wait_for(work(), 30))
    assert done == [2]
    assert all(0 < share < 1 for share in told)


def test_a_process_that_is_killed_in_the_middle_of_a_result_does_not_keep_the_server_from_ending() -> None:
    executor: Any = worker_process()
    pid = executor.submit(os.getpid).result(60)
    thread, writer = executor._executor_manager_thread, executor._result_queue._writer
    writer._send(struct.pack("!i", 1000) + b"half of it")
    os.kill(pid, signal.SIGKILL)
    end_executor(executor)
    assert thread not in pools._threads_wakeups
    thread.join(10)
    waits = thread.is_alive()
    if waits:  # for ever, and this process with it
        os.write(writer.fileno(), bytes(1000))
    assert not waits
