"""The registry by itself: who is let in, what is answered, and what is left when somebody goes."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from backscope.server.front.client import Client
from backscope.server.front.commands import COMMANDS
from backscope.server.front.registry import Registry
from backscope.server.run.cost import cost_of
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.protocol import Close
from backscope.server.wire.settings import Limits, Settings

SECRET = "a secret of enough characters"


def played(scene: Callable[[Registry], Awaitable[None]], **settings: Any) -> None:
    async def play() -> None:
        registry = Registry(Settings(**settings))
        try:
            await scene(registry)
        finally:
            await registry.close()

    asyncio.run(asyncio.wait_for(play(), 60))


def come(registry: Registry, address: str = "here") -> Client:
    client = registry.connect(address)
    assert client is not None
    return client


async def ask(registry: Registry, client: Client, op: str, session: str = "r1", **fields: Any) -> dict[str, Any]:
    """Give a command, and return its reply; all that comes before it is drawn and dropped."""
    await registry.handle(client, session, json.dumps({"id": 5, "op": op, **fields}))
    for _ in range(100_000):
        while (message := client.take()) is not None:
            if isinstance(message, str) and '"reply"' in message[:20]:
                found: dict[str, Any] = json.loads(message)
                return found
        await asyncio.sleep(0)
    raise AssertionError("it was never answered")


async def hello(registry: Registry, client: Client, session: str = "r1", **fields: Any) -> dict[str, Any]:
    return await ask(registry, client, "hello", session, **{"secret": SECRET, **fields})


@pytest.mark.parametrize("op", [op for op in COMMANDS if op not in ("hello", "ping")])
def test_nothing_is_obeyed_before_a_hello(op: str) -> None:
    async def scene(registry: Registry) -> None:
        client = come(registry)
        for field in ({}, {"seq": 1}):
            await registry.handle(client, "r1", json.dumps({"op": op, **field}))
            reply = json.loads(str(client.take()))
            assert (reply["ok"], reply["code"]) in {
                (False, "hello_first"),
                (False, "missing_field"),
                (False, "unknown_field"),
            }
        assert registry.sessions == 0

    played(scene)


def test_a_session_is_found_again_by_its_secret_alone() -> None:
    async def scene(registry: Registry) -> None:
        owner, stranger, back = come(registry), come(registry), come(registry)
        assert not (await hello(registry, owner))["resumed"]
        assert (await hello(registry, stranger, secret="x" * 16))["code"] == "wrong_secret"
        assert (await ask(registry, stranger, "play"))["code"] == "hello_first"
        registry.leave(owner)
        assert (await hello(registry, back))["resumed"]
        assert registry.sessions == 1
        assert (await hello(registry, back))["code"] == "already_open"

    played(scene)


@pytest.mark.parametrize("token", [None, "", "wrong", "rïght", "right "])
def test_the_token_goes_before_all_else(token: str | None) -> None:
    async def scene(registry: Registry) -> None:
        given = {} if token is None else {"token": token}
        log = [{"step": 1, "change": {"no": "such thing"}}]
        reply = await hello(registry, come(registry), config={"loss": "no such thing"}, log=log, **given)
        assert reply["code"] == ("token_required" if token is None else "token_wrong")
        assert registry.sessions == 0
        assert (await hello(registry, come(registry), token="right"))["ok"]

    played(scene, token="right", local=False)


def test_an_address_has_its_share_of_sessions_and_others_have_theirs() -> None:
    async def scene(registry: Registry) -> None:
        greedy = [come(registry, "greedy") for _ in range(3)]
        for index, client in enumerate(greedy[:2]):
            assert (await hello(registry, client, f"g{index}"))["ok"]
        assert (await hello(registry, greedy[2], "g2"))["code"] == "too_many_sessions"
        assert (await hello(registry, come(registry, "calm"), "c"))["ok"]
        registry.leave(greedy[0])
        assert (await hello(registry, greedy[2], "g2"))["ok"]
        assert registry.sessions == 3

    played(scene, limits=Limits(sessions=10, address_sessions=2))


def test_what_was_asked_by_who_has_left_is_answered_to_nobody() -> None:
    async def scene(registry: Registry) -> None:
        first, second = come(registry), come(registry)
        for client in (first, second):
            assert (await hello(registry, client))["ok"]
        await registry.handle(first, "r1", '{"id":9,"op":"check"}')
        registry.leave(first)
        assert (await ask(registry, second, "check"))["ok"]
        assert first.take() is None or first.audience is None

    played(scene)


@pytest.mark.parametrize(
    "message", ["", "{", "null", '{"op":"nothing"}', '{"op":"play","id":"x"}', "\udfff", '"\\udfff"']
)
def test_whatever_comes_is_answered_and_harms_nobody(message: str) -> None:
    async def scene(registry: Registry) -> None:
        client = come(registry)
        await registry.handle(client, "r1", message)
        reply = json.loads(str(client.take()))
        assert not reply["ok"]
        assert reply["code"] != "internal"
        assert (await hello(registry, client))["ok"]

    played(scene)


def test_an_address_that_fills_the_door_keeps_no_other_out() -> None:
    async def scene(registry: Registry) -> None:
        flood = [come(registry, "flood") for _ in range(4)]
        assert registry.connect("flood") is None
        calm = come(registry, "calm")
        assert flood[0].closed == Close.TOO_MANY
        assert (await hello(registry, calm))["ok"]
        others = [come(registry, f"a{index}") for index in range(2)]
        assert [client.closed for client in others] == [None, None]

    played(scene, limits=Limits(strangers=4))


def test_what_all_runs_may_take_is_limited_and_runs_that_nobody_looks_at_make_room() -> None:
    small = PRESETS["circle"]
    cost = cost_of([(small, small.parameter_count)]).memory
    wide = {"network": {"hidden": [64, 64]}}

    async def scene(registry: Registry) -> None:
        clients = [come(registry) for _ in range(3)]
        for client, name in zip(clients[:2], ("one", "two"), strict=True):
            assert (await hello(registry, client, name))["ok"]
        assert (await hello(registry, clients[2], "three"))["code"] == "memory_full"
        assert (await ask(registry, clients[0], "configure", "one", **wide))["ok"]
        while registry.memory <= 2.5 * cost:
            await asyncio.sleep(0.001)
        assert (await ask(registry, clients[1], "configure", "two", **wide))["code"] == "memory_full"
        assert (await ask(registry, clients[1], "set", "two", learning_rate=0.2))["ok"]
        assert (await ask(registry, clients[0], "preset", "one", name="xor"))["ok"]  # to have less
        registry.leave(clients[1])
        registry._entries.known("two").seen -= 60
        assert (await hello(registry, clients[2], "three"))["ok"]

    played(scene, limits=Limits(memory_bytes=int(2.5 * cost)))
