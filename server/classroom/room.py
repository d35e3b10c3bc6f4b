"""A room: a session that others look into, with a code, its rules and who is in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..wire.commands import CommandError
from ..wire.rights import Role, Roles
from .codes import make_code
from .polls import Polls
from .roster import Member, Roster

#: Codes that have been in use before: who came with one comes back with it.
_MOST_OLD_CODES = 20


class Room:
    """What is known of a room.

    Parameters
    ----------
    session : str
        The session that is shown in it.
    seen : float
        Seconds since 1970 when somebody was there last.
    most : int
        Members at most.

    Attributes
    ----------
    code : str
        What a student types to come in.
    old_codes : list of str
        Codes of earlier; those who are known are let in with them too.
    driver : int or None
        The number of the student who drives the run; None for the teacher.
    paused : bool
        All are to look up: no student drives.
    locked : bool
        All see what the teacher shows, and cannot look elsewhere.
    closed_door : bool
        Nobody comes in who is not known already.
    own_pace : bool
        A lesson is gone through by everybody alone, each in a copy, in place of following the teacher's steps.
    pointer : int
        The client that points at something just now; 0 for none.
    """

    def __init__(self, session: str, seen: float, most: int) -> None:
        self.session, self.seen = session, seen
        self.code = make_code()
        self.old_codes: list[str] = []
        self.roster = Roster(most)
        self.driver: int | None = None
        self.paused = self.locked = self.closed_door = self.own_pace = False
        self.pointer = 0
        self.removed: set[bytes] = set()  # digests of the secrets of those who may not come back
        self.polls = Polls()

    def roles_of(self, member: Member | None) -> Roles:
        """Return what a client may: of a member, or of who knows the session's secret."""
        if member is None:
            return {Role.HOST} if self.driver is not None else {Role.HOST, Role.DRIVER}
        drives = member.number == self.driver and not self.paused
        return {Role.FOLLOWER, Role.DRIVER} if drives else {Role.FOLLOWER}

    @property
    def codes(self) -> list[str]:
        """Its code, and those that it had, by which those whom it knows still come."""
        return [self.code, *self.old_codes]

    def answers_to(self, code: str, secret: bytes) -> bool:
        """Whether this is its code, or was, for somebody whom it knows."""
        return code == self.code or (code in self.old_codes and self.knows(secret))

    def knows(self, secret: bytes) -> bool:
        """Whether somebody of this secret is in it, or was taken out of it."""
        return secret in self.removed or self.roster.known(secret) is not None

    def enter(self, secret: bytes, name: str) -> Member:
        """Let somebody in, or back in.

        Raises
        ------
        CommandError
            If they were taken out of it, it is full, or nobody new may come.
        """
        if secret in self.removed:
            raise CommandError("removed", "the teacher has taken you out of this room")
        if self.closed_door and self.roster.known(secret) is None:
            raise CommandError("room_locked", "the teacher lets nobody else into this room just now")
        member = self.roster.enter(secret, name)
        if self.driver is not None and not self.roster.has(self.driver):  # forgotten to make room
            self.driver = None
        return member

    def hand_to(self, number: int | None) -> None:
        """Let a student drive the run, or the teacher again; CommandError if there is no such student."""
        if number is not None:
            self.roster.get(number)
        self.driver = number

    def remove(self, number: int, fresh: Callable[[], str]) -> Member:
        """Take somebody out who does not come back: not with their secret, nor with the code, which is another one.

        Parameters
        ----------
        number : int
            Of the member.
        fresh : callable
            Returns a code that no room has.
        """
        member = self.roster.remove(number)
        self.removed.add(member.secret)
        if self.driver == number:
            self.driver = None
        self.old_codes = [self.code, *self.old_codes][:_MOST_OLD_CODES]
        self.code = fresh()
        return member

    def told(self) -> dict[str, Any]:
        """Return what everybody in it knows."""
        driver = None if self.driver is None else self.roster.get(self.driver)
        return {
            "code": self.code,
            "present": self.roster.present,
            "driver": None if driver is None else {"number": driver.number, "name": driver.name},
            "paused": self.paused,
            "locked": self.locked,
            "door": self.closed_door,
            "own_pace": self.own_pace,
            "pointed": self.pointer != 0,
            "poll": self.polls.told(),
        }

    # What outlives the server

    def to_json(self) -> str:
        """Return all of it as JSON."""
        return json.dumps(
            {
                "code": self.code,
                "old_codes": self.old_codes,
                "seen": self.seen,
                "driver": self.driver,
                "rules": [self.paused, self.locked, self.closed_door, self.own_pace],
                "removed": [secret.hex() for secret in self.removed],
                "roster": self.roster.to_json(),
                "polls": self.polls.to_json(),
            }
        )

    @classmethod
    def from_json(cls, session: str, text: str, most: int) -> Room:
        """Return a room as it was kept.

        Raises
        ------
        ValueError
            If it cannot be read.
        """
        try:
            values = json.loads(text)
            room = cls(session, float(values["seen"]), most)
            room.code, room.old_codes = str(values["code"]), [str(code) for code in values["old_codes"]]
            rules = [*map(bool, values["rules"]), False]  # what was kept earlier knows of no own pace
            room.paused, room.locked, room.closed_door, room.own_pace = rules[:4]
            room.removed = {bytes.fromhex(secret) for secret in values["removed"]}
            room.roster.take_json(values["roster"])
            room.hand_to(values["driver"])
            room.polls.take_json(values["polls"])
        except (KeyError, TypeError, ValueError, AttributeError, CommandError) as error:
            raise ValueError(f"a room that was kept cannot be read: {error}") from error
        return room
