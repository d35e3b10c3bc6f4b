"""Which host a session is with: by cost, moved where it holds nobody up, put away, woken, and built again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

import pytest
from backscope.server.front import rescue
from backscope.server.front import sessions as module
from backscope.server.front.client import Client
from backscope.server.front.entries import Entry, digest
from backscope.server.front.jobs import Jobs, worker_thread
from backscope.server.front.sessions import Sessions
from backscope.server.front.tally import Tally
from backscope.server.wire.commands import Command, CommandError
from backscope.server.wire.messages import Attendance, Cost, Forget, Open, Order, Progress, Record, Saved
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.settings import Limits, Settings

LIGHT, HEAVY = Cost(0.0001, 0.0001, 1 << 20), Cost(0.3, 0.3, 1 << 28)


class Puppet:
    """A host whose part the test plays."""

    made: ClassVar[list["Puppet"]] = []
    broken = 0

    def __init__(self, receive: Any, died: Any, limits: Limits) -> None:
        if Puppet.broken:
            Puppet.broken -= 1
            raise OSError(24, "Too many open files")
        self.receive, self.died = receive, died
        self.said: list[Any] = []
        self.alive = self.heard = True
        Puppet.made.append(self)

    def send(self, message: Any) -> None:
        self.said.append(message)

    async def close(self) -> None:
        self.alive = False

    def of(self, kind: type[Any]) -> list[Any]:
        return [message for message in self.said if isinstance(message, kind)]

    def say(self, message: Any) -> None:
        self.receive(self, message)

    def die(self) -> None:
        self.alive = False
        self.died(self)


def played(
    scene: Callable[[Sessions], Awaitable[None]],
    monkeypatch: pytest.MonkeyPatch,
    trainers: int = 2,
    **limits: int,
) -> None:
    monkeypatch.setattr(module, "ProcessLink", Puppet)
    monkeypatch.setattr(module, "TrainerProcess", lambda limits: limits)
    monkeypatch.setattr(rescue, "_PATIENCE", 0.01)
    Puppet.made, Puppet.broken = [], 0

    async def play() -> None:
        settings = Settings(trainers=trainers, limits=Limits(**limits))
        sessions = Sessions(
            settings, lambda: 1000.0, lambda done, advanced: Jobs(worker_thread, done, advanced), Tally()
        )
        try:
            await scene(sessions)
        finally:
            await sessions.close()

    asyncio.run(asyncio.wait_for(play(), 20))


def opened(sessions: Sessions, name: str, cost: Cost = LIGHT, *, attended: bool = True, address: str = "a") -> Puppet:
    record = Record(PRESETS["circle"].to_json(), cost=cost)
    entry = sessions.open(name, address, digest(name), record)
    if attended:
        entry.audience.enter(Client(hash(name), Limits()))
    return entry.link  # type: ignore[return-value]


@pytest.mark.parametrize("trainers", [1, 2, 4])
def test_heavy_sessions_have_hosts_of_their_own(trainers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(sessions: Sessions) -> None:
        light = {opened(sessions, f"light{index}") for index in range(8)}
        heavy = {opened(sessions, f"heavy{index}", HEAVY) for index in range(8)}
        light |= {opened(sessions, f"more{index}") for index in range(8)}
        assert not light & heavy
        assert len(light) == trainers
        assert len(heavy) == max(1, trainers // 2)

    played(scene, monkeypatch, trainers)


def test_sessions_are_spread_by_what_they_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(sessions: Sessions) -> None:
        slow = opened(sessions, "slow", Cost(0.02, 0.02, 1 << 20))
        others = [opened(sessions, f"quick{index}") for index in range(4)]
        assert slow not in others

    played(scene, monkeypatch)


def test_a_session_that_becomes_heavy_moves_and_nothing_that_was_asked_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(sessions: Sessions) -> None:
        before = opened(sessions, "mine")
        entry = sessions.entries.known("mine")
        (number,) = entry.audience.clients
        waiting, looking = Command("step", 7, {"count": 3}), Command("look", 8, {"layers": [2]})
        entry.pending[number, 7] = waiting
        entry.standing[number, "look"] = looking
        record = Record({**entry.record.config, "seed": 99}, step=5, playing=True, cost=HEAVY)
        before.say(Saved("mine", record))
        after = entry.link
        assert isinstance(after, Puppet)
        assert after is not before
        assert before.of(Forget) == [Forget("mine")]
        (order,) = after.of(Open)
        assert (order.record.config["seed"], order.record.step, order.record.playing) == (99, 5, True)
        assert order.record.number > record.number
        assert Attendance("mine", 1) in after.said
        assert after.of(Order) == [
            Order("mine", number, Command("look", None, {"layers": [2]})),
            Order("mine", number, waiting),
        ]
        before.say(Progress("mine", 1000))  # whatever the old host still has to say
        assert entry.step == 5
        after.say(Saved("mine", Record(record.config, cost=LIGHT)))
        assert entry.link in sessions.hosts.light

    played(scene, monkeypatch)


def test_a_run_that_would_take_long_to_replay_stays_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(sessions: Sessions) -> None:
        before = opened(sessions, "mine")
        before.say(Saved("mine", Record({**PRESETS["circle"].to_json()}, step=1000, cost=HEAVY)))
        assert sessions.entries.known("mine").link is before

    played(scene, monkeypatch)


def test_memory_of_sessions_that_nobody_looks_at_comes_back_and_the_runs_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(sessions: Sessions) -> None:
        large = Cost(0.001, 0.001, 1 << 20)
        host = opened(sessions, "left", large, attended=False)
        entry = sessions.entries.known("left")
        host.say(Saved("left", Record(entry.record.config, step=40, cost=large)))
        host.say(Progress("left", 77))
        entry.seen = 0.0
        sessions.expire()
        assert entry.asleep
        assert host.of(Forget) == [Forget("left")]
        sessions.wake("left", entry)
        assert not entry.asleep
        assert isinstance(entry.link, Puppet)
        (first, *_, again) = [m for puppet in Puppet.made for m in puppet.of(Open)]
        assert (first.record.step, again.record.step, again.reason) == (0, 77, "rebuilt")

    played(scene, monkeypatch, idle_bytes=0)


def test_a_host_that_dies_is_replaced_and_its_sessions_go_on(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    async def fall(entry: Entry) -> None:
        entry.link.die()  # type: ignore[attr-defined]
        for _ in range(1000):
            if not entry.asleep:
                return
            await asyncio.sleep(0.001)

    async def scene(sessions: Sessions) -> None:
        host = opened(sessions, "mine")
        entry = sessions.entries.known("mine")
        await fall(entry)
        assert entry.link is not host
        assert entry.link.of(Open)[0].reason == "trainer_restarted"  # type: ignore[attr-defined]
        for _ in range(3):
            if "mine" in sessions.entries:
                await fall(entry)
        assert "mine" not in sessions.entries  # it kills whoever trains it

    played(scene, monkeypatch)
    assert "another takes its runs" in capsys.readouterr().err


@pytest.mark.parametrize("how", ["no descriptors", "never heard"])
def test_where_no_process_can_be_started_sessions_wait_and_are_built_once_one_can(
    how: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    async def scene(sessions: Sessions) -> None:
        host = opened(sessions, "mine")
        entry = sessions.entries.known("mine")
        for link in sessions.hosts.all[:]:
            sessions.hosts.remove(link)
        if how == "no descriptors":
            Puppet.broken = 3
        else:
            host.heard = False
        host.die()
        assert entry.asleep
        if how == "no descriptors":
            with pytest.raises(CommandError) as refused:
                sessions.wake("mine", entry)
            assert refused.value.code == "no_trainer"
        while entry.asleep:
            await asyncio.sleep(0.005)
        assert entry.link is not host
        assert len(entry.falls) == (1 if how == "no descriptors" else 0)

    played(scene, monkeypatch)
    capsys.readouterr()
