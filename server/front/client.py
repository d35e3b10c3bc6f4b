"""One socket: what waits for it, what it may have next, and how fast it may ask.

A client has one credit: it gets a frame, and the next one only when it has said that it drew the last. So nothing piles
up in the buffers below us, and what a slow client is shown is as new as its own pace allows. Only a command of its own
lends it one frame more, so that the change is in the very next picture it draws.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..wire.messages import Position
from ..wire.protocol import Close, text
from ..wire.settings import Limits
from .tally import Tally

if TYPE_CHECKING:
    from ..classroom.roster import Member
    from .audience import Audience

#: The order in which the newest of each kind leaves.
_ORDER = (
    *("welcome", "line", "storage", "uploads", "state", "layout", "saved", "beat", "room", "glance", "point"),
    *("copied_from", "data", "history", "surface", "computing", "microscope", "frame"),
)
KINDS = frozenset(_ORDER)

#: These are large: they wait until the client has drawn its last frame.
_NEED_CREDIT = frozenset({"data", "history", "surface", "microscope"})

#: Replies, and bytes of them, that wait for a client before its commands are no longer read.
_MOST_REPLIES, _MOST_BYTES = 256, 1 << 20

#: Seconds after which a frame that is not drawn makes its client a slow one.
_LAG = 2.0


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

    #: Whether its socket is here: what all are told goes to it, and it may wait for frames.
    here = True

    def __init__(self, number: int, limits: Limits, address: str = "", tally: Tally | None = None) -> None:
        self.number, self.address = number, address
        self._tally = tally or Tally()
        self._sent = 0.0  # when the last frame left
        self._limits = limits
        self._bucket = Bucket(limits.messages_per_second, limits.messages_at_once)
        self.audience: Audience | None = None
        self.position: Position | None = None
        self.seq = -1
        self.closed: Close | None = None
        self.reason = ""  # said with the code that closes it, where there is more to say
        self.over = asyncio.Event()  # set once it is closed
        self.greets = False  # its hello is being read
        self.has: Mapping[str, Any] = {}  # marks of what its page has already, by kind
        self.owner: bytes | None = None  # digest of its browser's secret
        self.member: Member | None = None  # who came with the code of a room
        self._replies: deque[tuple[str | None, str | bytes]] = deque()
        self._bytes = 0  # of them
        self._newest: dict[str, str | bytes] = {}
        self.credit = True  # it has drawn the last frame, or is lent one
        self._lent = False
        self.heard = 0  # messages of its own
        self.busy = False  # one of them is being obeyed
        self._quiet = 0  # turns of `keep_alive` since the last frame or sign of life
        self._wake = asyncio.Event()
        self.stirred: Callable[[], None] = self._wake.set  # called when there may be something to send
        self._readable = asyncio.Event()
        self._readable.set()

    @property
    def waits_for_frame(self) -> bool:
        """Whether it has drawn all that it got."""
        return self.credit and "frame" not in self._newest

    @property
    def lags(self) -> bool:
        """Whether it has been drawing one frame for long."""
        return not self.credit and time.monotonic() - self._sent > _LAG

    def pay(self, cost: float) -> bool:
        """Pay for a command; False if it sends more than its share."""
        return self._bucket.take(cost)

    def reply(self, message: str | bytes, kind: str | None = None) -> None:
        """Answer one of its commands, or tell it what must not be lost; of a `kind`, only the newest waits.

        Who leaves more unread than is kept for one client is disconnected.
        """
        if self.closed is not None:
            return
        if kind is not None:
            for old in [entry for entry in self._replies if entry[0] == kind]:
                self._replies.remove(old)
                self._bytes -= len(old[1])
        self._replies.append((kind, message))
        self._bytes += len(message)
        if self._bytes > self._limits.waiting_bytes:
            self._give_up()
        elif not self._caught_up(_MOST_REPLIES - 1, _MOST_BYTES):
            self._readable.clear()
        self.stirred()

    def offer(self, kind: str, payload: str | bytes) -> None:
        """Keep the newest of a kind; it leaves as soon as the client can take it."""
        if kind == "frame" and kind in self._newest:
            self._tally.dropped += 1
        self._newest[kind] = payload
        self.stirred()

    def tell_once(self, kind: str, payload: str | bytes) -> None:
        """Tell it what takes the place of the newest of a kind, and is not told again."""
        self.withdraw(kind)
        self.reply(payload)

    def tell_room(self, told: str, own: str) -> None:
        """Tell it of its room: what everybody is told, and what it is itself in it, both objects in JSON."""
        self.offer("room", f'{told[:-1]},"you":{own}}}')

    def withdraw(self, kind: str) -> None:
        """Take back what has not left yet."""
        self._newest.pop(kind, None)

    def acknowledge(self, seq: int) -> bool:
        """The client has drawn frame `seq`: if it is the last one, it may have the next."""
        if self.credit or seq != self.seq:
            return False
        self._tally.drawn.add(time.monotonic() - self._sent)
        self.credit, self._lent = True, False
        if self._newest:
            self.stirred()
        return True

    def lend(self) -> bool:
        """Its hand has changed something: it may have one frame more than it has drawn, but no second one."""
        if self.credit or self._lent:
            return False
        self.credit = self._lent = True
        if self._newest:
            self.stirred()
        return True

    def keep_alive(self) -> None:
        """Offer a sign of life where no frame has left for two turns: a frame shows that the last one's word came.

        It tells how many of the client's messages have come, unless more may wait behind one that is being obeyed.
        """
        self._quiet += 1
        if self._quiet > 1:
            self._quiet = 0
            self.offer("beat", "")  # its words are those of the moment at which it leaves

    def take(self) -> str | bytes | None:
        """Return the next message to send, or None."""
        if self._replies:
            _, message = self._replies.popleft()
            self._bytes -= len(message)
            if self._caught_up(_MOST_REPLIES // 2, _MOST_BYTES // 2):
                self._readable.set()
            return message
        newest = self._newest
        if not newest:
            return None
        for kind in _ORDER if len(newest) > 1 else tuple(newest):
            if kind in newest and (self.credit or kind not in _NEED_CREDIT):
                if kind == "frame":
                    self.credit, self._sent, self._quiet = False, time.monotonic(), 0
                    self._tally.frames += 1
                elif kind == "beat":
                    del newest[kind]
                    return text("beat", {} if self.busy else {"heard": self.heard})
                return newest.pop(kind)
        return None

    def close(self, code: Close) -> None:
        """End the socket with this code, once its replies have left; the first is the one that counts."""
        if self.closed is not None:
            return
        self.closed = code
        self._tally.ended[code.name.lower()] += 1
        self.stirred()
        self.over.set()

    def _caught_up(self, replies: int, size: int) -> bool:
        return len(self._replies) <= replies and self._bytes <= size

    def _give_up(self) -> None:
        self._replies.clear()
        self._newest.clear()
        self._bytes = 0
        self.close(Close.TOO_SLOW)
        self._readable.set()  # its reader ends too

    async def wait(self) -> None:
        """Wait until there may be something to send."""
        await self._wake.wait()
        self._wake.clear()

    async def readable(self) -> None:
        """Wait until the client has taken enough of its replies for more of its commands."""
        await self._readable.wait()
