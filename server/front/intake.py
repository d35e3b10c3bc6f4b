"""What is taken from a connection before anybody knows who is there: so much, for so long, from so many.

Behind it, a socket has `Limits.hello_seconds` to say hello, and an upload shows its session's secret before it is read.
And what is to end ends, whether the other side reads or not.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from ..wire.protocol import Close

#: Bytes of a request line and its headers, and of a piece of a socket's message that is not complete.
MOST_HEAD = 1 << 16
MOST_MESSAGE = 1 << 21
#: Seconds until a request's headers are there, and then its body.
HEAD_SECONDS, BODY_SECONDS = 10.0, 300.0
#: File descriptors that are kept for trainer processes, workers and files.
_KEPT = 96
_MOST_CONNECTIONS = 4096
#: Seconds from the end of a socket to that of its connection, for a client that does not take its last words.
_LINGER = 15.0


def most_connections() -> int:
    """Return how many connections leave enough file descriptors for all else, after asking for as many as allowed."""
    try:
        import resource
    except ImportError:  # another system, with other bounds
        return _MOST_CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_CONNECTIONS + _KEPT
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return max(_KEPT, soft - _KEPT)
    return _MOST_CONNECTIONS


class BoundedHttp(HttpToolsProtocol):
    """HTTP whose requests are bounded in size, time and number."""

    most = _MOST_CONNECTIONS
    head_seconds, body_seconds = HEAD_SECONDS, BODY_SECONDS

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._deadline: asyncio.TimerHandle | None = None
        self._head: int | None = 0  # bytes of it so far; None behind it

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there: wait for a request."""
        super().connection_made(transport)  # type: ignore[arg-type]
        if len(self.connections) > self.most:
            self.transport.abort()
        else:
            self._wait(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """It has ended."""
        self._wait(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, as long as it is no more than a request may be."""
        super().data_received(data)
        if self._head is not None and not self.transport.is_closing():
            self._head += len(data)
            if self._head > MOST_HEAD:
                self._refuse()

    def on_message_begin(self) -> None:
        """The first line of a request comes."""
        super().on_message_begin()
        self._head = 0
        if self._deadline is None:
            self._wait(self.head_seconds)

    def on_headers_complete(self) -> None:
        """The headers are there."""
        self._head = None
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > MOST_HEAD:
            raise ValueError("the headers are too long")
        self._wait(self.body_seconds)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is there too."""
        self._wait(None)
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """It becomes a socket, which has to say hello."""
        self._wait(None)
        super().handle_websocket_upgrade()

    def _wait(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self._expire)

    def _expire(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.abort()

    def _refuse(self) -> None:
        self.transport.write(b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n\r\n")
        self.transport.close()


class BoundedSocket(WebSocketsSansIOProtocol):
    """A WebSocket whose end is heard by who listens, and does not wait for who does not.

    The base lets go of a connection when all that was written has left: never, if the client keeps it open and reads
    nothing. And to a client that is silent for long it says why, and hangs up at once: where words of the client are
    still unread, the system then takes back even what was said, and the client sees an end without a close frame.
    """

    linger = _LINGER

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._end: asyncio.TimerHandle | None = None
        self._lost = False

    def keepalive_timeout(self) -> None:
        """No sign of life in time: who serves the socket ends it, while what comes is still read."""
        self.pong_timer = None
        self.queue.put_nowait({"type": "websocket.disconnect", "code": Close.TOO_SLOW})
        self._end_soon()

    async def run_asgi(self) -> None:
        """Serve the socket, and then let go of the connection."""
        try:
            await super().run_asgi()
        finally:
            self._end_soon()

    def connection_lost(self, exc: Exception | None) -> None:
        """It has ended."""
        self._lost = True
        if self._end is not None:
            self._end.cancel()
        super().connection_lost(exc)

    def _end_soon(self) -> None:
        if self._end is None and not self._lost:
            self._end = self.loop.call_later(self.linger, self.transport.abort)
