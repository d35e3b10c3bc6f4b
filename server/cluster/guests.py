"""Followers on other servers, as the server of their room knows them: clients that have no socket here."""

from __future__ import annotations

from collections import deque
from typing import Protocol

from ..front.client import Client
from ..front.tally import Tally
from ..wire.protocol import Close
from ..wire.settings import Limits

#: What is for one client alone and is told as the newest of its kind; the rest is told to all servers at once.
_OWN = frozenset({"room", "saved"})


class Way(Protocol):
    """The way to the server that a guest is on."""

    def reply(self, guest: Guest, message: str | bytes, kind: str | None) -> None:
        """Answer one of its commands."""

    def offer(self, guest: Guest, kind: str, payload: str | bytes) -> None:
        """Tell it the newest of a kind."""

    def tell_room(self, guest: Guest, told: str, own: str) -> None:
        """Tell it of its room."""

    def lend(self, guest: Guest) -> None:
        """Lend it a frame."""

    def end(self, guest: Guest, code: Close) -> None:
        """Its socket is to be closed."""


class Guest(Client):
    """A follower on another server: what it asks for is obeyed as that of anybody here, what it sees goes by there.

    Parameters
    ----------
    number : int
        Known by it here.
    limits : Limits
    address : str
        Where it comes from.
    tally : Tally
    way : Way
    there : int
        Known by it there.
    """

    here = False

    def __init__(self, number: int, limits: Limits, address: str, tally: Tally, way: Way, there: int) -> None:
        super().__init__(number, limits, address, tally)
        self.way, self.there = way, there
        self.inbox: deque[str] = deque()
        self.served = False  # what is in its inbox is being obeyed
        self.inside = False
        self.own = ""  # what it was told last of itself
        self.slow = False

    @property
    def waits_for_frame(self) -> bool:
        """Never: frames go to its server."""
        return False

    @property
    def lags(self) -> bool:
        """Whether its server says that it draws too slowly to keep up."""
        return self.slow

    def reply(self, message: str | bytes, kind: str | None = None) -> None:
        """Answer one of its commands."""
        if self.closed is None:
            self.way.reply(self, message, kind)

    def offer(self, kind: str, payload: str | bytes) -> None:
        """Tell it what is for nobody else."""
        if kind in _OWN:
            self.own = ""
            self.way.offer(self, kind, payload)

    def tell_once(self, kind: str, payload: str | bytes) -> None:
        """Its server hears of it with all others."""

    def tell_room(self, told: str, own: str) -> None:
        """Tell it of its room."""
        self.way.tell_room(self, told, own)

    def withdraw(self, kind: str) -> None:
        """Its server does, where it has to be."""

    def lend(self) -> bool:
        """Its server lends it the frame."""
        self.way.lend(self)
        return False

    def keep_alive(self) -> None:
        """Its server does."""

    def close(self, code: Close) -> None:
        """End its socket with this code."""
        if self.closed is None:
            super().close(code)
            self.way.end(self, code)
