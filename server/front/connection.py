"""One WebSocket: a reader and a writer, and certain cleanup."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import MutableMapping
from typing import Any, Protocol

from fastapi import WebSocketDisconnect

from ..wire.log import fault
from ..wire.protocol import Close, refuse
from .client import Client
from .direct import Line, Pump
from .registry import Registry

#: Seconds for what waits for a client that is to be closed, and for the code that ends it, to leave.
_LAST_WORDS = 5.0


class Socket(Protocol):
    """What carries messages both ways."""

    @property
    def client(self) -> Any:
        """Who is at the other end, with the address as its `host`; None if nobody knows."""

    async def receive(self) -> MutableMapping[str, Any]:
        """Return the next message, or ``websocket.disconnect``."""

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Send a message, ``text`` or ``bytes``."""

    async def close(self, code: int, reason: str) -> None:
        """End with a code, and why in words."""


async def attend(socket: Socket, registry: Registry, session: str, line: Line | None = None) -> None:
    """Serve an accepted socket until it ends; where its connection is known, by the short way."""
    client = registry.connect(socket.client.host if socket.client else "")
    if client is None:
        await socket.close(Close.TOO_MANY, Close.TOO_MANY.reason)
        return
    reader = asyncio.create_task(_read(socket, registry, client, session))
    writer = asyncio.create_task(_write(socket, client, None if line is None else Pump(client, line, registry.rounds)))
    closed = asyncio.create_task(client.over.wait())
    hello = asyncio.create_task(_expect_hello(client, registry.settings.limits.hello_seconds))
    try:
        await asyncio.wait({reader, writer, closed}, return_when=asyncio.FIRST_COMPLETED)
        if client.closed is not None or not reader.done():  # else it has hung up, and hears nothing any more
            await asyncio.wait({reader, writer}, timeout=_LAST_WORDS)
    finally:
        for task in (reader, writer, closed, hello):
            task.cancel()
        try:
            await asyncio.wait({reader, writer})
        finally:
            registry.leave(client)


async def _expect_hello(client: Client, seconds: float) -> None:
    """End a socket that is in no session in time, and not about to be."""
    await asyncio.sleep(seconds)
    while client.greets:
        await asyncio.sleep(seconds)
    if client.audience is None:
        client.close(Close.NO_HELLO)


async def _read(socket: Socket, registry: Registry, client: Client, session: str) -> None:
    try:
        while client.closed is None:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                if message.get("code") == Close.TOO_SLOW:  # nothing was heard of it for long: see `BoundedSocket`
                    client.close(Close.TOO_SLOW)
                return
            client.heard, client.busy = client.heard + 1, True
            words = message.get("text")
            if words is None:
                client.reply(refuse(None, "bad_message", "a command must be a text message"))
            else:
                await registry.handle(client, session, words)
            await client.readable()
            client.busy = False
    except Exception:
        fault("socket_failed")
        client.close(Close.FAILED)


async def _write(socket: Socket, client: Client, pump: Pump | None) -> None:
    code = Close.FAILED
    try:
        if pump is not None:
            await pump.run()
        await _send(socket, client)
        code = client.closed or code
    except (WebSocketDisconnect, RuntimeError):
        return  # it has ended; the reader hears of it too
    except Exception:
        fault("socket_failed")
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await socket.close(code, client.reason or code.reason)


async def _send(socket: Socket, client: Client) -> None:
    """Send what the client may have, until it is to be closed."""
    while True:
        while (message := client.take()) is not None:  # also of one that was closed before this began
            if isinstance(message, str):
                await socket.send({"type": "websocket.send", "text": message})
            else:
                await socket.send({"type": "websocket.send", "bytes": message})
        if client.closed is not None:
            return
        await client.wait()
