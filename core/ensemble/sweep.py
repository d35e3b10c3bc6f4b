"""Sweeps: a run again and again with something different, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..config.config import RunConfig
from ..config.parts import StoppingConfig
from ..ground.errors import ConfigError
from ..ground.lengths import length
from ..insight.evaluation import Metrics
from ..run.trainer import Trainer
from .ensemble import Ensemble, alike, refusal_of

Float64 = NDArray[np.float64]


class Outcome(NamedTuple):
    """What became of a run; NaN where there is no such thing.

    Attributes
    ----------
    loss, test_loss : float
        Over the training and the test set, at the end.
    accuracy, test_accuracy : float
        At the end; R² for regression.
    reached : float
        The first step with a batch loss at or below the target.
    diverged : float
        The step at which the loss came to be no acceptable number.
    gradient : float
        Euclidean length of ∂C/∂W of the first layer with its biases, over the training set, at the end.
    """

    loss: float
    test_loss: float
    accuracy: float
    test_accuracy: float
    reached: float
    diverged: float
    gradient: float


#: Runs that are trained together at most, and the products of a step of all of them: more take no less time together.
_MOST_TOGETHER, _MOST_PRODUCTS = 16, 200_000


@dataclass(frozen=True, slots=True, eq=False)
class SweepTask:
    """Runs to train, for so many steps each, and the loss that they are to reach. Their stopping rules do not count.

    Attributes
    ----------
    engine : str
        Of the ensembles: see `Ensemble`.
    groups : tuple of slice
        Neighbours that are trained together, as far as an ensemble can and it is faster.
    """

    configs: tuple[RunConfig, ...]
    steps: int
    target: float
    engine: str = "auto"
    groups: tuple[slice, ...] = field(init=False)

    def __post_init__(self) -> None:
        configs = tuple(replace(config, stopping=StoppingConfig()) for config in self.configs)
        object.__setattr__(self, "configs", configs)
        object.__setattr__(self, "groups", tuple(_grouped(configs)))


def _grouped(configs: tuple[RunConfig, ...]) -> Iterator[slice]:
    start = 0
    while start < len(configs):
        first = configs[start]
        most = max(1, min(_MOST_TOGETHER, _MOST_PRODUCTS // _products(first))) if refusal_of(first) is None else 1
        beside = configs[start : start + most]
        count = next((k for k, config in enumerate(beside) if k and not alike(config, first)), len(beside))
        yield slice(start, start + count)
        start += count


def _products(config: RunConfig) -> int:
    """Return about how many products a forward pass of a batch takes."""
    record = config.data.record
    samples = record.samples if record.fixed else config.data.samples
    train = max(1, round((1 - config.data.test_fraction) * samples))
    return config.parameter_count * min(config.batch_size or train, train)


def sweep_outcomes(task: SweepTask, start: int, stop: int) -> Float64:
    """Return the outcomes (k, 7) of the k runs in some of a task's groups: `Outcome`, row by row."""
    found = [outcome for group in task.groups[start:stop] for outcome in _outcomes(task.configs[group], task)]
    return np.array(found, np.float64)


def _outcomes(configs: tuple[RunConfig, ...], task: SweepTask) -> list[Outcome]:
    if refusal_of(configs[0]) is None:
        with suppress(ConfigError):  # of data sets with other numbers of samples
            return _ensemble(Ensemble(configs, task.engine), task)
    return [_single(config, task) for config in configs]


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
    return Outcome(
        **metrics._asdict(),
        reached=float(below[0]) if len(below) else np.nan,
        diverged=float(diverged) if diverged >= 0 else np.nan,
        gradient=length(gradient[: block.rows * block.cols]),
    )
