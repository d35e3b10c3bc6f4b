"""A Ray cluster that tiles of maps and sweeps are computed on (``--ray ADDRESS``, ``pip install "backscope[ray]"``).

A call becomes a task of Ray on one processor of some node. What Ray adds is used as it is: a task whose process or node
is lost is done again, on what is left; and a future that is cancelled is cancelled in the cluster too. All nodes have
Ray, Python and Backscope in the server's versions.

Ray ends the process that is connected to a cluster when the cluster has been gone for a minute. So the connection is
held by a process of its own, and the server lives on.
"""

from __future__ import annotations

import itertools
import multiprocessing
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from contextlib import suppress
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from ...core.data.tables import Table, forget, register
from ..front.trainer_process import outlive_front, quiet_start
from ..wire.installed import installed_version

#: How often a task is done again whose process or node was lost. What an error ends is not: it would end again.
TRIES = 10
#: Seconds in which the cluster has to answer: when it is joined, and about itself later.
_JOINED, _ANSWER = 120.0, 10.0


class ClusterError(RuntimeError):
    """The cluster cannot be used, or has been lost: what is wrong, in words."""


class TaskError(RuntimeError):
    """What was called in the cluster has failed; the words have its trace."""


class _Task(Future[Any]):
    """A future whose task goes on in the cluster, until it is cancelled."""

    def __init__(self, stop: Callable[[], object]) -> None:
        super().__init__()
        self._stop = stop

    def cancel(self) -> bool:
        """Cancel it, in the cluster too."""
        cancelled = super().cancel()
        if cancelled:
            self._stop()
        return cancelled


class Cluster(Executor):
    """A connection to a Ray cluster that runs already.

    Parameters
    ----------
    address : str
        As `ray.init` takes it: ``"auto"`` or ``"host:6379"`` on a machine that is a node of it, ``"ray://host:10001"``
        elsewhere.

    Raises
    ------
    ClusterError
        If there is none, or its nodes have another Backscope.
    """

    def __init__(self, address: str) -> None:
        self._pipe, far = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(target=hold, args=(far, address), daemon=True, name="backscope ray")
        with quiet_start():
            self._process.start()
        far.close()
        self._sending, self._numbers = threading.Lock(), itertools.count()
        self._tasks: dict[int, Future[Any]] = {}
        self._tables: set[str] = set()  # uploads that the cluster has
        wrong = "what connects to it has ended"
        with suppress(EOFError, OSError):
            wrong = self._pipe.recv() if self._pipe.poll(_JOINED) else "it does not answer"
        if wrong:
            self._process.kill()
            raise ClusterError(f"the Ray cluster at {address} cannot be used: {wrong}")
        threading.Thread(target=self._hear, daemon=True, name="backscope ray").start()

    @property
    def width(self) -> int:
        """Processors that the cluster has now.

        Raises
        ------
        ClusterError
            If it does not say.
        """
        try:
            return int(self._ask("width").result(_ANSWER))
        except TimeoutError:
            raise ClusterError("the Ray cluster does not answer") from None

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """Have a function of a module called somewhere in the cluster."""
        return self.submit_with({}, partial(function, *arguments, **named))

    def submit_with(self, tables: Mapping[str, Table], call: Callable[[], Any]) -> Future[Any]:
        """Have something called that needs some uploads."""
        fresh = {name: table for name, table in tables.items() if name not in self._tables}
        self._tables.update(fresh)
        return self._ask("call", fresh, tuple(tables), call)

    def forget(self, name: str) -> None:
        """An upload that nothing needs any more."""
        self._tables.discard(name)
        self._send("forget", 0, name)

    def lost(self, error: BaseException) -> bool:
        """Return whether an error is the cluster's own, and not that of what was called."""
        return isinstance(error, ClusterError)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster, which goes on without us; what we have there is ended."""
        self._send("end", 0)
        self._process.join(3)
        self._process.kill()

    def _ask(self, kind: str, *what: Any) -> Future[Any]:
        number = next(self._numbers)
        task = self._tasks[number] = _Task(lambda: self._send("cancel", number))
        if not self._send(kind, number, *what):
            self._fail(number)
        return task

    def _send(self, *message: Any) -> bool:
        try:
            with self._sending:
                self._pipe.send(message)
        except OSError:
            return False
        return True

    def _hear(self) -> None:
        """Settle what comes, until the connection ends and all else is lost."""
        with suppress(EOFError, OSError):
            while True:
                number, found, error = self._pipe.recv()
                task = self._tasks.pop(number, None)
                if task is None or not task.set_running_or_notify_cancel():
                    continue
                if error is None:
                    task.set_result(found)
                else:
                    task.set_exception(error)
        for number in list(self._tasks):
            self._fail(number)

    def _fail(self, number: int) -> None:
        task = self._tasks.pop(number, None)
        if task is not None and task.set_running_or_notify_cancel():
            task.set_exception(ClusterError("the Ray cluster has gone"))


def hold(pipe: Connection, address: str) -> None:
    """Hold the connection to a cluster, as a process of its own, and do what comes through the pipe until it ends.

    First it says what is wrong, or an empty text.
    """
    outlive_front()
    ray = import_module("ray")
    try:
        ray.init(address=address, log_to_driver=False, configure_logging=False)
        there = ray.get(ray.remote(num_cpus=1)(installed_version).remote(), timeout=_JOINED)
        wrong = "" if there == installed_version() else f"it has Backscope {there}, not {installed_version()}"
    except Exception as error:  # of many classes, some of them private
        wrong = str(error).strip().partition("\n")[0] or type(error).__name__
    pipe.send(wrong)
    if not wrong:
        with suppress(EOFError, OSError):
            _Held(ray, pipe).obey()
    ray.shutdown()
    pipe.close()


class _Held:
    """What the holder of the connection knows: tasks under way, and uploads that are in the cluster."""

    def __init__(self, ray: Any, pipe: Connection) -> None:
        self._ray, self._pipe, self._sending = ray, pipe, threading.Lock()
        self._remote = ray.remote(num_cpus=1, max_retries=TRIES)(call_with)
        self._tasks: dict[int, Any] = {}
        self._tables: dict[str, Any] = {}

    def obey(self) -> None:
        """Do what comes, until the pipe ends or is to."""
        while True:
            kind, number, *what = self._pipe.recv()
            if kind == "end":
                return
            if kind == "call":
                self._call(number, *what)
            elif kind == "width":
                self._answer(number, max(1, int(self._ray.cluster_resources().get("CPU", 1))))
            elif kind == "forget":
                self._tables.pop(what[0], None)
            elif (reference := self._tasks.get(number)) is not None:
                self._ray.cancel(reference)

    def _call(self, number: int, fresh: Mapping[str, Table], names: tuple[str, ...], call: Callable[[], Any]) -> None:
        self._tables |= {name: self._ray.put(table) for name, table in fresh.items()}
        reference = self._remote.remote([self._tables[name] for name in names], call)
        self._tasks[number] = reference
        reference.future().add_done_callback(partial(self._finished, number))

    def _finished(self, number: int, found: Future[Any]) -> None:
        self._tasks.pop(number, None)
        error = found.exception()
        if error is None:
            self._answer(number, found.result())
        elif isinstance(error, import_module("ray.exceptions").RayTaskError):
            self._answer(number, None, TaskError(str(error)))
        else:
            self._answer(number, None, ClusterError(str(error)))

    def _answer(self, number: int, found: Any, error: Exception | None = None) -> None:
        with self._sending, suppress(OSError):
            self._pipe.send((number, found, error))


def call_with(tables: list[Any], call: Callable[[], Any]) -> Any:
    """Call something in a process of the cluster, which has uploads no longer than that takes."""
    ray = import_module("ray")
    names = [register(ray.get(reference)) for reference in tables]
    try:
        return call()
    finally:
        for name in names:
            forget(name)
