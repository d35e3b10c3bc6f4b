"""A trainer host: whose turn it is, and that one session's trouble is its own."""

import json
from itertools import groupby
from statistics import median
from typing import Any

import pytest
from backscope.server.session.host import SLICE, Host
from backscope.server.wire.commands import Command
from backscope.server.wire.messages import (
    Attendance,
    Broken,
    Forget,
    Frame,
    Open,
    Order,
    Publish,
    Record,
    Reply,
    ToFront,
    Want,
)
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.settings import Limits
from stage import parse


class Theatre:
    """A host with a clock of our own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.said: list[ToFront] = []
        self.host = Host(self.said.append, Limits(), lambda: self.now)

    def open(self, name: str, preset: str = "circle") -> None:
        self.host.handle(Open(name, Record(PRESETS[preset].to_json()), None))
        self.host.handle(Attendance(name, 1))

    def order(self, name: str, op: str, **fields: Any) -> None:
        self.host.handle(Order(name, 1, parse(json.dumps({"op": op, **fields}))))

    def turns(self, count: int) -> None:
        for _ in range(count):
            self.host.turn()

    def step(self, name: str) -> int:
        return self.host._sessions[name].run.trainer.step_count

    def of(self, kind: type[Any]) -> list[Any]:
        return [message for message in self.said if isinstance(message, kind)]


def full_speed(theatre: Theatre, *names: str) -> None:
    for name in names:
        theatre.open(name)
        theatre.order(name, "surface", off=True)
        theatre.order(name, "speed", steps_per_second=0)
        theatre.order(name, "play")


def test_an_idle_host_waits_for_messages_alone() -> None:
    theatre = Theatre()
    assert theatre.host.turn() is None
    theatre.open("a")
    theatre.order("a", "surface", off=True)
    theatre.turns(10)
    assert theatre.host.turn() is None


def test_all_sessions_at_full_speed_get_on() -> None:
    theatre = Theatre()
    names = [f"s{index}" for index in range(6)]
    full_speed(theatre, *names)
    theatre.turns(120)
    steps = [theatre.step(name) for name in names]
    assert min(steps) > 0
    assert max(steps) < 12 * min(steps)


@pytest.mark.parametrize("costs", [[0.02, 0.0005, 0.0005], [1.0, 0.001, 0.001, 0.001], [0.0005] * 6, [0.3, 0.1, 0.02]])
def test_sessions_share_time_and_not_turns(costs: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    theatre = Theatre()
    names = [f"s{index}" for index in range(len(costs))]
    full_speed(theatre, *names)
    used = dict.fromkeys(names, 0.0)

    def worker(name: str, cost: float) -> Any:
        def work(seconds: float) -> None:
            theatre.now += cost
            used[name] += cost

        return work

    for name, cost in zip(names, costs, strict=True):
        monkeypatch.setattr(theatre.host._sessions[name], "work", worker(name, cost))
    while theatre.now < 200 * max(costs):
        theatre.turns(1)
    fair = sum(used.values()) / len(used)
    assert all(abs(share - fair) <= 0.05 * fair + 2 * max(costs) for share in used.values())


@pytest.mark.parametrize("crowd", [1, 40, 41, 60, 100, 200, 10_000])
def test_the_more_train_the_shorter_are_their_turns(crowd: int, monkeypatch: pytest.MonkeyPatch) -> None:
    theatre = Theatre()
    full_speed(theatre, "a", "b")
    monkeypatch.setattr(theatre.host, "crowd", lambda: crowd)
    pieces: list[tuple[str, float]] = []

    def worker(name: str) -> Any:
        def work(seconds: float) -> None:
            theatre.now += seconds
            pieces.append((name, seconds))

        return work

    for name in ("a", "b"):
        monkeypatch.setattr(theatre.host._sessions[name], "work", worker(name))
    theatre.turns(60)
    turn = median(sum(seconds for _, seconds in turn) for _, turn in groupby(pieces, lambda piece: piece[0]))
    assert max(seconds for _, seconds in pieces) <= SLICE
    if crowd <= 40:
        assert turn == pytest.approx(2 * SLICE)
    else:
        assert SLICE / 2 <= turn <= max(SLICE / 2, 1 / 25 / crowd)


def test_who_rests_saves_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    theatre = Theatre()
    full_speed(theatre, "busy", "idle")
    theatre.order("idle", "pause")
    turns: list[str] = []

    def worker(name: str) -> Any:
        def work(seconds: float) -> None:
            theatre.now += 0.001
            turns.append(name)

        return work

    for name in ("busy", "idle"):
        monkeypatch.setattr(theatre.host._sessions[name], "work", worker(name))
    theatre.turns(2000)
    theatre.order("idle", "play")
    turns.clear()
    theatre.turns(100)
    assert 40 <= turns.count("busy") <= 60


def test_frames_share_the_time_of_the_host_once_one_session_runs_as_fast_as_it_can() -> None:
    theatre = Theatre()
    for index in range(4):
        theatre.open(f"s{index}")
        theatre.order(f"s{index}", "play")
    theatre.now += 1
    assert theatre.host.crowd() == 1
    theatre.order("s2", "speed", steps_per_second=0)
    theatre.now += 1
    assert theatre.host.crowd() == 4
    theatre.host.handle(Attendance("s0", 0))
    theatre.order("s1", "pause")
    theatre.now += 1
    assert theatre.host.crowd() == 2
    theatre.host.handle(Forget("s2"))
    theatre.now += 1
    assert theatre.host.crowd() == 1


def test_a_paced_session_names_the_time_of_its_next_step() -> None:
    theatre = Theatre()
    theatre.open("a")
    theatre.order("a", "surface", off=True)
    theatre.order("a", "speed", steps_per_second=10)
    theatre.order("a", "play")
    theatre.turns(10)
    assert theatre.step("a") == 1
    assert theatre.host.turn() == pytest.approx(0.1)
    theatre.now = 0.1
    theatre.turns(3)
    assert theatre.step("a") == 2


def test_a_hand_does_not_wait_for_its_sessions_turn() -> None:
    theatre = Theatre()
    full_speed(theatre, *(f"s{index}" for index in range(20)))
    theatre.turns(40)
    theatre.host.handle(Want("s7", (None,)))
    theatre.said.clear()
    theatre.host.handle(Want("s7", (None,)))
    theatre.order("s7", "set", learning_rate=0.25)
    (frame,) = theatre.of(Frame)
    assert b'"learning_rate":0.25' in frame.parts[0].head


def test_trouble_in_one_session_stays_there(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    theatre = Theatre()
    full_speed(theatre, "sound", "ill")
    session = theatre.host._sessions["ill"]

    def burst(*_: Any) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(session.run.trainer, "run", burst)
    theatre.turns(50)
    assert theatre.step("sound") > 0
    state = json.loads([m for m in theatre.of(Publish) if m.session == "ill" and m.kind == "state"][-1].payload)
    assert (state["playing"], state["reason"]) == (False, {"code": "internal"})
    assert "on purpose" in capsys.readouterr().err


def test_a_command_that_fails_inside_is_answered(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    theatre = Theatre()
    theatre.open("a")
    monkeypatch.setattr(theatre.host._sessions["a"].run, "set", lambda *_, **__: 1 / 0)
    theatre.said.clear()
    theatre.host.handle(Order("a", 1, Command("set", 9, {"learning_rate": 0.25})))
    reply = json.loads(theatre.of(Reply)[0].text)
    assert (reply["id"], reply["code"]) == (9, "internal")
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_the_wish_that_comes_with_a_command_stands_though_the_command_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    theatre = Theatre()
    theatre.open("a")
    theatre.order("a", "surface", off=True)
    monkeypatch.setattr(theatre.host._sessions["a"].run, "set", lambda *_, **__: 1 / 0)
    theatre.host.handle(Order("a", 1, Command("set", 9, {"learning_rate": 0.25}), (None,)))
    theatre.turns(3)
    assert len(theatre.of(Frame)) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.parametrize("edits", [1, 60])
def test_the_frame_that_shows_a_change_goes_before_the_state_that_tells_of_it(edits: int) -> None:
    theatre = Theatre()
    full_speed(theatre, "a")
    for count in range(edits):
        theatre.now += 1.0
        theatre.turns(2)
        theatre.said.clear()
        change = Command("set", count, {"learning_rate": 0.1 + count / 1000})
        theatre.host.handle(Order("a", 1, change, (None,)))
    kinds = [(type(said).__name__, getattr(said, "kind", None)) for said in theatre.said]
    assert kinds.index(("Reply", None)) < kinds.index(("Frame", None)) < kinds.index(("Publish", "state"))
    (frame,) = theatre.of(Frame)
    length = int.from_bytes(frame.parts[0].head[:4], "little")
    assert json.loads(frame.parts[0].head[4 : 4 + length])["learning_rate"] == 0.1 + (edits - 1) / 1000


def test_a_session_that_cannot_be_built_is_told(capsys: Any) -> None:
    theatre = Theatre()
    theatre.host.handle(Open("a", Record({"loss": "magic"}), None))
    assert theatre.of(Broken) == [Broken("a")]
    assert "magic" in capsys.readouterr().err
    theatre.order("a", "play")
    assert theatre.host.turn() is None


def test_a_forgotten_session_does_nothing_any_more() -> None:
    theatre = Theatre()
    full_speed(theatre, "a")
    theatre.host.handle(Forget("a"))
    theatre.host.handle(Forget("a"))
    theatre.said.clear()
    theatre.order("a", "set", learning_rate=0.2)
    assert theatre.host.turn() is None
    assert theatre.said == []
