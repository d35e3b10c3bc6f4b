"""Lanes of a session: added, set apart, put in focus, promoted and taken away; and what each frame says of them."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from backscope.core.config.config import DataConfig, NetworkConfig, OptimizerConfig, RunConfig
from backscope.core.run.trainer import Trainer
from backscope.server.front.hello import reading_record
from backscope.server.wire.commands import CommandError
from backscope.server.wire.edits import exhausted
from backscope.server.wire.messages import Reply
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.settings import Limits
from stage import CIRCLE, Stage, parse

WILD = {"loss": "mse", "network": {"activation": "relu", "output": "identity"}, "optimizer": {"learning_rate": 60}}


def race(*changes: dict[str, Any], steps: int = 0) -> Stage:
    stage = Stage()
    for change in changes:
        stage.do("lane_add", change=change)
    if steps:
        stage.travel("step", count=steps)
    return stage


def lanes_of(stage: Stage) -> dict[int, Trainer]:
    return {number: lane.trainer for number, lane in stage.session.run.lanes.items()}


def steps_of(stage: Stage) -> list[int]:
    return [trainer.step_count for trainer in lanes_of(stage).values()]


def alone(config: RunConfig, steps: int) -> bytes:
    trainer = Trainer(config)
    trainer.run(steps)
    return trainer.theta.tobytes()


def surface_of(stage: Stage) -> tuple[dict[str, Any], dict[str, Any]]:
    for _ in range(3):  # the picture that was on its way, and the one of how things stand
        stage.now += 10
        stage.work()
        stage.serve_jobs()
    header, arrays = stage.see()["before"]["surface"]
    return header, arrays


# Coming and going


def test_one_lane_is_a_run_as_before() -> None:
    stage = race(steps=3)
    state, frame = stage.state(), stage.see()
    assert state["lane"] == 0
    (lane,) = state["lanes"]
    assert lane == {"id": 0, **{name: state[name] for name in ("config", "log", "status", "step")}}
    assert "lanes" not in frame
    assert not [name for name in frame["arrays"] if name.startswith("lane")]


def test_a_lane_from_the_start_is_brought_up_and_then_keeps_step() -> None:
    stage = race(steps=40)
    stage.see()
    assert stage.do("lane_add", change={"optimizer": {"name": "adam", "learning_rate": 0.02}})["lane"] == 1
    stage.finish()
    assert steps_of(stage) == [40, 40]
    stage.travel("step", count=25)
    adam = replace(CIRCLE, optimizer=OptimizerConfig("adam", 0.02))
    assert lanes_of(stage)[0].theta.tobytes() == alone(CIRCLE, 65)
    assert lanes_of(stage)[1].theta.tobytes() == alone(adam, 65)
    state = stage.state()
    assert state["lane"] == 0
    assert [(lane["id"], lane["step"], lane["config"]["optimizer"]["name"]) for lane in state["lanes"]] == [
        (0, 65, "sgd"),
        (1, 65, "adam"),
    ]


def test_while_a_lane_is_brought_up_the_others_wait_and_then_play_on() -> None:
    stage = Stage()
    stage.travel("seek", step=60_000)
    stage.do("speed", steps_per_second=0)
    stage.do("play")
    stage.work()
    here = stage.trainer.step_count
    stage.do("lane_add", change={"learning_rate": 0.1})
    state = stage.state()
    assert [lane["status"]["kind"] for lane in state["lanes"]] == ["paused", "replaying"]
    assert state["lanes"][1]["status"]["step"] == here
    assert state["playing"]
    between = stage.see()
    assert between["step"] == here
    assert between["lanes"][1]["step"] < here
    stage.finish()
    assert steps_of(stage) == [here, here]
    stage.work()
    assert steps_of(stage)[0] == steps_of(stage)[1] > here
    assert len(stage.session.run.lanes[1].metrics.rows) > 50


def test_a_lane_from_here_shares_all_that_was_before() -> None:
    stage = race(steps=50)
    stage.do("set", learning_rate=0.2)
    stage.travel("step", count=10)
    stage.do("lane_add", change={"optimizer": {"name": "adam", "learning_rate": 0.05}}, start="here")
    stage.finish()
    one, other = lanes_of(stage).values()
    assert one.theta.tobytes() == other.theta.tobytes()
    assert other.config.optimizer == OptimizerConfig("adam", 0.05)
    stage.travel("step", count=1)
    assert one.theta.tobytes() != other.theta.tobytes()
    twin = Trainer(CIRCLE)
    twin.run(50)
    twin.edit(learning_rate=0.2)
    twin.run(10)
    twin.edit(optimizer="adam", learning_rate=0.05)
    twin.run(1)
    assert other.theta.tobytes() == twin.theta.tobytes()


def test_a_lane_from_here_is_there_at_once_however_long_the_way_was() -> None:
    stage = Stage()
    stage.travel("seek", step=60_000)
    stage.see()
    reply = stage.do("lane_add", change={"learning_rate": 0.1}, start="here")
    other = lanes_of(stage)[reply["lane"]]
    assert other.step_count >= 60_000 - other._past.keyframes.gap - 1
    stage.finish()
    assert steps_of(stage) == [60_000] * 2
    assert other.theta.tobytes() == stage.trainer.theta.tobytes()
    assert other.gradient.tobytes() == stage.trainer.gradient.tobytes()
    _, arrays = stage.see()["before"]["history"]
    both = np.isin(arrays["lane1_metric_steps"], arrays["metric_steps"])  # the new one was measured on its way as well
    assert arrays["lane1_metrics"][both].tobytes() == arrays["metrics"].tobytes()
    stage.travel("seek", step=59_000)
    assert other.theta.tobytes() == stage.trainer.theta.tobytes()


def test_the_same_but_something_takes_over_the_edits_that_are_about_something_else() -> None:
    stage = race(steps=20)
    stage.do("set", learning_rate=0.2)
    stage.do("set", l2=0.01)
    stage.do("set_parameter", index=3, value=0.5)
    stage.travel("step", count=10)
    stage.do("lane_add", change={"learning_rate": 0.05})
    stage.finish()
    stage.do("lane_add", change={"network": {"hidden": [1], "activation": "relu"}})
    stage.finish()
    slow, small = stage.session.run.lanes[1], stage.session.run.lanes[2]
    assert [dict(edit.change) for edit in slow.edits.record()] == [{"l2": 0.01}, {"parameters": {"3": 0.5}}]
    assert slow.trainer.config.optimizer.learning_rate == 0.05
    assert small.trainer.config.optimizer.learning_rate == 0.2
    assert small.trainer.network.sizes == (2, 1, 1)
    twin = Trainer(replace(CIRCLE, optimizer=OptimizerConfig("sgd", 0.05)))
    twin.run(20)
    twin.edit(l2=0.01)
    twin.edit(parameters={"3": 0.5})
    twin.run(10)
    assert slow.trainer.theta.tobytes() == twin.theta.tobytes()


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        ({"change": {"data": {"name": "xor"}}}, "lanes_share", "all lanes share data"),
        ({"change": {"seed": 4}}, "lanes_share", "all lanes share seed"),
        ({"change": {"batch_size": 4}}, "lanes_share", "all lanes share batch_size"),
        ({"change": {"learning_rate": -1}}, "out_of_range", "learning_rate must lie in [0, 100], got -1"),
        ({"change": {"network": {"hidden": [0]}}}, "out_of_range", "neurons"),
        ({"change": {"network": 3}}, "wrong_type", "network must be an object, got 3"),
        ({"change": {"magic": 3}}, "unknown_field", "no run has 'magic'"),
        ({"change": {"lane": 3}}, "unknown_field", "no run has 'lane'"),
        ({"change": {"network": {"hidden": [3]}}, "start": "here"}, "not_live", "hidden cannot change on the way"),
        ({"change": {"initializer": "zeros"}, "start": "here"}, "not_live", "begins from the start"),
        ({"from": 4}, "unknown_choice", "from must be one of 0, got 4"),
        ({"from": 6}, "out_of_range", "from must be a whole number in [0, 5], got 6"),
        ({"start": "there"}, "unknown_choice", "start must be one of start, here"),
    ],
)
def test_a_lane_that_cannot_be_is_refused_in_words(fields: dict[str, Any], code: str, words: str) -> None:
    stage = race(steps=5)
    try:
        reply = stage.ask("lane_add", **fields)
    except CommandError as error:  # refused before it reaches the session
        reply = {"message": str(error), "code": error.code}
    assert reply["code"] == code
    assert words in reply["message"]
    assert list(lanes_of(stage)) == [0]


def test_six_lanes_are_the_most_and_the_last_one_stays() -> None:
    stage = race(*[{"learning_rate": 0.1 * k} for k in range(1, 6)])
    reply = stage.ask("lane_add")
    assert reply["code"] == "lanes_full"
    assert "6 lanes" in reply["message"]
    for lane in (0, 2, 3, 4, 5):
        stage.do("lane_remove", lane=lane)
    assert stage.state()["lane"] == 1
    reply = stage.ask("lane_remove", lane=1)
    assert reply["code"] == "last_lane"
    assert "the last lane stays" in reply["message"]
    assert stage.ask("lane_focus", lane=0)["message"] == "lane must be one of 1, got 0"
    assert stage.do("lane_add")["lane"] == 0


def test_all_lanes_together_are_no_larger_than_one_run_may_be() -> None:
    stage = Stage(CIRCLE, Limits(parameters=2 * CIRCLE.parameter_count))
    stage.do("lane_add")
    reply = stage.ask("lane_add")
    n = CIRCLE.parameter_count
    assert reply["message"] == f"parameters of all lanes must be a whole number in [1, {2 * n}], got {3 * n}"


def test_the_focus_decides_what_all_else_is_about() -> None:
    stage = race({"network": {"hidden": [3]}}, {"learning_rate": 0.1}, steps=30)
    before = stage.see()
    assert [lane["id"] for lane in before["lanes"]] == [0, 1, 2]
    stage.do("lane_focus", lane=1)
    assert stage.session.screen.layout != before["layout"]
    after = stage.see()
    assert after["arrays"]["P"].size == 13
    assert after["loss"] == before["lanes"][1]["loss"]
    assert after["layout"] == stage.session.screen.layout
    _, arrays = after["before"]["history"]
    assert arrays["batch_steps"][-1] == 30
    assert {"lane0_metrics", "lane2_metric_steps"} <= arrays.keys()
    assert "lane1_metrics" not in arrays
    state = stage.state()
    assert state["lane"] == 1
    assert state["config"] == state["lanes"][1]["config"]


def test_a_focus_on_the_same_shape_keeps_the_layout() -> None:
    stage = race({"learning_rate": 0.1}, steps=30)
    stage.see()
    stage.said.clear()
    stage.do("lane_focus", lane=1)
    assert not [message for message in stage.said if getattr(message, "kind", "") in ("layout", "data")]
    assert stage.see()["learning_rate"] == 0.1


def test_promoted_a_lane_is_alone_as_number_0() -> None:
    stage = race({"learning_rate": 0.1}, {"learning_rate": 0.2}, steps=30)
    theta = lanes_of(stage)[2].theta.tobytes()
    stage.do("lane_promote", lane=2)
    assert list(lanes_of(stage)) == [0]
    assert stage.trainer.theta.tobytes() == theta
    stage.travel("step", count=10)
    assert stage.trainer.theta.tobytes() == alone(replace(CIRCLE, optimizer=OptimizerConfig("sgd", 0.2)), 40)
    assert "lanes" not in stage.see()


def test_removed_from_the_focus_the_one_before_it_is_shown() -> None:
    stage = race({"learning_rate": 0.1}, {"learning_rate": 0.2}, steps=30)
    stage.do("lane_focus", lane=2)
    assert stage.do("lane_remove", lane=2)["lane"] == 1
    assert stage.see()["learning_rate"] == 0.1


# Edits


def test_an_edit_is_one_lanes_and_the_batch_size_is_all_lanes() -> None:
    stage = race({"learning_rate": 0.1}, steps=10)
    stage.do("set", lane=1, learning_rate=0.4)
    stage.do("set", batch_size=7)
    stage.travel("step", count=10)
    first, second = lanes_of(stage).values()
    assert [trainer.config.optimizer.learning_rate for trainer in (first, second)] == [0.5, 0.4]
    assert [trainer.config.batch_size for trainer in (first, second)] == [7, 7]
    assert first.last_step.rows().tolist() == second.last_step.rows().tolist()
    logs = [[entry["change"] for entry in lane["log"]] for lane in stage.state()["lanes"]]
    assert logs == [[{"batch_size": 7}], [{"learning_rate": 0.4}, {"batch_size": 7}]]


def test_a_changed_net_restarts_all_and_shared_parts_change_in_all() -> None:
    stage = race({"learning_rate": 0.1}, steps=10)
    reply = stage.do("configure", lane=1, network={"hidden": [3]}, data={"noise": 0.3})
    assert reply["restarted"]
    assert steps_of(stage) == [0, 0]
    first, second = lanes_of(stage).values()
    assert first.network.sizes == (2, *CIRCLE.network.hidden, 1)
    assert second.network.sizes == (2, 3, 1)
    assert first.config.data.noise == second.config.data.noise == 0.3
    stage.do("reseed", seed=99)
    assert [trainer.config.seed for trainer in lanes_of(stage).values()] == [99, 99]
    stage.do("preset", name="xor")
    assert list(lanes_of(stage)) == [0]


# Ways


def test_all_lanes_go_back_and_come_again_with_the_same_bits() -> None:
    stage = race({"learning_rate": 0.1}, {"network": {"hidden": [3]}}, steps=70)
    there = [trainer.theta.tobytes() for trainer in lanes_of(stage).values()]
    stage.travel("seek", step=20)
    assert steps_of(stage) == [20] * 3
    assert stage.state()["furthest"] == 70
    header, arrays = stage.see()["before"]["history"]
    assert header["step"] == 20
    assert arrays["lane1_metric_steps"][-1] == 20
    stage.travel("step", count=51)
    stage.travel("step_back")
    assert [trainer.theta.tobytes() for trainer in lanes_of(stage).values()] == there


def test_losses_of_a_lane_that_comes_late_are_known_at_every_step() -> None:
    """So that the race can say at which one it got to the target."""
    stage = race(steps=240)
    stage.do("lane_add", change={"learning_rate": 0.1})
    stage.finish()
    rows = lanes_rows(stage, 1)
    assert rows[:, 0].tolist() == list(range(241))
    alone = Trainer(stage.session.run.lanes[1].config)
    alone.run(77)
    np.testing.assert_array_equal(rows[77, 1:], alone.evaluate())


def lanes_rows(stage: Stage, lane: int) -> Any:
    return stage.session.run.lanes[lane].metrics.rows


def test_one_lane_diverges_and_the_others_go_on() -> None:
    stage = race(WILD)
    stage.do("speed", steps_per_second=0)
    stage.do("play")
    for _ in range(30):
        stage.work()
    state = stage.state()
    assert [lane["status"]["kind"] for lane in state["lanes"]] == ["running", "diverged"]
    assert state["playing"]
    gone = state["lanes"][1]["step"]
    assert steps_of(stage)[0] > gone
    stage.do("lane_focus", lane=1)
    focused = stage.state()
    assert (focused["status"]["kind"], focused["step"], focused["playing"]) == ("diverged", gone, True)
    assert stage.see()["status"] == "diverged"
    stage.work()
    later = stage.see()
    assert later["step"] == gone
    assert later["lanes"][0]["step"] > steps_of(stage)[1]
    assert len(later["arrays"]["lane0_metrics"]) == 1
    assert later["arrays"]["batch"].size == 0
    stage.do("pause")
    assert stage.do("play")["ok"]
    stage.do("pause")
    assert stage.ask("set", batch_size=5)["code"] == "lanes_apart"
    assert stage.ask("lane_add", start="here", **{"from": 1})["code"] == "lanes_apart"
    stage.do("recover")
    stage.finish()
    assert stage.session.run.playing
    assert lanes_of(stage)[1].diverged is None
    assert len(set(steps_of(stage))) == 1


def test_when_all_have_diverged_play_is_refused() -> None:
    stage = Stage()
    stage.do("configure", **WILD)
    stage.do("lane_add")
    stage.do("speed", steps_per_second=0)
    stage.do("play")
    for _ in range(30):
        stage.work()
    assert not stage.state()["playing"]
    assert stage.ask("play")["code"] == "diverged"


def test_a_diverged_lane_that_is_left_alone_does_not_keep_the_host_busy() -> None:
    stage = race(WILD)
    stage.do("speed", steps_per_second=0)
    stage.do("play")
    for _ in range(30):
        stage.work()
    stage.do("lane_remove", lane=0)
    stage.work()
    assert not stage.session.run.playing


# Frames


def test_frames_carry_what_a_client_has_not_seen_of_each_lane() -> None:
    stage = race({"learning_rate": 0.1}, {"network": {"hidden": [3]}}, steps=5)
    stage.see()
    stage.travel("step", count=4)
    frame = stage.see()
    for lane, trainer in lanes_of(stage).items():
        told, metrics = frame["lanes"][lane], trainer.evaluate()
        assert (told["id"], told["step"], told["status"]) == (lane, 9, "paused")
        assert told["loss"] == metrics.loss
        assert told["test_accuracy"] == metrics.test_accuracy
        if lane:
            (row,) = frame["arrays"][f"lane{lane}_metrics"]
            np.testing.assert_array_equal(row, np.array([4, *metrics], np.float32))
            norms = frame["arrays"][f"lane{lane}_norms"]
            np.testing.assert_array_equal(norms, trainer.last_step.norms()[:2].astype(np.float32))


def test_paths_of_lanes_with_the_same_shape_lie_on_one_plane() -> None:
    stage = race({"learning_rate": 0.1}, {"network": {"hidden": [3]}}, steps=60)
    stage.see()
    for plane in ("random", "pca"):  # laid at this very step
        stage.do("surface", plane=plane)
    header, arrays = surface_of(stage)
    assert header["kind"] == "surface"
    assert "lane2_path" not in arrays
    shown = stage.session.surface.picture.plane
    assert shown is not None
    for lane in (0, 1):
        trainer = lanes_of(stage)[lane]
        path = arrays["path" if lane == 0 else "lane1_path"]
        assert len(path) > 10
        np.testing.assert_allclose(path[-1][:2], shown.project(trainer.theta), rtol=1e-4, atol=1e-6)
        assert shown.contains(trainer.track.path(200)[1])
    stage.travel("step", count=3)
    frame = stage.see()
    (point,) = frame["arrays"]["lane1_path"]
    np.testing.assert_allclose(point[:2], shown.project(lanes_of(stage)[1].theta), rtol=1e-4, atol=1e-6)
    assert point[2] == np.float32(frame["lanes"][1]["loss"])
    stage.travel("seek", step=20)
    _, shorter = stage.see()["before"]["surface"]
    assert len(shorter["lane1_path"]) < len(arrays["lane1_path"])


def test_main_components_are_those_of_all_paths_together() -> None:
    stage = race({"optimizer": {"name": "adam", "learning_rate": 0.05}}, steps=100)
    stage.see()
    for plane in ("random", "pca"):  # laid at this very step
        stage.do("surface", plane=plane)
    surface_of(stage)
    shown = stage.session.surface.picture.plane
    assert shown is not None
    assert shown.basis == "pca"
    paths = np.vstack([trainer.track.path(200)[1] for trainer in lanes_of(stage).values()])
    np.testing.assert_allclose(shown.centre, paths.mean(axis=0), rtol=0.02, atol=1e-3)
    values = np.linalg.svd(paths - paths.mean(axis=0), compute_uv=False)
    assert shown.share(paths) == pytest.approx((values[:2] ** 2).sum() / (values**2).sum(), rel=1e-3)


def test_a_late_lane_shows_its_whole_way_on_the_plane() -> None:
    stage = race(steps=200)
    stage.see()
    surface_of(stage)
    stage.do("lane_add", change={"learning_rate": 0.1})
    stage.finish()
    frame = stage.see()
    _, arrays = frame["before"]["surface"]
    assert len(arrays["lane1_path"]) > 50


def test_lanes_race_on_a_landscape_from_one_start() -> None:
    stage = Stage(PRESETS["rosenbrock"])
    stage.do("lane_add", change={"optimizer": {"name": "adam", "learning_rate": 0.05}})
    stage.do("configure", initial=[-0.5, 1.5])
    stage.travel("step", count=40)
    stage.see()
    for trainer in lanes_of(stage).values():
        assert trainer.track.path(100)[1][0].tolist() == [-0.5, 1.5]
        assert trainer.step_count == 40
    _, arrays = surface_of(stage)
    for lane, name in ((0, "path"), (1, "lane1_path")):
        np.testing.assert_allclose(arrays[name][:, :2], lanes_of(stage)[lane].track.path(100)[1], rtol=1e-6)
    stage.travel("step", count=3)
    assert len(stage.see()["arrays"]["lane1_path"]) == 3


# Building again


def test_a_session_built_again_has_the_same_lanes_with_the_same_bits() -> None:
    stage = race({"learning_rate": 0.1}, {"network": {"hidden": [3]}}, steps=30)
    stage.do("lane_focus", lane=1)
    stage.do("set", learning_rate=0.3)
    stage.travel("step", count=20)
    stage.state()
    there = {lane: trainer.theta.tobytes() for lane, trainer in lanes_of(stage).items()}
    stage.build(stage.saved())
    stage.session.attended(1)
    stage.finish()
    assert {lane: trainer.theta.tobytes() for lane, trainer in lanes_of(stage).items()} == there
    assert stage.state()["lane"] == 1


def test_a_page_that_hands_back_its_lanes_gets_them_again() -> None:
    stage = race({"learning_rate": 0.1}, steps=30)
    stage.do("set", lane=1, learning_rate=0.7)
    stage.do("lane_remove", lane=0)
    stage.do("lane_add", change={"optimizer": {"name": "adam"}})
    stage.finish()
    stage.travel("step", count=5)
    state = stage.state()
    there = {lane: trainer.theta.tobytes() for lane, trainer in lanes_of(stage).items()}
    assert sorted(there) == [0, 1]
    hello = json.loads(json.dumps({name: state[name] for name in ("lanes", "lane", "step", "playing")}))
    stage.build(exhausted(reading_record(hello, Limits())))
    stage.session.attended(1)
    stage.finish()
    assert {lane: trainer.theta.tobytes() for lane, trainer in lanes_of(stage).items()} == there
    assert stage.state()["lane"] == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [({"lane": 3}, "lane must be one of 0, 1, got 3"), ({"seed": 5}, "all lanes share seed")],
)
def test_lanes_that_do_not_belong_together_are_refused(change: dict[str, int], words: str) -> None:
    config = RunConfig(DataConfig("circle"), NetworkConfig((3,))).to_json()
    other = {**config, **({"seed": 5} if "seed" in change else {})}
    fields = {"lanes": [{"id": 0, "config": config}, {"id": 1, "config": other}], "lane": change.get("lane", 0)}
    with pytest.raises(ValueError, match=words):
        exhausted(reading_record(fields, Limits()))


def test_arrivals_are_the_first_steps_even_where_losses_were_taken_far_apart() -> None:
    stage = race({"learning_rate": 0.03})
    stage.travel("step", count=400)
    lanes = stage.session.run.lanes
    for lane in lanes.values():
        lane.metrics._known = lane.metrics._known[::40]
        lane.metrics.go_to(400)
    target = float(lanes[1].metrics.rows[-1, 1])
    stage.session.obey(1, parse(json.dumps({"id": 9, "op": "arrivals", "measure": "loss", "target": target})))
    for job in stage.jobs():
        if job.topic == "order":
            stage.serve(job)
    said = [json.loads(one.text) for one in stage.said if isinstance(one, Reply)]
    found = next(one for one in said if one["id"] == 9)["arrivals"]
    for number, lane in lanes.items():
        alike = Trainer.from_log(lane.config, lane.edits.entries())
        step = 0
        while alike.evaluate().loss > target:
            step += alike.run(1)
        assert found[str(number)] == step
