"""The way from this server to a room on another one: kept up, noticed when it is cut, and taken anew by itself."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ..classroom.elsewhere import DirectoryLost
from ..front.client import Client
from ..wire.commands import Command
from ..wire.messages import Position
from ..wire.protocol import Close
from .far_audience import FarAudience, refusal
from .home import BEAT, SILENCE
from .letters import Letter
from .post import Post, channel_to

#: Seconds in which the server of the room has to answer who joins: a wrong code of theirs takes it one.
PATIENCE = 5.0
_names = itertools.count(1)

Welcome = Callable[[Client, FarAudience], None]


class Relay:
    """The way to one room.

    Parameters
    ----------
    code : str
        Of the room.
    post : Post
    find : callable
        Returns the name of the server that has the room of a code; empty for none.
    welcome : callable
        Shows a client an audience.
    open_copy : callable
        Opens a copy of the run here, for a client and its command, from what the room's server has sent.
    clock : callable
        Seconds.
    ended : callable
        Called when nobody is left.
    """

    def __init__(
        self,
        code: str,
        post: Post,
        find: Callable[[str], Awaitable[str]],
        welcome: Welcome,
        open_copy: Callable[[Client, Command, Mapping[str, Any]], None],
        clock: Callable[[], float],
        ended: Callable[[Relay], None],
    ) -> None:
        self.code = code
        self._post, self._find, self._clock, self._ended = post, find, clock, ended
        self._welcome, self._open_copy = welcome, open_copy
        self.audience = FarAudience(f"far {next(_names)}", self)
        self._joins: dict[int, tuple[Client, str]] = {}
        self._answers: dict[int, asyncio.Future[bool]] = {}
        self._copies: dict[int, Command] = {}
        self._mending: asyncio.Task[None] | None = None
        self._begin("")

    def _begin(self, home: str) -> None:
        """Take a new way, to the server of this name."""
        self.name = secrets.token_hex(12)
        self.home, self.topic = home, ""
        self._heard = self._clock()
        self._whole = asyncio.Event()  # all that is to be known is known
        self._whole_asked = False

    def _send(self, kind: str, **fields: Any) -> None:
        self._post.send(channel_to(self.home), kind, {"line": self.name, **fields})

    # Those who are here

    async def join(self, client: Client, words: str, number: int | None) -> None:
        """Let a client in, with the words of its join, or refuse it."""
        self._joins[client.number] = client, words
        try:
            if not self.home:
                self._begin(await self._find(self.code))
            if not self.audience.cut and self.home and await self._enter(client, words):
                self._welcome(client, self.audience)
                return
            if self.audience.cut or not self.home:
                client.reply(refusal(number))
        except (TimeoutError, DirectoryLost):
            client.reply(refusal(number))
        finally:
            if client.audience is None:
                self.left(client)

    async def _enter(self, client: Client, words: str) -> bool:
        """Return whether the room lets a client in; TimeoutError if its server does not say."""
        self._answers[client.number] = answer = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(PATIENCE):
                self._send("join", client=client.number, address=client.address, text=words)
                if not await answer:
                    return False
                await self._listen()
                return True
        finally:
            self._answers.pop(client.number, None)

    async def _listen(self) -> None:
        """Hear what all are told, and know everything that was told before."""
        if not self._whole_asked:
            self._whole_asked = True
            try:
                await self._post.subscribe(self.topic)
            except TimeoutError:
                self._whole_asked = False
                raise
            self._send("all")
        await self._whole.wait()

    def say(self, client: Client, words: str) -> None:
        """Hand on what a client says."""
        self._send("say", client=client.number, text=words)

    def copy(self, client: Client, command: Command) -> None:
        """Have a copy of the run made here: the room's server sends what it begins from."""
        self._copies[client.number] = command
        self._send("fork", client=client.number, number=command.number, step=command.fields["step"])

    def want(self, positions: frozenset[Position | None]) -> None:
        """Have frames made for these positions."""
        if not self.audience.cut:
            self._send("want", positions=list(positions))

    def left(self, client: Client) -> None:
        """A client has gone, or did not come in."""
        self._copies.pop(client.number, None)
        if self._joins.pop(client.number, None) is not None:
            self._send("left", client=client.number)
        if not self._joins:
            self._ended(self)

    async def close(self) -> None:
        """Look on no more."""
        if self._mending is not None:
            self._mending.cancel()
            await asyncio.gather(self._mending, return_exceptions=True)
        self._send("end")
        if self.topic:
            await self._post.unsubscribe(self.topic)

    # From the room

    def hear(self, channel: str, letter: Letter) -> None:
        """The server of the room has said something, of this way or to all that look on."""
        self._heard = self._clock()
        if channel == self.topic:
            self._tell(letter.kind, letter.fields)
        elif letter.kind == "everything":
            self.audience.take_everything(letter.fields["told"], letter.fields["common"])
            self._whole.set()
        elif letter.kind == "unknown":
            self.cut("server")
        else:
            self._tell_one(letter.kind, letter.fields)

    def _tell(self, kind: str, fields: Mapping[str, Any]) -> None:
        audience = self.audience
        if not self._whole.is_set():  # all of it comes, with this in it
            return
        if kind == "publish":
            audience.publish(fields["message"])
        elif kind == "frame":
            audience.deliver(fields["frame"])
        elif kind == "told":
            audience.tell_room(fields["text"])
        elif kind == "drop":
            audience.drop(fields["kind"])
        elif kind == "show":
            besides = audience.clients.get(fields["besides"]) if fields["line"] == self.name else None
            audience.show(fields["kind"], fields["payload"], besides)

    def _tell_one(self, kind: str, fields: Mapping[str, Any]) -> None:
        number = fields["client"]
        client, _ = self._joins.get(number, (None, ""))
        answer = self._answers.get(number)
        if client is None:
            return
        if kind == "in":
            self._turn_to(fields["topic"])
            self._settle(answer, True)
        elif kind == "out":
            self._settle(answer, False)
        elif kind == "own":
            self.audience.tell_own(number, fields["text"])
        elif kind == "offer":
            client.offer(fields["kind"], fields["payload"])
        elif kind == "lend" and client.audience is self.audience:
            self.audience.hurry(client)
        elif kind == "close":
            with contextlib.suppress(ValueError):  # a code that is not known here
                client.close(Close(fields["code"]))
        elif kind == "forked":
            command = self._copies.pop(number, None)
            if command is not None and command.number == fields["number"]:
                self._open_copy(client, command, fields)
        elif kind == "reply":
            self._reply(client, fields["payload"], fields["kind"])

    def _reply(self, client: Client, payload: str | bytes, kind: str | None) -> None:
        said = json.loads(payload) if isinstance(payload, str) and kind is None else {}
        self.audience.answered(client.number, said.get("id"))
        if self._mending is None:
            client.reply(payload, kind)
        elif said.get("code") == "removed":  # it has come in anew, which its page did not ask for
            client.close(Close.REMOVED)

    @staticmethod
    def _settle(answer: asyncio.Future[bool] | None, found: bool) -> None:
        if answer is not None and not answer.done():
            answer.set_result(found)

    def _turn_to(self, topic: str) -> None:
        """What all are told is told here."""
        if topic != self.topic:
            self.topic = topic
            self._whole.clear()
            self._whole_asked = False

    def missed(self) -> None:
        """Something that all were told is lost: ask for everything."""
        if self._whole.is_set():
            self._send("all")

    # The way

    def beat(self) -> None:
        """Give a sign of life, and see whether there is one from the room."""
        audience = self.audience
        if audience.cut:
            self.cut(audience.cut)
        elif self._clock() - self._heard > SILENCE:
            self.cut("server" if self._post.connected else "redis")
        elif self.topic:
            lags = [client.number for client in audience.clients.values() if client.lags]
            self._send("attend", positions=list(audience.waiting), lags=lags)

    def cut(self, why: str) -> None:
        """Nothing comes from the room: say so to all, and look for a new way."""
        self.audience.tell_cut(why)
        if self._mending is None:
            self._mending = asyncio.get_running_loop().create_task(self._mend())

    async def _mend(self) -> None:
        """Come in anew with all who are here, as often as it takes."""
        try:
            while self._joins:
                why = "redis"
                with contextlib.suppress(DirectoryLost):
                    why = "server"
                    if (home := await self._find(self.code)) and await self._come_in(home):
                        break
                self.audience.tell_cut(why if self._post.connected else "redis")
                await asyncio.sleep(BEAT)
        finally:
            self._mending = None
        self.audience.tell_cut("")
        self.audience.start_over()

    async def _come_in(self, home: str) -> bool:
        """Return whether those who are here are in the room again."""
        if self.topic:
            await self._post.unsubscribe(self.topic)
        self._begin(home)
        joins = list(self._joins.values())
        found = await asyncio.gather(*(self._enter(*one) for one in joins), return_exceptions=True)
        for (client, _), answer in zip(joins, found, strict=True):
            if answer is False and any(other is True for other in found):  # all others are in: this one is not wanted
                client.close(Close.SESSION_CLOSED)
        return True in found
