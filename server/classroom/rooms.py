"""All rooms of a server: opened, found by their codes, and closed when nobody has been there for long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..wire.commands import CommandError
from .codes import as_code, make_code
from .room import Room
from .roster import Member

#: Seconds after which a room that nobody comes to is closed: a class of today can go on tomorrow.
EXPIRY = 36 * 3600.0


class Rooms:
    """The rooms by their sessions.

    Parameters
    ----------
    most, most_members : int
        Rooms, and members of one.
    clock : callable
        Seconds since 1970: rooms outlive the server.
    """

    def __init__(self, most: int, most_members: int, clock: Callable[[], float]) -> None:
        self._most, self._most_members, self._clock = most, most_members, clock
        self._rooms: dict[str, Room] = {}

    def __len__(self) -> int:
        return len(self._rooms)

    def __iter__(self) -> Iterator[Room]:
        return iter(list(self._rooms.values()))

    def of(self, session: str) -> Room | None:
        """Return the room of a session; None if it has none."""
        return self._rooms.get(session)

    def copy_of(self, session: str) -> tuple[Room, Member] | None:
        """Return whose newest copy a session is; None if it is nobody's."""
        return next(((room, member) for room in self for member in room.roster if member.copy == session), None)

    def take(self, kept: Iterable[tuple[str, str]]) -> list[str]:
        """Be the rooms that were kept, as sessions and JSON; return the sessions of those that cannot be read."""
        wrong = []
        for session, text in kept:
            try:
                self._rooms.setdefault(session, Room.from_json(session, text, self._most_members))
            except ValueError:
                wrong.append(session)
        return wrong

    def open(self, session: str) -> Room:
        """Return the room of a session, which is opened if there is none.

        Raises
        ------
        CommandError
            If there are too many.
        """
        room = self._rooms.get(session)
        if room is None:
            if len(self) >= self._most:
                words = f"this server holds {self._most} rooms, and all are in use"
                raise CommandError("too_many_rooms", words, {"name": "rooms", "value": len(self), "high": self._most})
            room = Room(session, self._clock(), self._most_members)
            room.code = self.fresh_code()
            self._rooms[session] = room
        return room

    def fresh_code(self) -> str:
        """Return a code that no room has or had."""
        taken = {code for room in self for code in room.codes}
        while (code := make_code()) in taken:
            pass
        return code

    def find(self, text: str, secret: bytes) -> Room | None:
        """Return the room that a code opens for who has this secret (its digest); None if there is none."""
        code = as_code(text)
        return next((room for room in self if room.answers_to(code, secret)), None)

    def touch(self, room: Room) -> None:
        """Somebody is there."""
        room.seen = self._clock()

    def close(self, session: str) -> Room | None:
        """Close the room of a session, and return it; None if there is none."""
        return self._rooms.pop(session, None)

    def expired(self) -> list[str]:
        """Return the sessions of rooms that nobody has been in for long."""
        before = self._clock() - EXPIRY
        return [room.session for room in self if not room.roster.present and room.seen < before]
