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
    found = np.concatenate([sweep_outcomes(task, k, k + 1) for k in range(len(task.groups))])
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
        gradient = np.linalg.norm(trainer.view.full_gradient()[: block.rows * block.cols])
        np.testing.assert_allclose([*outcome[:4], outcome.gradient], [*metrics, gradient], rtol=1e-6)
        alone = SweepTask((config,), 60, 0.6)
        np.testing.assert_allclose(sweep_outcomes(alone, 0, 1)[0], found[k], rtol=1e-6)


def test_neighbours_of_one_shape_are_trained_together() -> None:
    shapes = [replace(BASE, seed=seed, network=NetworkConfig((width,))) for width in (2, 5) for seed in (0, 1, 2)]
    refused = replace(BASE, network=NetworkConfig((4,), normalization="batch"))
    wide = replace(BASE, network=NetworkConfig((100, 100)), batch_size=None)
    task = SweepTask((*shapes, refused, refused, *shapes[:2], wide, wide), 3, 0.6)
    assert [group.stop - group.start for group in task.groups] == [3, 3, 1, 1, 2, 1, 1]
    assert sweep_outcomes(task, 1, 4).shape == (5, 7)
    assert [group.stop - group.start for group in SweepTask((BASE,) * 40, 3, 0.6).groups] == [16, 16, 8]
