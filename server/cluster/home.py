"""The server of a room, for other servers: lets their followers in, obeys them, and knows who has gone silent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from ..front.kept import record_to_json, table_to_bytes
from ..front.registry import Registry
from ..wire.commands import CommandError
from ..wire.log import note
from ..wire.protocol import Close, refuse
from .far_copies import CopiesElsewhere
from .guests import Guest
from .house import House, Line, house_of
from .letters import Letter
from .post import Post, channel_to

#: Seconds between two signs of life, and of silence after which the other end is held to be gone.
BEAT, SILENCE = 1.0, 8.0
#: Commands of one guest that wait to be obeyed, before it is let go.
_MOST_WAITING = 256


class Home:
    """What is here for other servers.

    Parameters
    ----------
    registry : Registry
    post : Post
    clock : callable
        Seconds.
    """

    def __init__(self, registry: Registry, post: Post, clock: Callable[[], float]) -> None:
        self._registry, self._post, self._clock = registry, post, clock
        classroom = registry.classroom
        self._copies = CopiesElsewhere(
            classroom.rooms, classroom.players, lambda room: classroom.changed(room, keep=False), clock
        )
        self._lines: dict[str, Line] = {}
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def houses(self) -> set[House]:
        """The rooms here that are looked at from elsewhere."""
        return {line.house for line in self._lines.values() if line.house is not None}

    def hear(self, letter: Letter) -> None:
        """A server that looks on has said something."""
        fields = letter.fields
        if letter.kind == "copies":
            self._copies.hear(letter.sender, fields["code"], fields["playing"])
            return
        if letter.kind == "hears":
            if news := self._copies.news(fields["code"], fields["members"], fields["mark"]):
                self._post.send(channel_to(letter.sender), "class", news, len(news["told"]))
            return
        if letter.kind == "answers":
            told = {name: fields[name] for name in ("session", "client", "number")}
            said = self._copies.answer(letter.sender, fields)
            self._post.send(channel_to(letter.sender), "answered", {**told, "text": said})
            return
        line = self._lines.get(fields["line"])
        if line is not None:
            if line.server != letter.sender:
                return
            line.heard = self._clock()
        if letter.kind == "join":
            self._say(line or self._open(letter), fields)
        elif line is None:
            if letter.kind not in ("end", "left"):
                Line(self._post, fields["line"], letter.sender, 0.0).send("unknown", {})
        else:
            self._mind(line, letter.kind, fields)

    def _mind(self, line: Line, kind: str, fields: Any) -> None:
        if kind == "end":
            self._close(line)
        elif kind == "left":
            self._leave(line, line.guests.get(fields["client"]))
        elif kind == "fork":
            self._begin(self._fork(line, fields))
        elif kind == "say":
            if fields["client"] in line.guests:
                self._say(line, fields)
        elif line.house is not None:
            if kind == "all":
                line.house.everything(line)
                return
            line.house.want(line, fields["positions"])
            if kind == "attend":
                for guest in line.guests.values():
                    guest.slow = guest.there in fields["lags"]

    def missed(self, sender: str) -> None:
        """Something that a server has said is lost: it comes in again."""
        for line in [line for line in self._lines.values() if line.server == sender]:
            line.send("unknown", {})
            self._close(line)

    def beat(self) -> None:
        """Give a sign of life, and let go of those who give none."""
        self._copies.look()
        for house in self.houses:
            house.beat()
        for line in [line for line in self._lines.values() if line.heard < self._clock() - SILENCE]:
            self._close(line)

    async def close(self) -> None:
        """Let go of all; who is there finds out by the silence, and waits."""
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def _open(self, letter: Letter) -> Line:
        line = Line(self._post, letter.fields["line"], letter.sender, self._clock())
        self._lines[line.name] = line
        note("line_opened", lines=len(self._lines))
        return line

    def _close(self, line: Line) -> None:
        self._lines.pop(line.name, None)
        for guest in list(line.guests.values()):
            self._leave(line, guest)
        if line.house is not None:
            line.house.leave(line)
        note("line_closed", lines=len(self._lines))

    # Guests

    def _say(self, line: Line, fields: Any) -> None:
        """A guest has said something; the first that it says is a join."""
        guest = line.guests.get(fields["client"])
        if guest is None:
            limits, tally = self._registry.settings.limits, self._registry.tally
            guest = self._registry.add(
                lambda number: Guest(number, limits, fields["address"], tally, line, fields["client"])
            )
            line.guests[guest.there] = guest
        if len(guest.inbox) >= _MOST_WAITING:
            guest.close(Close.TOO_SLOW)
            return
        guest.inbox.append(fields["text"])
        if not guest.served:
            guest.served = True
            self._begin(self._serve(line, guest))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _fork(self, line: Line, fields: Any) -> None:
        """Send what a guest's copy begins from: it is opened, and trains, at the server that the guest is on."""
        guest, number = line.guests.get(fields["client"]), fields["number"]
        if guest is None or guest.member is None:
            return
        try:
            fork = await self._registry.copies.fork(guest, fields["step"])
        except CommandError as error:
            guest.reply(refuse(number, error.code, str(error), error.params))
            return
        tables = tuple(map(table_to_bytes, fork.tables))
        record = record_to_json(fork.record)
        told = {"client": guest.there, "number": number, "record": record, "kept": fork.kept}
        size = len(record) + len(fork.kept or b"") + sum(map(len, tables))
        line.send("forked", {**told, "tables": tables, "place": fork.place}, size)

    async def _serve(self, line: Line, guest: Guest) -> None:
        """Obey what a guest says, in its order."""
        try:
            while guest.inbox and guest.closed is None:
                await self._registry.handle(guest, "", guest.inbox.popleft())
                if line.guests.get(guest.there) is not guest:  # it has gone meanwhile
                    self._registry.leave(guest)
                    return
                if not guest.inside:
                    self._settle(line, guest)
        finally:
            guest.served = False

    def _settle(self, line: Line, guest: Guest) -> None:
        """What a guest has said first is answered: it is in the room now, or goes."""
        if guest.audience is None:
            line.send("out", {"client": guest.there})
            self._leave(line, guest)
            return
        guest.inside = True
        house = house_of(guest.audience, self._post)
        if line.house is not house:
            if line.house is not None:
                line.house.leave(line)
            line.house = house
            house.lines.add(line)
        line.send("in", {"client": guest.there, "topic": house.topic})

    def _leave(self, line: Line, guest: Guest | None) -> None:
        if guest is not None and line.guests.get(guest.there) is guest:
            del line.guests[guest.there]
            if not guest.served:
                self._registry.leave(guest)
