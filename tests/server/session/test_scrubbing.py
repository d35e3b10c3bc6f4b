"""Going to any step: a picture at once, marked while it is not the exact one, and the future kept until an edit."""

from backscope.core.config.config import DataConfig, NetworkConfig, RunConfig
from stage import Stage

DEEP = RunConfig(data=DataConfig("digits"), network=NetworkConfig((96,) * 8), batch_size=200)


def test_a_frame_on_the_way_names_the_step_that_it_is_bound_for() -> None:
    stage = Stage(DEEP)
    stage.do("step", count=63)
    stage.finish()
    stage.do("step_back", count=1)
    stage.finish()
    assert stage.do("seek", step=63)["target"] == 63
    stage.finish()
    assert stage.see()["target"] is None
    stage.do("seek", step=60)
    seen = [stage.frame()]
    while stage.session.run.target is not None:
        stage.work()
        seen.append(stage.frame())
    seen.append(stage.frame())
    shown = [frame for frame in seen if frame is not None]
    assert [frame["target"] for frame in shown if frame["step"] < 60] == [60] * sum(f["step"] < 60 for f in shown)
    assert shown[0]["step"] < 60
    assert shown[-1]["step"] == 60
    assert shown[-1]["target"] is None


def test_a_scrub_shows_the_same_loss_and_loses_no_future() -> None:
    stage = Stage()
    losses = {}
    for step in (0, 50, 100, 150, 200):
        stage.travel("seek", step=step)
        losses[step] = stage.see()["loss"]
    for step in (100, 0, 150, 50, 200):
        stage.travel("seek", step=step)
        assert stage.see()["loss"] == losses[step]
        assert stage.state()["furthest"] == 200
    stage.travel("seek", step=100)
    stage.do("set", learning_rate=0.01)
    state = stage.state()
    assert state["furthest"] == 100
    assert [entry["step"] for entry in state["log"]] == [100]
    header, _ = stage.see()["before"]["history"]
    assert not header["ahead"]
    left = header["ghosts"][0]
    assert left["step"][0] <= 100
    assert left["step"][-1] == 200
