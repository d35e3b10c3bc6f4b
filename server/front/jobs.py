"""Heavy work away from the event loop, in chunks of at most 50 ms, with progress; to cancel is to submit no more.

Whatever speaks `concurrent.futures.Executor` can do the work: a process in a real server, a thread in a notebook.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import multiprocessing
import os
import pickle
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures import process as pools
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.data.tables import Table, forget, register
from ..wire.log import fault, warn
from ..wire.messages import Job, Work
from .trainer_process import outlive_front, quiet_start

_CHUNK_SECONDS = 0.05
#: Seconds between two reports of a job's progress.
_REPORT_REST = 0.1
#: Results of common work that are kept: the surfaces of sixteen runs from coarse to fine, or 8 MB.
_KEPT = 64
Done = Callable[[Job, NDArray[Any] | None], None]
Advanced = Callable[[Job, float], None]


def unheard(job: Job, share: float) -> None:
    """Nobody asks how far a job is."""


class Jobs:
    """A queue of jobs, worked at chunk by chunk in turn.

    Parameters
    ----------
    make : callable
        Makes the executor; called by `prepare` or by the first job, and again when it broke.
    done : callable
        Takes a job and its result, or None where it failed.
    advanced : callable, optional
        Takes a job and the share of it that is done, 0…1, now and then.
    """

    def __init__(self, make: Callable[[], Executor], done: Done, advanced: Advanced = unheard) -> None:
        self._make, self._done, self._advanced = make, done, advanced
        self._executor: Executor | None = None
        self._queue: dict[tuple[str, str], _Chunks] = {}
        self._task: asyncio.Task[None] | None = None
        self._tables: dict[str, Table] = {}
        self._given: set[str] = set()  # those that the executor has
        self._known: OrderedDict[bytes, NDArray[Any]] = OrderedDict()  # results of common work, oldest first
        self._apart = make is not worker_thread  # threads have what the process has
        self._making = asyncio.Lock()

    def prepare(self) -> None:
        """Make the executor before the first job comes."""
        self._task = asyncio.get_running_loop().create_task(self._prepare())

    def submit(self, job: Job, tables: Mapping[str, Table] = MappingProxyType({})) -> None:
        """Put a job at the end of the queue, and the uploads that it needs; an older one of its topic is dropped."""
        self._tables.update(tables)
        self._queue.pop((job.session, job.topic), None)
        self._queue[job.session, job.topic] = chunks = _Chunks(job)
        if job.work.common and self._apart:  # in threads, own parts may mean something else by now
            chunks.recall(self._known)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work())

    def forget(self, name: str) -> None:
        """An upload that no job needs any more."""
        self._tables.pop(name, None)
        self._known.clear()
        if name in self._given and self._executor is not None:
            self._given.discard(name)
            with contextlib.suppress(RuntimeError):  # it broke, or it is closed
                self._executor.submit(forget, name)

    def cancel(self, session: str, topic: str | None = None) -> None:
        """Drop all jobs of a session, or that of one topic: at most the chunk under way is still computed."""
        for key in [key for key in self._queue if key[0] == session and topic in (None, key[1])]:
            del self._queue[key]

    async def close(self) -> None:
        """Drop everything and end the executor."""
        self._queue.clear()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._executor is not None:
            end_executor(self._executor)
            self._executor = None

    async def _prepare(self) -> None:
        with contextlib.suppress(OSError):  # the first job tries again, and fails aloud
            await self._ready()
        await self._work()

    async def _work(self) -> None:
        while self._queue:
            key, chunks = next(iter(self._queue.items()))
            try:
                if not chunks.finished:
                    await chunks.next(await self._ready())
            except BrokenExecutor:  # it was killed: another does the work once more
                warn("job_process_ended", "the process of the pictures has ended; another takes its work")
                self._executor = None
                chunks.failed = chunks.interrupted
                chunks.interrupted = True
            except Exception:
                fault("job_failed")
                chunks.failed = True
            if self._queue.get(key) is not chunks:  # superseded or cancelled meanwhile
                continue
            del self._queue[key]
            if chunks.finished or chunks.failed:
                if chunks.key is not None and not chunks.failed:
                    self._keep(chunks.key, chunks.result())
                self._done(chunks.job, None if chunks.failed else chunks.result())
            else:
                self._queue[key] = chunks  # to the end of the line
                if chunks.report_due():
                    self._advanced(chunks.job, chunks.share)

    def _keep(self, key: bytes, result: NDArray[Any]) -> None:
        self._known[key] = result
        self._known.move_to_end(key)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)

    async def _ready(self) -> Executor:
        async with self._making:
            if self._executor is None:
                self._executor = await asyncio.to_thread(self._make)
                self._given.clear()
        for name, table in self._tables.items():
            if name not in self._given and self._apart:
                self._given.add(name)
                self._executor.submit(register, table)
        return self._executor


#: What makes `Jobs`, or what can do more than they.
MakeJobs = Callable[[Callable[[], Executor], Done, Advanced], Jobs]


class _Chunks:
    """A job, and how far it is."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.work: Work = job.work
        self.failed = False
        self.interrupted = False  # an executor broke over it
        self.key: bytes | None = None  # by what its result is kept
        self._parts: list[NDArray[Any]] = []
        self._at, self._count = 0, self.work.first
        self._report = 0.0

    def recall(self, known: Mapping[bytes, NDArray[Any]]) -> None:
        """Take the result of the same work, where it is known."""
        self.key = hashlib.sha256(pickle.dumps((self.work.function, self.work.task))).digest()
        if self.key in known:
            self._parts, self._at = [known[self.key]], self.work.size

    @property
    def finished(self) -> bool:
        return self._at >= self.work.size

    @property
    def share(self) -> float:
        return self._at / self.work.size

    def report_due(self) -> bool:
        """Whether it is time to say how far it is."""
        now = time.perf_counter()
        due = now >= self._report
        if due:
            self._report = now + _REPORT_REST
        return due

    async def next(self, executor: Executor) -> None:
        """Compute another chunk, as long as it may take by the time of the last."""
        self._report = self._report or time.perf_counter() + _REPORT_REST
        work, stop = self.work, min(self._at + self._count, self.work.size)
        future = executor.submit(timed, work.function, work.task, self._at, stop)
        seconds, part = await asyncio.wrap_future(future)
        self._parts.append(part)
        each = seconds / (stop - self._at)
        self._at = stop
        self._count = max(1, min(4 * self._count, int(_CHUNK_SECONDS / max(each, 1e-6))))

    def result(self) -> NDArray[Any]:
        return np.concatenate(self._parts)


def timed(
    function: Callable[[Any, int, int], NDArray[Any]], task: object, start: int, stop: int
) -> tuple[float, NDArray[Any]]:
    """Return seconds and result of a chunk."""
    begin = time.perf_counter()
    result = function(task, start, stop)
    return time.perf_counter() - begin, result


def worker_process() -> Executor:
    """Return an executor with one process, which ends when this one does, however it does."""
    with quiet_start():
        executor = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_prepare_worker)
        executor.submit(os.getpid)  # starts the process while the environment says one thread
    return executor


def end_executor(executor: Executor) -> None:
    """End an executor. Its process may be killed in the middle of a result, and nobody waits for the rest of that.

    The pool's own thread would: as long as this process holds the end that is written to, too, the pipe seems alive.
    And at its end Python would tell that thread once more to leave, through a pipe that it may be closing just then.
    """
    results, manager = (getattr(executor, name, None) for name in ("_result_queue", "_executor_manager_thread"))
    executor.shutdown(wait=False, cancel_futures=True)
    if results is not None:
        results._writer.close()
    if manager is not None:
        getattr(pools, "_threads_wakeups", {}).pop(manager, None)


def worker_thread() -> Executor:
    """Return an executor with one thread of this process."""
    return ThreadPoolExecutor(1, "backscope jobs")


def _prepare_worker() -> None:
    """Work only when nobody else wants to, and leave when the parent has gone: the pool would wait for ever."""
    outlive_front()
    if hasattr(os, "nice"):
        os.nice(10)  # pictures can wait, hands and sockets cannot
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
