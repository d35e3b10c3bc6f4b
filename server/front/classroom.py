"""The classroom in the front: who comes in by which code, what everybody is told, and what outlives the server."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from ..classroom.codes import as_code
from ..classroom.elsewhere import DirectoryLost, Elsewhere
from ..classroom.names import clean_name
from ..classroom.room import Room
from ..classroom.rooms import Rooms
from ..classroom.roster import Doing, Member
from ..classroom.tries import Tries
from ..wire.commands import CommandError, Operation
from ..wire.log import alias, warn
from ..wire.messages import Progress, Reply, ToFront
from ..wire.protocol import Close, text
from ..wire.rights import Role, Roles
from ..wire.settings import Settings
from .client import Client
from .entries import Entry, digest
from .players import Players, own_words
from .questions import FRONT, Questions
from .sessions import Sessions

#: Seconds in which changes are told together, and between two looks at who lags.
_TOGETHER, _LOOK = 0.1, 2.0
#: Bytes of one step in slow motion that go to everybody, and of what a teacher's page shows.
MOST_MICROSCOPE, MOST_GLANCE = 1 << 20, 8192


class Classroom:
    """All rooms, and the clients in them.

    Parameters
    ----------
    settings : Settings
    sessions : Sessions
    tries : Tries, optional
    clock : callable
        Seconds since 1970.
    elsewhere : Elsewhere, optional
        Rooms of other servers.
    """

    def __init__(
        self,
        settings: Settings,
        sessions: Sessions,
        tries: Tries | None = None,
        clock: Callable[[], float] = time.time,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._sessions, self._tries, self._clock = sessions, tries or Tries(), clock
        self.rooms = Rooms(settings.limits.rooms, settings.limits.members, clock)
        self._due: set[str] = set()
        self._told: dict[str, tuple[Any, ...]] = {}  # by session, who lags as it was told last
        self.questions = Questions(self.rooms, sessions, self.changed)
        self._elsewhere = elsewhere
        self.players = Players(self.rooms, sessions, self.changed, lambda: self._clock())
        loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self.ready = loop.create_task(self._load())
        self._task = loop.create_task(self._look_on())
        sessions.listeners.append(self._hear)

    async def _load(self) -> None:
        for session in self.rooms.take(await self._sessions.store.rooms()):
            warn("room_unreadable", f"the room of {alias(session)} cannot be read and is closed")
            self._sessions.store.keep_room(session, None)
        if self._elsewhere is not None:
            self._elsewhere.begin(lambda: [code for room in self.rooms for code in room.codes])

    async def close(self) -> None:
        """End what runs beside the event loop."""
        if self._timer is not None:
            self._timer.cancel()
        for task in (self._task, self.ready):
            task.cancel()
        await asyncio.gather(self._task, self.ready, return_exceptions=True)
        if self._elsewhere is not None:
            await self._elsewhere.close()

    # Rights

    def roles_of(self, client: Client) -> Roles:
        """Return the parts that a client plays."""
        if client.audience is None:
            return {Role.STRANGER}
        room = self.rooms.of(client.audience.name)
        if room is None:
            return {Role.HOST, Role.DRIVER} if client.member is None else {Role.FOLLOWER}
        return room.roles_of(client.member)

    def check(self, client: Client, operation: Operation[Any]) -> None:
        """Raise CommandError unless this client may ask for this."""
        roles = self.roles_of(client)
        if roles & operation.who:
            return
        if Role.STRANGER in roles:
            raise CommandError("hello_first", "the first message must be hello, or join")
        if Role.STRANGER in operation.who:
            raise CommandError("already_open", "this socket is in a session already")
        words = f"{operation.op} is for the {' or the '.join(sorted(operation.who))} of this room, and you look on"
        if Role.HOST in roles:
            words = f"{operation.op} is for who drives the run: take it back first"
        raise CommandError("no_right", words, {"name": operation.op})

    def room_of(self, client: Client) -> Room:
        """Return the room that a client is in, or rules; CommandError if its session has none."""
        room = None if client.audience is None else self.rooms.of(client.audience.name)
        if room is None:
            raise CommandError("no_room", "this session has no open room")
        return room

    # Coming and going

    async def find(self, client: Client, code: str, secret: bytes) -> Room:
        """Return the room that a code opens; who is known there does not wait for others of the same address.

        Raises
        ------
        CommandError
            If there is none here, after a while; where another server has it, with the address of that.
        """
        await self.ready
        room = self.rooms.find(code, secret)
        if room is not None and room.knows(secret):
            return room
        client.greets = True
        try:
            other = await self._other(code) if room is None else None
            found: Room | CommandError | None = await self._tries.find(
                client.address, lambda: self.rooms.find(code, secret) or other
            )
        finally:
            client.greets = False
        if isinstance(found, CommandError):
            client.reason = str(found.params.get("address", ""))
            raise found
        if found is None:
            raise CommandError("no_such_room", "no open room has this code: look at it once more", {"name": "code"})
        return found

    async def _other(self, code: str) -> CommandError | None:
        """Return what is said of a code that opens no room here, if more is known of it."""
        if self._elsewhere is None:
            return None
        try:
            address = await self._elsewhere.address_of(as_code(code))
        except DirectoryLost:
            words = "no room here has this code, and the other servers cannot be asked just now"
            return CommandError("directory_lost", words, {"name": "code"})
        if address is None:
            return None
        return CommandError("elsewhere", f"this room is on {address}", {"name": "code", "address": address})

    async def join(self, client: Client, fields: Mapping[str, Any]) -> Entry:
        """Let somebody into a room, and return its session.

        Raises
        ------
        CommandError, ConfigError
            If they may not come in.
        """
        name, secret = clean_name(fields["name"]), digest(fields["secret"])
        room = await self.find(client, fields["code"], secret)
        entry = await self._entry(client, room)
        member = room.enter(secret, name)
        member.sockets.add(client.number)
        client.member = member
        self.changed(room)
        return entry

    async def _entry(self, client: Client, room: Room) -> Entry:
        """Return the session of a room, brought back from the store if need be."""
        sessions, name = self._sessions, room.session
        entry = sessions.entries.get(name)
        if entry is not None and not entry.asleep:
            return entry
        stored = await sessions.store.find(name)
        entry = sessions.entries.get(name)
        if entry is not None:
            sessions.wake(name, entry, stored and stored.state)
        elif stored is not None:
            entry = sessions.reopen(name, client.address, stored)
        else:
            self.shut(name)
            raise CommandError("no_such_room", "the run of this room is no longer here", {"name": "code"})
        return entry

    def left(self, client: Client) -> None:
        """A client's socket has ended."""
        member, room = client.member, client.audience and self.rooms.of(client.audience.name)
        if member is not None:
            member.sockets.discard(client.number)
        if room:
            if room.pointer == client.number:
                self.point(client, None)
            self.rooms.touch(room)
            self.changed(room, keep=False)
        if client.audience is not None:
            self.players.look_at(client.audience.name, client)

    def greet(self, client: Client) -> None:
        """Tell a client that has just come about its room."""
        room = client.audience and self.rooms.of(client.audience.name)
        if room:
            self.rooms.touch(room)
            self._tell_one(room, client, _told(room))
        if client.audience is not None:
            self.players.look_at(client.audience.name)
            self.players.greet(client)

    # Rules

    def open(self, client: Client, name: str) -> Room:
        """Open a room on a session, or return the one that it has."""
        room, entry = self.rooms.open(name), self._sessions.entries.known(name)
        self._sessions.hold(name, entry)
        self.changed(room)
        return room

    def remove(self, room: Room, number: int) -> None:
        """Take somebody out of a room."""
        member = room.remove(number, self.rooms.fresh_code)
        self.players.end([member])
        self._end(room.session, lambda client: client.member is member, Close.REMOVED)
        self.changed(room)

    def shut(self, session: str) -> None:
        """Close a room: its members leave, its run stays with the teacher."""
        room = self.rooms.close(session)
        if room is None:
            return
        self.players.end(room.roster)
        self._sessions.store.keep_room(session, None)
        if self._elsewhere is not None:
            self._elsewhere.changed()
        entry = self._sessions.entries.get(session)
        if entry is not None:
            for kind in ("glance", "point", "microscope"):
                entry.audience.drop(kind)
            for client in entry.audience.clients.values():
                client.offer("room", text("room", {"open": False}))
        self._end(session, lambda client: client.member is not None, Close.SESSION_CLOSED)

    def _end(self, session: str, which: Callable[[Client], bool], code: Close) -> None:
        entry = self._sessions.entries.get(session)
        for client in list(entry.audience.clients.values()) if entry else ():
            if which(client):
                client.close(code)

    def expire(self) -> None:
        """Close rooms that nobody has been in for long."""
        for session in self.rooms.expired():
            self.shut(session)

    def note(self, client: Client, doing: Doing) -> None:
        """A member says what they do: see `Doing`."""
        room, member = self.room_of(client), client.member
        if member is not None and member.doing != doing:
            member.doing = doing
            self.changed(room, keep=False)

    # What everybody is told

    def changed(self, room: Room, *, keep: bool = True) -> None:
        """Tell everybody in a room soon, and have the store keep it."""
        if keep:
            self._sessions.store.keep_room(room.session, room.to_json)
            if self._elsewhere is not None:
                self._elsewhere.changed()
        self._due.add(room.session)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_TOGETHER, self._tell)

    def _tell(self) -> None:
        self._timer = None
        due, self._due = self._due, set()
        for session in due:
            room, entry = self.rooms.of(session), self._sessions.entries.get(session)
            if room is not None:
                self.players.tell(room)
            if room is not None and entry is not None:
                told = _told(room)
                for client in entry.audience.clients.values():
                    self._tell_one(room, client, told)

    def _tell_one(self, room: Room, client: Client, told: str) -> None:
        roles, member = self.roles_of(client), client.member
        if member is None:
            members = room.roster.told(self._lags(room), self._clock())
            own = {"host": True, "drives": Role.DRIVER in roles, "members": members}
        else:
            own = own_words(room, member)
        client.tell_room(told, json.dumps(own, separators=(",", ":")))

    def _lags(self, room: Room) -> Callable[[Member], bool]:
        entry = self._sessions.entries.get(room.session)
        clients = entry.audience.clients if entry else {}
        return lambda member: any(clients[number].lags for number in member.sockets if number in clients)

    async def _look_on(self) -> None:
        """Now and then, see who lags, and who stays long at a step: the teacher is told when that has changed."""
        while True:
            await asyncio.sleep(_LOOK)
            for room in self.rooms:
                lags = self._lags(room)
                clock = self._clock()
                now = tuple(
                    (member.number, lags(member), member.lesson and member.lesson.told(clock)["minutes"])
                    for member in room.roster
                    if lags(member) or member.lesson
                )
                if self._told.get(room.session, ()) != now:
                    self._told[room.session] = now
                    self.changed(room, keep=False)

    # What the driver shows

    def glance(self, client: Client, view: Mapping[str, Any]) -> None:
        """Who drives shows what is on their page; CommandError if it is too much."""
        payload = text("glance", {"view": view})
        if len(payload) > MOST_GLANCE:
            words = f"what a page shows is told in {MOST_GLANCE} characters at most, got {len(payload)}"
            raise CommandError("too_large", words, {"name": "glance", "value": len(payload), "high": MOST_GLANCE})
        self.room_of(client)
        assert client.audience is not None
        client.audience.show("glance", payload, client)
        if not view.get("microscope"):
            client.audience.drop("microscope")

    def point(self, client: Client, at: Mapping[str, Any] | None) -> None:
        """Who teaches points at a place, or no longer."""
        room = self.room_of(client)
        assert client.audience is not None
        client.audience.show("point", text("point", {"at": at}), client)
        before, room.pointer = room.pointer, client.number if at else 0
        if bool(before) != bool(at):  # who plays with a copy hears of it, and does not see where
            self.changed(room, keep=False)

    def _hear(self, name: str, entry: Entry, message: ToFront) -> None:
        """A host has said something of a session."""
        if isinstance(message, Reply):
            self._answered(name, entry, message)
        elif isinstance(message, Progress):
            self.questions.moved(name, entry)

    def _answered(self, name: str, entry: Entry, reply: Reply) -> None:
        """It has answered the front itself, or a client that looks at something that all are to see."""
        if reply.client == FRONT:
            self.questions.answered(reply)
            return
        room, client = self.rooms.of(name), entry.audience.clients.get(reply.client)
        if room is None or client is None or reply.kind != "microscope" or len(reply.text) > MOST_MICROSCOPE:
            return
        if Role.DRIVER in room.roles_of(client.member):
            entry.audience.show("microscope", reply.text, client)


def _told(room: Room) -> str:
    """Return what everybody in a room is told of it, written down once for all."""
    return text("room", {"open": True, **room.told()})
