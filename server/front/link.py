"""The front's ends of its trainer hosts: one in a process of its own, or one in the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Protocol, cast

from ..wire.messages import Ready, ToFront, ToHost
from ..wire.pipe import Hangup, Pipe, packed, unpacked
from ..wire.settings import ONE_THREAD, Limits

Receive = Callable[["Link", ToFront], None]
Died = Callable[["Link"], None]

_PATIENCE = 0.3  # seconds that a trainer has to end by itself
_LAST_SECONDS = 3  # whole ones, from SIGTERM to the end of a process whose front stays
_spawning = threading.Lock()  # the environment belongs to the whole process


class Link(Protocol):
    """A way to a trainer host."""

    def send(self, message: ToHost) -> None:
        """Hand a message to the host; it arrives in order."""

    @property
    def alive(self) -> bool:
        """Whether there is a host at the other end."""

    @property
    def heard(self) -> bool:
        """Whether the host has ever said anything: one that never did could not be started."""

    async def close(self) -> None:
        """End the host."""


class InlineLink:
    """A host in the event loop of the front, between the sockets: for tests and notebooks.

    Parameters
    ----------
    receive : callable
        Takes what the host says.
    limits : Limits
    """

    def __init__(self, receive: Receive, limits: Limits) -> None:
        from ..session.host import Host

        self._host = Host(lambda message: receive(self, message), limits)
        self._inbox: list[ToHost] = []
        self._wake = asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self._run())

    @property
    def alive(self) -> bool:
        """Whether its task runs."""
        return not self._task.done()

    @property
    def heard(self) -> bool:
        """It needs no start."""
        return True

    def send(self, message: ToHost) -> None:
        """Hand a message to the host; it arrives in order."""
        self._inbox.append(message)
        self._wake.set()

    async def close(self) -> None:
        """End the host."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            inbox, self._inbox = self._inbox, []
            for message in inbox:
                self._host.handle(message)
            delay = self._host.turn()
            if delay == 0:
                await asyncio.sleep(0)
            elif not self._inbox:
                timer = None if delay is None else loop.call_later(delay, self._wake.set)
                await self._wake.wait()
                if timer is not None:
                    timer.cancel()


class ProcessLink(asyncio.Protocol):
    """A host in a process of its own, spoken to through a pair of sockets.

    The process ends when its socket does: also when the front is killed without a word.

    Parameters
    ----------
    receive : callable
        Takes what the host says.
    died : callable
        Called when the process is gone and nobody had asked for it.
    limits : Limits
    """

    def __init__(self, receive: Receive, died: Died, limits: Limits) -> None:
        self._receive, self._died = receive, died
        self._unsent: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._ended = self._heard = False
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self.process = get_context("spawn").Process(
            target=_serve, args=(theirs, limits), name="backscope trainer", daemon=True
        )
        self._task = asyncio.get_running_loop().create_task(self._start(ours, theirs))

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return not self._ended and self.process.pid is not None and self.process.is_alive()

    @property
    def heard(self) -> bool:
        """Whether the process has ever said anything."""
        return self._heard

    def send(self, message: ToHost) -> None:
        """Hand a message to the host; it arrives in order."""
        raw = packed(message)
        if self._transport is None:
            self._unsent.append(raw)
        else:
            self._transport.write(raw)

    async def close(self) -> None:
        """End the process: kindly, and after a moment by force."""
        self._ended = True
        with contextlib.suppress(Exception):
            await self._task
        if self._transport is not None:
            self._transport.abort()
        if self.process.pid is not None:
            await asyncio.to_thread(self._end)

    def _end(self) -> None:
        self.process.join(_PATIENCE if self._heard else 0.0)  # one that is still loading has nothing to finish
        if self.process.is_alive():
            self.process.kill()
            self.process.join()

    async def _start(self, ours: socket.socket, theirs: socket.socket) -> None:
        try:
            await asyncio.to_thread(_spawn, self.process)
            await asyncio.get_running_loop().create_connection(lambda: self, sock=ours)
        except OSError as error:
            ours.close()
            self.connection_lost(error)
        finally:
            theirs.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The sockets are joined to the event loop."""
        self._transport = cast(asyncio.Transport, transport)
        for raw in self._unsent:
            self._transport.write(raw)
        self._unsent.clear()

    def data_received(self, data: bytes) -> None:
        """Hand on every message that is complete."""
        self._heard = True
        self._buffer += data
        for message in unpacked(self._buffer):
            self._receive(self, message)

    def connection_lost(self, error: Exception | None) -> None:
        """The process has gone."""
        if not self._ended:
            self._ended = True
            self._died(self)


@contextlib.contextmanager
def quiet_start() -> Iterator[None]:
    """What is started meanwhile computes with one thread, and no signal to the group ends it while it loads."""
    masks = hasattr(signal, "pthread_sigmask")
    with _spawning:
        before = {name: os.environ.get(name) for name in ONE_THREAD}
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM}) if masks else set()
        os.environ.update(ONE_THREAD)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
            if masks:
                signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def outlive_front() -> None:
    """Leave it to the front what a signal to the whole group means: this process ends when the front does.

    A SIGTERM that was for this process alone ends it after a moment, in which the front would have gone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "alarm"):
        signal.signal(signal.SIGTERM, lambda *_: signal.alarm(_LAST_SECONDS))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def _spawn(process: BaseProcess) -> None:
    with quiet_start():
        process.start()


def _serve(theirs: socket.socket, limits: Limits) -> None:
    """Be a trainer process, until the front hangs up."""
    from ..session.host import Host  # here, because the front has no use for it

    outlive_front()
    pipe = Pipe(theirs)
    host = Host(pipe.send, limits)
    delay: float | None = 0.0
    with contextlib.suppress(Hangup):
        pipe.send(Ready())
        while True:
            for message in pipe.receive(delay):
                host.handle(message)
            delay = host.turn()
