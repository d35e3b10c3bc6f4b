"""What a frame shows, and what comes with it and before it."""

import json
from dataclasses import replace

import numpy as np
from backscope.core.config.config import RunConfig
from backscope.core.run.trainer import Trainer
from backscope.server.session.frames import body
from backscope.server.wire.messages import Frame
from backscope.server.wire.protocol import decode, encode
from stage import CIRCLE, Stage


def test_a_frame_shows_the_numbers_of_the_run() -> None:
    stage = Stage()
    stage.travel("step", count=7)
    frame = stage.see()
    twin = Trainer(CIRCLE)
    twin.run(7)
    arrays = frame["arrays"]
    np.testing.assert_array_equal(arrays["P"], twin.theta.astype(np.float32))
    np.testing.assert_array_equal(arrays["G"], twin.gradient.astype(np.float32))
    np.testing.assert_array_equal(arrays["A"], twin.view.trace(0).A.astype(np.float32))
    np.testing.assert_array_equal(arrays["D"], twin.view.trace(0).D.astype(np.float32))
    np.testing.assert_array_equal(arrays["norms"], twin.last_step.norms().astype(np.float32))
    assert frame["loss"] == twin.evaluate().loss
    assert frame["test_accuracy"] == twin.evaluate().test_accuracy
    assert (frame["step"], frame["epoch"], frame["learning_rate"]) == (7, twin.epoch, 0.5)


def test_what_the_optimizer_got_goes_along_where_it_is_not_the_gradient_of_the_loss() -> None:
    assert not {"slope", "penalty", "noise", "used"} & set(_seen(CIRCLE)[0])
    changes: dict[str, set[str]] = {"l2": {"penalty"}, "gradient_noise": {"noise"}, "clip_norm": set()}
    for name, parts in changes.items():
        arrays, twin = _seen(replace(CIRCLE, **{name: 0.02}))
        assert {"slope", "penalty", "noise", "used"} & set(arrays) == {"slope", "used", *parts}
        found = twin.last_step.gradient_parts()
        assert found is not None
        np.testing.assert_array_equal(arrays["slope"], found.slope.astype(np.float32))
        np.testing.assert_array_equal(arrays["used"], found.clipped.astype(np.float32))
        for part in parts:
            np.testing.assert_array_equal(arrays[part], getattr(found, part).astype(np.float32))


def _seen(config: RunConfig) -> tuple[dict[str, np.ndarray], Trainer]:
    stage, twin = Stage(config), Trainer(config)
    stage.travel("step", count=7)
    twin.run(7)
    return stage.see()["arrays"], twin


def test_no_frame_where_nothing_has_changed() -> None:
    stage = Stage()
    assert stage.frame() is not None
    assert stage.frame() is None
    stage.do("set", learning_rate=0.5)
    assert stage.frame() is None
    stage.do("set", learning_rate=0.4)
    frame = stage.see()
    assert (frame["step"], frame["learning_rate"]) == (0, 0.4)
    assert stage.state()["config"]["optimizer"]["learning_rate"] == 0.4


def test_tails_of_frames_miss_no_step() -> None:
    stage = Stage()
    stage.see()
    losses, rates = [], []
    for count in (1, 5, 40):
        stage.travel("step", count=count)
        stage.do("set", learning_rate=0.1 * count)
        frame = stage.see()
        assert frame["tail"]["to"] - frame["tail"]["from"] == count
        losses += list(frame["arrays"]["batch"])
        rates += list(frame["arrays"]["rates"])
    twin, expected = Trainer(CIRCLE), []
    for count in (1, 5, 40):
        expected += [np.float32(twin.step()) for _ in range(count)]
        twin.edit(learning_rate=0.1 * count)
    assert losses == expected
    assert rates[0] == np.float32(0.5)
    assert rates[-1] == np.float32(0.1 * 5)


def test_more_than_two_thousand_steps_travel_as_buckets() -> None:
    stage = Stage()
    stage.see()
    stage.travel("step", count=4100)
    frame = stage.see()
    batch, stride = frame["arrays"]["batch"], frame["tail"]["stride"]
    assert frame["tail"] == {"from": 0, "to": 4100, "stride": 3}
    assert batch.shape == (-(-4100 // stride), 3)
    twin = Trainer(CIRCLE)
    losses = np.array([twin.step() for _ in range(4100)], np.float32)
    np.testing.assert_array_equal(batch[0], [losses[:3].min(), losses[:3].max(), losses[2]])
    np.testing.assert_array_equal(batch[-1], [losses[4098:].min(), losses[4098:].max(), losses[-1]])


def test_metrics_of_frames_that_a_client_missed_come_with_its_next() -> None:
    stage = Stage()
    stage.see()
    old = stage.position
    for _ in range(3):
        stage.travel("step", count=10)
        stage.see()
    stage.position = old
    metrics = stage.see()["arrays"]["metrics"]
    assert list(metrics[:, 0]) == [10, 20, 30]
    assert metrics[-1, 1] == np.float32(stage.trainer.evaluate().loss)


def test_who_is_up_to_date_is_not_forgotten_when_another_gets_a_frame() -> None:
    stage = Stage()
    stage.see()
    seen = stage.position
    stage.now += 1
    stage.session.want((seen, None))
    stage.do("set", learning_rate=0.1)
    parts = [part.position for message in stage.said if isinstance(message, Frame) for part in message.parts]
    assert parts == [seen]


def test_a_newcomer_gets_the_history_first() -> None:
    stage = Stage()
    stage.see()
    stage.travel("step", count=500)
    stage.see()
    stage.position = None
    frame = stage.see()
    header, arrays = frame["before"]["history"]
    assert header["step"] == 500
    assert arrays["batch"].shape == (len(arrays["batch_steps"]), 3)
    assert arrays["batch_steps"][-1] == 500
    assert arrays["metric_steps"][0] == 0
    assert arrays["metric_steps"][-1] == 500
    assert frame["tail"] == {"from": 500, "to": 500, "stride": 1}


def test_the_layout_names_the_layers_with_a_skip_and_the_frame_holds_what_they_pass_on() -> None:
    stage = Stage()
    reply = stage.ask("configure", network={"hidden": [4, 3], "residual": [False, True]})
    assert (reply["ok"], reply["params"]["name"]) == (False, "residual")
    assert "layer 2 has 3 neurons and one of 4 before it" in reply["message"]
    stage.do("configure", network={"hidden": [4, 4, 3, 3], "residual": [False, True, False, True]})
    before = json.loads(stage.published["layout"])
    assert before["residual"] == [False, True, False, True, False]
    stage.do("configure", network={"hidden": [4, 4, 3]})
    assert json.loads(stage.published["layout"])["residual"] == [False, True, False, False]
    stage.do("configure", network={"hidden": [4, 5, 5], "residual": True})
    layout = json.loads(stage.published["layout"])
    assert layout["residual"] == [False, False, True, False]
    stage.do("configure", network={"residual": False})
    assert json.loads(stage.published["layout"])["id"] != layout["id"]
    stage.do("configure", network={"residual": True})
    stage.travel("step", count=5)
    frame = stage.see()
    a, z = frame["arrays"]["A"], frame["arrays"]["Z"]
    before, here = (slice(unit["offset"], unit["offset"] + unit["size"]) for unit in layout["units"][2:4])
    np.testing.assert_allclose(a[here], np.tanh(z[here]) + a[before], rtol=1e-5)


def test_the_layout_says_how_frames_are_read() -> None:
    stage = Stage()
    stage.do("configure", network={"hidden": [5, 3], "activation": ["relu", "tanh"]}, data={"name": "digits"})
    layout = json.loads(stage.published["layout"])
    assert layout["sizes"] == [64, 5, 3, 10]
    assert layout["activations"] == ["relu", "tanh", "softmax"]
    assert layout["loss"] == "cross_entropy"
    last = layout["blocks"][-1]
    assert last["offset"] + last["rows"] * last["cols"] == layout["parameters"] == stage.trainer.network.parameter_count
    frame = stage.see()
    assert frame["layout"] == layout["id"]
    assert [(unit["offset"], unit["size"]) for unit in layout["units"]] == [(0, 64), (64, 5), (69, 3), (72, 10)]
    assert len(frame["arrays"]["A"]) == 82


def test_digits_travel_exactly_in_half_the_bytes() -> None:
    stage = Stage()
    stage.do("configure", data={"name": "digits"})
    header, arrays = decode(stage.published["data"])
    data = stage.trainer.dataset
    np.testing.assert_array_equal(arrays["X"], np.vstack([data.X_train, data.X_test]))
    assert header["arrays"][0][1] == "bf2"
    assert header["train"] == len(data.X_train)
    assert header["image"] == [8, 8]


def test_parameters_of_large_nets_travel_as_bfloat16_under_way_and_with_all_digits_at_rest() -> None:
    stage = Stage(replace(CIRCLE, network=replace(CIRCLE.network, hidden=(128, 64))))
    trainer = stage.trainer
    kinds = {}
    for rests in (True, False):
        arrays = body(trainer, 3, rests=rests)
        header, numbers = decode(encode({"kind": "frame"}, arrays))
        kinds[rests] = {name: dtype for name, dtype, _ in header["arrays"]}
        np.testing.assert_allclose(numbers["P"], trainer.theta, rtol=1e-7 if rests else 2**-8)
        np.testing.assert_array_equal(numbers["A"], trainer.view.trace(3).A.astype(np.float32))
    assert kinds[True]["P"] == kinds[True]["G"] == "f4"
    assert kinds[False]["P"] == kinds[False]["G"] == "bf2"
    assert {kinds[rests][name] for rests in kinds for name in "AZD"} == {"f4"}


def test_the_layout_tells_the_slope_of_leaky_relu_which_changes_live() -> None:
    stage = Stage()
    stage.do("configure", network={"hidden": [4, 3], "activation": "leaky_relu"})
    layout = json.loads(stage.published["layout"])
    assert layout["leaky_slope"] == 0.01
    stage.do("set", leaky_slope=0.4)
    changed = json.loads(stage.published["layout"])
    assert changed["leaky_slope"] == 0.4
    assert stage.see()["layout"] == changed["id"] != layout["id"]
