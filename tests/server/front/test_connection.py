"""One socket from its first word to its end: refused, silent, broken or closed, it always leaves."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, cast

import pytest
from backscope.server.front import connection
from backscope.server.front.client import Client
from backscope.server.front.connection import attend
from backscope.server.front.registry import Registry
from backscope.server.wire.protocol import Close
from backscope.server.wire.settings import Limits, Settings
from fastapi import WebSocket, WebSocketDisconnect

SECRET = "a secret of enough characters"
HELLO = json.dumps({"id": 1, "op": "hello", "secret": SECRET})


class Socket:
    """A socket that says what it is told to, and then hangs up, or waits."""

    client = None

    def __init__(
        self, *messages: Any, hangs_up: bool = True, broken: bool = False, deaf: bool = False, stuck: bool = False
    ) -> None:
        self.messages, self.hangs_up, self.broken = list(messages), hangs_up, broken
        self.deaf, self.stuck = deaf, stuck
        self.sent: list[Any] = []
        self.closed: int | None = None
        self.said = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if self.messages:
            await asyncio.sleep(0.01)
            return {"type": "websocket.receive", **self.messages.pop(0)}
        if self.deaf:
            raise ValueError("this socket cannot be read")
        if self.hangs_up:
            await asyncio.wait_for(self.said.wait(), 20)
            return {"type": "websocket.disconnect"}
        while self.closed is None:
            await asyncio.sleep(0.005)
        return {"type": "websocket.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        if self.broken:
            self.said.set()
            raise WebSocketDisconnect
        if self.stuck:
            await asyncio.Event().wait()
        self.sent.append(message)
        self.said.set()

    async def close(self, code: int, reason: str) -> None:
        await asyncio.sleep(0)  # as what leaves takes a moment
        self.closed = code
        assert Close(code).reason == reason


def attended(socket_of: Callable[[], Socket], **limits: Any) -> Socket:
    """Attend a socket to its end; nobody is left then, and no task of its own."""

    async def play() -> Socket:
        registry = Registry(Settings(limits=Limits(**limits)))
        socket, names = socket_of(), {"_read", "_write", "_expect_hello"}
        await attend(cast(WebSocket, socket), registry, "r1")
        assert registry._clients == {}
        await asyncio.sleep(0.01)  # what was told to end does so at its next turn
        assert not names & {task.get_coro().__name__ for task in asyncio.all_tasks()}  # type: ignore[union-attr]
        await registry.close()
        return socket

    return asyncio.run(asyncio.wait_for(play(), 60))


def replies(socket: Socket) -> list[dict[str, Any]]:
    return [found for m in socket.sent if "text" in m and (found := json.loads(m["text"]))["kind"] == "reply"]


def test_a_hello_is_answered_and_the_end_is_clean() -> None:
    socket = attended(lambda: Socket({"text": HELLO}))
    assert socket.sent
    assert all(reply["ok"] for reply in replies(socket))


def test_bytes_are_refused_in_words_and_the_socket_lives_on() -> None:
    socket = attended(lambda: Socket({"bytes": b"\0"}, {"text": '{"id": 2, "op": "ping"}'}))
    (first, *_) = replies(socket)
    assert (first["ok"], first["code"]) == (False, "bad_message")


def test_who_says_nothing_is_closed_in_time() -> None:
    socket = attended(lambda: Socket(hangs_up=False), hello_seconds=0.05)
    assert socket.closed == Close.NO_HELLO


def test_a_socket_that_breaks_while_it_is_written_to_is_left_like_any_other() -> None:
    socket = attended(lambda: Socket({"text": HELLO}, broken=True))
    assert socket.sent == []


def test_there_is_room_for_so_many_who_are_in_no_session() -> None:
    socket = attended(lambda: Socket({"text": HELLO}), strangers=0)
    assert socket.closed == Close.TOO_MANY
    assert socket.sent == []


def test_who_closes_itself_by_what_it_asks_for_is_told_why() -> None:
    ping = {"text": '{"id": 2, "op": "ping"}'}
    socket = attended(lambda: Socket({"text": HELLO}, *[ping] * 20, hangs_up=False), waiting_bytes=10)
    assert socket.closed == Close.TOO_SLOW


def test_a_socket_that_cannot_be_read_any_more_is_closed_and_not_only_dropped() -> None:
    socket = attended(lambda: Socket({"text": HELLO}, hangs_up=False, deaf=True))
    assert socket.closed == Close.FAILED


def test_a_socket_that_takes_nothing_is_given_up_with_what_it_owes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_LAST_WORDS", 0.05)
    socket = attended(lambda: Socket(hangs_up=False, stuck=True), hello_seconds=0.05)
    assert socket.closed == Close.NO_HELLO  # nothing waits for it
    socket = attended(lambda: Socket({"text": "{"}, hangs_up=False, stuck=True), hello_seconds=0.05)
    assert (socket.sent, socket.closed) == ([], None)


def test_who_is_closed_before_anything_has_left_still_hears_why(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        registry = Registry(Settings())
        socket = Socket({"text": HELLO}, hangs_up=False)

        async def at_once() -> dict[str, Any]:  # what it says is there already, and is obeyed without a pause
            if socket.messages:
                return {"type": "websocket.receive", **socket.messages.pop(0)}
            await socket.said.wait()
            return {"type": "websocket.disconnect"}

        async def refused(client: Client, name: str, words: str) -> None:
            client.reply(words)
            client.close(Close.ELSEWHERE)

        monkeypatch.setattr(socket, "receive", at_once)
        monkeypatch.setattr(registry, "handle", refused)
        try:
            await attend(cast(WebSocket, socket), registry, "r")
        finally:
            socket.said.set()
            await registry.close()
        assert socket.sent == [{"type": "websocket.send", "text": HELLO}]
        assert socket.closed == Close.ELSEWHERE

    asyncio.run(asyncio.wait_for(scene(), 20))
