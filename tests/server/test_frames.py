"""What frames and data carry beside the run's parameters: the last update, and how inputs come from the plane."""

import json
from dataclasses import replace

import numpy as np
import pytest
from backscope.core.datasets import DATASETS
from backscope.core.features import FEATURES
from backscope.server.options import options
from backscope.server.protocol import decode
from backscope.server.settings import Limits
from stage import CIRCLE, Stage


def test_the_last_update_is_the_one_that_led_to_these_parameters() -> None:
    stage = Stage()
    stage.travel("step", count=3)
    before = stage.see()["arrays"]["P"]
    stage.travel("step", count=1)
    arrays = stage.see()["arrays"]
    np.testing.assert_allclose(arrays["P"] - before, arrays["U"], atol=1e-6)
    assert np.abs(arrays["U"]).max() > 1e-4


def test_large_nets_bring_their_update_when_they_rest() -> None:
    stage = Stage(replace(CIRCLE, network=replace(CIRCLE.network, hidden=(128, 64))))
    stage.do("play")
    stage.pass_time(0.2)
    assert "U" not in stage.see()["arrays"]
    stage.do("pause")
    arrays = stage.see()["arrays"]
    np.testing.assert_allclose(arrays["U"], stage.trainer.update, rtol=2**-8)


@pytest.mark.parametrize("hidden", [[4, 3], [60, 100]])
def test_normalized_layers_tell_where_everything_lies(hidden: list[int]) -> None:
    """Read as the page reads it: layout, parameters and running statistics give the sample's activations."""
    stage = Stage()
    stage.do("configure", network={"hidden": [*hidden, 2], "normalization": ["batch", "layer", "batch"]})
    stage.travel("step", count=40)
    arrays, layout = stage.see()["arrays"], json.loads(stage.published["layout"])
    net, theta, running = stage.trainer.network, stage.trainer.theta, stage.trainer.running_statistics
    assert layout["normalization"] == ["batch", "layer", "batch", None]
    assert [block["fixed"] for block in layout["blocks"]] == [True, False, True, False]
    for block, layer, statistics in zip(layout["blocks"], net.unpack(theta), (*running, None), strict=True):
        here = slice(block["offset"], block["offset"] + block["rows"] * block["cols"])
        assert layer.b is not None
        stacked = np.vstack([layer.W.T, layer.b])
        np.testing.assert_array_equal(theta[here], stacked.ravel())
        for name, values in (("gamma", layer.gamma), ("beta", layer.beta)):
            assert (values is None) == (block[name] is None)
            if values is not None:
                np.testing.assert_array_equal(theta[block[name] : block[name] + block["cols"]], values)
        assert (statistics is None) == (block["statistics"] is None)
        if statistics is not None:
            mean = arrays["S"][block["statistics"] :][: block["cols"]]
            variance = arrays["S"][block["statistics"] + block["cols"] :][: block["cols"]]
            np.testing.assert_allclose(mean, statistics.mean, rtol=1e-6)
            np.testing.assert_allclose(variance, statistics.variance, rtol=1e-6)
    np.testing.assert_allclose(arrays["I"], stage.trainer.trace(0).U, rtol=2**-8)
    first = slice(2, 2 + hidden[0])
    np.testing.assert_allclose(np.tanh(arrays["I"][first]), arrays["A"][first], atol=0.01)


def test_plain_nets_bring_no_statistics() -> None:
    stage = Stage()
    arrays, layout = stage.see()["arrays"], json.loads(stage.published["layout"])
    assert {"S", "I"}.isdisjoint(arrays)
    assert layout["normalization"] == [None, None, None]
    stage.do("configure", network={"normalization": "layer"})
    arrays = stage.see()["arrays"]
    assert "S" not in arrays
    assert arrays["I"].shape == arrays["Z"].shape


@pytest.mark.parametrize("standardize", [False, True])
def test_inputs_can_be_computed_from_the_points_that_come_with_them(standardize: bool) -> None:
    stage = Stage()
    names = ["x2", "x1_squared", "product", "cos_x1"]
    stage.do("configure", data={"name": "circle", "features": names, "standardize": standardize})
    header, arrays = decode(stage.published["data"])
    plane = header["plane"]
    assert (plane["features"], plane["axes"]) == (names, ["x₁", "x₂"])
    x1, x2 = arrays["points"].astype(float).T
    derived = np.column_stack([FEATURES[name].f(x1, x2) for name in names])
    np.testing.assert_allclose((derived - plane["shift"]) / plane["scale"], arrays["X"], atol=2e-6)
    assert (np.abs(arrays["points"]) <= 1.2).all()


def test_two_columns_are_themselves_the_plane() -> None:
    stage = Stage()
    stage.do("configure", data={"name": "iris", "features": ["petal_length", "petal_width"]})
    header, arrays = decode(stage.published["data"])
    assert header["plane"]["features"] == ["x1", "x2"]
    assert header["plane"]["axes"] == header["features"]
    np.testing.assert_array_equal(arrays["points"], arrays["X"])
    stage.do("configure", data={"name": "iris", "features": None})
    header, arrays = decode(stage.published["data"])
    assert header["plane"] is None
    assert "points" not in arrays


def test_features_and_classes_that_can_be_chosen_are_served() -> None:
    served = {entry["name"]: entry for entry in options(Limits())["datasets"]}
    assert [entry["name"] for entry in served["circle"]["features"]] == list(FEATURES)
    assert [entry["name"] for entry in served["circle"]["features"] if entry["default"]] == ["x1", "x2"]
    assert served["circle"]["classes"] is None
    assert served["rings"]["classes"] == [3, 8]
    assert served["digits"]["features"] == []
    for name, record in DATASETS.items():
        if not record.image:
            assert sum(entry["default"] for entry in served[name]["features"]) == record.inputs
