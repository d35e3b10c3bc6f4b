"""Members of a room who play with a copy of its run: seen by the teacher, told what the class is asked, and heard."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from ..classroom.room import Room
from ..classroom.rooms import Rooms
from ..classroom.roster import Member, Place
from ..wire.commands import Command, CommandError
from ..wire.protocol import accept, text
from ..wire.rights import Role
from .entries import member_place

if TYPE_CHECKING:
    from .client import Client
    from .sessions import Sessions

#: What is told in a copy of whose room is no longer there, or is theirs no longer.
GONE = text("copied_from", {"open": False})


class Abroad(Protocol):
    """Copies here of rooms on other servers."""

    def note_lesson(self, session: str, fields: Mapping[str, Any]) -> None:
        """Who plays with a copy says where they are in a lesson, or that they are in none."""

    def told_in(self, session: str) -> str:
        """Return what was told last in a copy of the room that it is from; empty for nothing."""

    def answer(self, client: Client, session: str, command: Command) -> bool:
        """Hand on what somebody answers in a copy, and return whether it is one."""


class Nowhere:
    """There are no other servers."""

    def note_lesson(self, session: str, fields: Mapping[str, Any]) -> None:
        """Nothing is a copy of a room elsewhere."""

    def told_in(self, session: str) -> str:
        """Return nothing."""
        return ""

    def answer(self, client: Client, session: str, command: Command) -> bool:
        """Return that nothing is a copy of a room elsewhere."""
        return False


class Players:
    """What `Classroom` offers of them.

    Parameters
    ----------
    rooms : Rooms
    sessions : Sessions
    changed : callable
        Tells everybody in a room soon, and has it kept unless told otherwise.
    clock : callable
        Seconds since 1970.
    """

    def __init__(
        self, rooms: Rooms, sessions: Sessions, changed: Callable[..., None], clock: Callable[[], float]
    ) -> None:
        self._rooms, self._sessions, self._changed, self._clock = rooms, sessions, changed, clock
        self.abroad: Abroad = Nowhere()

    def copied(self, room: Room, member: Member, session: str) -> None:
        """A member has taken a copy of the room's run, which is this session; an earlier one hears of it no more."""
        self.offer(member.copy, GONE)
        member.copy, member.plays, member.lesson = session, False, None
        self._changed(room)

    def place_of(self, session: str, address: str) -> str:
        """Return what a session is counted by that an address opens: a copy by the member who took it."""
        found = self._rooms.copy_of(session)
        return member_place(found[0].session, found[1].number) if found else address

    def note_lesson(self, client: Client, fields: Mapping[str, Any]) -> None:
        """Who plays with a copy says where they are in a lesson, or that they are in none."""
        found = client.audience and self._rooms.copy_of(client.audience.name)
        if not found:
            self.abroad.note_lesson(client.audience.name if client.audience else "", fields)
            return
        room, member = found
        before, now = member.lesson, None
        if fields["lesson"]:
            same = before is not None and (before.lesson, before.step) == (fields["lesson"], fields["step"])
            now = Place(**fields, since=before.since if before is not None and same else self._clock())
        if now != before:
            member.lesson = now
            self._changed(room, keep=False)

    def look_at(self, session: str, leaver: Client | None = None) -> None:
        """Somebody has come to a session or leaves it: where it is a copy, its member plays with it or is away."""
        found, entry = self._rooms.copy_of(session), self._sessions.entries.get(session)
        if found is None:
            return
        room, member = found
        clients = entry.audience.clients.values() if entry else ()
        plays = any(client is not leaver for client in clients)
        if plays != member.plays:
            member.plays = plays
            self._rooms.touch(room)
            self._changed(room, keep=False)

    # What they hear of the class

    def greet(self, client: Client) -> None:
        """Tell who has just come to a copy what goes on in the room that it is from."""
        assert client.audience is not None
        found = self._rooms.copy_of(client.audience.name)
        told = in_copy(told_of(found[0]), *found) if found else self.abroad.told_in(client.audience.name)
        if told:
            client.offer("copied_from", told)

    def tell(self, room: Room) -> None:
        """Tell all who play with copies here what goes on in a room."""
        told = ""
        for member in room.roster:
            if member.plays and member.copy in self._sessions.entries:
                told = told or told_of(room)
                self.offer(member.copy, in_copy(told, room, member))

    def end(self, members: Iterable[Member]) -> None:
        """A room is no longer there for these: what they play with stays theirs."""
        for member in members:
            self.offer(member.copy, GONE)

    def offer(self, session: str, told: str) -> None:
        """Tell everybody in a session, if somebody is, of the room that it was copied from."""
        entry = self._sessions.entries.get(session)
        for client in entry.audience.clients.values() if entry else ():
            client.offer("copied_from", told)

    def reply(self, session: str, client: int, words: str) -> None:
        """Give the reply to a client in a session, if it is still there."""
        entry = self._sessions.entries.get(session)
        if entry is not None and client in entry.audience.clients:
            entry.audience.clients[client].reply(words)

    def answer(self, client: Client, command: Command) -> None:
        """Somebody answers the question of a room: in it, or from a copy.

        Raises
        ------
        CommandError
            If they are in no room, or it is no answer.
        """
        session = client.audience.name if client.audience else ""
        room, member = self._rooms.of(session), client.member
        if member is None and (found := self._rooms.copy_of(session)):
            room, member = found
        if room is None or member is None:
            if not self.abroad.answer(client, session, command):
                raise CommandError("no_right", "only members of a room answer", {"name": "answer"})
            return
        given = self.take_answer(room, member, command.fields["number"], command.fields["value"])
        client.reply(accept(command.number, 0, value=given))

    def take_answer(self, room: Room, member: Member, number: int, value: object) -> float | str:
        """Take a member's answer to a question and return it as it is kept; CommandError if it is none to it."""
        given = room.polls.answer(number, member.number, member.name, value)
        self._changed(room)
        return given


def told_of(room: Room) -> str:
    """Return what all who play with copies are told of a room, written down once for all."""
    return text("copied_from", {"open": True, **room.told()})


def in_copy(told: str, room: Room, member: Member) -> str:
    """Return what a member who plays with a copy is told: what all are, and what they are themselves."""
    return with_own(told, json.dumps(own_words(room, member), separators=(",", ":")))


def with_own(told: str, own: str) -> str:
    """Return what somebody is told of a room: what all are told, and what they are themselves, both objects in JSON."""
    return f'{told[:-1]},"you":{own}}}'


def own_words(room: Room, member: Member) -> dict[str, Any]:
    """Return what a member is told of themselves."""
    drives, answer = Role.DRIVER in room.roles_of(member), room.polls.told_to(member.number)
    return {"host": False, "drives": drives, "number": member.number, "name": member.name, "answer": answer}
