"""Sweeps: a run again and again with something different, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..config.config import RunConfig
from ..config.parts import StoppingConfig
from ..ground.errors import ConfigError
from ..ground.lengths import length
from ..insight.evaluation import Metrics
from ..run.trainer import Trainer
from .ensemble import Ensemble, refusal_of

Float64 = NDArray[np.float64]


class Outcome(NamedTuple):
    """What became of a run; NaN where there is no such thing.

    Attributes
    ----------
    loss : float
        Over the training set, at the end.
    test_accuracy : float
        At the end; R² for regression, and of the training set where there are no test samples.
    reached : float
        The first step with a batch loss at or below the target.
    diverged : float
        The step at which the loss came to be no acceptable number.
    gradient : float
        Euclidean length of ∂C/∂W of the first layer with its biases, over the training set, at the end.
    """

    loss: float
    test_accuracy: float
    reached: float
    diverged: float
    gradient: float


@dataclass(frozen=True, slots=True, eq=False)
class SweepTask:
    """Runs to train, for so many steps each, and the loss that they are to reach. Their stopping rules do not count."""

    configs: tuple[RunConfig, ...]
    steps: int
    target: float

    def __post_init__(self) -> None:
        configs = tuple(replace(config, stopping=StoppingConfig()) for config in self.configs)
        object.__setattr__(self, "configs", configs)


def sweep_outcomes(task: SweepTask, start: int, stop: int) -> Float64:
    """Return the outcomes (stop − start, 5) of some of the runs: `Outcome`, row by row.

    Neighbours that an ensemble can train are trained together; what it cannot do, a trainer does.
    """
    configs = task.configs[start:stop]
    found: list[Outcome] = []
    while len(found) < len(configs):
        together = _together(configs[len(found) :])
        found += _ensemble(together, task) if together else [_single(configs[len(found)], task)]
    return np.array(found, np.float64)


def _together(configs: tuple[RunConfig, ...]) -> Ensemble | None:
    """Return an ensemble of the first and of as many of those that follow as can be in it; None if it cannot be."""
    if refusal_of(configs[0]) is not None:
        return None
    for count in (len(configs), 1):
        try:
            return Ensemble(configs[:count])
        except ConfigError:  # of several shapes
            continue
    return None


def _ensemble(ensemble: Ensemble, task: SweepTask) -> list[Outcome]:
    losses = ensemble.run(task.steps)
    measured, gradients = ensemble.evaluate(), ensemble.gradients()
    return [
        _outcome(metrics, losses[:, k], int(ensemble.diverged[k]), gradients[k], ensemble.configs[k], task)
        for k, metrics in enumerate(measured)
    ]


def _single(config: RunConfig, task: SweepTask) -> Outcome:
    trainer, losses = Trainer(config), np.full(task.steps, np.nan)
    with np.errstate(all="ignore"):
        for step in range(task.steps):
            loss = trainer.step()
            if trainer.diverged is not None:
                break
            losses[step] = loss
        diverged = -1 if trainer.diverged is None else trainer.step_count
        return _outcome(trainer.evaluate(), losses, diverged, trainer.view.full_gradient(), config, task)


def _outcome(
    metrics: Metrics, losses: Float64, diverged: int, gradient: NDArray[np.floating], config: RunConfig, task: SweepTask
) -> Outcome:
    below = np.flatnonzero(losses <= task.target)
    block = config.make_network().blocks[0]
    accuracy = metrics.accuracy if np.isnan(metrics.test_loss) else metrics.test_accuracy
    return Outcome(
        loss=metrics.loss,
        test_accuracy=accuracy,
        reached=float(below[0]) if len(below) else np.nan,
        diverged=float(diverged) if diverged >= 0 else np.nan,
        gradient=length(gradient[: block.rows * block.cols]),
    )
