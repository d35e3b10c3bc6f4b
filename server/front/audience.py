"""Who is connected to a session, and what all of them have to know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import TYPE_CHECKING, Protocol

from ..wire.messages import Frame, Position, Publish, Want
from ..wire.protocol import mark_of, text
from ..wire.websocket import Shared
from .client import Client

if TYPE_CHECKING:
    from ..wire.commands import Command


class Mirror(Protocol):
    """Audiences of the same session on other servers, which are told all that this one is told."""

    @property
    def positions(self) -> Set[Position | None]:
        """Where those stand who wait for a frame there."""

    def publish(self, message: Publish) -> None:
        """Something that everybody has to know has changed."""

    def show(self, kind: str, payload: str | bytes, besides: Client | None) -> None:
        """What one client looks at is shown to all others."""

    def drop(self, kind: str) -> None:
        """Nobody needs the newest of a kind any more."""

    def deliver(self, frame: Frame) -> None:
        """A frame has been made."""


class Audience:
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
        self._here: dict[int, Client] = {}  # without those whose socket is elsewhere
        self._ask = ask
        self._asked: set[Position | None] = set()
        self._common: dict[str, str | bytes] = {}
        self.mirror: Mirror | None = None

    @property
    def common(self) -> Mapping[str, str | bytes]:
        """What all know, by kind: the newest of each."""
        return self._common

    def obeys(self, client: Client, command: Command, message: str) -> bool:
        """Whether what a client asks for is carried out here; if not, it is on its way to where it is."""
        return True

    def enter(self, client: Client) -> None:
        """Let a client in: it gets what all know, but for data that it has, then history and frames."""
        self.clients[client.number] = client
        if client.here:
            self._here[client.number] = client
        client.audience = self
        for kind, payload in self._common.items():
            if kind not in client.has or isinstance(payload, str) or mark_of(payload) != client.has[kind]:
                client.offer(kind, payload)
        self.wish()

    def leave(self, client: Client) -> None:
        """The client's socket has ended."""
        self.clients.pop(client.number, None)
        self._here.pop(client.number, None)
        client.audience = None

    def acknowledge(self, client: Client, seq: int) -> None:
        """A client has drawn a frame."""
        if client.acknowledge(seq) and client.position not in self._asked and client.waits_for_frame:
            self._ask_for(self._asked | {client.position})  # of hundreds, most stand where others do

    def show(self, kind: str, payload: str | bytes, besides: Client | None = None) -> None:
        """What one client looks at is shown to all others, and to those who come later."""
        self._common[kind] = payload
        if self.mirror is not None:
            self.mirror.show(kind, payload, besides)
        for client in self._here.values():
            if client is not besides:
                client.offer(kind, payload)

    def drop(self, kind: str) -> None:
        """Nobody needs the newest of a kind any more."""
        self._common.pop(kind, None)
        if self.mirror is not None:
            self.mirror.drop(kind)

    def hurry(self, client: Client) -> None:
        """A command of the client has been carried out: it shall see what came of it in the next picture it draws."""
        if client.lend():
            self.wish()

    def lend(self, client: Client) -> tuple[Position | None, ...] | None:
        """A command of the client is about to be sent: return the wish that goes with it, None for no new one."""
        if not client.lend():
            return None
        positions = self._waiting()
        if positions <= self._asked:
            return None
        self._asked = positions
        return tuple(positions)

    def publish(self, message: Publish) -> None:
        """Something that everybody has to know has changed."""
        kind, payload = message.kind, message.payload
        if kind in ("layout", "data") and self._common.get(kind) == payload:
            return
        self._common[kind] = payload if message.later is None else message.later
        once = message.later not in (None, payload)
        if self.mirror is not None:
            self.mirror.publish(message)
        for client in self._here.values():
            if once:  # no newer one says it again
                client.tell_once(kind, payload)
            else:
                client.offer(kind, payload)
        if kind == "layout" and not message.alike:
            self._forget_old_layout()

    def tell_saved(self, changes: Mapping[int, int]) -> None:
        """Tell clients up to which of their changes nothing can be lost any more."""
        for number, change in changes.items():
            if number in self.clients:
                self.clients[number].offer("saved", text("saved", {"id": change}))

    def deliver(self, frame: Frame) -> None:
        """Give a frame to those who wait at a position that it was made for, and ask for the others."""
        waiting: dict[Position | None, list[Client]] = {}
        for client in self._here.values():
            if client.credit and client.waits_for_frame:  # most draw: they are not asked the second
                waiting.setdefault(client.position, []).append(client)
        if self.mirror is not None:
            self.mirror.deliver(frame)
        for part in frame.parts:
            self._asked.discard(part.position)
            served = waiting.pop(part.position, ())
            message = Shared(b"".join((part.head, frame.body, part.tail))) if served else b""
            for client in served:
                for kind, payload in part.before:
                    client.offer(kind, payload)
                client.offer("frame", message)
                client.position, client.seq = frame.position, frame.seq
        self._wish(self._mirrored(set(waiting)))

    def start_over(self) -> None:
        """The host knows nothing of earlier wishes any more."""
        self._asked.clear()
        self.wish()

    def _forget_old_layout(self) -> None:
        """Take back what has not left yet: it cannot be read with the new layout."""
        for kind in ("surface", "glance", "microscope"):
            self._common.pop(kind, None)
        for client in self._here.values():
            for kind in ("surface", "history", "microscope", "frame"):
                client.withdraw(kind)
        self.wish()

    def wish(self) -> None:
        """Ask for a frame where somebody waits at a position for which none is asked for yet."""
        self._wish(self._waiting())

    def _waiting(self) -> set[Position | None]:
        """Return where those stand who wait for a frame."""
        found = {client.position for client in self._here.values() if client.credit and client.waits_for_frame}
        return self._mirrored(found)

    def _mirrored(self, positions: set[Position | None]) -> set[Position | None]:
        return positions if self.mirror is None else positions | self.mirror.positions

    def _wish(self, positions: set[Position | None]) -> None:
        if not positions <= self._asked:
            self._ask_for(positions)

    def _ask_for(self, positions: set[Position | None]) -> None:
        self._asked = positions
        self._ask(Want(self.name, tuple(positions)))
