"""Every loss and accuracy of a frame is what its name says, computed anew from parameters and samples."""

from dataclasses import replace
from typing import Any

import pytest
from backscope.core import RunConfig
from backscope.server.run.lane import Lane
from backscope.server.session.frames import header
from backscope.server.wire.claims import CLAIMS, Explodes
from backscope.server.wire.edits import Edits
from backscope.server.wire.presets import PRESETS
from definitions import DEFINITIONS, ODD

STEPS = 13
RUNS = {**PRESETS, **ODD}
#: What a frame's numbers are by name, as `nameOf` of js/model/measures.js has it.
NAMES = {"loss": "train_loss", "test_loss": "test_loss", "accuracy": "train_accuracy", "test_accuracy": "test_accuracy"}


def told(config: RunConfig, steps: int = STEPS) -> tuple[Lane, dict[str, Any]]:
    lane = Lane(config, Edits())
    lane.trainer.run(steps)
    row = lane.measure(0.0)
    return lane, header(lane.trainer, 0, row, 0, lane.penalty)


@pytest.mark.parametrize("name", [name for name, config in RUNS.items() if not config.on_landscape])
def test_numbers_of_a_frame_are_those_that_their_names_define(name: str) -> None:
    explodes = any(isinstance(claim, Explodes) for claim in CLAIMS.get(name, ()))
    lane, frame = told(replace(RUNS[name], precision="float64"), 1 if explodes else STEPS)
    trainer, regression = lane.trainer, lane.trainer.dataset.kind == "regression"
    assert frame["measured"] == frame["step"] == trainer.step_count
    for field, measure in NAMES.items():
        alone = regression and len(trainer.dataset.X_train) == 1  # R² is a share of how far targets lie apart
        if (field.startswith("test") and not len(trainer.dataset.X_test)) or (field == "accuracy" and alone):
            assert frame[field] is None
            continue
        definition = DEFINITIONS[measure.replace("accuracy", "r2") if regression else measure]
        assert frame[field] == pytest.approx(definition(trainer), rel=1e-9), measure


@pytest.mark.parametrize("name", RUNS)
def test_penalties_come_with_the_step_that_was_measured_where_there_are_any(name: str) -> None:
    lane, frame = told(RUNS[name], 3)
    config = lane.trainer.config
    if not config.l1 and not config.l2:
        assert "penalty" not in frame
    else:
        assert frame["loss"] + frame["penalty"] == pytest.approx(DEFINITIONS["objective"](lane.trainer), rel=1e-9)
