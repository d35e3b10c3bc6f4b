"""The deeds that can be undone: which edits are one movement of a hand, and what is kept of each."""

import json
import time
from typing import Any

import pytest
from backscope.server.run.moment import Moment
from backscope.server.run.pace import Pace
from backscope.server.run.run import Run
from backscope.server.session import history as module
from backscope.server.session.history import Deed, History, deeds_from_json, deeds_to_json
from backscope.server.wire.commands import Command, CommandError
from backscope.server.wire.edits import Edits
from backscope.server.wire.presets import PRESETS

RATE = {"learning_rate": 0.3}


def run_at(step: int) -> Run:
    run = Run({0: (PRESETS["xor"], Edits())}, 0, Pace(60))
    go(run, step)
    return run


def go(run: Run, step: int) -> None:
    run.go_to(step)
    run.advance(time.perf_counter() + 60, 0.0)


def edit(history: History, run: Run, now: float = 0.0, **fields: Any) -> None:
    before = Moment.of(run)
    run.set({name: value for name, value in fields.items() if name not in ("hand", "lane")})
    history.note(Command("set", 1, fields), before, run, now)


def restart(history: History, run: Run) -> None:
    before = Moment.of(run)
    run.restart({0: run.trainer.config})
    history.note(Command("reset", 1, {}), before, run, 0.0)


@pytest.mark.parametrize(
    ("second", "later", "joins"),
    [
        ({"learning_rate": 0.2}, 0.39, True),
        ({"learning_rate": 0.2}, 0.41, False),
        ({"l2": 0.2}, 0.1, False),
        ({"learning_rate": 0.2, "lane": 1}, 0.1, False),
        ({"learning_rate": 0.2, "hand": 4}, 0.1, False),
    ],
)
def test_the_same_value_right_after_is_the_same_movement(second: dict[str, Any], later: float, joins: bool) -> None:
    history = History()
    edit(history, run_at(3), 10.0, **RATE)
    assert history.joins(Command("set", 2, second), 10.0 + later) is joins


def test_one_press_is_one_movement_however_long_and_a_choice_is_none() -> None:
    history, run = History(), run_at(3)
    edit(history, run, 0.0, **RATE, hand=4)
    assert history.joins(Command("set", 2, {**RATE, "hand": 4}), 1e6)
    assert not history.joins(Command("set", 2, {**RATE, "hand": 5}), 0.0)
    edit(history, run, 0.0, optimizer="adam")
    assert not history.joins(Command("set", 2, {"optimizer": "sgd"}), 0.0)


def test_undo_and_redo_move_a_deed_from_one_side_to_the_other_and_a_new_one_ends_redoing() -> None:
    history, run = History(), run_at(5)
    history.note(Command("set", 1, RATE), Moment.of(run), run, 0.0)
    assert history.told() == {"undo": None, "redo": None, "ghost": None}  # it changed nothing
    edit(history, run, **RATE)
    deed = {"op": "set", "change": RATE}
    assert history.told() == {"undo": deed, "redo": None, "ghost": None}
    assert history.undo(run, Moment.of(run)).places[0].edits == ()
    assert run.edit_count == 0
    assert history.told() == {"undo": None, "redo": deed, "ghost": None}
    there = history.redo(run, Moment.of(run))
    go(run, there.places[0].step)
    assert run.trainer.config.optimizer.learning_rate == 0.3
    history.undo(run, Moment.of(run))
    edit(history, run, l2=0.1)
    for way, word in ((history.redo, "redo"), (history.undo_to_ghost, "undo")):
        with pytest.raises(CommandError) as caught:
            way(run, Moment.of(run))
        assert caught.value.code == f"nothing_to_{word}"


def test_what_it_keeps_is_bounded_and_comes_back_from_plain_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 6)
    history, run = History(), run_at(0)
    for step in (10, 20, 30, 40, 50, 60, 70):
        go(run, step)
        restart(history, run)
    past, future = history.record()
    assert [deed.moment.places[0].step for deed in past] == [20, 30, 40, 50, 60, 70]
    assert [deed.ghost.step for deed in past if deed.ghost is not None] == [50, 60, 70]
    assert future == ()
    assert not any(deed.moment.lanes() for deed in past)
    found = deeds_from_json(json.loads(json.dumps(deeds_to_json((past, future)))))
    assert found == (past, future)
    again = History(*found)
    assert (again.ghost, again.curve_left()) == (past[-1].ghost, history.curve_left())
    assert again.undo_to_ghost(run, Moment.of(run)).places[0].step == 70


def test_a_long_change_is_left_out_of_what_is_told() -> None:
    moment = Moment.of(run_at(0))
    assert Deed("set_parameter", {"text": "x" * 580}, moment).told()["change"]
    assert Deed("set_parameter", {"text": "x" * 600}, moment).told() == {"op": "set_parameter", "change": {}}
