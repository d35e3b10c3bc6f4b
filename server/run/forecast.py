"""What a run will do: trained ahead from where it stands, beside it, with its own log. The run itself stays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.config.config import RunConfig
from ...core.run.log import LogEntry
from ...core.run.trainer import Trainer
from .lane import Lane

#: A run has settled if its loss has changed by less than this share of itself over the last tenth of the way.
SETTLED, LAST_TENTH = 0.01, 0.1


@dataclass(frozen=True, eq=False)
class Path:
    """A lane at a step, and up to where it is trained on.

    Parameters
    ----------
    config : RunConfig
        As the lane began.
    log : tuple of LogEntry
        What was changed since, later changes that are known included.
    kept : mapping
        What its trainer keeps of the way up to the start.
    start, end : int
        Steps.
    rate : float or None
        The learning rate from here on; None leaves it as it is.
    """

    config: RunConfig
    log: tuple[LogEntry, ...]
    kept: Mapping[str, Any]
    start: int
    end: int
    rate: float | None = None

    @classmethod
    def of(cls, lane: Lane, start: int, end: int, rate: float | None = None) -> Path:
        """Return the way of a lane from one step to another, be it ahead or behind where the lane stands."""
        return cls(lane.config, tuple(lane.edits.entries()), lane.trainer.kept(start), start, end, rate)


def walk(paths: tuple[Path, ...], start: int, stop: int) -> NDArray[np.float64]:
    """Return a row per path: full training loss at its start, a tenth before its end and at its end; diverged or not.

    Stopping rules do not count.
    """
    return np.array([_row(path) for path in paths[start:stop]], np.float64).reshape(-1, 4)


def _row(path: Path) -> tuple[float, float, float, float]:
    trainer = Trainer.from_log(path.config, path.log)
    trainer.resume(path.kept)
    trainer.seek(path.start)
    if path.rate is not None:
        trainer.edit(learning_rate=path.rate)
    first = trainer.evaluate().loss
    tenth = path.end - max(1, math.ceil(LAST_TENTH * (path.end - path.start)))
    _run_to(trainer, tenth)
    before = trainer.evaluate().loss
    _run_to(trainer, path.end)
    return first, before, trainer.evaluate().loss, float(trainer.diverged is not None)


def _run_to(trainer: Trainer, step: int) -> None:
    while trainer.step_count < step and trainer.diverged is None:
        trainer.run(step - trainer.step_count)


def answer_of(kind: str, rows: NDArray[np.float64]) -> dict[str, Any]:
    """Return what the run answers to a question, as the number of a choice or as a loss; None where it has none.

    Parameters
    ----------
    kind : str
        "converge": 0 settled, 1 still falling or moving, 2 diverged. "lane": the place of the smallest loss. "loss":
        the loss. "rate": of two paths, the present one and the other: 0 the other's loss is lower, 1 it is not, 2 it
        diverged.
    rows : array
        Of `walk`.
    """
    losses, gone = rows[:, 2], rows[:, 3] > 0
    numbers = np.where(np.isfinite(losses) & ~gone, losses, np.inf)
    shown = [float(loss) if math.isfinite(loss) else None for loss in numbers]
    value: float | int | None
    if kind == "converge":
        still = abs(rows[0, 2] - rows[0, 1]) <= SETTLED * abs(rows[0, 1])
        value = 2 if gone[0] else 0 if still else 1
    elif kind == "lane":
        value = int(numbers.argmin()) if np.isfinite(numbers).any() else None
    elif kind == "loss":
        value = shown[0]
    else:
        value = 2 if gone[1] else 0 if numbers[1] < numbers[0] else 1
    return {"value": value, "losses": shown}
