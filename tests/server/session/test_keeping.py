"""When a run is packed up, and how another goes on from what was packed."""

import itertools
import math
import time
from typing import Any

import pytest
from backscope.server.run.pace import Pace
from backscope.server.run.run import Run
from backscope.server.session import keeping as module
from backscope.server.session.keeping import Keeping
from backscope.server.wire.edits import Edits
from backscope.server.wire.messages import Kept
from backscope.server.wire.packing import pack
from backscope.server.wire.presets import PRESETS


def fresh() -> Run:
    return Run({0: (PRESETS["xor"], Edits())}, 0, Pace(0))


def go(run: Run, step: int) -> None:
    run.go_to(step)
    run.advance(time.perf_counter() + 60, 0.0)


def keeping_of(run: Run, crowd: int = 1) -> tuple[Keeping, list[Any]]:
    said: list[Any] = []
    return Keeping("r", run, said.append, lambda: crowd), said


def test_it_is_packed_when_something_has_changed_and_then_not_again_for_a_while() -> None:
    run = fresh()
    keeping, said = keeping_of(run)
    assert keeping.due() == math.inf
    run.go_to(20)
    assert keeping.due() == math.inf  # it is not there yet
    run.advance(time.perf_counter() + 60, 0.0)
    assert keeping.due() <= 100.0
    keeping.pack(100.0)
    assert [(type(one), one.session) for one in said] == [(Kept, "r")]
    assert keeping.due() == math.inf
    go(run, 21)
    assert keeping.due() >= 102.0


@pytest.mark.parametrize(
    ("cost", "rests"),
    [(0.0, {1: 2.0, 10**9: 20.0}), (0.001, {1: 2.0, 50: 5.0, 10**9: 20.0}), (0.5, {1: 50.0, 50: 50.0})],
)
def test_where_many_share_a_core_and_a_disk_each_is_packed_less_often_but_never_too_seldom(
    cost: float, rests: dict[int, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    for crowd, rest in rests.items():
        ticks = itertools.count()
        monkeypatch.setattr(module, "spent", lambda ticks=ticks: next(ticks) * cost)
        run = fresh()
        keeping, _ = keeping_of(run, crowd)
        keeping.pack(0.0)
        go(run, 1)
        assert keeping.due() == pytest.approx(rest), crowd


def test_a_run_under_way_is_noted_first_and_packed_once_it_has_gone_on() -> None:
    run = fresh()
    keeping, _ = keeping_of(run)
    assert keeping.noted()  # it stands: nothing to wait for
    run.play(0.0)
    run.step_at_once()
    run.version += 1
    assert not keeping.noted()
    assert keeping.due() == math.inf
    run.step_at_once()
    assert keeping.due() < math.inf
    assert keeping.noted()


def test_another_run_goes_on_from_what_was_packed_and_begins_anew_where_that_cannot_be_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = fresh()
    go(run, 50)
    run.note()
    go(run, 60)
    keeping, said = keeping_of(run)
    keeping.pack(0.0)
    twin = fresh()
    keeping_of(twin)[0].resume(said[0].payload)
    assert 50 <= twin.trainer.step_count <= 60
    go(twin, 60)
    assert twin.trainer.theta.tobytes() == run.trainer.theta.tobytes()
    assert capsys.readouterr().err == ""
    for broken in (b"", said[0].payload[:-9], pack([1]), pack({"0": {"step": 3}})):
        torn = fresh()
        keeping_of(torn)[0].resume(broken)
        assert torn.trainer.step_count == 0
        assert "trained again from its start" in capsys.readouterr().err
