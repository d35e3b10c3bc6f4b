"""Wrong codes, one after the other; right ones, as fast as they come."""

import asyncio

import pytest
from backscope.server.classroom import tries
from backscope.server.classroom.tries import Tries, network_of
from backscope.server.wire.commands import CommandError


def test_a_line_stands_behind_a_wrong_code_and_other_addresses_do_not_care() -> None:
    async def scene() -> None:
        go_on, slept = asyncio.Event(), []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)
            await go_on.wait()

        line = Tries(sleep)
        looked: list[str] = []

        def look(name: str, found: str | None) -> "asyncio.Task[str | None]":
            return asyncio.create_task(line.find("1.2.3.4", lambda: (looked.append(name), found)[1]))

        tasks = [look("first", "room"), look("wrong", None), look("behind", "room")]
        await asyncio.sleep(0.01)
        assert looked == ["first", "wrong"]
        assert slept == [1.0]
        assert await line.find("5.6.7.8", lambda: "room") == "room"
        go_on.set()
        assert [await task for task in tasks] == ["room", None, "room"]

    asyncio.run(scene())


def test_who_sends_too_many_is_refused_and_the_line_is_forgotten_when_it_is_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tries, "MOST_WAITING", 2)

    async def scene() -> None:
        go_on = asyncio.Event()

        async def sleep(seconds: float) -> None:
            await go_on.wait()

        line = Tries(sleep)
        waiting = [asyncio.create_task(line.find("a", lambda: None)) for _ in range(2)]
        await asyncio.sleep(0.01)
        with pytest.raises(CommandError, match="2 codes of your address"):
            await line.find("a", lambda: None)
        go_on.set()
        await asyncio.gather(*waiting)
        assert line._lines == {}

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.0.0.1", "10.0.0.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("testclient", "testclient", True),
    ],
)
def test_a_network_of_ipv6_is_one_address(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) == same
