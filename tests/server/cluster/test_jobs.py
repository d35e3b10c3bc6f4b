"""Jobs that go to a cluster: cut for its processors, cancelled there, and done here when it has gone or never was."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from backscope.core.data.tables import UPLOADS, Table, register, table_from_arrays
from backscope.server.cluster import jobs as cluster_jobs
from backscope.server.cluster.jobs import ClusterJobs
from backscope.server.cluster.ray_cluster import ClusterError
from backscope.server.front.jobs import worker_thread
from backscope.server.wire.messages import Job, Work
from numpy.typing import NDArray


class Gone(Exception):
    """What a cluster says that is lost."""


class Threads:
    """A cluster of threads."""

    def __init__(self, width: int = 3) -> None:
        self.width = width
        self.pool = ThreadPoolExecutor(width)
        self.calls: list[tuple[int, int]] = []
        self.futures: list[Future[Any]] = []
        self.given: list[str] = []
        self.forgotten: list[str] = []
        self.broken = self.closed = False

    def submit_with(self, tables: Mapping[str, Table], call: Callable[[], Any]) -> Future[Any]:
        self.given += tables
        self.calls.append(call.args[1:])  # type: ignore[attr-defined]
        future: Future[Any] = Future()
        if self.broken:
            future.set_exception(Gone("all of it"))
            return future
        self.futures.append(self.pool.submit(call))
        return self.futures[-1]

    def forget(self, name: str) -> None:
        self.forgotten.append(name)

    def lost(self, error: BaseException) -> bool:
        return isinstance(error, Gone | ClusterError)

    def shutdown(self) -> None:
        self.closed = True
        self.pool.shutdown(wait=False)


class Silent(Threads):
    """One that answers about itself once."""

    asked = 0

    @property
    def width(self) -> int:
        self.asked += 1
        if self.asked > 1:
            raise ClusterError("it does not answer")
        return 1

    @width.setter
    def width(self, value: int) -> None:
        pass


def squares(task: int, start: int, stop: int) -> NDArray[Any]:
    return np.arange(start, stop) ** 2 + task


def failing(task: int, start: int, stop: int) -> NDArray[Any]:
    raise ZeroDivisionError("on purpose")


class Waiting:
    """Work that waits to be let go, and says how much of it began."""

    def __init__(self) -> None:
        self.begun, self.go = 0, threading.Event()

    def __call__(self, task: int, start: int, stop: int) -> NDArray[Any]:
        self.begun += 1
        self.go.wait(20)
        return np.arange(start, stop)


def job(number: int, size: int = 100, function: Any = squares, far: bool = True, topic: str = "order") -> Job:
    return Job("r", number, topic, Work(function, number, size, far=far))


class Stage:
    """Jobs with a cluster, and what they said."""

    def __init__(self, *clusters: Threads | ClusterError) -> None:
        self.clusters = list(clusters)
        self.done: dict[int, Any] = {}
        self.shares: list[float] = []
        self.jobs = ClusterJobs(self.connect, worker_thread, self.take, self.hear, again=0.01)

    def connect(self) -> Threads:
        found = self.clusters.pop(0)
        if isinstance(found, ClusterError):
            raise found
        return found

    def take(self, job: Job, result: Any) -> None:
        self.done[job.job] = result

    def hear(self, _: Job, share: float) -> None:
        self.shares.append(share)

    async def until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            await asyncio.sleep(0.002)

    def play(self, scene: Callable[[], Any]) -> None:
        async def whole() -> None:
            self.jobs.prepare()
            await scene()
            await self.jobs.close()

        asyncio.run(asyncio.wait_for(whole(), 30))


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_job_is_cut_for_all_processors_and_put_together_in_order(size: int) -> None:
    cluster = Threads()
    stage = Stage(cluster)

    async def scene() -> None:
        await stage.until(lambda: stage.jobs._cluster is not None)
        stage.jobs.submit(job(7, size))
        await stage.until(lambda: 7 in stage.done)

    stage.play(scene)
    np.testing.assert_array_equal(stage.done[7], np.arange(size) ** 2 + 7)
    assert len(cluster.calls) == min(size, 3)
    assert stage.shares == sorted(stage.shares)
    assert stage.shares[-1] == 1
    assert cluster.closed


def test_what_is_no_matter_for_a_cluster_stays_here() -> None:
    cluster = Threads()
    stage = Stage(cluster)

    async def scene() -> None:
        await stage.until(lambda: stage.jobs._cluster is not None)
        stage.jobs.submit(job(1, far=False))
        await stage.until(lambda: 1 in stage.done)

    stage.play(scene)
    assert not cluster.calls


def test_a_cluster_that_is_lost_has_its_work_done_here_and_is_joined_again(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = Threads(), Threads()
    first.broken = True
    stage = Stage(first, ClusterError("it does not answer"), second)

    async def scene() -> None:
        await stage.until(lambda: stage.jobs._cluster is first)
        stage.jobs.submit(job(1))
        await stage.until(lambda: 1 in stage.done)
        await stage.until(lambda: stage.jobs._cluster is second)
        stage.jobs.submit(job(2))
        await stage.until(lambda: 2 in stage.done)

    stage.play(scene)
    np.testing.assert_array_equal(stage.done[1], np.arange(100) ** 2 + 1)
    np.testing.assert_array_equal(stage.done[2], np.arange(100) ** 2 + 2)
    assert first.closed
    assert len(second.calls) == 3
    said = capsys.readouterr().err
    assert "the cluster has gone" in said
    assert "it does not answer" in said


def test_without_a_cluster_everything_is_done_here() -> None:
    stage = Stage(*[ClusterError("none")] * 1000)

    async def scene() -> None:
        stage.jobs.submit(job(1))
        await stage.until(lambda: 1 in stage.done)

    stage.play(scene)
    np.testing.assert_array_equal(stage.done[1], np.arange(100) ** 2 + 1)


def test_an_error_of_the_work_is_told_and_is_not_the_clusters(capsys: pytest.CaptureFixture[str]) -> None:
    stage = Stage(cluster := Threads())

    async def scene() -> None:
        await stage.until(lambda: stage.jobs._cluster is not None)
        stage.jobs.submit(job(1, function=failing))
        await stage.until(lambda: 1 in stage.done)
        assert stage.jobs._cluster is cluster

    stage.play(scene)
    assert stage.done == {1: None}
    assert "on purpose" in capsys.readouterr().err


@pytest.mark.parametrize("how", ["cancel", "replace", "session"])
def test_to_cancel_reaches_the_cluster(how: str) -> None:
    cluster, work = Threads(1), Waiting()
    stage = Stage(cluster)

    async def scene() -> None:
        await stage.until(lambda: stage.jobs._cluster is not None)
        blocker = cluster.pool.submit(work, 0, 0, 1)
        stage.jobs.submit(job(1, function=work))
        await stage.until(lambda: bool(cluster.futures))
        if how == "replace":
            stage.jobs.submit(job(2, 5))
        else:
            stage.jobs.cancel("r", "order" if how == "cancel" else None)
        await stage.until(cluster.futures[0].cancelled)
        work.go.set()
        blocker.result()
        if how == "replace":
            await stage.until(lambda: 2 in stage.done)

    stage.play(scene)
    assert work.begun == 1
    assert 1 not in stage.done


def test_a_cluster_that_says_nothing_more_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_jobs, "_LOOK", 0.01)
    cluster, work = Silent(1), Waiting()
    stage = Stage(cluster, *[ClusterError("none")] * 1000)

    async def scene() -> None:
        await stage.until(lambda: stage.jobs._cluster is not None)
        blocker = cluster.pool.submit(work, 0, 0, 1)
        stage.jobs.submit(job(1))
        await stage.until(lambda: 1 in stage.done)
        work.go.set()
        blocker.result()

    stage.play(scene)
    np.testing.assert_array_equal(stage.done[1], np.arange(100) ** 2 + 1)
    assert cluster.futures[0].cancelled()


def test_uploads_go_with_the_work_that_needs_them() -> None:
    cluster = Threads()
    stage, table = Stage(cluster), table_from_arrays(np.arange(12.0).reshape(6, 2), np.arange(6.0))
    register(table)

    async def scene() -> None:
        await stage.until(lambda: stage.jobs._cluster is not None)
        stage.jobs.submit(job(1), {table.name: table})
        stage.jobs.submit(job(2, topic="other"))
        await stage.until(lambda: {1, 2} <= stage.done.keys())
        stage.jobs.forget(table.name)

    stage.play(scene)
    assert cluster.given == [table.name] * 3
    assert cluster.forgotten == [table.name]
    UPLOADS.pop(table.name, None)
