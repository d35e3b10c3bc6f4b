"""Sweeps: what is told of a run is what its trainer says, whoever trains it."""

from dataclasses import replace

import numpy as np
import pytest
from backscope.core import DataConfig, NetworkConfig, OptimizerConfig, RunConfig, StoppingConfig, Trainer
from backscope.core.ensemble.sweep import Outcome, SweepTask, sweep_outcomes

BASE = RunConfig(network=NetworkConfig((4, 3)), optimizer=OptimizerConfig("sgd", 0.1), stopping=StoppingConfig(steps=5))


@pytest.mark.parametrize(
    "configs",
    [
        [replace(BASE, optimizer=OptimizerConfig("sgd", rate)) for rate in (0.01, 0.3, 1.0)],
        [replace(BASE, network=NetworkConfig((width,))) for width in (1, 4)],
        [replace(BASE, network=NetworkConfig((4, 3), normalization=kind)) for kind in ("batch", None)],
        [replace(BASE, data=DataConfig("gaussian"), optimizer=OptimizerConfig("sgd", rate)) for rate in (0.01, 100.0)],
        [replace(BASE, data=DataConfig(test_fraction=0.0))],
    ],
)
def test_outcomes_are_those_of_trainers_in_any_pieces(configs: list[RunConfig]) -> None:
    task = SweepTask(tuple(configs), 60, 0.6)
    found = sweep_outcomes(task, 0, len(configs))
    for k, config in enumerate(configs):
        trainer = Trainer(replace(config, stopping=StoppingConfig()))
        losses = []
        while len(losses) < 60 and trainer.diverged is None:
            losses.append(trainer.step())
        outcome = Outcome(*found[k])
        assert np.isnan(outcome.diverged) == (trainer.diverged is None)
        reached = next((step for step, loss in enumerate(losses) if loss <= 0.6), np.nan)
        np.testing.assert_equal(outcome.reached, reached)
        if trainer.diverged is not None:
            assert outcome.diverged == trainer.step_count
            continue
        metrics, block = trainer.evaluate(), trainer.network.blocks[0]
        tested = metrics.accuracy if np.isnan(metrics.test_loss) else metrics.test_accuracy
        gradient = np.linalg.norm(trainer.view.full_gradient()[: block.rows * block.cols])
        np.testing.assert_allclose([*outcome[:2], outcome.gradient], [metrics.loss, tested, gradient], rtol=1e-6)
        np.testing.assert_allclose(sweep_outcomes(task, k, k + 1)[0], found[k], rtol=1e-6)
