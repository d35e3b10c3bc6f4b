"""Jobs with a cluster behind them: tiles of maps and sweeps are computed on all of its processors, all else here.

A tile is cut into as many parts as the cluster has processors, so that each is a task of about the time that the page
wants to wait for the whole. Where the cluster is not there, has gone or is lost on the way, the process here does it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from functools import partial
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ...core.data.tables import Table
from ..front.jobs import Advanced, Done, Jobs, MakeJobs, unheard
from ..wire.log import fault, note, warn
from ..wire.messages import Job
from .ray_cluster import Cluster, ClusterError

#: Seconds until a cluster that did not answer, or was lost, is asked again.
_AGAIN = 30.0
#: Seconds between two looks at whether it is there, while it computes.
_LOOK = 5.0


class Connected(Protocol):
    """A cluster as it is used here: see `ray_cluster.Cluster`."""

    @property
    def width(self) -> int:
        """Processors that it has now."""

    def submit_with(self, tables: Mapping[str, Table], call: Callable[[], Any]) -> Future[Any]:
        """Have something called that needs some uploads."""

    def forget(self, name: str) -> None:
        """An upload that nothing needs any more."""

    def lost(self, error: BaseException) -> bool:
        """Return whether an error is the cluster's own."""

    def shutdown(self) -> None:
        """Leave it."""


class ClusterJobs(Jobs):
    """Jobs of which those that are worth it go to a cluster.

    Parameters
    ----------
    connect : callable
        Returns the cluster; called in a thread, once `prepare` was, and again after it was lost. ClusterError where it
        cannot be used.
    make, done, advanced
        As for `Jobs`.
    again : float
        Seconds until it is asked again.
    """

    def __init__(
        self,
        connect: Callable[[], Connected],
        make: Callable[[], Executor],
        done: Done,
        advanced: Advanced = unheard,
        again: float = _AGAIN,
    ) -> None:
        super().__init__(make, done, advanced)
        self._connect, self._again = connect, again
        self._cluster: Connected | None = None
        self._joining: asyncio.Task[None] | None = None
        self._far: dict[tuple[str, str], asyncio.Task[None]] = {}

    def prepare(self) -> None:
        """Connect to the cluster, and make the executor here, before the first job comes."""
        super().prepare()
        self._joining = asyncio.get_running_loop().create_task(self._join())

    def submit(self, job: Job, tables: Mapping[str, Table] = MappingProxyType({})) -> None:
        """Have a job done, by the cluster if it is one for it; an older one of its topic is dropped."""
        self.cancel(job.session, job.topic)
        if not job.work.far or self._cluster is None:
            super().submit(job, tables)
            return
        task = asyncio.get_running_loop().create_task(self._share(self._cluster, job, tables))
        self._far[job.session, job.topic] = task
        task.add_done_callback(lambda _: self._forget_task(job, task))

    def forget(self, name: str) -> None:
        """An upload that no job needs any more."""
        super().forget(name)
        if self._cluster is not None:
            self._cluster.forget(name)

    def cancel(self, session: str, topic: str | None = None) -> None:
        """Drop all jobs of a session, or that of one topic: in the cluster they are ended where they are."""
        super().cancel(session, topic)
        for key in [key for key in self._far if key[0] == session and topic in (None, key[1])]:
            self._far.pop(key).cancel()

    async def close(self) -> None:
        """Drop everything, leave the cluster and end the executor."""
        for task in [*self._far.values(), *([self._joining] if self._joining else [])]:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._far.clear()
        await super().close()
        if self._cluster is not None:
            await asyncio.to_thread(self._cluster.shutdown)
            self._cluster = None

    async def _share(self, cluster: Connected, job: Job, tables: Mapping[str, Table]) -> None:
        """Compute all parts of a job at once."""
        work, futures, over = job.work, list[Future[Any]](), threading.Event()

        def begin() -> None:
            each = -(-work.size // cluster.width)
            for start in range(0, work.size, each):
                call = partial(work.function, work.task, start, min(start + each, work.size))
                futures.append(cluster.submit_with(tables, call))
                if over.is_set():  # nobody wants it any more, and who told the others so has not seen this one
                    futures[-1].cancel()

        watch = asyncio.create_task(self._watch(cluster))
        try:
            await asyncio.to_thread(begin)
            parts = [asyncio.wrap_future(future) for future in futures]
            for part in parts:  # of several that fail, one is told
                part.add_done_callback(lambda one: one.cancelled() or one.exception())
            result: NDArray[Any] | None = np.concatenate(await self._all(job, parts, watch))
        except Exception as error:
            if cluster.lost(error):
                self._lose(cluster)
                super().submit(job, tables)
                return
            fault("job_failed")
            result = None
        finally:
            over.set()
            watch.cancel()
            for future in futures:
                future.cancel()
        self._done(job, result)

    async def _all(self, job: Job, parts: list[asyncio.Future[Any]], watch: asyncio.Task[None]) -> list[NDArray[Any]]:
        """Return what the parts come to, telling how far they are, unless the watch over the cluster ends first."""
        open_parts = set(parts)
        while open_parts:
            finished, _ = await asyncio.wait({*open_parts, watch}, return_when=asyncio.FIRST_COMPLETED)
            for one in finished:
                one.result()
            open_parts -= finished
            self._advanced(job, 1 - len(open_parts) / len(parts))
        return [part.result() for part in parts]

    async def _watch(self, cluster: Connected) -> None:
        """Ask the cluster now and then whether it is there: it would not say for a minute that it has gone."""
        while True:
            await asyncio.sleep(_LOOK)
            await asyncio.to_thread(lambda: cluster.width)

    def _lose(self, cluster: Connected) -> None:
        """The cluster has gone: everything is done here until it is back."""
        if self._cluster is cluster:
            self._cluster = None
            warn("cluster_lost", "the cluster has gone; maps and sweeps are computed on this machine until it is back")
            asyncio.get_running_loop().run_in_executor(None, cluster.shutdown)
            self._joining = asyncio.get_running_loop().create_task(self._join(self._again))

    def _forget_task(self, job: Job, task: asyncio.Task[None]) -> None:
        if self._far.get((job.session, job.topic)) is task:
            del self._far[job.session, job.topic]

    async def _join(self, rest: float = 0.0) -> None:
        """Connect, as often as it takes, and say once why that cannot be."""
        said = False
        while True:
            await asyncio.sleep(rest)
            rest = self._again
            try:
                self._cluster = await _apart(self._connect)
            except (ClusterError, OSError) as error:
                if not said:
                    warn("cluster_missing", f"{error}; until it does, maps and sweeps are computed on this machine")
                said = True
                continue
            note("cluster_joined")
            return


def on_cluster(address: str) -> MakeJobs:
    """Return what makes jobs that have the Ray cluster at an address behind them."""
    return partial(ClusterJobs, partial(Cluster, address))


async def _apart(call: Callable[[], Connected]) -> Connected:
    """Return what a call does, made in a thread that nobody waits for when the server ends."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Connected] = loop.create_future()

    def settle(found: Connected | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        elif found is not None:
            future.set_result(found)

    def work() -> None:
        found, error = None, None
        try:
            found = call()
        except BaseException as raised:
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(settle, found, error)

    threading.Thread(target=work, daemon=True).start()
    return await future
