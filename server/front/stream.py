"""A session without a WebSocket, for networks that let none through.

Messages come down in one response without an end and go up in requests of their own. Both stand in for a socket:
what serves a socket serves this, and a session cannot tell them apart.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import struct
from collections.abc import MutableMapping
from types import SimpleNamespace
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ..wire.protocol import text
from .connection import attend
from .intake import MOST_MESSAGE
from .registry import Registry

#: Where a request that goes up says to which response it belongs.
CHANNEL = "x-backscope-channel"

#: What a message down begins with: its kind, and its length.
_PREFIX = struct.Struct("<BI")
_TEXT, _BINARY, _CLOSE = 0, 1, 2
#: Commands that wait to be read before a request that brings more is held up.
_MOST_WAITING = 64
_HEADERS = {
    "content-type": "application/octet-stream",
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",  # nginx would keep it back
}


class Channel:
    """Stands in for a WebSocket: what it sends becomes part of a response, what it receives came with requests.

    Parameters
    ----------
    scope : Scope
        Of the request that is answered.
    send : Send
    """

    def __init__(self, scope: Scope, send: Send) -> None:
        self.key = secrets.token_urlsafe(24)
        self.client = SimpleNamespace(host=scope["client"][0]) if scope.get("client") else None
        self._send = send
        self._inbox: asyncio.Queue[str | None] = asyncio.Queue(_MOST_WAITING)
        self.ended = self.taking = False

    async def put(self, words: str) -> None:
        """Take a command in; waits while those before it are not read."""
        if not self.ended:
            await self._inbox.put(words)

    async def watch(self, receive: Receive) -> None:
        """Wait until the browser has gone."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self.hang_up()

    def hang_up(self) -> None:
        """Nothing more comes: whoever reads hears so, whatever waits."""
        self.ended = True
        while not self._inbox.empty():
            self._inbox.get_nowait()
        self._inbox.put_nowait(None)

    # As of a WebSocket

    async def receive(self) -> dict[str, Any]:
        """Return the next command, or that there is none any more."""
        words = await self._inbox.get()
        if words is None:
            return {"type": "websocket.disconnect"}
        return {"type": "websocket.receive", "text": words}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Send a message down."""
        words = message.get("text")
        if words is None:
            await self._write(_BINARY, message["bytes"])
        else:
            await self._write(_TEXT, words.encode())

    async def close(self, code: int, reason: str) -> None:
        """Say with which code it ends; the reader ends too."""
        await self._write(_CLOSE, struct.pack("<H", code))
        self.hang_up()

    async def _write(self, kind: int, payload: bytes) -> None:
        body = _PREFIX.pack(kind, len(payload)) + payload
        await self._send({"type": "http.response.body", "body": body, "more_body": True})


class Streams:
    """All responses that stand in for sockets."""

    def __init__(self) -> None:
        self._channels: dict[str, Channel] = {}

    async def down(self, registry: Registry, session: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with all that a socket would get; the first message names the channel for what goes up."""
        channel = Channel(scope, send)
        headers = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await channel.send({"text": text("channel", {"key": channel.key})})
        self._channels[channel.key] = channel
        watcher = asyncio.create_task(channel.watch(receive))
        try:
            await attend(channel, registry, session)
        finally:
            del self._channels[channel.key]
            watcher.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def up(self, request: Request) -> Response:
        """Take in the commands of a request, one a line."""
        key = request.headers.get(CHANNEL, "")
        channel = next((one for name, one in self._channels.items() if _same(key, name)), None)
        if channel is None:  # before anything is taken in
            return Response(status_code=410)
        if channel.taking:  # a page sends one after the other, or they would lose their order
            return Response(status_code=409)
        channel.taking = True
        try:
            return await self._take(channel, request)
        finally:
            channel.taking = False

    async def _take(self, channel: Channel, request: Request) -> Response:
        body = bytearray()
        try:
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_MESSAGE:
                    return Response(status_code=413)
        except ClientDisconnect:
            return Response(status_code=400)
        for line in body.decode("utf-8", "replace").split("\n"):
            if line:
                await channel.put(line)
        return Response(status_code=204)

    def close(self) -> None:
        """End all of them."""
        for channel in self._channels.values():
            channel.hang_up()


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), known.encode())


class Stream(Response):
    """A response that lasts as long as its session is looked at."""

    def __init__(self, streams: Streams, registry: Registry, session: str) -> None:
        self._streams, self._registry, self._session = streams, registry, session
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream."""
        await self._streams.down(self._registry, self._session, scope, receive, send)
