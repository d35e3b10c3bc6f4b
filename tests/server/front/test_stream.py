"""A session without a WebSocket is the same session."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from backscope.server.front.registry import Registry
from backscope.server.front.stream import Channel, Streams
from backscope.server.wire.settings import Settings
from starlette.requests import Request
from talking import Command, House, started


@pytest.fixture(scope="module")
def command() -> Iterator[Command]:
    with started("--trainers", "0") as running:
        yield running


def test_what_a_socket_can_do_a_stream_can_and_both_see_the_same_run(command: Command) -> None:
    with command.stream("both") as talk, command.visit("both") as other:
        assert talk.ask("play")["code"] == "hello_first"
        talk.hello()
        other.hello()
        talk.do("step", count=7)
        assert talk.at(7)["arrays"]["P"].tobytes() == other.at(7)["arrays"]["P"].tobytes()
        other.do("set", learning_rate=0.5)
        assert talk.frame(lambda frame: frame["learning_rate"] == 0.5)
        talk.do("speed", steps_per_second=0)
        talk.do("play")
        talk.frame(lambda frame: frame["step"] > 200)
    with command.stream("both") as talk:
        assert talk.hello()["resumed"]


def test_a_stream_is_asked_for_the_token_as_a_socket_is() -> None:
    with started("--trainers", "0", "--root-path", "/lab") as command, command.stream("r1") as talk:
        assert talk.ask("hello", secret="x" * 16)["code"] == "token_required"
        assert talk.ask("play")["code"] == "hello_first"
        assert talk.hello(token=command.token)["ok"]


def test_several_commands_come_up_at_once_in_their_order(command: Command) -> None:
    with command.stream("many") as talk:
        talk.hello()
        talk.say("\n".join(f'{{"op": "step", "count": 1, "id": {number}}}' for number in range(100, 130)))
        replies = [talk.kind("reply")["id"] for _ in range(30)]
        assert replies == list(range(100, 130))
        assert talk.at(30)


def test_who_goes_is_missed() -> None:
    """The watcher tells the reader, which ends as that of a socket does."""

    async def scene() -> list[dict[str, Any]]:
        gone = asyncio.Event()
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        registry = Registry(Settings())
        streams = Streams()
        task = asyncio.create_task(streams.down(registry, "r1", {"client": ("10.0.0.1", 1)}, receive, send))
        while len(sent) < 2:
            await asyncio.sleep(0.01)
        assert len(registry._clients) == 1
        gone.set()
        await asyncio.wait_for(task, 5)
        assert not registry._clients
        await registry.close()
        return sent

    assert json.loads(asyncio.run(scene())[1]["body"][5:])["kind"] == "channel"


def test_requests_that_go_up_come_one_after_the_other() -> None:
    """Else who sends many at once would have each of them held in memory while one waits."""

    async def scene() -> list[int]:
        streams = Streams()
        channel = streams._channels["k"] = Channel({}, lambda message: asyncio.sleep(0))
        sent = asyncio.Event()

        def request() -> Request:
            async def receive() -> dict[str, Any]:
                await sent.wait()
                return {"type": "http.request", "body": b'{"op":"ping"}', "more_body": False}

            return Request({"type": "http", "headers": [(b"x-backscope-channel", b"k")]}, receive)

        first = asyncio.create_task(streams.up(request()))
        await asyncio.sleep(0)
        second = await streams.up(request())
        sent.set()
        found = [second.status_code, (await first).status_code, (await streams.up(request())).status_code]
        assert [(await channel.receive())["text"] for _ in range(2)] == ['{"op":"ping"}'] * 2
        return found

    assert asyncio.run(scene()) == [409, 204, 204]


@pytest.mark.parametrize("key", ["", "wrong", "x" * 1000])
def test_nothing_is_taken_in_for_who_has_no_stream(house: House, key: str) -> None:
    reply = house.client.post("/stream/r1/up", content=b'{"op":"play"}', headers={"x-backscope-channel": key})
    assert reply.status_code == 410


def test_a_stream_of_another_origins_page_is_refused(house: House) -> None:
    for path in ("/stream/r1", "/stream/r1/up"):
        assert house.client.post(path, headers={"origin": "http://evil.example"}).status_code == 400
    assert house.client.post("/stream/a.b").status_code == 404


def test_the_end_of_the_server_ends_streams_at_once() -> None:
    with started("--trainers", "0") as command, command.stream("r1") as talk:
        talk.hello()
        code, seconds, said = command.end()
        assert (code, said) == (0, "")
        assert seconds < 4
