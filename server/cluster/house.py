"""A room here that is looked at from other servers: each of them is one stream, whoever many look on there."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Set
from typing import Any

from ..front.audience import Audience
from ..front.client import Client
from ..wire.messages import Frame, Position, Publish
from ..wire.protocol import Close
from .guests import Guest
from .letters import content
from .post import Post, channel_to

#: Seconds between two frames that are made for other servers: their wishes meanwhile are met together.
FRAME_REST = 1 / 30


class Line:
    """The way to one server that looks at a room here.

    Parameters
    ----------
    post : Post
    name : str
        Of the way; whoever looks on chose it.
    server : str
        The name of that server.
    now : float
        Seconds.
    """

    def __init__(self, post: Post, name: str, server: str, now: float) -> None:
        self.name, self.server = name, server
        self._post, self._channel = post, channel_to(server)
        self.heard = now
        self.guests: dict[int, Guest] = {}
        self.house: House | None = None
        self.positions: frozenset[Position | None] = frozenset()

    def send(self, kind: str, fields: Mapping[str, Any], size: int = 200) -> None:
        """Send a letter of this way."""
        self._post.send(self._channel, kind, {"line": self.name, **fields}, size)

    def reply(self, guest: Guest, message: str | bytes, kind: str | None) -> None:
        """Answer a command of a guest."""
        fields = {"client": guest.there, "kind": kind, "payload": content(message)}
        self.send("reply", fields, len(message))

    def offer(self, guest: Guest, kind: str, payload: str | bytes) -> None:
        """Tell a guest the newest of a kind."""
        self.send("offer", {"client": guest.there, "kind": kind, "payload": content(payload)}, len(payload))

    def tell_room(self, guest: Guest, told: str, own: str) -> None:
        """Tell a guest of its room: what all are told goes to all servers once, what it is itself where that is new."""
        if guest.audience is not None:
            house_of(guest.audience, self._post).tell(told)
        if own != guest.own:
            guest.own = own
            self.send("own", {"client": guest.there, "text": own}, len(own))

    def lend(self, guest: Guest) -> None:
        """Lend a guest a frame."""
        self.send("lend", {"client": guest.there})

    def end(self, guest: Guest, code: Close) -> None:
        """Have the socket of a guest closed."""
        self.send("close", {"client": guest.there, "code": int(code)})


class House:
    """What is told of a room to all servers that look at it.

    Parameters
    ----------
    audience : Audience
        Of the room's session.
    post : Post
    """

    def __init__(self, audience: Audience, post: Post) -> None:
        self.topic = f"backscope:room-on:{secrets.token_hex(12)}"
        self.lines: set[Line] = set()
        self.told = ""
        self._audience, self._post = audience, post
        self._wanted: set[Position | None] = set()
        self._changed = False  # somebody wants other frames than were asked for
        self._timer: asyncio.TimerHandle | None = None

    # As a mirror of the audience

    @property
    def positions(self) -> Set[Position | None]:
        """Where those stand who wait for a frame on other servers, as far as it is their turn."""
        return self._wanted

    def publish(self, message: Publish) -> None:
        """Something that everybody has to know has changed."""
        self._send("publish", {"message": message}, len(message.payload))

    def show(self, kind: str, payload: str | bytes, besides: Client | None) -> None:
        """What one client looks at is shown to all others."""
        line, there = "", 0
        if isinstance(besides, Guest) and isinstance(besides.way, Line):
            line, there = besides.way.name, besides.there
        self._send("show", {"kind": kind, "payload": content(payload), "line": line, "besides": there}, len(payload))

    def drop(self, kind: str) -> None:
        """Nobody needs the newest of a kind any more."""
        self._send("drop", {"kind": kind})

    def deliver(self, frame: Frame) -> None:
        """A frame has been made: what is in it for other servers goes there, once for all of them."""
        parts = tuple(part for part in frame.parts if part.position in self._wanted)
        if not parts:
            return
        met = {part.position for part in parts}
        self._wanted -= met
        for line in self.lines:
            line.positions -= met
        size = len(frame.body) + sum(
            len(part.head) + len(part.tail) + sum(len(raw) for _, raw in part.before) for part in parts
        )
        self._send("frame", {"frame": frame._replace(parts=parts)}, size, f"frame {self.topic}")

    # For the servers that look on

    def tell(self, told: str) -> None:
        """Tell what everybody knows of the room, if that is new."""
        if told != self.told:
            self.told = told
            self._send("told", {"text": told}, len(told))

    def beat(self) -> None:
        """Give a sign of life."""
        self._send("beat", {})

    def everything(self, line: Line) -> None:
        """Tell one server all that is to be known."""
        common = dict(self._audience.common)
        size = sum(map(len, common.values()))
        line.send("everything", {"told": self.told, "common": common}, size)
        for guest in line.guests.values():
            if guest.own:
                line.send("own", {"client": guest.there, "text": guest.own}, len(guest.own))
        self.beat()  # from here on it counts

    def want(self, line: Line, positions: frozenset[Position | None]) -> None:
        """One server wants frames for these positions, in place of those that it wanted before."""
        if positions != line.positions:
            line.positions, self._changed = positions, True
            if self._timer is None:
                self._wish()

    def _wish(self) -> None:
        self._timer = None
        if self._changed:
            self._changed = False
            self._wanted = {position for line in self.lines for position in line.positions}
            self._timer = asyncio.get_running_loop().call_later(FRAME_REST, self._wish)
            self._audience.wish()

    def leave(self, line: Line) -> None:
        """One server looks on no more; after the last, nothing is told any longer."""
        self.lines.discard(line)
        if not self.lines:
            if self._timer is not None:
                self._timer.cancel()
            if self._audience.mirror is self:
                self._audience.mirror = None
            self._post.forget(self.topic)  # the next house has another

    def _send(self, kind: str, fields: Mapping[str, Any], size: int = 200, newest: str = "") -> None:
        self._post.send(self.topic, kind, fields, size, newest)


def house_of(audience: Audience, post: Post) -> House:
    """Return the house of an audience, which has one from then on."""
    if not isinstance(audience.mirror, House):
        audience.mirror = House(audience, post)
    return audience.mirror
