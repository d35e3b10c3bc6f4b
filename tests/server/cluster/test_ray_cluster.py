"""A real Ray cluster of several nodes on this machine: the same bits, a node that is killed, a cancel.

Ray takes some 40 s to start: these are `long`, and left out where it is not installed.
"""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from multiprocessing import Pipe
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from backscope.core.config.config import RunConfig
from backscope.core.data.tables import UPLOADS, register, table_from_arrays
from backscope.core.ensemble.sweep import SweepTask, sweep_outcomes
from backscope.core.ensemble.tiles import Map, Tile, tile_measures
from backscope.server.__main__ import main
from backscope.server.cluster import ray_cluster as clusters
from backscope.server.cluster.jobs import ClusterJobs
from backscope.server.cluster.ray_cluster import Cluster, ClusterError, TaskError
from backscope.server.front.jobs import worker_thread
from backscope.server.wire.messages import Job, Work

TILE = Tile(Map(16, "tanh", 500, 3, "rates", (-1.0, 2.0), (-1.0, 2.0), 64), 1, 0, 12, False)


@pytest.fixture(scope="module")
def local() -> Iterator[Any]:
    """Three nodes, each a raylet with processes of its own; the head is one of them."""
    pytest.importorskip("ray")
    from ray.cluster_utils import Cluster as Local

    small = {"num_cpus": 1, "object_store_memory": 80_000_000}
    found = Local(initialize_head=True, head_node_args={**small, "include_dashboard": False})
    found.spare = [found.add_node(**small) for _ in range(2)]
    yield found
    found.shutdown()


class Stage:
    """Jobs with a real cluster."""

    def __init__(self, address: str) -> None:
        self.done: dict[int, Any] = {}
        self.shares: list[float] = []
        self.jobs = ClusterJobs(lambda: Cluster(address), worker_thread, self.take, self.hear)

    def take(self, job: Job, result: Any) -> None:
        self.done[job.job] = result

    def hear(self, _: Job, share: float) -> None:
        self.shares.append(share)

    @property
    def cluster(self) -> Any:
        return self.jobs._cluster

    async def until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            await asyncio.sleep(0.05)

    def play(self, scene: Callable[[], Any]) -> None:
        async def whole() -> None:
            self.jobs.prepare()
            await self.until(lambda: self.cluster is not None)
            await scene()
            await self.jobs.close()

        asyncio.run(asyncio.wait_for(whole(), 280))


@pytest.mark.long
@pytest.mark.timeout(400)
def test_a_tile_has_the_same_bits_though_a_node_is_killed_while_it_is_computed(local: Any) -> None:
    stage, lost = Stage(local.address), local.spare.pop()

    async def scene() -> None:
        assert stage.cluster.width == 3
        stage.jobs.submit(Job("r", 1, "order", Work(tile_measures, TILE, len(TILE), far=True)))
        await asyncio.sleep(1.5)
        assert 1 not in stage.done
        await asyncio.to_thread(local.remove_node, lost, allow_graceful=False)
        await stage.until(lambda: 1 in stage.done)
        assert stage.cluster is not None

    stage.play(scene)
    np.testing.assert_array_equal(stage.done[1], tile_measures(TILE, 0, len(TILE)))
    assert len(stage.shares) == 3


@pytest.mark.long
@pytest.mark.timeout(400)
def test_a_sweep_on_an_upload_goes_where_its_table_was_never_seen(local: Any) -> None:
    rng = np.random.default_rng(0)
    table = table_from_arrays(rng.normal(size=(60, 2)), rng.integers(2, size=60), kind="classes")
    register(table)
    configs = tuple(
        RunConfig.from_json({"data": {"name": table.name}, "optimizer": {"learning_rate": rate}})
        for rate in (0.01, 0.03, 0.1, 0.3)
    )
    task, stage = SweepTask(configs, 50, 0.1), Stage(local.address)

    async def scene() -> None:
        work = Work(sweep_outcomes, task, len(task.groups), far=True)
        stage.jobs.submit(Job("r", 1, "order", work), {table.name: table})
        await stage.until(lambda: 1 in stage.done)

    stage.play(scene)
    np.testing.assert_allclose(stage.done[1], sweep_outcomes(task, 0, len(task.groups)), rtol=1e-9)
    UPLOADS.pop(table.name, None)


@pytest.mark.long
@pytest.mark.timeout(400)
def test_a_cancel_ends_what_the_cluster_computes(local: Any) -> None:
    import ray

    stage, big = Stage(local.address), Tile(TILE.map, 1, 0, 64, False)
    ray.init(address=local.address, log_to_driver=False, configure_logging=False)

    async def scene() -> None:
        def idle() -> float:
            return float(ray.available_resources().get("CPU", 0))

        width = stage.cluster.width
        stage.jobs.submit(Job("r", 1, "order", Work(tile_measures, big, len(big), far=True)))
        await stage.until(lambda: idle() == 0)
        at = time.monotonic()
        stage.jobs.cancel("r")
        await stage.until(lambda: idle() == width)
        assert time.monotonic() - at < 10  # it would take a minute
        assert not stage.done

    try:
        stage.play(scene)
    finally:
        ray.shutdown()


HEAD = """
import os, sys
from ray.cluster_utils import Cluster
small = {"num_cpus": 1, "object_store_memory": 80_000_000, "include_dashboard": False}
cluster = Cluster(initialize_head=True, head_node_args=small)
print(cluster.address, flush=True)
sys.stdin.readline()
for kind in cluster.head_node.all_processes.values():
    for one in kind:
        one.process.kill()
os._exit(0)
"""


@pytest.mark.long
@pytest.mark.timeout(400)
def test_when_the_whole_cluster_is_killed_the_work_is_done_here_and_nothing_else_ends() -> None:
    pytest.importorskip("ray")
    command = [sys.executable, "-c", HEAD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as head:
        assert head.stdout is not None
        assert head.stdin is not None
        stage, stdin = Stage(head.stdout.readline().strip()), head.stdin

        async def scene() -> None:
            stage.jobs.submit(Job("r", 1, "order", Work(tile_measures, TILE, len(TILE), far=True)))
            await asyncio.sleep(1.0)
            assert 1 not in stage.done
            stdin.write("\n")
            stdin.flush()
            await stage.until(lambda: 1 in stage.done)
            assert stage.cluster is None

        stage.play(scene)
    np.testing.assert_array_equal(stage.done[1], tile_measures(TILE, 0, len(TILE)))


class Reference:
    """Of a task that is done at once."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.found: Future[Any] = Future()
        try:
            self.found.set_result(call())
        except Exception as error:
            self.found.set_exception(error)

    def future(self) -> Future[Any]:
        return self.found


class TaskFailed(Exception):
    """As Ray wraps an error of a task."""


class Ray:
    """Ray as far as the holder of the connection needs it, in this process."""

    exceptions = SimpleNamespace(RayTaskError=TaskFailed)

    def __init__(self, wrong: str = "") -> None:
        self.wrong, self.ended, self.puts, self.tries = wrong, False, 0, 0

    def init(self, **_: Any) -> None:
        if self.wrong:
            raise ConnectionError(self.wrong)

    def remote(self, max_retries: int = 0, **_: Any) -> Callable[..., Any]:
        self.tries = max_retries
        return lambda call: SimpleNamespace(remote=lambda *given: Reference(lambda: call(*given)))

    def get(self, reference: Any, timeout: float = 0.0) -> Any:
        return reference.found.result() if isinstance(reference, Reference) else reference

    def put(self, value: Any) -> Any:
        self.puts += 1
        return value

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": 5.0}

    def shutdown(self) -> None:
        self.ended = True


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Callable[[Ray], Any]:
    """Returns our end of the pipe of a connection that is held in a thread."""

    def begin(ray: Ray) -> Any:
        monkeypatch.setattr(clusters, "outlive_front", lambda: None)
        monkeypatch.setattr(clusters, "import_module", lambda name: ray.exceptions if "." in name else ray)
        ours, theirs = Pipe()
        threading.Thread(target=clusters.hold, args=(theirs, "auto"), daemon=True).start()
        return ours

    return begin


def test_what_cannot_be_reached_is_told_in_words(held: Callable[[Ray], Any]) -> None:
    ray = Ray("Could not find any running Ray instance.\nMore words")
    assert held(ray).recv() == "Could not find any running Ray instance."


def test_nodes_with_another_version_are_refused(held: Callable[[Ray], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    versions = iter(["0.0.1", "0.2.0", "0.2.0"])
    monkeypatch.setattr(clusters, "installed_version", lambda: next(versions))
    assert held(Ray()).recv() == "it has Backscope 0.0.1, not 0.2.0"


def test_calls_are_answered_with_their_uploads_and_errors_are_told_apart(held: Callable[[Ray], Any]) -> None:
    ray, table = Ray(), table_from_arrays(np.arange(12.0).reshape(6, 2), np.arange(6.0))
    pipe = held(ray)
    assert pipe.recv() == ""

    def ask(*message: Any) -> Any:
        pipe.send(message)
        return pipe.recv()

    assert ask("width", 1) == (1, 5, None)
    assert ray.tries == clusters.TRIES
    assert ask("call", 2, {table.name: table}, (table.name,), partial(is_upload, table.name)) == (2, True, None)
    assert ask("call", 3, {}, (table.name,), partial(is_upload, table.name)) == (3, True, None)
    assert ask("call", 4, {}, (), partial(is_upload, table.name)) == (4, False, None)
    assert ray.puts == 1
    assert isinstance(ask("call", 5, {}, (), fail_there)[2], TaskError)
    assert isinstance(ask("call", 6, {}, (), fail_in_ray)[2], ClusterError)
    pipe.send(("end", 7))
    with pytest.raises(EOFError):
        pipe.recv()
    assert ray.ended


def is_upload(name: str) -> bool:
    return name in UPLOADS


def fail_there() -> None:
    raise TaskFailed("on purpose")


def fail_in_ray() -> None:
    raise RuntimeError("a node has gone, eleven times")


def test_the_command_says_what_is_missing_or_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for there, address, words in ((None, "auto", "pip install"), (object(), "two words", "must be auto, host:port")):
        monkeypatch.setattr("backscope.server.__main__.find_spec", lambda _, there=there: there)
        with pytest.raises(SystemExit):
            main(["--ray", address])
        assert words in capsys.readouterr().err
