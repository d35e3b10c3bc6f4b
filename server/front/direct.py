"""The short way between clients and their connections, for what happens thousands of times a second.

A frame on its way to a follower, and the follower's word that it is drawn, would each go through two tasks, four layers
and a message of ASGI between them: several times what it takes to write a frame and to read a word. So a connection
can be written to at once, frames are handed to all who may have one in one go, and the word is heard where it is read.
All else goes the long way, and so does everything where a connection is no `DirectSocket`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any, Protocol, cast

from ..wire.log import fault
from ..wire.protocol import Close
from ..wire.websocket import Course, Shared, framed, short_text
from .client import Client
from .intake import BoundedSocket

#: Under which name an application finds the connection among the extensions of its scope.
EXTENSION = "backscope.direct"

#: Clients that are served before the event loop looks at what else there is.
_TOGETHER = 64

#: The word that a frame is drawn, as pages and programs write it; whatever is written otherwise goes the long way.
_DRAWN = re.compile(rb'\{"op": ?"ack", ?"seq": ?(0|[1-9][0-9]{0,14})\}')


class Line(Protocol):
    """A connection that can be written to at once."""

    @property
    def takes(self) -> bool:
        """Whether it takes a message now: it has not ended, and what was written before has left, but for little."""

    def write(self, message: str | bytes) -> None:
        """Write a message."""

    def attach(self, hear: Callable[[bytes], bool], resume: Callable[[], None]) -> None:
        """Have short words heard where they are read, unless others wait before them; and be told when it takes more.

        `hear` returns whether it has obeyed; if not, the words go on as all others do.
        """

    def detach(self) -> None:
        """End that."""


class DirectSocket(BoundedSocket):
    """A WebSocket that can be written to without a message of ASGI, and whose short words can be heard without one."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._course = Course()
        self._hear: Callable[[bytes], bool] | None = None
        self._resume: Callable[[], None] | None = None

    async def run_asgi(self) -> None:
        """Serve the socket; who serves it finds the connection itself in the scope."""
        cast(dict[str, Any], self.scope["extensions"])[EXTENSION] = self
        await super().run_asgi()

    def data_received(self, data: bytes) -> None:
        """Hear what came at once, if it may be; else let it go the long way."""
        if self._hear is not None and self._course.between and self.queue.empty():
            words = short_text(data)
            if words is not None and self._hear(words):
                return
        if self.handshake_initiated:  # what comes before is no frame
            self._course.go(data)
        super().data_received(data)

    def resume_writing(self) -> None:
        """What was written has left."""
        super().resume_writing()
        if self._resume is not None:
            self._resume()

    # As a line

    @property
    def takes(self) -> bool:
        """Whether it takes a message now."""
        return self.writable.is_set() and not (self.close_sent or self.transport.is_closing())

    def write(self, message: str | bytes) -> None:
        """Write a message."""
        self.transport.write(message.framed if isinstance(message, Shared) else framed(message))

    def attach(self, hear: Callable[[bytes], bool], resume: Callable[[], None]) -> None:
        """Have short words heard where they are read, and be told when it takes more."""
        self._hear, self._resume = hear, resume

    def detach(self) -> None:
        """End that."""
        self._hear = self._resume = None


class Rounds:
    """Those who have something to send: all are served in one go, before the event loop waits for anything."""

    def __init__(self) -> None:
        self._due: list[Pump] = []

    def add(self, pump: Pump) -> None:
        """Serve one more."""
        if not self._due:
            asyncio.get_running_loop().call_soon(self._serve)
        self._due.append(pump)

    def _serve(self) -> None:
        now, self._due = self._due[:_TOGETHER], self._due[_TOGETHER:]
        if self._due:
            asyncio.get_running_loop().call_soon(self._serve)
        for pump in now:
            pump.serve()


class Pump:
    """Writes to a connection what its client may have, as soon as it may have it.

    Parameters
    ----------
    client : Client
    line : Line
    rounds : Rounds
        In which it is served with others.
    """

    def __init__(self, client: Client, line: Line, rounds: Rounds) -> None:
        self._client, self._line, self._rounds = client, line, rounds
        self._due = self._ended = False

    async def run(self) -> None:
        """Serve the client until it is to be closed."""
        self._client.stirred = self._stir
        self._line.attach(self._hear, self._stir)
        self._stir()
        try:
            await self._client.over.wait()
        finally:
            self._ended = True
            self._line.detach()

    def serve(self) -> None:
        """Write what there is, as far as the connection takes it."""
        self._due = False
        client, line = self._client, self._line
        try:
            while not self._ended and line.takes and (message := client.take()) is not None:
                line.write(message)
        except Exception:
            fault("socket_failed")
            client.close(Close.FAILED)

    def _stir(self) -> None:
        if not self._due:
            self._due = True
            self._rounds.add(self)

    def _hear(self, words: bytes) -> bool:
        """Obey words if they are the word that a frame is drawn, from who may give it, and nothing is before them."""
        client, found = self._client, _DRAWN.fullmatch(words)
        if found is None or client.busy or client.audience is None or client.closed is not None:
            return False
        client.heard += 1
        client.audience.acknowledge(client, int(found[1]))
        return True
