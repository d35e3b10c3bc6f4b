"""The gradient laboratory: answered to the client that asks, and nothing of it unasked."""

import json

import numpy as np
import pytest
from backscope.core import DataConfig, NetworkConfig, OptimizerConfig, RunConfig, fitted_factor
from backscope.core.insight.health import SATURATED
from backscope.server.wire.messages import Frame, Publish, Reply
from backscope.server.wire.protocol import decode
from stage import Stage

DEEP = RunConfig(
    DataConfig("digits"), NetworkConfig((16,) * 4, "sigmoid"), OptimizerConfig("sgd", 0.1), initializer="xavier_normal"
)
DELTA, GRADIENT, WEIGHTS_PART, SLOPE_PART, NORM_PART, RATIO, MOVED, MOVED_AT = 0, 1, 3, 4, 5, 11, 12, 13


def ask(stage, **fields):
    """Ask, and return header and arrays."""
    stage.do("laboratory", **fields)
    (message,) = [said for said in stage.said if isinstance(said, Reply) and isinstance(said.text, bytes)]
    assert (message.client, message.number) == (1, None)
    return decode(message.text)


def history(stage):
    """Ask until all is there; rows by step."""
    rows, header, arrays = {}, {"number": -1, "serial": -1, "more": True}, {}
    while header["more"]:
        header, arrays = ask(stage, number=header["number"], since=header["serial"])
        rows |= dict(zip(arrays["history_steps"].tolist(), arrays["history"], strict=True))
    return rows, header, arrays


def test_a_reading_is_what_the_core_measures_at_the_present_step():
    stage = Stage(DEEP)
    stage.travel("step", count=30)
    header, arrays = ask(stage)
    trainer = stage.trainer
    reading = trainer.view.laboratory.read(trainer.theta)
    assert header["kind"] == "laboratory"
    assert header["step"] == 30
    assert header["layout"] == json.loads(stage.published["layout"])["id"]
    assert header["samples"] == trainer.view.laboratory.samples
    assert header["factor"] == fitted_factor(reading.delta)
    assert header["expected"] == trainer.view.expectation().factor
    layers = arrays["layers"]
    np.testing.assert_array_equal(layers[DELTA], reading.delta.astype(np.float32))
    np.testing.assert_allclose(layers[WEIGHTS_PART] * layers[SLOPE_PART] * layers[NORM_PART], reading.factor, rtol=1e-6)
    np.testing.assert_allclose(layers[RATIO], trainer.last_step.norms()[3] / trainer.last_step.norms()[2], rtol=1e-6)
    np.testing.assert_allclose(layers[MOVED], trainer.track.moved(), rtol=1e-6)
    np.testing.assert_allclose(layers[MOVED_AT], trainer.track.steps_to_move(), rtol=1e-6)
    np.testing.assert_array_equal(arrays["health"], reading.health)
    assert arrays["counts"].sum() == pytest.approx(reading.input_counts.sum(), rel=0.01)
    assert "statistics" not in arrays
    assert header["rest"] >= 50


def test_the_past_is_measured_whenever_the_laboratory_opens():
    stage = Stage(DEEP)
    stage.travel("step", count=200)
    rows, _, _ = history(stage)
    assert {0, 200} <= set(rows)
    assert len(rows) > 60
    stage.travel("seek", step=sorted(rows)[20])
    delta, gradient = stage.trainer.view.laboratory.norms(stage.trainer.theta)
    np.testing.assert_allclose(rows[stage.trainer.step_count][0], delta, rtol=1e-6)
    np.testing.assert_allclose(rows[stage.trainer.step_count][1], gradient, rtol=1e-6)


def test_a_client_gets_only_what_it_does_not_have():
    stage = Stage(DEEP)
    stage.travel("step", count=20)
    _, header, _ = history(stage)
    again, arrays = ask(stage, number=header["number"], since=header["serial"])
    assert (again["serial"], len(arrays["history_steps"])) == (header["serial"], 0)
    stage.travel("step", count=5)
    _, arrays = ask(stage, number=header["number"], since=header["serial"])
    assert 25 in arrays["history_steps"]
    newcomer, _, _ = history(stage)
    assert {0, 20, 25} <= set(newcomer)


def test_the_history_begins_anew_with_another_run_or_another_branch():
    stage = Stage(DEEP)
    stage.travel("step", count=40)
    _, before, _ = history(stage)
    stage.travel("seek", step=10)
    rows, after, _ = history(stage)
    assert after["number"] == before["number"]
    assert max(rows) == 10
    stage.do("set", learning_rate=2.0)
    stage.travel("step", count=50)
    rows, branch, arrays = history(stage)
    assert branch["number"] > before["number"]
    assert max(rows) == 60
    np.testing.assert_allclose(arrays["layers"][MOVED_AT], stage.trainer.track.steps_to_move(), rtol=1e-6)
    stage.do("configure", network={"hidden": [5, 5]})
    rows, header, arrays = history(stage)
    assert header["number"] > branch["number"]
    assert arrays["history"].shape == (1, 2, 3)


def test_the_history_of_another_activation_is_another_one():
    stage = Stage(DEEP)
    stage.travel("step", count=20)
    before = history(stage)[1]["number"]
    stage.do("set", activation="tanh")
    stage.travel("step", count=20)
    rows, header, _ = history(stage)
    assert header["number"] > before
    assert min(rows) >= 20
    assert max(rows) == 40
    stage.travel("seek", step=10)
    rows, _, _ = history(stage)
    assert set(rows) == {*range(11)}


def test_a_long_run_keeps_a_bounded_history_with_its_ends():
    stage = Stage(DEEP)
    for _ in range(40):
        stage.travel("step", count=9)
        ask(stage)
    rows, _, _ = history(stage)
    assert {0, 360} <= set(rows)
    assert 60 < len(rows) <= 300


def test_looking_tells_nobody_else_and_changes_nothing():
    stage, twin = Stage(DEEP), Stage(DEEP)
    for one in (stage, twin):
        one.travel("step", count=3)
    ask(stage)
    assert not [said for said in stage.said if isinstance(said, Publish | Frame)]
    for one in (stage, twin):
        one.travel("step", count=3)
    np.testing.assert_array_equal(stage.trainer.theta, twin.trainer.theta)


def test_batch_statistics_stand_beside_the_running_ones():
    network = NetworkConfig((6, 4), "relu", normalization=("batch", None))
    stage = Stage(RunConfig(network=network))
    _, arrays = ask(stage)
    assert np.isnan(arrays["statistics"][:2]).all()
    np.testing.assert_array_equal(arrays["statistics"][2:], [[0] * 6, [1] * 6])
    stage.travel("step", count=7)
    header, arrays = ask(stage)
    batch, running = stage.trainer.last_step.statistics[0], stage.trainer.view.running_statistics[0]
    assert header["batch"] == 10
    for row, values in zip(
        arrays["statistics"], (batch.mean, batch.variance, running.mean, running.variance), strict=True
    ):
        np.testing.assert_allclose(row, values, rtol=1e-6)
    assert arrays["z_counts"].shape == arrays["counts"].shape
    assert header["expected"] is None


def test_a_run_that_has_diverged_can_be_looked_at():
    stage = Stage(RunConfig(DataConfig("plane"), NetworkConfig((4, 4, 4), "relu"), OptimizerConfig("sgd", 100.0)))
    stage.do("step", count=50)
    assert stage.trainer.diverged is not None
    header, _ = ask(stage)
    assert header["step"] == stage.trainer.step_count


def test_with_several_lanes_it_measures_the_one_in_focus():
    stage = Stage(DEEP)
    stage.travel("step", count=12)
    stage.travel("lane_add", change={"network": {"activation": "relu"}, "initializer": "he_uniform"})
    readings = {}
    for lane in (0, 1, 0):
        stage.do("lane_focus", lane=lane)
        rows, header, arrays = history(stage)
        trainer = stage.session.run.lanes[lane].trainer
        assert header["flat_slope"] == SATURATED
        assert header["initializer"] == trainer.config.initializer
        assert header["factor"] == fitted_factor(trainer.view.laboratory.norms(trainer.theta)[0])
        np.testing.assert_array_equal(arrays["layers"][DELTA], rows[12][0])
        np.testing.assert_allclose(rows[0], trainer.view.laboratory.norms(trainer.track.snapshot(0)), rtol=1e-6)
        assert lane not in readings or readings[lane] != header["number"]
        readings[lane] = header["number"]
    assert stage.session.run.lanes[0].trainer is stage.trainer
