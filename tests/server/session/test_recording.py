"""A recorded run: its frames are those of the run at their steps, and what was changed is in them."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer
from backscope.core.insight.chain import Target
from backscope.server.panels.inspection import Watch, inspect
from backscope.server.session.recording import MOST_MOMENTS, _short, moments_of
from backscope.server.wire.protocol import decode
from stage import Stage

SMALL = {"data": {"name": "circle", "samples": 40}, "network": {"hidden": [3], "normalization": ["batch"]}}


def read(block: bytes) -> tuple[dict[str, Any], bytes]:
    whole = zlib.decompress(block, -15)
    (length,) = struct.unpack_from("<I", whole)
    return json.loads(whole[4 : 4 + length]), whole[4 + length :]


def taken(stage: Stage) -> tuple[dict[str, Any], bytes]:
    reply = stage.later("take_away", form="replay")
    assert reply["name"].endswith(".html")
    return read(base64.b64decode(reply["base64"]))


def test_frames_are_those_of_the_run_with_its_changes() -> None:
    stage = Stage(RunConfig.from_json(SMALL))
    stage.travel("step", count=8)
    stage.do("set", learning_rate=0.2, optimizer="adam")
    stage.travel("step", count=6)
    header, blobs = taken(stage)
    assert [moment["step"] for moment in header["moments"]] == list(range(15))
    assert header["end"] == 14
    twin = Trainer(RunConfig.from_json(SMALL))
    for moment in header["moments"]:
        if moment["step"] == 9:
            twin.edit(learning_rate=0.2, optimizer="adam")
        twin.run(moment["step"] - twin.step_count)
        at, size = moment["frame"]
        frame, arrays = decode(blobs[at : at + size])
        assert frame["step"] == moment["step"]
        np.testing.assert_array_equal(arrays["P"], twin.theta.astype(np.float32))
    at, size = header["history"]
    _, arrays = decode(blobs[at : at + size])
    assert arrays["metric_steps"].tolist() == list(range(15))
    at, size = header["surface"]
    _, arrays = decode(blobs[at : at + size])
    assert len(arrays["path"]) == header["moments"][-1]["path"] == 15
    assert [edit["step"] for edit in header["state"]["log"]] == [8]
    changed = [moment["step"] for moment in header["moments"] if "config" in moment]
    assert changed == [0, 8]
    assert stage.trainer.step_count == 14


def test_a_changed_net_and_changed_data_are_told_where_they_change() -> None:
    stage = Stage(RunConfig.from_json(SMALL))
    stage.travel("step", count=5)
    stage.do("set", activation="relu")
    stage.travel("step", count=5)
    stage.do("set", noise=0.3)
    stage.travel("step", count=5)
    header, _ = taken(stage)
    steps = {name: [moment["step"] for moment in header["moments"] if name in moment] for name in ("layout", "data")}
    assert steps == {"layout": [0, 5], "data": [0, 10]}


def test_everything_in_a_small_net_can_be_inspected() -> None:
    stage = Stage(RunConfig.from_json(SMALL))
    stage.travel("step", count=6)
    header, _ = taken(stage)
    net = stage.trainer.network
    places = {f"{layer} {i}" for layer, size in enumerate(net.sizes) for i in range(size)}
    assert places <= {name.rsplit(" ", 1)[0] for name in header["inspections"]}
    assert "1 0 gamma sample" in header["inspections"]
    assert "1 0 2 sample" not in header["inspections"], "a bias in front of a batch normalization is none"
    found = header["inspections"]["2 0 1 batch"][str(len(header["moments"]) - 1)]
    told = inspect(stage.trainer, Watch(Target(2, 0, 1), "batch"), 0)
    assert found["value"] == _short(told["value"])
    assert found["tree"]["v"] == _short(told["tree"]["v"])


@pytest.mark.parametrize(("end", "size"), [(0, 100), (5, 100), (12_345, 100), (12_345, 10**7)])
def test_moments_begin_and_end_with_the_run_and_are_no_more_than_fit(end: int, size: int) -> None:
    steps = moments_of(end, size)
    assert (steps[0], steps[-1]) == (0, end)
    assert steps == sorted(set(steps))
    assert len(steps) <= MOST_MOMENTS
    assert len(steps) * size <= 1_000_000 or len(steps) <= 6


def test_a_landscape_is_recorded_without_a_network() -> None:
    stage = Stage(RunConfig.from_json({"data": {"name": "himmelblau"}}))
    stage.travel("step", count=10)
    header, _ = taken(stage)
    assert len(header["moments"]) == 11
    assert all(moment["microscope"] is None for moment in header["moments"])
