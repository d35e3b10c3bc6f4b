"""What frames and data carry beside the run's parameters: the last update, and how inputs come from the plane."""

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
