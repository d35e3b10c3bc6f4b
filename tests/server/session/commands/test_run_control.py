"""To run, to stand, and to go to another step."""

import pytest
from backscope.server.wire.commands import CommandError
from stage import Stage


def test_going_back_shows_the_same_bits_and_a_new_history() -> None:
    stage = Stage()
    stage.travel("step", count=30)
    first = stage.see()
    stage.travel("step", count=50)
    stage.see()
    assert stage.do("step_back", count=50)["target"] == 30
    stage.finish()
    again = stage.see()
    for name in ("P", "G", "A", "Z", "D", "norms"):
        assert again["arrays"][name].tobytes() == first["arrays"][name].tobytes()
    header, arrays = again["before"]["history"]
    assert header["step"] == arrays["batch_steps"][-1] == 30
    assert header["ghosts"][-1]["step"][-1] == 80


def test_seeking_far_is_done_in_slices_and_says_so() -> None:
    stage = Stage()
    stage.see()
    reply = stage.do("seek", step=60_000)
    assert reply["step"] < reply["target"] == 60_000
    assert stage.state()["status"] == {"kind": "replaying", "step": 60_000}
    between = stage.see()
    assert between["status"] == "replaying"
    stage.finish()
    stage.now += 1
    stage.work()
    assert stage.state()["status"] == {"kind": "paused"}
    assert stage.see()["step"] == 60_000
    assert len(stage.session.run.metrics.rows) > 50


def test_steps_are_counted_from_where_the_run_stands_and_end_at_the_start() -> None:
    stage = Stage()
    for op, fields, step in (
        ("step", {}, 1),
        ("step", {"count": 7}, 8),
        ("step_back", {}, 7),
        ("step_back", {"count": 100}, 0),
        ("seek", {"step": 30}, 30),
    ):
        assert stage.do(op, **fields)["target"] == step
        stage.finish()
        assert stage.trainer.step_count == step
    for op, wrong in (
        ("step", {"count": 0}),
        ("seek", {}),
        ("seek", {"step": -1}),
        ("speed", {"steps_per_second": -1}),
    ):
        with pytest.raises(CommandError, match=r"must lie in|must be|needs a field"):
            stage.ask(op, **wrong)
    assert stage.trainer.step_count == 30


def test_another_speed_holds_from_now_on_and_to_stand_ends_a_long_way() -> None:
    stage = Stage()
    stage.do("play")
    stage.do("speed", steps_per_second=20)
    stage.pass_time(1.0, slices=100)
    assert abs(stage.trainer.step_count - 21) <= 2
    stage.do("seek", step=80_000)
    assert stage.session.run.target == 80_000
    stage.do("pause")
    assert (stage.session.run.target, stage.session.run.playing) == (None, False)
    assert stage.trainer.step_count < 80_000
