"""One WebSocket: a reader and a writer, and certain cleanup."""

from __future__ import annotations

import asyncio
import contextlib

from fastapi import WebSocket, WebSocketDisconnect

from .protocol import refuse
from .registry import Registry
from .rooms import Client


async def attend(socket: WebSocket, registry: Registry, session: str) -> None:
    """Serve an accepted socket until it ends."""
    client = registry.connect()
    writer = asyncio.create_task(_write(socket, client))
    try:
        await _read(socket, registry, client, session)
    finally:
        registry.leave(client)
        writer.cancel()
        with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await writer


async def _read(socket: WebSocket, registry: Registry, client: Client, session: str) -> None:
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        words = message.get("text")
        if words is None:
            client.reply(refuse(None, "bad_message", "a command must be a text message"))
        else:
            registry.handle(client, session, words)
        await client.readable()


async def _write(socket: WebSocket, client: Client) -> None:
    while True:
        await client.wait()
        while (message := client.take()) is not None:
            if isinstance(message, str):
                await socket.send({"type": "websocket.send", "text": message})
            else:
                await socket.send({"type": "websocket.send", "bytes": message})
        if client.closed is not None:
            await socket.close(client.closed)
            return
