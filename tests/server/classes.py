"""A class in one process: a teacher whose session is a room, and people who come in by its code."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from backscope.server.front.registry import Registry
from backscope.server.wire.protocol import decode
from backscope.server.wire.settings import Settings

SECRET = "the teacher's own secret"


class Person:
    """A client of a registry, which draws all it gets."""

    def __init__(self, registry: Registry, address: str = "the school") -> None:
        client = registry.connect(address)
        assert client is not None
        self.registry, self.client = registry, client
        self.newest: dict[str, Any] = {}
        self.replies: list[dict[str, Any]] = []

    def draw(self) -> None:
        while (message := self.client.take()) is not None:
            told = json.loads(message) if isinstance(message, str) else decode(message)[0]
            if told["kind"] == "reply":
                self.replies.append(told)
            else:
                self.newest[told["kind"]] = told
                if told["kind"] == "frame" and self.client.audience is not None:
                    self.client.audience.acknowledge(self.client, told["seq"])

    async def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        number = len(self.replies) + 1000
        await self.registry.handle(self.client, "lesson", json.dumps({"id": number, "op": op, **fields}))
        return await self.until(lambda: next((reply for reply in self.replies if reply["id"] == number), None))

    async def do(self, op: str, **fields: Any) -> dict[str, Any]:
        reply = await self.ask(op, **fields)
        assert reply["ok"], reply
        return reply

    async def until(self, found: Callable[[], Any], seconds: float = 20) -> Any:
        end = time.monotonic() + seconds
        while True:
            self.draw()
            if wanted := found():
                return wanted
            assert time.monotonic() < end, (self.newest, self.replies[-3:])
            await asyncio.sleep(0.002)

    async def room(self, wanted: Callable[[dict[str, Any]], bool] = lambda room: True) -> dict[str, Any]:
        """Return what this person is told of the room, once it is as wanted."""
        told: dict[str, Any] = await self.until(
            lambda: (room := self.newest.get("room")) and wanted(room) and {**room, "seen": True}
        )
        return told

    def leave(self) -> None:
        self.registry.leave(self.client)


class Class:
    """A registry with a teacher whose session is a room."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.code = ""

    async def begin(self) -> "Class":
        self.teacher = await self.teach()
        self.code = (await self.teacher.do("room_open"))["code"]
        return self

    async def teach(self) -> Person:
        person = Person(self.registry, "the desk")
        token = self.registry.settings.token
        await person.do("hello", secret=SECRET, **({} if token is None else {"token": token}))
        return person

    async def try_to_join(self, name: str, code: str | None = None, secret: str = "") -> tuple[Person, dict[str, Any]]:
        person = Person(self.registry)
        secret = secret or f"the browser of {name}".ljust(30, ".")
        return person, await person.ask("join", code=code or self.code, name=name, secret=secret)

    async def join(self, name: str, code: str | None = None) -> Person:
        person, reply = await self.try_to_join(name, code)
        assert reply["ok"], reply
        return person

    @property
    def held(self) -> Any:
        return self.registry.classroom.rooms.of("lesson")


async def take(room: Class, student: Person, session: str) -> Person:
    """Take a copy and open it, as the page does: the student has left the room then."""
    secret = f"a secret of {session}".ljust(30, ".")
    await student.do("copy", session=session, secret=secret, step=0)
    student.leave()
    own = Person(room.registry)
    await own.registry.handle(own.client, session, json.dumps({"op": "hello", "secret": secret}))
    assert own.client.audience is not None, own.replies
    return own


def played(scene: Callable[[Class], Awaitable[None]], **settings: Any) -> None:
    async def play() -> None:
        registry = Registry(Settings(**settings))
        try:
            await scene(await Class(registry).begin())
        finally:
            await registry.close()

    asyncio.run(asyncio.wait_for(play(), 60))
