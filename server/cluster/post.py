"""Letters through Redis: what is sent waits in a bounded queue, and what comes is read, numbered and handed on.

Redis hands messages on and keeps none: whoever is not there, or too slow, misses them. So letters on a channel are
numbered, and where one is missing it is said. Of frames that wait to leave only the newest of a room is kept.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Protocol

from ..wire.log import fault, note, warn
from ..wire.packing import Damaged
from .letters import Letter, read, written

#: Bytes that may wait to leave; above, all of it is dropped, and who misses it asks anew.
MOST_WAITING = 1 << 25
#: Letters that leave together.
_TOGETHER = 64
#: Seconds in which Redis takes what is sent; and seconds until it is tried again.
_PATIENCE, _AGAIN = 5.0, 0.5
_CHANNEL = "backscope:to:{}"


class Hears(Protocol):
    """Who gets letters."""

    def hear(self, channel: str, letter: Letter) -> None:
        """A letter has come on a channel."""

    def missed(self, channel: str, sender: str) -> None:
        """Letters of a sender on a channel are lost."""


class Post:
    """The letters of one server.

    Parameters
    ----------
    client : object
        A client of `redis.asyncio`, whose answers are bytes.
    name : str
        The server's own.
    """

    def __init__(self, client: Any, name: str) -> None:
        self._client, self.name = client, name
        self._hears: Hears | None = None
        self._waiting: dict[object, tuple[str, str, Mapping[str, Any], int]] = {}
        self._size = 0
        self._sent: dict[str, int] = {}
        self._got: dict[tuple[str, str], int] = {}
        self._channels: dict[str, asyncio.Event] = {channel_to(name): asyncio.Event()}
        self._pubsub: Any = None
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.connected = False
        self._over = False  # it ends: a client of Redis may swallow that its task is cancelled
        self._anew = False  # whether Redis has to be asked for the channels again

    def begin(self, hears: Hears) -> None:
        """Send and hear letters from now on."""
        self._hears = hears
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._write_on()), loop.create_task(self._read_on())]

    async def close(self) -> None:
        """Send and hear nothing any more; what waits has a moment to leave."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_AGAIN):
                while self._waiting and self.connected:
                    await asyncio.sleep(0.01)
        self._over = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(Exception):  # it may have gone; there is nothing left to close then
            await self._client.aclose()

    # Out

    def send(self, channel: str, kind: str, fields: Mapping[str, Any], size: int = 200, newest: str = "") -> None:
        """Send a letter soon, in order; of those that are the `newest` of something only that one waits."""
        if not self.connected:
            return
        key: object = newest or object()
        old = self._waiting.pop(key, None)
        self._size += size - (old[3] if old else 0)
        self._waiting[key] = channel, kind, fields, size
        if self._size > MOST_WAITING:
            warn("redis_slow", f"Redis takes letters too slowly: {self._size / 2**20:.0f} MB that waited are dropped")
            self._drop()
        self._wake.set()

    def _drop(self) -> None:
        """What waits is not sent; who counts will know."""
        self._waiting.clear()
        self._size = 0
        for channel in self._sent:
            self._sent[channel] += 1

    def forget(self, channel: str) -> None:
        """Nobody hears this channel any more, nor will: what waits for it is dropped, and its letters' number too."""
        for key in [key for key, (to, *_) in self._waiting.items() if to == channel]:
            self._size -= self._waiting.pop(key)[3]
        self._sent.pop(channel, None)

    async def _write_on(self) -> None:
        while not self._over:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                try:
                    async with asyncio.timeout(_PATIENCE):
                        await self._write()
                except Exception as error:  # of many classes: it is not there, it is full, it wants a password
                    self._lose(error)

    async def _write(self) -> None:
        pipe = self._client.pipeline(transaction=False)
        for key in list(self._waiting)[:_TOGETHER]:
            channel, kind, fields, size = self._waiting.pop(key)
            self._size -= size
            self._sent[channel] = number = self._sent.get(channel, 0) + 1
            pipe.publish(channel, written(Letter(self.name, number, kind, fields)))
        await pipe.execute()

    # In

    async def subscribe(self, channel: str) -> None:
        """Hear from now on what is said on a channel.

        Raises
        ------
        TimeoutError
            If Redis does not say that it is so.
        """
        if channel not in self._channels:
            self._channels[channel] = asyncio.Event()
            if self._pubsub is not None:
                with contextlib.suppress(Exception):  # who reads finds out, and subscribes to all again
                    await self._pubsub.subscribe(channel)
        async with asyncio.timeout(_PATIENCE):
            await self._channels[channel].wait()

    async def unsubscribe(self, channel: str) -> None:
        """Hear no more of a channel."""
        known = self._channels.pop(channel, None) is not None
        self._got = {key: number for key, number in self._got.items() if key[0] != channel}
        if known and self._pubsub is not None:
            with contextlib.suppress(Exception):
                await self._pubsub.unsubscribe(channel)

    async def _read_on(self) -> None:
        while not self._over:
            pubsub, self._anew = self._client.pubsub(), False
            try:
                await pubsub.subscribe(*self._channels)
                self._pubsub = pubsub
                while not (self._anew or self._over):
                    message = await pubsub.get_message(timeout=1.0)
                    if message is not None:
                        self._take(message)
                        await asyncio.sleep(0)  # others want their turn, however many wait
            except Exception as error:
                self._lose(error)
            finally:
                self._pubsub = None
                with contextlib.suppress(Exception):
                    await pubsub.aclose()
            await asyncio.sleep(_AGAIN)

    def _take(self, message: Mapping[str, Any]) -> None:
        channel = message["channel"].decode()
        if message["type"] == "subscribe":
            if channel in self._channels:
                self._channels[channel].set()
            if not self.connected:
                self.connected = True
                note("fan_out_connected")
        elif message["type"] == "message":
            try:
                letter = read(message["data"])
            except Damaged as error:
                warn("letter_unreadable", f"a letter of another server cannot be read and is dropped: {error}")
                return
            self._hand_on(channel, letter)

    def _hand_on(self, channel: str, letter: Letter) -> None:
        if self._hears is None or letter.sender == self.name or channel not in self._channels:
            return
        before = self._got.get((channel, letter.sender))
        self._got[channel, letter.sender] = letter.number
        try:
            if before is not None and letter.number != before + 1:
                self._hears.missed(channel, letter.sender)
            self._hears.hear(channel, letter)
        except Exception:
            fault("letter_failed")

    def _lose(self, error: Exception) -> None:
        if self.connected:
            warn("fan_out_lost", f"Redis does not answer ({error!r}): rooms are not handed on to other servers")
        self.connected, self._anew = False, True
        for event in self._channels.values():
            event.clear()
        self._drop()


def channel_to(name: str) -> str:
    """Return the channel of what is for one server."""
    return _CHANNEL.format(name)


def post_at(url: str, name: str) -> Post:
    """Return the post that goes through the Redis at a URL; nothing is sent yet."""
    redis = import_module("redis.asyncio")
    return Post(redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE), name)
