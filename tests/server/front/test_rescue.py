"""What becomes of sessions whose host has died, with hosts and sessions that only write down what is asked of them."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from backscope.server.front import rescue as module
from backscope.server.front.client import Client
from backscope.server.front.entries import FALLS_TO_GIVE_UP, FALLS_TO_PAUSE, Entry
from backscope.server.front.rescue import Rescue
from backscope.server.wire.commands import Command
from backscope.server.wire.messages import Record
from backscope.server.wire.protocol import Close
from backscope.server.wire.settings import Limits


class Ward:
    """Two sessions, `seen` by a client and `left`, both with one host; places are found unless there is `no_room`."""

    def __init__(self) -> None:
        self.client, self.no_room, self.said = Client(1, Limits()), 0, []
        self.host = self._host()
        audiences = {"seen": {1: self.client}, "left": {}}
        self.sessions = {name: self._entry(clients) for name, clients in audiences.items()}
        self.entries = self
        self.jobs = SimpleNamespace(cancel=lambda name: self.said.append(("cancel", name)))
        self.hosts = SimpleNamespace(remove=lambda link: self.said.append(("remove", link)), place=self._place)
        self.store = SimpleNamespace(state=self._state)
        self.listeners = [lambda name, entry, reply: self.said.append(("answer", name, reply.client, reply.number))]
        self.rescue = Rescue(self, lambda: 5.0)  # type: ignore[arg-type]

    said: list[Any]

    def _host(self) -> Any:
        return SimpleNamespace(heard=True, close=lambda: asyncio.sleep(0))

    def _entry(self, clients: dict[int, Client]) -> Entry:
        audience: Any = SimpleNamespace(clients=clients)
        return Entry(audience, b"", "a", self.host, Record({}, playing=True), 0, 0.0)

    def _place(self, cost: Any) -> Any:
        if self.no_room:
            self.no_room -= 1
            raise OSError(24, "Too many open files")
        return self._host()

    async def _state(self, name: str) -> bytes:
        return f"kept of {name}".encode()

    def __iter__(self) -> Any:
        return iter(list(self.sessions.items()))

    def of(self, link: Any) -> list[Any]:
        return [(name, entry) for name, entry in self if entry.link is link]

    def get(self, name: str) -> Entry | None:
        return self.sessions.get(name)

    def forget(self, name: str, code: Close) -> None:
        self.said.append(("forget", name, code))
        del self.sessions[name]

    def build(self, name: str, entry: Entry, link: Any, reason: str, kept: bytes) -> None:
        entry.asleep, entry.link = False, link
        self.said.append(("build", name, reason, kept))

    def fall(self) -> None:
        self.rescue.fallen(self.sessions["seen"].link)


def played(scene: Callable[[Ward], Awaitable[None]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.001)

    async def play() -> None:
        ward = Ward()
        await scene(ward)
        await ward.rescue.close()

    asyncio.run(asyncio.wait_for(play(), 20))


async def built(ward: Ward) -> None:
    while "seen" in ward.sessions and ward.sessions["seen"].asleep:
        await asyncio.sleep(0)


def test_what_somebody_looks_at_is_built_again_and_what_was_asked_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(ward: Ward) -> None:
        entry = ward.sessions["seen"]
        entry.pending[(1, 7)] = Command("step", 7, {})
        entry.pending[(2, 8)] = Command("step", 8, {})  # of who has left
        entry.pending[(0, 9)] = Command("forecast", 9, {})  # of the front itself
        host = ward.host
        ward.fall()
        await built(ward)
        assert ward.said[0] == ("remove", host)
        assert ("cancel", "seen") in ward.said
        assert [one for one in ward.said if one[0] == "build"] == [
            ("build", "seen", "trainer_restarted", b"kept of seen")
        ]
        assert ward.sessions["left"].asleep
        reply = ward.client.take()
        assert isinstance(reply, str)
        assert '"id":7' in reply
        assert "trainer_lost" in reply
        assert (ward.client.take(), entry.pending) == (None, {})
        assert ("answer", "seen", 0, 9) in ward.said

    played(scene, monkeypatch)


def test_a_session_that_falls_again_and_again_stands_still_and_is_then_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene(ward: Ward) -> None:
        playing = []
        for _ in range(FALLS_TO_GIVE_UP):
            ward.fall()
            await built(ward)
            playing.append("seen" in ward.sessions and ward.sessions["seen"].record.playing)
        assert playing == [fall < FALLS_TO_PAUSE for fall in range(1, FALLS_TO_GIVE_UP + 1)]
        assert ward.said[-1] == ("forget", "seen", Close.FAILED)

    played(scene, monkeypatch)


@pytest.mark.parametrize("heard", [True, False])
def test_where_none_can_be_started_it_is_tried_again_and_that_is_no_fall(
    heard: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(ward: Ward) -> None:
        ward.host.heard, ward.no_room = heard, 2
        ward.fall()
        await built(ward)
        assert (ward.no_room, len(ward.sessions["seen"].falls)) == (0, int(heard))
        assert ward.sessions["seen"].record.playing

    played(scene, monkeypatch)
