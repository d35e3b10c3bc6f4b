"""Copies of rooms elsewhere: the room's teacher sees who plays with one, and where they are in a lesson."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..classroom.room import Room
from ..classroom.rooms import Rooms
from ..classroom.roster import Place

#: Seconds for which a word of another server on its copies holds.
HOLDS = 10.0
#: What is told of somebody in a lesson.
_LESSON = ("lesson", "step", "of", "done", "stuck")


@dataclass
class Copy:
    """A copy here of a room elsewhere: its code, who took it, and where they are in a lesson."""

    code: str
    member: int
    lesson: Mapping[str, Any] | None = None


class CopiesHere:
    """The copies here of rooms elsewhere, by their sessions.

    Parameters
    ----------
    plays : callable
        Returns whether somebody looks at a session; None where it is gone.
    """

    def __init__(self, plays: Callable[[str], bool | None]) -> None:
        self._plays = plays
        self._copies: dict[str, Copy] = {}
        self._told: set[str] = set()

    def add(self, session: str, copy: Copy) -> None:
        """A member of a room has taken a copy, in place of an earlier one."""
        for name, other in list(self._copies.items()):
            if (other.code, other.member) == (copy.code, copy.member):
                del self._copies[name]
        self._copies[session] = copy

    def note_lesson(self, session: str, fields: Mapping[str, Any]) -> None:
        """Who plays with a copy says where they are in a lesson, or that they are in none."""
        if session in self._copies:
            self._copies[session].lesson = dict(fields) if fields["lesson"] else None

    def told(self) -> dict[str, list[list[Any]]]:
        """Return by code who plays, with their place in a lesson; and once more a code when the last has left."""
        for name in [name for name in self._copies if self._plays(name) is None]:
            del self._copies[name]
        found: dict[str, list[list[Any]]] = {code: [] for code in self._told}
        for name, copy in self._copies.items():
            if self._plays(name):
                place = copy.lesson and [copy.lesson[field] for field in _LESSON]
                found.setdefault(copy.code, []).append([copy.member, place])
        self._told = {code for code, playing in found.items() if playing}
        return found


class CopiesElsewhere:
    """What other servers say of copies of the rooms here.

    Parameters
    ----------
    rooms : Rooms
    changed : callable
        Tells everybody in a room, soon.
    clock : callable
        Seconds.
    """

    def __init__(self, rooms: Rooms, changed: Callable[[Room], None], clock: Callable[[], float]) -> None:
        self._rooms, self._changed, self._clock = rooms, changed, clock
        self._said: dict[tuple[str, str], tuple[float, dict[int, Any]]] = {}

    def hear(self, sender: str, code: str, playing: list[tuple[int, Any]]) -> None:
        """A server says who plays there with a copy of the room of a code."""
        room = next((room for room in self._rooms if code in room.codes), None)
        if room is not None:
            key = sender, room.session
            before = self._said.get(key, (0.0, {}))[1]
            self._said[key] = self._clock() + HOLDS, dict(playing)
            self._mark(room, before)

    def look(self) -> None:
        """What was said long ago holds no more."""
        for key in [key for key, (until, _) in self._said.items() if until < self._clock()]:
            room, (_, before) = self._rooms.of(key[1]), self._said.pop(key)
            if room is not None:
                self._mark(room, before)

    def _mark(self, room: Room, before: Mapping[int, Any]) -> None:
        """Have the members of a room play, or no longer."""
        playing: dict[int, Any] = {}
        for (_, session), (_, said) in self._said.items():
            playing |= said if session == room.session else {}
        news = False
        for number in {*playing, *before}:
            if not room.roster.has(number):
                continue
            member, plays = room.roster.get(number), number in playing
            lesson, was = playing.get(number), member.lesson
            same = lesson is not None and was is not None and (was.lesson, was.step) == (lesson[0], lesson[1])
            since = was.since if same and was else time.time()
            place = Place(**dict(zip(_LESSON, lesson, strict=True)), since=since) if lesson else None
            news = news or (member.plays, member.lesson) != (plays, place)
            member.plays, member.lesson = plays, place
        if news:
            self._changed(room)
