"""Who is in a room: known by their browser's own secret, whatever becomes of socket, address and server."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from ..wire.commands import CommandError
from .names import told_apart

#: What a student does: sees what the teacher shows, looks elsewhere in the room's run, or plays with a copy of it.
Doing = Literal["follows", "looks", "copy"]
DOINGS: tuple[Doing, ...] = ("follows", "looks", "copy")


@dataclass(frozen=True)
class Place:
    """Where somebody is in a lesson.

    Parameters
    ----------
    lesson : str
        Its name.
    step, of : int
        The step, from 1, and how many there are.
    done, stuck : bool
        Whether the step is done, and whether it is not although its hint has been told.
    since : float
        Seconds since 1970 when they came to the step.
    """

    lesson: str
    step: int
    of: int
    done: bool
    stuck: bool
    since: float

    def told(self, now: float) -> dict[str, Any]:
        """Return what the teacher sees of it: for how long in whole minutes."""
        minutes = int(max(0.0, now - self.since) / 60)
        return {name: getattr(self, name) for name in ("lesson", "step", "of", "done", "stuck")} | {"minutes": minutes}


@dataclass(eq=False)
class Member:
    """Somebody who came with the code.

    Parameters
    ----------
    number : int
        Known by it in this room, from 1.
    name : str
        Cleaned, and nobody else's.
    secret : bytes
        Digest of the secret that their browser made.
    sockets : set of int
        The clients that are theirs just now; none while they are away.
    doing : str
        One of `DOINGS`.
    copy : str
        The session that is their newest copy of the room's run; empty for none.
    plays : bool
        Whether somebody looks at that copy just now.
    lesson : Place or None
        Where they are in a lesson that they go through in that copy.
    """

    number: int
    name: str
    secret: bytes
    sockets: set[int] = field(default_factory=set)
    doing: Doing = "follows"
    copy: str = ""
    plays: bool = False
    lesson: Place | None = None

    @property
    def connected(self) -> bool:
        """Whether they are in the room itself."""
        return bool(self.sockets)

    @property
    def here(self) -> bool:
        """Whether they follow, or play with their copy."""
        return self.connected or self.plays

    def state(self, lags: bool) -> str:
        """What the teacher sees of them."""
        if not self.connected:
            return "copy" if self.plays else "away"
        return "lags" if lags else self.doing


class Roster:
    """The members of one room.

    Parameters
    ----------
    most : int
        Members at most: of those who are away, the first is forgotten for who comes; where all are here, nobody is.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._members: dict[int, Member] = {}
        self._next = 1

    def __iter__(self) -> Iterator[Member]:
        return iter(self._members.values())

    def __len__(self) -> int:
        return len(self._members)

    @property
    def present(self) -> int:
        """How many are here."""
        return sum(member.here for member in self)

    def known(self, secret: bytes) -> Member | None:
        """Return whose secret has this digest; None if it is nobody's."""
        found = None
        for member in self:
            if hmac.compare_digest(member.secret, secret):
                found = member
        return found

    def has(self, number: int) -> bool:
        """Whether there is a member of this number."""
        return number in self._members

    def get(self, number: int) -> Member:
        """Return a member by their number.

        Raises
        ------
        CommandError
            If there is none.
        """
        if number not in self._members:
            raise CommandError("no_such_member", f"nobody in this room has the number {number}", {"value": number})
        return self._members[number]

    def enter(self, secret: bytes, name: str) -> Member:
        """Return who has this secret, under a new name if they have chosen one; who is new is entered.

        Raises
        ------
        CommandError
            If the room is full.
        """
        member = self.known(secret)
        if member is None:
            self._make_room()
            member = Member(self._next, "", secret)
            self._members[member.number] = member
            self._next += 1
        member.name = told_apart(name, [other.name for other in self if other is not member])
        return member

    def _make_room(self) -> None:
        if len(self) < self._most:
            return
        away = next((member.number for member in self if not member.here), None)
        if away is None:
            words = f"a room holds {self._most} people, and all places are taken"
            raise CommandError("room_full", words, {"name": "room", "value": len(self), "high": self._most})
        del self._members[away]

    def remove(self, number: int) -> Member:
        """Take somebody out, and return who that was; CommandError if there is nobody of this number."""
        member = self.get(number)
        del self._members[number]
        return member

    def told(self, lags: Callable[[Member], bool], now: float = 0.0) -> list[dict[str, Any]]:
        """Return what the teacher sees of everybody now; `lags` says who draws too slowly to keep up."""
        return [
            {"number": member.number, "name": member.name, "state": member.state(lags(member))}
            | ({"lesson": member.lesson.told(now)} if member.lesson and member.plays else {})
            for member in self
        ]

    # What outlives the server

    def to_json(self) -> dict[str, Any]:
        """Return the members as plain data."""
        members = [[one.number, one.name, one.secret.hex(), one.doing, one.copy] for one in self]
        return {"next": self._next, "members": members}

    def take_json(self, values: dict[str, Any]) -> None:
        """Be the members of `to_json`, all of them away."""
        self._next = int(values["next"])
        for number, name, secret, doing, *copy in values["members"]:  # no copy stands in what was kept earlier
            kept = Member(int(number), str(name), bytes.fromhex(secret), copy=str(*copy))
            kept.doing = doing if doing in DOINGS else "follows"
            self._members[kept.number] = kept
