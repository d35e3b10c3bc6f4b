"""Which host a session goes to, with hosts that are names only."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from backscope.server.front import hosts as module
from backscope.server.front.hosts import HEAVY, Hosts, load_of
from backscope.server.wire.messages import Cost

LIGHT, SLOW = Cost(0.001, HEAVY, 0), Cost(0.001, 1.01 * HEAVY, 0)


class Street:
    """Hosts, and how much each has to do."""

    def __init__(self, most: int) -> None:
        self.load: dict[Any, float] = {}
        self.hosts = Hosts(self._make, most, lambda: self.load)

    def _make(self) -> Any:
        said: list[Any] = []
        return Named(alive=True, said=said, send=said.append)

    def place(self, cost: Cost, load: float = 1.0) -> Any:
        link = self.hosts.place(cost)
        self.load[link] = self.load.get(link, 0.0) + load
        return link


class Named(SimpleNamespace):
    """A host that plays nothing; told apart by being another object."""

    __hash__ = object.__hash__


def test_there_are_as_many_hosts_as_may_be_and_then_the_one_with_the_least_to_do_takes_more() -> None:
    async def scene() -> None:
        street = Street(2)
        first, second = street.place(LIGHT, 3.0), street.place(LIGHT, 1.0)
        assert first is not second
        assert [street.place(LIGHT), street.place(LIGHT)] == [second, second]
        assert street.hosts.all == [first, second]
        street.load[first] = 0.0
        assert street.place(SLOW) not in (first, second)
        street.hosts.close()

    asyncio.run(scene())


@pytest.mark.parametrize(("most", "heavy"), [(0, 0), (1, 1), (2, 1), (5, 2)])
def test_heavy_ones_are_apart_in_half_as_many_unless_all_are_here(most: int, heavy: int) -> None:
    async def scene() -> None:
        street = Street(most)
        light = {id(street.place(LIGHT)) for _ in range(9)}
        slow = [street.place(SLOW) for _ in range(9)]
        assert len(light) == max(1, most)
        assert len(street.hosts.heavy) == heavy
        assert street.hosts.misplaced(slow[0], LIGHT) is (most > 0)
        assert not street.hosts.misplaced(slow[0], SLOW)
        street.hosts.remove(slow[0])
        assert slow[0] not in street.hosts.all
        street.hosts.close()

    asyncio.run(scene())


def test_the_host_of_the_next_session_starts_before_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        street = Street(2)
        street.hosts.start()
        street.hosts.start()
        assert street.hosts.alive == 1
        street.place(LIGHT)
        while street.hosts.alive < 2:
            await asyncio.sleep(0)
        street.hosts.send_all("word")  # type: ignore[arg-type]
        assert [link.said for link in street.hosts.all] == [["word"], ["word"]]  # type: ignore[attr-defined]

    monkeypatch.setattr(module, "_SPARE_AFTER", 0.0)
    asyncio.run(asyncio.wait_for(scene(), 20))


def test_a_session_that_nobody_looks_at_weighs_next_to_nothing() -> None:
    assert load_of(Cost(0.005), True) == 2.0
    assert 1000 * load_of(Cost(1.0), False) <= load_of(Cost(), True)
