"""Rooms of several servers: a code leads to the one that has the room; without Redis rooms go on where they are."""

import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from backscope.server.__main__ import main
from backscope.server.classroom.elsewhere import DirectoryLost
from backscope.server.cluster.directory import FORGOTTEN, Directory, directory_at
from backscope.server.front.registry import Registry
from backscope.server.wire.protocol import Close
from backscope.server.wire.settings import Settings
from classes import Class
from little_redis import Redis
from talking import free_port

A, B = "https://a.school.example", "https://b.school.example"


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.005)


def played(scene: Callable[[Class, Class, Redis], Awaitable[None]]) -> None:
    """Two servers with a room each, and the directory that they share."""

    async def play() -> None:
        redis = Redis()
        registries = [Registry(Settings(), elsewhere=Directory(redis, address, told=0.05)) for address in (A, B)]
        try:
            classes = [await Class(registry).begin() for registry in registries]
            await until(lambda: len(redis.told()) == 2)
            await scene(*classes, redis)
        finally:
            redis.gone = False
            await asyncio.gather(*(registry.close() for registry in registries))
        assert redis.told() == {}

    asyncio.run(asyncio.wait_for(play(), 60))


def test_a_code_leads_to_the_server_that_has_the_room() -> None:
    async def scene(a: Class, b: Class, redis: Redis) -> None:
        assert redis.told() == {a.code: A, b.code: B}
        assert {seconds for _, seconds in redis.kept.values()} == {FORGOTTEN}
        await a.join("Ada")
        ben, reply = await a.try_to_join("Ben", f" {b.code[:3].lower()}-{b.code[3:].lower()} ")
        assert (reply["ok"], reply["code"], reply["params"]["address"]) == (False, "elsewhere", B)
        assert (ben.client.closed, ben.client.reason) == (Close.ELSEWHERE, B)
        await b.join("Ben")

    played(scene)


def test_codes_that_open_nothing_any_more_are_forgotten_and_new_ones_told() -> None:
    async def scene(a: Class, b: Class, redis: Redis) -> None:
        ada = await a.join("Ada")
        told = await a.teacher.room(lambda told: bool(told["you"]["members"]))
        await a.teacher.do("room_remove", member=told["you"]["members"][0]["number"])
        await until(lambda: sum(address == A for address in redis.told().values()) == 2)  # who stays comes by the old
        assert ada.client.closed is Close.REMOVED
        await b.teacher.do("room_close")
        await until(lambda: B not in redis.told().values())
        assert (await a.try_to_join("Ben", b.code))[1]["code"] == "no_such_room"

    played(scene)


def test_without_redis_rooms_go_on_where_they_are_and_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    async def scene(a: Class, b: Class, redis: Redis) -> None:
        redis.gone = True
        await a.join("Ada")
        ben, reply = await a.try_to_join("Ben", b.code)
        assert reply["code"] == "directory_lost"
        assert ben.client.closed is None
        redis.kept.clear()
        redis.gone = False
        await until(lambda: redis.told() == {a.code: A, b.code: B})
        assert (await a.try_to_join("Ben", b.code))[1]["code"] == "elsewhere"

    played(scene)
    assert capsys.readouterr().err.count("Redis does not answer") >= 1


def test_a_wrong_code_takes_its_second_with_a_directory_too() -> None:
    async def scene(a: Class, b: Class, redis: Redis) -> None:
        begin = time.monotonic()
        assert (await a.try_to_join("Eve", "AAAAAA"))[1]["code"] == "no_such_room"
        assert time.monotonic() - begin >= 0.9

    played(scene)


def test_a_directory_leaves_alone_what_another_server_has_told() -> None:
    async def play() -> None:
        redis = Redis()
        directory = Directory(redis, A, told=0.01)
        directory.begin(lambda: ["ABCDEF"])
        await until(lambda: redis.told() == {"ABCDEF": A})
        assert await directory.address_of("ABCDEF") is None
        directory._codes = tuple
        await redis.set("backscope:room:ABCDEF", B, FORGOTTEN)
        await directory.close()
        assert redis.told() == {"ABCDEF": B}

    asyncio.run(asyncio.wait_for(play(), 20))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--redis", "redis://127.0.0.1"], "--redis and --address go together"),
        (["--address", "https://b.school.example"], "--redis and --address go together"),
        (["--redis", "127.0.0.1", "--address", "https://b.school.example"], "must be a URL of Redis"),
        (["--redis", "redis://127.0.0.1", "--address", "b.school.example"], "must be the address of a page"),
    ],
)
def test_the_command_says_what_is_missing_or_wrong(
    given: list[str], words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backscope.server.__main__.find_spec", lambda _: object())
    with pytest.raises(SystemExit):
        main(given)
    assert words in capsys.readouterr().err


# With Debian's Redis and three servers


@pytest.fixture
def redis_port(tmp_path: Path) -> Iterator[tuple[int, Any]]:
    pytest.importorskip("redis")
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    port = free_port()
    command = ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path), "--bind", "127.0.0.1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        yield port, process
        process.kill()


async def talk(port: int, op: str, **fields: Any) -> tuple[dict[str, Any], Any]:
    """Say one thing to a server over a socket, and return the reply and the open socket."""
    import websockets

    end, name = time.monotonic() + 100, fields.pop("session", "lesson")
    while True:
        try:
            link = await websockets.connect(f"ws://127.0.0.1:{port}/ws/{name}", open_timeout=100)
            break
        except OSError:
            assert time.monotonic() < end
            await asyncio.sleep(0.2)
    await link.send(json.dumps({"id": 1, "op": op, **fields}))
    return await reply_to(link, 1), link


async def reply_to(link: Any, number: int) -> dict[str, Any]:
    while True:
        said = await link.recv()
        if isinstance(said, str) and (told := json.loads(said)).get("kind") == "reply" and told["id"] == number:
            reply: dict[str, Any] = told
            return reply


@pytest.mark.long
@pytest.mark.timeout(300)
def test_three_servers_with_one_that_is_killed_and_a_redis_that_is_killed(redis_port: tuple[int, Any]) -> None:
    port, redis = redis_port
    ports = [free_port() for _ in range(3)]
    member = {"name": "Ada", "secret": "the browser of Ada..........."}

    async def scene(servers: list[Any]) -> None:
        codes = []
        for own in ports:
            reply, link = await talk(own, "hello", session=f"room{own}", secret="the teacher's own secret")
            assert reply["ok"], reply
            await link.send(json.dumps({"id": 2, "op": "room_open"}))
            codes.append((await reply_to(link, 2))["code"])
        await asyncio.sleep(1)
        for own in ports:
            for code, other in zip(codes, ports, strict=True):
                reply, link = await talk(own, "join", code=code, **member)
                if own == other:
                    assert reply["ok"], reply
                    continue
                assert (reply["code"], reply["params"]["address"]) == ("elsewhere", f"http://127.0.0.1:{other}")
                await asyncio.wait_for(link.wait_closed(), 10)
                assert (link.close_code, link.close_reason) == (Close.ELSEWHERE, f"http://127.0.0.1:{other}")
        servers[2].kill()
        await asyncio.sleep(FORGOTTEN + 2)
        assert (await talk(ports[0], "join", code=codes[2], **member))[0]["code"] == "no_such_room"
        assert (await talk(ports[0], "join", code=codes[1], **member))[0]["code"] == "elsewhere"
        redis.kill()
        await asyncio.sleep(1.5)  # an answer of just before holds for a second
        assert (await talk(ports[0], "join", code=codes[0], **member))[0]["ok"]
        assert (await talk(ports[0], "join", code=codes[1], **member))[0]["code"] == "directory_lost"
        with pytest.raises(DirectoryLost):
            await directory_at(f"redis://127.0.0.1:{port}", A).address_of(codes[0])

    with ExitStack() as stack:
        servers = []
        for own in ports:
            command = [
                sys.executable, "-m", "backscope.server", "--no-browser", "--ephemeral", "--port", str(own),
                "--trainers", "1", "--redis", f"redis://127.0.0.1:{port}", "--address", f"http://127.0.0.1:{own}",
            ]  # fmt: skip
            servers.append(stack.enter_context(subprocess.Popen(command, stdout=subprocess.DEVNULL)))
        try:
            asyncio.run(asyncio.wait_for(scene(servers), 250))
        finally:
            for server in servers:
                with suppress(OSError):
                    server.terminate()
