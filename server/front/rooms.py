"""Who is connected to what, and what each client may have next.

A room is the audience of one session. A client has one credit: it gets a frame, and the next one only when it has said
that it drew the last. So nothing piles up in the buffers below us, and what a slow client is shown is as new as its own
pace allows. Only a command of its own lends it one frame more, so that the change is in the very next picture it draws.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

from ..wire.messages import Frame, Position, Publish, Want
from ..wire.settings import Limits

#: The order in which the newest of each kind leaves.
_ORDER = ("welcome", "own", "state", "layout", "beat", "data", "history", "surface", "computing", "frame")

#: These are large: they wait until the client has drawn its last frame.
_NEED_CREDIT = frozenset({"data", "history", "surface"})

#: Replies that wait for a client before its commands are no longer read.
_MOST_REPLIES = 256


class Bucket:
    """A token bucket: `rate` per second in the long run, `size` at once.

    Parameters
    ----------
    rate, size : float
    clock : callable
        Seconds.
    """

    def __init__(self, rate: float, size: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self._size, self._clock = rate, size, clock
        self._left, self._at = size, clock()

    def take(self, cost: float) -> bool:
        """Take out what something costs, if it is there. Nothing costs more than the whole."""
        now = self._clock()
        self._left, self._at = min(self._size, self._left + (now - self._at) * self.rate), now
        if self._left < min(cost, self._size):
            return False
        self._left -= min(cost, self._size)
        return True


class Client:
    """One socket: the messages that wait for it, and its credit.

    Replies are all kept, in order, and so is what is told once. Of everything else only the newest is kept: a state
    that was not sent in time is of no use to anyone.
    """

    def __init__(self, number: int, limits: Limits) -> None:
        self.number = number
        self._bucket = Bucket(limits.messages_per_second, limits.messages_at_once)
        self.room: Room | None = None
        self.position: Position | None = None
        self.seq = -1
        self.closed: int | None = None
        self._replies: deque[str | bytes] = deque()
        self._newest: dict[str, str | bytes] = {}
        self._credit = True
        self._lent = False
        self._wake = asyncio.Event()
        self._readable = asyncio.Event()
        self._readable.set()

    @property
    def waits_for_frame(self) -> bool:
        """Whether it has drawn all that it got."""
        return self._credit and "frame" not in self._newest

    def pay(self, cost: float) -> bool:
        """Pay for a command; False if it sends more than its share."""
        return self._bucket.take(cost)

    def reply(self, message: str | bytes) -> None:
        """Answer one of its commands, or tell it what must not be lost."""
        self._replies.append(message)
        if len(self._replies) >= _MOST_REPLIES:
            self._readable.clear()
        self._wake.set()

    def offer(self, kind: str, payload: str | bytes) -> None:
        """Keep the newest of a kind; it leaves as soon as the client can take it."""
        self._newest[kind] = payload
        self._wake.set()

    def withdraw(self, kind: str) -> None:
        """Take back what has not left yet."""
        self._newest.pop(kind, None)

    def acknowledge(self, seq: int) -> bool:
        """The client has drawn frame `seq`: if it is the last one, it may have the next."""
        if self._credit or seq != self.seq:
            return False
        self._credit, self._lent = True, False
        self._wake.set()
        return True

    def lend(self) -> bool:
        """Its hand has changed something: it may have one frame more than it has drawn, but no second one."""
        if self._credit or self._lent:
            return False
        self._credit = self._lent = True
        self._wake.set()
        return True

    def take(self) -> str | bytes | None:
        """Return the next message to send, or None."""
        if self._replies:
            if len(self._replies) <= _MOST_REPLIES // 2:
                self._readable.set()
            return self._replies.popleft()
        for kind in _ORDER:
            if kind in self._newest and (self._credit or kind not in _NEED_CREDIT):
                if kind == "frame":
                    self._credit = False
                return self._newest.pop(kind)
        return None

    def close(self, code: int) -> None:
        """End the socket with this code, once its replies have left."""
        self.closed = code
        self._wake.set()

    async def wait(self) -> None:
        """Wait until there may be something to send."""
        await self._wake.wait()
        self._wake.clear()

    async def readable(self) -> None:
        """Wait until the client has taken enough of its replies for more of its commands."""
        await self._readable.wait()


class Room:
    """The clients of one session, and the newest of what all of them have to know.

    Parameters
    ----------
    name : str
        The session.
    ask : callable
        Sends the session's host the wish for a frame.
    """

    def __init__(self, name: str, ask: Callable[[Want], None]) -> None:
        self.name = name
        self.clients: dict[int, Client] = {}
        self._ask = ask
        self._asked: set[Position | None] = set()
        self._common: dict[str, str | bytes] = {}

    def enter(self, client: Client) -> None:
        """Let a client in: it gets what all know, then history and frames."""
        self.clients[client.number] = client
        client.room = self
        for kind, payload in self._common.items():
            client.offer(kind, payload)
        self._wish()

    def leave(self, client: Client) -> None:
        """The client's socket has ended."""
        self.clients.pop(client.number, None)
        client.room = None

    def acknowledge(self, client: Client, seq: int) -> None:
        """A client has drawn a frame."""
        if client.acknowledge(seq):
            self._wish()

    def hurry(self, client: Client) -> None:
        """A command of the client has been carried out: it shall see what came of it in the next picture it draws."""
        if client.lend():
            self._wish()

    def publish(self, message: Publish) -> None:
        """Something that everybody has to know has changed."""
        kind, payload = message.kind, message.payload
        if kind in ("layout", "data") and self._common.get(kind) == payload:
            return
        self._common[kind] = payload if message.later is None else message.later
        once = message.later not in (None, payload)
        for client in self.clients.values():
            if once:  # no newer one says it again
                client.withdraw(kind)
                client.reply(payload)
            else:
                client.offer(kind, payload)
        if kind == "layout" and not message.alike:
            self._forget_old_layout()

    def deliver(self, frame: Frame) -> None:
        """Give a frame to those who wait at a position that it was made for, and ask for the others."""
        waiting = [client for client in self.clients.values() if client.waits_for_frame]
        for part in frame.parts:
            self._asked.discard(part.position)
            message: bytes | None = None
            for client in waiting:
                if client.position != part.position:
                    continue
                if message is None:
                    message = b"".join((part.head, frame.body, part.tail))
                for kind, payload in part.before:
                    client.offer(kind, payload)
                client.offer("frame", message)
        for client in waiting:
            if not client.waits_for_frame:
                client.position, client.seq = frame.position, frame.seq
        self._wish()

    def start_over(self) -> None:
        """The host knows nothing of earlier wishes any more."""
        self._asked.clear()
        self._wish()

    def _forget_old_layout(self) -> None:
        """Take back what has not left yet: it cannot be read with the new layout."""
        self._common.pop("surface", None)
        for client in self.clients.values():
            for kind in ("surface", "history", "frame"):
                client.withdraw(kind)
        self._wish()

    def _wish(self) -> None:
        positions = {client.position for client in self.clients.values() if client.waits_for_frame}
        if positions and not positions <= self._asked:
            self._asked = positions
            self._ask(Want(self.name, tuple(positions)))
