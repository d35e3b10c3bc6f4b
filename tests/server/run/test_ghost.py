"""What is told of a run that was left, and what of it comes back from plain data."""

import json
import time

import pytest
from backscope.server.run.ghost import Ghost
from backscope.server.run.lane import Lane
from backscope.server.wire.edits import Edits
from backscope.server.wire.presets import PRESETS


def lane_at(preset: str, step: int) -> Lane:
    lane = Lane(PRESETS[preset], Edits())
    lane.go_to(step, closely=True)
    assert lane.make_for(step, time.perf_counter() + 60)
    return lane


@pytest.mark.parametrize(
    ("preset", "told"),
    [
        ("xor", {"data": "xor", "hidden": list(PRESETS["xor"].network.hidden), "loss": "bce", "step": 12}),
        ("bowl", {"data": "bowl", "hidden": [], "loss": "landscape", "step": 12}),
    ],
)
def test_it_is_told_by_what_it_was_about_and_keeps_its_curve(preset: str, told: dict[str, object]) -> None:
    lane = lane_at(preset, 12)
    ghost = Ghost.of(lane, 12)
    assert ghost.told() == told
    assert ghost.curve == lane.metrics.whole()
    assert ghost.curve["step"][-1] == 12
    found = Ghost.from_json(json.loads(json.dumps(ghost.to_json())))
    assert found == ghost


def test_a_curve_from_outside_is_no_longer_than_one_from_here_and_has_a_loss_for_every_step() -> None:
    values = {"data": "xor", "hidden": [3], "loss": "bce", "step": 5000}
    long = {"step": list(range(5000)), "loss": [1.0] * 5000}
    curve = Ghost.from_json({**values, "curve": long}).curve
    assert len(curve["step"]) <= 250
    assert (curve["step"][0], curve["step"][-1]) == (0, 4999)
    for broken in ({"step": [1, 2], "loss": [1.0]}, {"step": [[1]], "loss": [[1.0]]}, {"step": ["a"], "loss": [1]}):
        with pytest.raises(ValueError, match=r"curve|convert"):
            Ghost.from_json({**values, "curve": broken})
