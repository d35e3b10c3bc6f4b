"""Copies of rooms elsewhere: the teacher sees who plays with one, and they hear and answer what the class is asked.

The server of a copy asks each second for what it has not heard of the room: nothing is told twice, or lost for long.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..classroom.room import Room
from ..classroom.rooms import Rooms
from ..classroom.roster import Place
from ..front.client import Client
from ..front.players import GONE, Players, own_words, told_of, with_own
from ..wire.commands import Command, CommandError
from ..wire.protocol import accept, refuse

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
    told: str = ""  # what was heard last of the room


class CopiesHere:
    """The copies here of rooms elsewhere, by their sessions.

    Parameters
    ----------
    plays : callable
        Returns whether somebody looks at a session; None where it is gone.
    players : Players
    ask : callable
        Sends what somebody answers to the server that has the room.
    """

    def __init__(
        self, plays: Callable[[str], bool | None], players: Players, ask: Callable[[Mapping[str, Any]], None]
    ) -> None:
        self._plays, self._players, self._ask = plays, players, ask
        self._asked: set[tuple[str, int, int | None]] = set()  # answers that wait for their replies
        self._copies: dict[str, Copy] = {}
        self._told: set[str] = set()
        self._marks: dict[str, str] = {}  # by code, of what was heard last

    def add(self, session: str, copy: Copy) -> None:
        """A member of a room has taken a copy, in place of an earlier one."""
        for name, other in list(self._copies.items()):
            if (other.code, other.member) == (copy.code, copy.member):
                del self._copies[name]
                self._players.offer(name, GONE)
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

    # What they hear of the class

    def hearers(self) -> Iterator[tuple[str, list[int], str]]:
        """Yield by code who plays with a copy of its room, and the mark of what they have heard of it."""
        playing: dict[str, list[int]] = {}
        for name, copy in self._copies.items():
            if self._plays(name):
                playing.setdefault(copy.code, []).append(copy.member)
        self._marks = {code: mark for code, mark in self._marks.items() if code in playing}
        for code, members in playing.items():
            yield code, members, self._marks.get(code, "")

    def hear(self, code: str, mark: str, told: str, own: Sequence[tuple[int, str]]) -> None:
        """The server of a room says what goes on in it: who is not among its members any more has lost it."""
        self._marks[code] = mark
        words = dict(own)
        for name, copy in self._copies.items():
            if copy.code == code and self._plays(name):
                copy.told = with_own(told, words[copy.member]) if copy.member in words else GONE
                self._players.offer(name, copy.told)

    def lost(self, code: str) -> None:
        """No server has a room of this code."""
        if self._marks.pop(code, ""):
            self.hear(code, "", "", ())

    def told_in(self, session: str) -> str:
        """Return what was told last in a copy of the room that it is from; empty for nothing."""
        return self._copies[session].told if session in self._copies else ""

    def answer(self, client: Client, session: str, command: Command) -> bool:
        """Hand on what somebody answers in a copy, and return whether it is one."""
        copy = self._copies.get(session)
        if copy is None:
            return False
        fields, key = command.fields, (session, client.number, command.number)
        self._asked.add(key)
        of_copy = dict(zip(("session", "client", "number"), key, strict=True))
        answer = {"poll": fields["number"], "value": json.dumps(fields["value"])}
        self._ask({"code": copy.code, "member": copy.member, **answer, **of_copy})
        return True

    def answered(self, session: str, client: int, number: int | None, text: str) -> None:
        """What somebody has answered in a copy has its reply; only the first one counts."""
        if (session, client, number) in self._asked:
            self._asked.discard((session, client, number))
            self._players.reply(session, client, text)


class CopiesElsewhere:
    """What other servers say of copies of the rooms here.

    Parameters
    ----------
    rooms : Rooms
    players : Players
    changed : callable
        Tells everybody in a room, soon.
    clock : callable
        Seconds.
    """

    def __init__(
        self, rooms: Rooms, players: Players, changed: Callable[[Room], None], clock: Callable[[], float]
    ) -> None:
        self._rooms, self._players, self._changed, self._clock = rooms, players, changed, clock
        self._said: dict[tuple[str, str], tuple[float, dict[int, Any]]] = {}

    def hear(self, sender: str, code: str, playing: list[tuple[int, Any]]) -> None:
        """A server says who plays there with a copy of the room of a code."""
        room = self._room(code)
        if room is not None:
            key = sender, room.session
            before = self._said.get(key, (0.0, {}))[1]
            self._said[key] = self._clock() + HOLDS, dict(playing)
            self._mark(room, before)

    def news(self, code: str, members: Sequence[int], mark: str) -> Mapping[str, Any] | None:
        """Return what a server that plays here with copies has not heard yet of the room of a code."""
        room = self._room(code)
        told = told_of(room) if room else ""
        known = [room.roster.get(number) for number in members if room and room.roster.has(number)]
        own = [(member.number, json.dumps(own_words(room, member))) for member in known if room]
        now = hashlib.sha256(json.dumps([told, own]).encode()).hexdigest()[:16]
        return None if now == mark else {"code": code, "mark": now, "told": told, "own": own}

    def answer(self, sender: str, fields: Mapping[str, Any]) -> str:
        """Take what somebody on another server answers from a copy there, and return the reply."""
        room, member, number = self._room(fields["code"]), fields["member"], fields["number"]
        try:
            if room is None or member not in self._said.get((sender, room.session), (0.0, {}))[1]:
                raise CommandError("no_right", "only members of a room answer", {"name": "answer"})
            value = json.loads(fields["value"])
            return accept(
                number, 0, value=self._players.take_answer(room, room.roster.get(member), fields["poll"], value)
            )
        except CommandError as error:
            return refuse(number, error.code, str(error), error.params)

    def _room(self, code: str) -> Room | None:
        return next((room for room in self._rooms if code in room.codes), None)

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
