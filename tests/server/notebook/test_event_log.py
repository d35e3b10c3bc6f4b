"""A training written as event files: what is read back is what the core says of the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer
from backscope.server import log_events
from backscope.server.notebook import event_log
from backscope.server.notebook.event_files import read_events

pytest.importorskip("tensorboardX")

CONFIG = {"data": {"name": "spiral", "samples": 60}, "network": {"hidden": [5, 4], "activation": "sigmoid"}}


@pytest.fixture(autouse=True)
def _without_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "REST", 0.0)


def logged(folder: Path) -> tuple[Trainer, Any]:
    trainer = Trainer(RunConfig.from_json(CONFIG))
    trainer.run(20)
    with log_events(trainer, folder):
        for _ in range(5):
            trainer.run(10)
    return trainer, read_events(folder)


def test_a_trainers_run_is_written_as_it_stands(tmp_path: Path) -> None:
    trainer, table = logged(tmp_path / "one")
    metrics, reading = trainer.evaluate(), trainer.view.laboratory.read(trainer.theta)
    for name, value in (("loss", metrics.loss), ("test_loss", metrics.test_loss), ("accuracy", metrics.accuracy)):
        assert table.scalars[name][70] == pytest.approx(value, rel=1e-6)
    for name in ("delta", "gradient", "weight"):
        found = [table.scalars[f"{name}/{place}"][70] for place in ("1_hidden", "2_hidden", "3_output")]
        np.testing.assert_allclose(found, getattr(reading, name), rtol=1e-6)
    assert {20, 70} <= set(table.scalars["loss"])
    assert table.scalars["batch_loss"][1] == pytest.approx(float(trainer.losses.series(1000).last[0]))
    assert table.histograms["input/1_hidden"][70].counts == tuple(reading.input_counts[0])


def test_a_run_that_is_written_goes_its_way_bit_by_bit(tmp_path: Path) -> None:
    trainer, _ = logged(tmp_path / "one")
    alone = Trainer(RunConfig.from_json(CONFIG))
    alone.run(70)
    np.testing.assert_array_equal(alone.theta, trainer.theta)


def test_a_landscape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a landscape has no layers"):
        log_events(Trainer(RunConfig.from_json({"data": {"name": "rosenbrock"}})), tmp_path)


@pytest.mark.long
def test_tensorboards_own_reader_reads_the_same(tmp_path: Path) -> None:
    accumulators = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    _, table = logged(tmp_path / "one")
    theirs = accumulators.EventAccumulator(str(tmp_path / "one"), size_guidance={"scalars": 0, "histograms": 0})
    theirs.Reload()
    tags = theirs.Tags()
    assert set(tags["scalars"]) == set(table.scalars)
    assert set(tags["histograms"]) == set(table.histograms)
    for tag, steps in table.scalars.items():
        assert {event.step: event.value for event in theirs.Scalars(tag)} == steps
    for tag, steps in table.histograms.items():
        told = {event.step: tuple(event.histogram_value.bucket) for event in theirs.Histograms(tag)}
        assert told == {step: one.counts for step, one in steps.items()}
