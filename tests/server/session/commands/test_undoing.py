"""Nothing that a click can do to a run is lost: every change is undone and done again, bit for bit."""

import pickle
from dataclasses import replace
from typing import Any

import pytest
from backscope.server.run.moment import Moment
from backscope.server.session import history
from backscope.server.session.commands import OPERATIONS
from backscope.server.wire.settings import Limits
from stage import CIRCLE, Stage

#: A way to make each change that can be undone, on a run of the circle with two lanes.
CHANGES: dict[str, list[dict[str, Any]]] = {
    "set": [{"learning_rate": 0.05}, {"optimizer": "adam"}, {"batch_size": 7}, {"l2": 0.01}, {"noise": 0.3, "lane": 1}],
    "set_parameter": [{"index": 0, "value": 0.5}],
    "reset": [{}],
    "reseed": [{"seed": 5}],
    "configure": [
        {"network": {"hidden": [3]}},
        {"network": {"bias": False}},
        {"data": {"name": "iris"}},
        {"data": {"name": "beale"}},
        {"loss": "mse", "lane": 1},
    ],
    "bring_weights": [{"text": '{"W1": [[1, 2]], "b1": [3]}'}],
    "preset": [{"name": "xor"}, {"name": "digits"}, {"name": "beale"}],
    "open_run": [{"config": {"data": {"name": "xor"}}, "step": 3}, {"config": {"data": {"name": "circle"}}}],
    "lane_add": [{"change": {"l2": 0.1}}, {"change": {"learning_rate": 0.1}, "start": "here", "from": 1}],
    "lane_remove": [{"lane": 0}, {"lane": 1}],
    "lane_promote": [{"lane": 1}],
}
EVERY = [(op, fields) for op, ways in CHANGES.items() for fields in ways]


def standing(stage: Stage) -> dict[str, Any]:
    """All that the coming steps of a run depend on, and what is told of it."""
    run = stage.session.run
    return {
        "lanes": {
            number: (
                lane.trainer.step_count,
                lane.trainer.config.to_json(),
                lane.edits.to_json(),
                lane.trainer.theta.tobytes(),
            )
            for number, lane in run.lanes.items()
        },
        "focus": run.focus,
        "furthest": run.furthest,
    }


def bare(stage: Stage) -> dict[str, Any]:
    """The same, but for how far it had gone."""
    return {**standing(stage), "furthest": None}


def ahead(stage: Stage) -> dict[int, bytes]:
    """Where some more steps lead; the run is back afterwards."""
    here = stage.session.run.front
    stage.travel("step", count=30)
    found = {number: lane.trainer.theta.tobytes() for number, lane in stage.session.run.lanes.items()}
    stage.travel("seek", step=here)
    return found


def two_lanes() -> Stage:
    stage = Stage()
    stage.travel("step", count=70)
    stage.do("set", learning_rate=0.2)
    stage.travel("step", count=30)
    stage.do("lane_add", change={"network": {"activation": "relu"}})
    stage.finish()
    return stage


def test_every_change_that_can_be_undone_is_tried() -> None:
    internal = {op for op, operation in OPERATIONS.items() if operation.internal}
    assert CHANGES.keys() == {op for op, operation in OPERATIONS.items() if operation.undoable} - internal


@pytest.mark.parametrize(("op", "fields"), EVERY)
def test_a_change_is_undone_and_done_again_bit_for_bit(op: str, fields: dict[str, Any]) -> None:
    stage = two_lanes()
    before = standing(stage)
    stage.do(op, **fields)
    stage.finish()
    stage.travel("step", count=40)
    after = standing(stage)
    assert stage.state()["undo"] == {"op": op, "change": fields}
    assert after != before
    stage.travel("undo")
    assert bare(stage) == {**before, "furthest": None}
    assert stage.state()["redo"]["op"] == op
    assert not stage.state()["playing"]
    stage.see()
    stage.travel("redo")
    assert standing(stage) == after
    stage.see()
    way = ahead(stage)
    stage.travel("undo")
    stage.travel("redo")
    assert ahead(stage) == way


@pytest.mark.parametrize("kept", [True, False])
def test_a_long_row_of_changes_is_walked_back_and_forth(kept: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not kept:
        monkeypatch.setattr(history, "_KEPT_BYTES", 0)  # all is trained again from the records
    stage = two_lanes()
    stage.session.history = history.History()
    seen = [standing(stage)]
    for op, fields in EVERY:
        count = len(stage.session.history.record()[0])
        if not stage.ask(op, **fields)["ok"]:
            continue
        stage.finish()
        stage.travel("step", count=13)
        if len(stage.session.history.record()[0]) == count:  # it was so before
            seen.pop()
        seen.append(standing(stage))
    assert len(seen) > 12
    for before in seen[-2::-1]:
        stage.travel("undo")
        assert bare(stage) == {**before, "furthest": None}
    assert stage.session.history.told()["undo"] is None
    for after in seen[1:]:
        stage.travel("redo")
        assert bare(stage) == {**after, "furthest": None}


def test_another_change_ends_what_could_be_done_again() -> None:
    stage = two_lanes()
    stage.do("reset")
    stage.travel("undo")
    stage.do("set", learning_rate=0.4)
    assert stage.state()["redo"] is None
    assert stage.ask("redo")["code"] == "nothing_to_redo"


def test_there_is_nothing_to_undo_at_first_nor_after_what_changed_nothing() -> None:
    stage = Stage()
    assert stage.ask("undo")["code"] == "nothing_to_undo"
    stage.do("set", learning_rate=CIRCLE.optimizer.learning_rate)
    stage.travel("step", count=5)
    assert stage.ask("configure", network={"hidden": [0]})["code"] == "out_of_range"
    assert stage.state()["undo"] is None


@pytest.mark.parametrize("hand", [None, 4])
def test_a_drag_is_one_mark_and_one_undo_also_while_it_trains(hand: int | None) -> None:
    stage = Stage()
    stage.travel("step", count=20)
    pressed = {} if hand is None else {"hand": hand}
    stage.do("play")
    for k in range(12):
        stage.do("set", learning_rate=0.1 + 0.01 * k, **pressed)
        stage.pass_time(2.0 if hand is not None and k == 6 else 0.05)
    stage.do("pause")
    edits = stage.session.run.edits.record()
    assert len(edits) == 12
    assert [edit.joined for edit in edits] == [False] + 11 * [True]
    after = standing(stage)
    stage.travel("undo")
    assert stage.trainer.step_count == 20
    assert not stage.session.run.edits.record()
    assert stage.state()["undo"] is None
    stage.travel("redo")
    assert standing(stage) == after


def test_two_presses_are_two_changes() -> None:
    stage = Stage()
    for hand, rate in enumerate((0.1, 0.2, 0.3)):
        stage.do("set", learning_rate=rate, hand=hand)
        stage.travel("step", count=5)
    assert [edit.joined for edit in stage.session.run.edits.record()] == [False] * 3
    stage.travel("undo")
    assert stage.trainer.config.optimizer.learning_rate == 0.2


def test_what_was_left_stays_as_a_ghost() -> None:
    for change in ({"op": "reset"}, {"op": "configure", "network": {"hidden": [3]}}, {"op": "set", "l2": 0.1}):
        stage = Stage()
        stage.travel("step", count=60)
        stage.see()
        stage.do(**change)
        for _ in range(3):
            stage.travel("step", count=50)
            stage.see()
        end = stage.trainer.step_count
        stage.travel("undo")
        header, _ = stage.see()["before"]["history"]
        assert header["ghosts"][-1]["step"][-1] == end


def test_what_can_be_undone_goes_with_a_run_to_another_host() -> None:
    stage = two_lanes()
    before = standing(stage)
    stage.do("configure", network={"hidden": [3, 3]})
    stage.travel("step", count=10)
    stage.state()
    record = pickle.loads(pickle.dumps(stage.saved()))
    stage.build(replace(record, number=99), "trainer_restarted").attended(1)
    stage.finish()
    stage.travel("undo")
    assert standing(stage) == before


def test_a_record_holds_no_lane() -> None:
    stage = two_lanes()
    stage.do("reset")
    stage.state()
    for deeds in stage.saved().deeds:
        assert all(isinstance(deed.moment, Moment) and not deed.moment.lanes() for deed in deeds)


def test_memory_stays_bounded() -> None:
    stage = Stage(limits=Limits(edits=10_000))
    for k in range(3 * history._MOST):
        stage.do("set", learning_rate=0.1 + 0.001 * k, hand=k)
        stage.travel("step")
    past, _ = stage.session.history.record()
    assert len(past) == history._MOST


def test_a_diverged_run_comes_back_as_it_was() -> None:
    stage = Stage()
    stage.travel("step", count=20)
    stage.do("set", learning_rate=10.0, l2=10.0)
    stage.travel("step", count=4000)
    before = standing(stage)
    status = stage.state()["status"]
    stage.do("reset")
    stage.travel("undo")
    assert standing(stage) == before
    assert stage.state()["status"] == status


def test_a_run_that_was_left_is_a_ghost_and_one_press_brings_it_back_with_all_that_was_done_since() -> None:
    stage = Stage(CIRCLE)
    stage.travel("step", count=120)
    stage.do("set", learning_rate=0.2)
    assert stage.state()["ghost"] is None  # the run is there
    stage.see()
    before, curve = standing(stage), stage.session.run.metrics.whole()
    stage.do("configure", data={"name": "xor"})
    stage.do("configure", network={"hidden": [3]})  # at step 0: nothing is lost
    stage.do("set", learning_rate=0.1)
    ghost = {"data": "circle", "hidden": list(CIRCLE.network.hidden), "loss": "bce", "step": 120}
    assert stage.state()["ghost"] == ghost
    header, _ = stage.see()["before"]["history"]
    assert header["ghost"] == curve
    assert header["ghosts"] == []
    after = standing(stage)
    stage.travel("undo", ghost=True)
    assert standing(stage) == before
    assert stage.state()["ghost"] is None
    for _ in range(3):
        stage.travel("redo")
    assert standing(stage) == after
    assert stage.state()["ghost"] == ghost


def test_another_ghost_takes_the_place_of_one_and_its_curve_is_told_once() -> None:
    stage = Stage(CIRCLE)
    assert stage.ask("undo", ghost=True)["code"] == "nothing_to_undo"
    for count in (60, 20, 30, 40):
        stage.travel("step", count=count)
        stage.see()
        stage.do("reset")
        assert stage.state()["ghost"]["step"] == count
        header, _ = stage.see()["before"]["history"]
        assert header["ghost"]["step"][-1] == count
        assert header["ghosts"][-1] == header["ghost"]
    for count in (40, 30, 20):  # and the older come back, as many as are kept
        stage.travel("undo", ghost=True)
        assert stage.session.run.front == count
    assert stage.state()["ghost"] is None
    assert stage.state()["undo"]["op"] == "reset"
    stage.do("undo")
    assert stage.session.run.front == 60
