"""Followers here whose room is on another server: an audience like any other, whose frames come from there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from ..front.audience import Audience
from ..front.client import Client
from ..wire.commands import Command
from ..wire.messages import Position, Publish, Want
from ..wire.protocol import Close, refuse, text

#: Seconds in which wishes for frames are gathered before they travel.
_TOGETHER = 0.01
#: What a follower asks of the server that it is at.
_HERE = frozenset({"ack", "ping"})


class Sends(Protocol):
    """The way to the server of the room."""

    def say(self, client: Client, words: str) -> None:
        """Hand on what a client says."""

    def copy(self, client: Client, command: Command) -> None:
        """Have a copy of the run made here."""

    def want(self, positions: frozenset[Position | None]) -> None:
        """Have frames made for these positions."""

    def left(self, client: Client) -> None:
        """A client has gone."""


class FarAudience(Audience):
    """The followers here of one room elsewhere.

    Parameters
    ----------
    name : str
        Unlike that of any session.
    sends : Sends
    """

    def __init__(self, name: str, sends: Sends) -> None:
        super().__init__(name, lambda want: self._soon(want))
        self._sends = sends
        self.told = ""
        self.own: dict[int, str] = {}
        self.cut = ""  # why nothing comes from the room just now; empty where it does
        self._pending: dict[int, set[int]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._wanted: frozenset[Position | None] = frozenset()

    @property
    def waiting(self) -> frozenset[Position | None]:
        """Where those stand who wait for a frame."""
        return frozenset(client.position for client in self.clients.values() if client.waits_for_frame)

    # From those who are here

    def obeys(self, client: Client, command: Command, message: str) -> bool:
        """Whether a command is for this server; if not, it is handed on, or refused where it cannot be."""
        if command.op in _HERE:
            return True
        if self.cut:
            client.reply(refusal(command.number))
            return False
        if command.op == "copy":
            self._sends.copy(client, command)
            return False
        if command.number is not None:
            self._pending.setdefault(client.number, set()).add(command.number)
        self._sends.say(client, message)
        return False

    def leave(self, client: Client) -> None:
        """A client's socket has ended."""
        super().leave(client)
        self.own.pop(client.number, None)
        self._pending.pop(client.number, None)
        self._sends.left(client)

    def enter(self, client: Client) -> None:
        """Let a client in."""
        super().enter(client)
        self._tell_room(client)

    # From the room

    def take_everything(self, told: str, common: Mapping[str, str | bytes]) -> None:
        """Be told all that is to be known, after something may have been missed."""
        for kind in [kind for kind in self._common if kind not in common]:
            del self._common[kind]
        for kind in sorted(common, key=lambda kind: kind != "layout"):  # what is read with it is not taken back then
            self.publish(Publish(self.name, kind, common[kind]))
        self.tell_room(told)
        self.start_over()

    def tell_room(self, told: str) -> None:
        """What everybody is told of the room is this now."""
        self.told = told
        for client in self.clients.values():
            self._tell_room(client)

    def tell_own(self, number: int, own: str) -> None:
        """What one client is in the room is this now."""
        self.own[number] = own
        if number in self.clients:
            self._tell_room(self.clients[number])

    def _tell_room(self, client: Client) -> None:
        own = self.own.get(client.number)
        if self.told and own is not None:
            client.tell_room(self.told, own)

    def answered(self, number: int, command: Any) -> None:
        """A command of a client has its answer."""
        if isinstance(command, int):
            self._pending.get(number, set()).discard(command)

    def tell_cut(self, why: str) -> None:
        """Nothing comes from the room, for this reason; empty where it does again."""
        if why == self.cut:
            return
        self.cut = why
        for client in self.clients.values():
            client.offer("line", text("line", {"cut": why or None}))
        if why:
            pending, self._pending = self._pending, {}
            for number, commands in pending.items():
                for command in commands if number in self.clients else ():
                    self.clients[number].reply(refusal(command))

    def end(self, code: Close) -> None:
        """All have to go."""
        for client in list(self.clients.values()):
            client.close(code)

    def _soon(self, want: Want) -> None:
        self._wanted = frozenset(want.positions)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_TOGETHER, self._want)

    def _want(self) -> None:
        self._timer = None
        self._sends.want(self._wanted)


def refusal(number: int | None) -> str:
    """Return what is said to a command that cannot reach the server of its room."""
    words = "the server that has this room cannot be reached just now; it is tried again"
    return refuse(number, "room_away", words)
