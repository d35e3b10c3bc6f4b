"""As much of Redis as servers ask for, in this process."""

import asyncio
from collections.abc import Callable
from typing import Any


class Redis:
    """Keys, and messages on channels; clients of it answer in text or in bytes."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, int]] = {}
        self.gone = False
        self.pubsubs: set[PubSub] = set()
        self.lose: Callable[[str, bytes], bool] = lambda channel, raw: False
        self.published: list[tuple[str, bytes]] = []

    def answer(self) -> None:
        if self.gone:
            raise ConnectionError("nobody is there")

    async def get(self, key: str) -> str | None:
        self.answer()
        return self.kept[key][0] if key in self.kept else None

    async def set(self, key: str, value: str, ex: int) -> None:
        self.answer()
        self.kept[key] = value, ex

    async def delete(self, key: str) -> None:
        self.answer()
        del self.kept[key]

    async def aclose(self) -> None:
        self.answer()

    def told(self) -> dict[str, str]:
        return {key.rpartition(":")[2]: address for key, (address, _) in self.kept.items()}

    def pipeline(self, transaction: bool) -> "Pipeline":
        return Pipeline(self)

    def pubsub(self) -> "PubSub":
        return PubSub(self)


class Pipeline:
    """Messages that leave together."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.waiting: list[tuple[str, bytes]] = []

    def publish(self, channel: str, raw: bytes) -> None:
        self.waiting.append((channel, raw))

    async def execute(self) -> None:
        await asyncio.sleep(0)
        self.redis.answer()
        for channel, raw in self.waiting:
            self.redis.published.append((channel, raw))
            for pubsub in self.redis.pubsubs:
                if channel in pubsub.channels and not self.redis.lose(channel, raw):
                    pubsub.put({"type": "message", "channel": channel.encode(), "data": raw})


class PubSub:
    """Who hears what is said on some channels."""

    def __init__(self, redis: Redis) -> None:
        self.redis, self.channels = redis, set[str]()
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        redis.pubsubs.add(self)

    def put(self, message: dict[str, Any]) -> None:
        self.inbox.put_nowait(message)

    async def subscribe(self, *channels: str) -> None:
        self.redis.answer()
        self.channels.update(channels)
        for channel in channels:
            self.put({"type": "subscribe", "channel": channel.encode(), "data": 1})

    async def unsubscribe(self, *channels: str) -> None:
        self.redis.answer()
        self.channels.difference_update(channels)

    async def get_message(self, timeout: float) -> dict[str, Any] | None:
        self.redis.answer()
        try:
            async with asyncio.timeout(min(timeout, 0.05)):
                return await self.inbox.get()
        except TimeoutError:
            return None

    async def aclose(self) -> None:
        self.redis.pubsubs.discard(self)
