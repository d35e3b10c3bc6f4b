"""The gradient checked on the spot: against central differences, in a worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.nets.differences import compare_gradient
from ...core.nets.network import Network
from ...core.run.trainer import Trainer
from ..wire.messages import Work
from ..wire.protocol import finite

_MOST_PARAMETERS = 1000
_MOST_SAMPLES = 32


@dataclass(frozen=True, slots=True)
class CheckTask:
    """What to check: some parameters of a network at some samples."""

    network: Network
    theta: NDArray[np.float64]
    X: NDArray[np.float64]
    y: NDArray[np.float64]
    loss: str
    parameters: NDArray[np.int64]


def check_of(trainer: Trainer) -> Work:
    """Return the work that checks the gradient at the present parameters.

    A large network is checked at 1,000 of its parameters, evenly spread, and all at the first 32 training samples.
    """
    count = trainer.network.parameter_count
    chosen = np.unique(np.linspace(0, count - 1, min(count, _MOST_PARAMETERS)).astype(np.int64))
    data, loss = trainer.dataset, trainer.config.output_and_loss()[1]
    X, y = data.X_train[:_MOST_SAMPLES], data.y_train[:_MOST_SAMPLES]
    task = CheckTask(trainer.network, trainer.theta.astype(np.float64), X, y, loss, chosen)
    return Work(check_part, task, len(chosen))


def check_part(task: CheckTask, start: int, stop: int) -> NDArray[np.float64]:
    """Return one row (1, 5) about some of the parameters: `GradientCheck` as numbers."""
    chosen = task.parameters[start:stop]
    return np.array([compare_gradient(task.network, task.theta, task.X, task.y, task.loss, chosen)], np.float64)


def summary(task: CheckTask, rows: NDArray[np.float64]) -> dict[str, Any]:
    """Return what the check found, for a reply."""
    error, parameter, analytic, numeric, _ = (float(number) for number in rows[np.argmax(rows[:, 0])])
    return {
        "error": finite(error),
        "parameter": int(parameter),
        "analytic": finite(analytic),
        "numeric": finite(numeric),
        "skipped": int(rows[:, 4].sum()),
        "parameters": len(task.parameters),
        "samples": len(task.X),
    }
