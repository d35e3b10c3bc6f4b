"""The front's ends of its trainer hosts: one in a process of its own, or one in the event loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Protocol, cast

from ..wire.messages import ToFront, ToHost
from ..wire.pipe import packed, unpacked
from ..wire.settings import Limits
from .trainer_process import TrainerProcess

Receive = Callable[["Link", ToFront], None]
Died = Callable[["Link"], None]

_PATIENCE = 0.3  # seconds that a trainer has to end by itself


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

    Parameters
    ----------
    receive : callable
        Takes what the host says.
    died : callable
        Called when the process is gone and nobody had asked for it.
    trainer : TrainerProcess
        Started already, or started from here.
    """

    def __init__(self, receive: Receive, died: Died, trainer: TrainerProcess) -> None:
        self._receive, self._died = receive, died
        self._unsent: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._ended = self._heard = False
        self._trainer = trainer
        self._task = asyncio.get_running_loop().create_task(self._start())

    @property
    def process(self) -> BaseProcess:
        """The process."""
        return self._trainer.process

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

    async def _start(self) -> None:
        try:
            await asyncio.to_thread(self._trainer.start)
            await asyncio.get_running_loop().create_connection(lambda: self, sock=self._trainer.ours)
        except OSError as error:
            self._trainer.close()
            self.connection_lost(error)

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
