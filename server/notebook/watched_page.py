"""The page of a watched run: the files of Backscope's page, and a socket through which it asks for readings."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from ..front.files import Pages
from ..front.guard import Guard
from ..wire.protocol import accept, refuse
from ..wire.settings import Settings


class Told(Protocol):
    """What the page of a run asks of it: see `WatchedRun`."""

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this when there is something new."""

    def unlisten(self, listener: Callable[[], None]) -> None:
        """Call it no longer."""

    def news(self) -> str:
        """Return what a page is told of something new."""

    def message(self, number: int, since: int) -> bytes | None:
        """Return the newest reading, and what a page does not have of the past."""


#: Seconds between signs of life.
_HEARTBEAT = 4.0


def create_watched_page(run: Told, settings: Settings) -> Starlette:
    """Return the application that shows a run."""

    async def attend(socket: WebSocket) -> None:
        await socket.accept()
        loop, fresh = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            with suppress(RuntimeError):  # the server has ended
                loop.call_soon_threadsafe(fresh.set)

        run.listen(wake)
        teller = asyncio.create_task(_tell(socket, run, fresh))
        try:
            async for command in socket.iter_text():
                await _answer(socket, run, command)
        except (WebSocketDisconnect, RuntimeError):  # it left while it was answered
            pass
        finally:
            teller.cancel()
            run.unlisten(wake)

    routes = [WebSocketRoute("/watched", attend), Pages()]
    return Starlette(routes=routes, middleware=[Middleware(Guard, settings=settings)])


async def _tell(socket: WebSocket, run: Told, fresh: asyncio.Event) -> None:
    """Send news as they come, and signs of life."""
    with suppress(WebSocketDisconnect, RuntimeError):
        while True:
            fresh.clear()
            await socket.send_text(run.news())
            with suppress(TimeoutError):
                await asyncio.wait_for(fresh.wait(), _HEARTBEAT)


async def _answer(socket: WebSocket, run: Told, command: str) -> None:
    asked = _read(command)
    number = asked.get("id")
    if asked.get("op") == "hello":
        await socket.send_text(accept(number))
    elif asked.get("op") == "laboratory":
        since = [asked.get(name, -1) for name in ("number", "since")]
        if not all(isinstance(value, int) for value in since):
            await socket.send_text(refuse(number, "wrong_type", "number and since must be integers"))
            return
        message = run.message(*since)
        if message is not None:
            await socket.send_bytes(message)
        await socket.send_text(accept(number))
    else:
        await socket.send_text(refuse(number, "unknown_command", "a watched run answers to hello and laboratory"))


def _read(command: str) -> dict[str, Any]:
    with suppress(ValueError):
        asked = json.loads(command)
        if isinstance(asked, dict) and isinstance(asked.get("id"), int | None):
            return asked
    return {}
