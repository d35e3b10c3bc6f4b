"""How a run ends its tasks, where one follows the other: of each lane, and of nets that begin anew with some tasks."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.config.config import RunConfig, StoppingConfig
from ...core.run.trainer import Trainer
from ..wire.protocol import Arrays, DType

Flat = NDArray[np.float64]

#: Tasks that a fresh net learns, at most: they are spread evenly.
_MOST_FRESH = 12
#: Fresh nets train for so many times as long as an answer has for steps of the past.
_LONGER = 10


class OverTasks:
    """The error at the end of each task of a run, and of fresh nets: the run's, with the weights that it began with."""

    name = "tasks"

    def __init__(self) -> None:
        self._config: RunConfig | None = None
        self._fresh: dict[int, float] = {}
        self._training: tuple[int, Trainer] | None = None

    def cut(self, last: int) -> None:
        """Forget what lies behind a step: nothing, since a fresh net knows of no step of the run."""

    def measure(self, trainer: Trainer, first: int, seconds: float) -> bool:
        """Train fresh nets for some time; whether there are more to train."""
        config = replace(trainer.config, replacement_rate=0.0, stopping=StoppingConfig(), engine="numpy")
        if config != self._config:
            self._config, self._fresh, self._training = config, {}, None
        length, end = config.data.steps_per_task, time.perf_counter() + _LONGER * seconds
        if length is None:
            return False
        wanted = _spread(trainer.track.tasks()[:, 0].astype(np.int64).tolist())
        while missing := [task for task in wanted if task not in self._fresh]:
            if self._training is None or self._training[0] != missing[0]:
                self._training = missing[0], Trainer(config.at(missing[0] * length))
            fresh = self._training[1]
            fresh.run(length - fresh.step_count, end)
            ended = fresh.track.tasks()
            if len(ended) or fresh.diverged is not None:
                self._fresh[missing[0]] = float(_errors(fresh)[0, 1]) if len(ended) else np.inf
                self._training = None
            if time.perf_counter() >= end:
                break
        return len(missing) > 1 or self._training is not None

    def tell(self, trainer: Trainer, arrays: Arrays, others: Mapping[int, Trainer]) -> dict[str, Any]:
        """Add steps (k,), errors (k, 1) and those of fresh nets to a message, and other lanes' steps and errors (k, 2).

        Returns the header's part. A fresh net's error is NaN where none was trained.
        """
        length = trainer.config.data.steps_per_task
        if length is None:
            return {"name": self.name, "why": "none"}
        rows = _errors(trainer)
        arrays.add("over_steps", rows[:, 0].astype(np.int64), DType.INT32)
        arrays.add("over", rows[:, 1:])
        if self._fresh:
            known = [self._fresh.get(round(step / length) - 1, np.nan) for step in rows[:, 0]]
            arrays.add("over_theory", np.array(known)[:, None])
        alike = [lane for lane, other in others.items() if other.config.data == trainer.config.data]
        for lane in alike:
            arrays.add(f"over_lane_{lane}", _errors(others[lane]))
        return {
            "name": self.name,
            "why": None,
            "unit": "share" if trainer.dataset.class_names else "loss",
            "length": length,
            "fresh": len(self._fresh),
            "lanes": alike,
        }


def _errors(trainer: Trainer) -> Flat:
    """Return the step at which each task ended, and the error there (k, 2): wrong samples' share, else the loss."""
    tasks = trainer.track.tasks()
    errors = 1 - tasks[:, 2] if trainer.dataset.class_names else tasks[:, 1]
    return np.column_stack([(tasks[:, 0] + 1) * (trainer.config.data.steps_per_task or 0), errors])


def _spread(tasks: list[int]) -> list[int]:
    """Return at most `_MOST_FRESH` tasks, evenly, so that those of fewer tasks stay as there are more."""
    gap = 1
    while len(tasks) > _MOST_FRESH:
        gap *= 2
        tasks = [task for task in tasks if task % gap == 0]
    return tasks
