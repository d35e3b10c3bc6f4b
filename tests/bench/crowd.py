"""Hundreds of followers that cost next to nothing themselves, so that what is measured is the server.

Each is a bare connection in one event loop. Of a frame only its number, step and learning rate are read; the word that
it is drawn leaves as a page's does, so many times a second, or later where the frame came later (``drawn`` in
``static/js/app/classroom.js``).
"""

import asyncio
import heapq
import json
import re
import struct
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, cast

#: Bytes of a frame's header in which what is looked for stands.
_ENOUGH = 400
_SEQ, _RATE = re.compile(rb'"seq":(\d+)'), re.compile(rb'"learning_rate":([^,}]+)')
_TEXT, _BINARY, _CLOSE, _PING, _PONG = 1, 2, 8, 9, 10


@dataclass
class Seen:
    """What a crowd has seen: of each frame's number the times at which it was whole, in seconds."""

    times: dict[int, list[float]] = field(default_factory=dict)
    watched: bool = False

    def note(self, seq: int, now: float) -> None:
        """A frame has come to somebody."""
        if self.watched:
            self.times.setdefault(seq, []).append(now)

    def ages(self) -> list[float]:
        """Return how much later than the first who had it each got a frame, in seconds."""
        return [at - min(times) for times in self.times.values() for at in times]


class Turns:
    """Calls followers when each is due, with one timer for all.

    Parameters
    ----------
    grain : float
        Seconds between two looks at who is due, at least.
    """

    def __init__(self, grain: float = 0.001) -> None:
        self._grain = grain
        self._due: list[tuple[float, int, Follower]] = []
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, at: float, one: "Follower") -> None:
        """Call `one.drawn` at a time."""
        self._count += 1
        heapq.heappush(self._due, (at, self._count, one))
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._grain, self._call)

    def _call(self) -> None:
        self._timer = None
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            heapq.heappop(self._due)[2].drawn()
        if self._due:
            wait = max(self._grain, self._due[0][0] - now)
            self._timer = asyncio.get_running_loop().call_later(wait, self._call)


class Follower(asyncio.Protocol):
    """Somebody who has joined a room.

    Parameters
    ----------
    port : int
    join : mapping
        What it comes in with.
    gap : float
        Seconds between two frames that it asks for; None for one frame, and no reading after it.
    turns : Turns
    seen : Seen
    """

    def __init__(self, port: int, join: dict[str, Any], gap: float | None, turns: Turns, seen: Seen) -> None:
        self.port, self.gap, self.turns, self.seen = port, gap, turns, seen
        self._join = json.dumps({"id": 1, "op": "join", "version": 1, **join}).encode()
        self.frames = self.bytes = self.seq = 0
        self.next = 0.0
        self.inside: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._obeys: tuple[bytes, asyncio.Future[float]] | None = None
        self._head, self._rest = b"", 0
        self._upgraded = self._is_frame = False
        self._rate = b""

    # What it is asked

    def until(self, rate: float) -> asyncio.Future[float]:
        """Return the time at which a frame of this learning rate has come, when it has."""
        self._obeys = repr(rate).encode(), asyncio.get_running_loop().create_future()
        return self._obeys[1]

    def drawn(self) -> None:
        """Say that the last frame is drawn."""
        self._say(_TEXT, b'{"op":"ack","seq":%d}' % self.seq)

    # The connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Shake hands."""
        self.transport = cast(asyncio.Transport, transport)
        head = f"GET /ws/room HTTP/1.1\r\nhost: 127.0.0.1:{self.port}\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
        key = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n"
        transport.write((head + key).encode())

    def connection_lost(self, error: Exception | None) -> None:
        """It has ended."""
        if not self.inside.done():
            self.inside.set_exception(ConnectionError("the server has ended it"))

    def _say(self, opcode: int, words: bytes) -> None:
        size = len(words)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack("!H", size)
        self.transport.write(bytes([0x80 | opcode]) + length + b"\0\0\0\0" + words)

    def data_received(self, data: bytes) -> None:
        """Go through what has come, message by message."""
        if self._rest > len(data):
            self._rest -= len(data)
            return
        if self._rest:
            data, self._rest = data[self._rest :], 0
            self._whole()
        if self._head:
            data, self._head = self._head + data, b""
        if not self._upgraded:
            head, there, data = data.partition(b"\r\n\r\n")
            if not there:
                self._head = head
                return
            assert b" 101 " in head, head
            self._upgraded = True
            self._say(_TEXT, self._join)
        for _ in self._messages(data):
            pass

    def _messages(self, data: bytes) -> Iterator[None]:
        while data:
            begin, size = _length(data)
            opcode, end = data[0] & 15, begin + size
            enough = min(end, begin + _ENOUGH) if opcode == _BINARY else end
            if not begin or len(data) < enough:
                self._head = data
                return
            self._take(opcode, data[begin:enough], end)
            yield
            if end > len(data):
                self._rest = end - len(data)
                return
            data = data[end:]
            self._whole()

    def _take(self, opcode: int, words: bytes, size: int) -> None:
        """The beginning of a message is there, and all of a text."""
        self._is_frame = False
        if opcode == _BINARY:
            found = _SEQ.search(words)
            if found is not None and b'"kind":"frame"' in words:
                self._is_frame, self.seq = True, int(found[1])
                self.bytes += size
                if self._obeys is not None:
                    rate = _RATE.search(words)
                    self._rate = rate[1] if rate else b""
        elif opcode == _PING:
            self._say(_PONG, words)
        elif opcode == _TEXT and not self.inside.done():
            told = json.loads(words)
            if told["kind"] == "reply" and told["ok"]:
                self.inside.set_result(None)
            elif told["kind"] == "reply":
                self.inside.set_exception(ConnectionError(told["message"]))

    def _whole(self) -> None:
        """The message is there."""
        if not self._is_frame:
            return
        now = time.monotonic()
        self.frames += 1
        self.seen.note(self.seq, now)
        if self._obeys is not None and self._obeys[0] == self._rate:
            self._obeys[1].set_result(now)
            self._obeys = None
        if self.gap is None:
            self.transport.pause_reading()
            return
        wait = max(0.0, self.next - now)
        self.next = max(now, self.next) + self.gap
        if wait:
            self.turns.add(now + wait, self)
        else:
            self.drawn()


def _length(data: bytes) -> tuple[int, int]:
    """Return where a message begins in the server's frame, and its length; 0 and 0 where that is not there yet."""
    if len(data) < 2:
        return 0, 0
    size = data[1] & 127
    if size < 126:
        return 2, size
    form, begin = ("!H", 4) if size == 126 else ("!Q", 10)
    return (begin, struct.unpack_from(form, data, 2)[0]) if len(data) >= begin else (0, 0)


class Crowd:
    """Those who have come into one room.

    Parameters
    ----------
    port : int
    code : str
        Of the room.
    """

    def __init__(self, port: int, code: str) -> None:
        self.port, self.code = port, code
        self.turns, self.seen = Turns(), Seen()

    async def join(self, stack: AsyncExitStack, name: str, gap: float | None) -> Follower:
        """Bring in somebody who asks for a frame every `gap` seconds, until the stack ends: see `Follower`."""
        join = {"code": self.code, "name": name, "secret": f"the browser of {name}".ljust(30, ".")}
        loop = asyncio.get_running_loop()
        _, one = await loop.create_connection(
            lambda: Follower(self.port, join, gap, self.turns, self.seen), "127.0.0.1", self.port
        )
        await one.inside
        stack.callback(one.transport.abort)  # who reads nothing would not hear a farewell
        return one
