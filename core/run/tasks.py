"""What became of a run's tasks, where it has one after the other: the loss at the end of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]


class TaskRecord:
    """Training loss and accuracy at the end of the tasks 0, 1, … of a run, in bounded memory.

    When there are too many, every other one is dropped: then those of tasks 0, 2, 4, … are kept, and so on. Tasks are
    numbered as the run goes through them, whatever its first is called.

    Parameters
    ----------
    most : int
        How many are kept at most.
    """

    def __init__(self, most: int = 2048) -> None:
        self._most, self._gap = most, 1
        self._rows: dict[int, tuple[float, float]] = {}

    def add(self, task: int, loss: float, accuracy: float) -> None:
        """Note how a task ended; a replay says the same again."""
        if task % self._gap:
            return
        self._rows[task] = loss, accuracy
        if len(self._rows) > self._most:
            self._gap *= 2
            self._rows = {known: row for known, row in self._rows.items() if known % self._gap == 0}

    def until(self, tasks: int) -> Rows:
        """Return task, loss and accuracy (k, 3) of the first so many tasks, as far as they are kept."""
        kept = sorted(task for task in self._rows if task < tasks)
        return np.array([(task, *self._rows[task]) for task in kept]).reshape(-1, 3)

    def truncate(self, tasks: int) -> None:
        """Forget all but the first so many tasks."""
        self._rows = {task: row for task, row in self._rows.items() if task < tasks}

    def data(self, tasks: int) -> dict[str, Any]:
        """Return the record of the first so many tasks as plain data."""
        return {"gap": self._gap, "rows": self.until(tasks)}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Return the record from `data`; ValueError if that cannot be."""
        self, gap = cls(), int(values["gap"])
        rows = np.asarray(values["rows"], np.float64).reshape(-1, 3)
        if gap < 1 or gap & (gap - 1) or len(rows) > self._most or (rows[:, 0] % gap).any():
            raise ValueError(f"{len(rows)} tasks, one in {gap}")
        self._gap = gap
        self._rows = {int(task): (float(loss), float(accuracy)) for task, loss, accuracy in rows}
        return self
