"""Rooms handed on between servers through Redis (``--fan-out``): followers stay at the server that they came to.

The server of a room sends each of its frames once, and every other server that somebody follows it from serves its own
followers from that. What these ask for goes back to the server of the room, which knows them as its members.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from ...core.ground.errors import ConfigError
from ..classroom.codes import as_code
from ..classroom.elsewhere import DirectoryLost
from ..front.client import Client
from ..front.copies import Fork
from ..front.kept import record_from_json, table_from_bytes
from ..front.registry import Registry
from ..wire.commands import Command, CommandError
from ..wire.log import fault
from ..wire.packing import Damaged
from ..wire.protocol import accept, refuse
from .directory import Directory, directory_at
from .far_audience import FarAudience, refusal
from .far_copies import CopiesHere, Copy
from .home import BEAT, Home
from .letters import Letter
from .post import Post, channel_to, post_at
from .relay import PATIENCE, Relay

#: Letters to the server of a room; all others are for those who look on.
_FOR_HOME = frozenset({"join", "say", "fork", "copies", "hears", "answers", "left", "want", "attend", "all", "end"})


class FanOut:
    """What a server does for it: rooms here for others to look at, and rooms of others, looked at from here.

    Parameters
    ----------
    post : Post
    directory : Directory
        Of which server has which room.
    clock : callable
        Seconds.
    """

    def __init__(self, post: Post, directory: Directory, clock: Callable[[], float] = time.monotonic) -> None:
        self._post, self._directory, self._clock = post, directory, clock
        self._relays: dict[str, Relay] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, registry: Registry) -> None:
        """Serve the clients of this registry from now on."""
        self._registry = registry
        self._home = Home(registry, self._post, self._clock)
        players = registry.classroom.players
        players.abroad = self._copies = CopiesHere(registry.plays, players, self._ask)
        self._post.begin(self)
        self._task = asyncio.get_running_loop().create_task(self._beat_on())

    async def join(self, client: Client, command: Command) -> bool:
        """Let a client into a room of another server, and return whether that hands rooms on."""
        code = as_code(command.fields["code"])
        relay = self._relays.get(code)
        if relay is None:
            try:
                name = await self._directory.name_of(code)
            except DirectoryLost:
                client.reply(refusal(command.number))
                return True
            if name in ("", self._post.name):
                return False
            relay = self._relays.setdefault(
                code,
                Relay(code, self._post, self._directory.name_of, self._welcome, self._copy, self._clock, self._forget),
            )
        words = json.dumps({"id": command.number, "op": "join", **command.fields})
        client.greets = True
        try:
            await relay.join(client, words, command.number)
        finally:
            client.greets = False
        return True

    async def close(self) -> None:
        """End all that runs beside the event loop."""
        self._task.cancel()
        await asyncio.gather(self._task, *self._tasks, return_exceptions=True)
        await asyncio.gather(*(relay.close() for relay in self._relays.values()), self._home.close())
        await self._post.close()
        await self._directory.close()

    # Letters

    def hear(self, channel: str, letter: Letter) -> None:
        """A letter has come on a channel."""
        if channel != channel_to(self._post.name):
            for relay in list(self._relays.values()):
                if relay.topic == channel:
                    relay.hear(channel, letter)
        elif letter.kind in _FOR_HOME:
            self._home.hear(letter)
        elif letter.kind == "class":
            self._copies.hear(**letter.fields)
        elif letter.kind == "answered":
            self._copies.answered(**letter.fields)
        else:
            for relay in list(self._relays.values()):
                if relay.name == letter.fields.get("line") and relay.home == letter.sender:
                    relay.hear(channel, letter)

    def missed(self, channel: str, sender: str) -> None:
        """Letters of a sender on a channel are lost."""
        own = channel == channel_to(self._post.name)
        for relay in list(self._relays.values()):
            if own and relay.home == sender:
                relay.cut("server")
            elif relay.topic == channel:
                relay.missed()
        if own:
            self._home.missed(sender)

    def _welcome(self, client: Client, audience: FarAudience) -> None:
        if client.closed is None:
            self._registry.welcome(client, audience, {"session": None})

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _copy(self, client: Client, command: Command, sent: Mapping[str, Any]) -> None:
        self._begin(self._open_copy(client, command, sent))

    def _ask(self, fields: Mapping[str, Any]) -> None:
        self._begin(self._hand_on(fields))

    async def _hand_on(self, fields: Mapping[str, Any]) -> None:
        """Send what is answered in a copy to the server of its room, and say so where that does not take it."""
        patience = 0.0
        with contextlib.suppress(DirectoryLost):
            if home := await self._directory.name_of(fields["code"]):
                self._post.send(channel_to(home), "answers", fields)
                patience = PATIENCE
        number = fields["number"]
        lost = fields["session"], fields["client"], number, refusal(number)
        asyncio.get_running_loop().call_later(patience, self._copies.answered, *lost)

    async def _open_copy(self, client: Client, command: Command, sent: Mapping[str, Any]) -> None:
        """Open a copy of a run here, from what the server of the room has sent."""
        try:
            record = record_from_json(sent["record"])
            tables = tuple(map(table_from_bytes, sent["tables"]))
            step = await self._registry.copies.open(Fork(record, sent["kept"], tables, sent["place"]), command.fields)
            for relay in self._relays.values():
                if relay.audience is client.audience:
                    number = json.loads(relay.audience.own[client.number])["number"]
                    self._copies.add(command.fields["session"], Copy(relay.code, number))
        except (CommandError, ConfigError, Damaged) as error:
            told = CommandError.of(error) if isinstance(error, ConfigError) else error
            code, params = (told.code, told.params) if isinstance(told, CommandError) else ("internal", {})
            client.reply(refuse(command.number, code, str(error), params))
        else:
            client.reply(accept(command.number, step))

    def _forget(self, relay: Relay) -> None:
        if self._relays.get(relay.code) is relay:
            del self._relays[relay.code]
            self._begin(relay.close())

    async def _tell_copies(self) -> None:
        """Tell the servers of rooms who plays here with a copy of them."""
        with contextlib.suppress(DirectoryLost):
            for code, playing in self._copies.told().items():
                if home := await self._directory.name_of(code):
                    self._post.send(channel_to(home), "copies", {"code": code, "playing": playing})
            for code, members, mark in self._copies.hearers():
                if home := await self._directory.name_of(code):
                    self._post.send(channel_to(home), "hears", {"code": code, "members": members, "mark": mark})
                else:
                    self._copies.lost(code)

    async def _beat_on(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            try:
                await self._tell_copies()
                self._home.beat()
                for relay in list(self._relays.values()):
                    relay.beat()
            except Exception:
                fault("beat_failed")


def fan_out_at(url: str, address: str, name: str) -> FanOut:
    """Return what hands rooms on through the Redis at a URL; nothing is sent yet."""
    return FanOut(post_at(url, name), directory_at(url, address, name))
