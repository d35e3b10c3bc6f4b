"""When a run came to be as good as a target: its way taken once more, and judged at every step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..config.config import RunConfig
from ..insight.evaluation import Metrics
from .log import LogEntry
from .trainer import Trainer

#: What a run can be judged by.
MEASURES = Metrics._fields


@dataclass(frozen=True, slots=True)
class Way:
    """The way of a run: how it began, what was changed since, and a step at which it is known to have arrived."""

    config: RunConfig
    entries: tuple[LogEntry, ...]
    last: int


@dataclass(frozen=True, slots=True)
class ArrivalTask:
    """Ways of runs, and the number of which measure they were to reach."""

    ways: tuple[Way, ...]
    measure: str
    target: float


def meets(values: NDArray[np.float64], measure: str, target: float) -> NDArray[np.bool_]:
    """Return which values (n,) of a measure are as good as a target: accuracies at least, losses at most."""
    good: NDArray[np.bool_] = values >= target if measure.endswith("accuracy") else values <= target
    return good


def first_step(way: Way, measure: str, target: float) -> int | None:
    """Return the first step of a way at which the run is as good as a target; None if it is not up to its last one."""
    trainer = Trainer.from_log(way.config, way.entries, reached=way.last)
    for step in range(way.last + 1):
        value = getattr(trainer.evaluate(), measure)
        if meets(np.array([value]), measure, target)[0]:
            return step
        if not trainer.run(1):
            break
    return None


def arrivals(task: ArrivalTask, start: int, stop: int) -> NDArray[np.float64]:
    """Return the first step (stop − start, 1) of some of the ways, NaN for none."""
    found = [first_step(way, task.measure, task.target) for way in task.ways[start:stop]]
    return np.array([[np.nan if step is None else step] for step in found], np.float64).reshape(-1, 1)
