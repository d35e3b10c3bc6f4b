"""The path of a run upon a plane: where it was, as rows that grow with the frames."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...core.ground.geometry import Plane
from ...core.run.trainer import Trainer
from ..run.curves import Metrics, every
from .landscape_view import path_of

_MOST_PATH = 2000
_PATH_POINTS = 500
_PATH_NUMBERS = 1_000_000  # positions × parameters that are projected at once


class PathHistory:
    """Rows (step, α, β, loss), steps ascending, memory bounded.

    Parameters
    ----------
    plane : Plane, optional
        What the path so far is projected on; without one it begins empty.
    trainer : Trainer, optional
        Whose path it is.
    metrics : Metrics, optional
        Where its losses along the way are known from.
    """

    def __init__(
        self, plane: Plane | None = None, trainer: Trainer | None = None, metrics: Metrics | None = None
    ) -> None:
        self._rows = np.empty((0, 4))
        if trainer is not None and trainer.config.on_landscape:
            self._rows = path_of(trainer)
        elif plane is not None and trainer is not None and metrics is not None:
            most = int(np.clip(_PATH_NUMBERS // trainer.network.parameter_count, 16, _PATH_POINTS))
            steps, positions = trainer.track.path(most)
            alpha, beta = plane.project(positions.astype(np.float64, copy=False))
            rows = np.column_stack([steps, alpha, beta, metrics.losses_at(steps)])
            self._rows = every(rows[np.isfinite(rows).all(axis=1)], _PATH_POINTS)

    @property
    def path(self) -> NDArray[np.float64]:
        """Rows (k, 3) of (α, β, loss); a view."""
        return self._rows[:, 1:]

    def since(self, step: int) -> NDArray[np.float64]:
        """Return rows (k, 3) of (α, β, loss) after a step; a view."""
        return self._rows[np.searchsorted(self._rows[:, 0], step, side="right") :, 1:]

    def go_back(self, step: int) -> bool:
        """End the path at an earlier step, and return whether anything lay behind it."""
        kept = int(np.searchsorted(self._rows[:, 0], step, side="right"))
        shortened = kept < len(self._rows)
        self._rows = self._rows[:kept]
        return shortened

    def observe(self, plane: Plane, trainer: Trainer, loss: float) -> None:
        """Note where the run is; on a landscape, every step on the way there."""
        rows = self._rows[: np.searchsorted(self._rows[:, 0], trainer.step_count)]
        if trainer.config.on_landscape:
            fresh = path_of(trainer)
            fresh = fresh[fresh[:, 0] > (rows[-1, 0] if len(rows) else -1)]
        else:
            alpha, beta = plane.project(trainer.theta.astype(np.float64, copy=False))
            fresh = np.array([[trainer.step_count, alpha, beta, loss]])
        if len(rows) > _MOST_PATH:
            half = len(rows) // 2
            rows = np.vstack([rows[:half:2], rows[half:]])
        self._rows = np.vstack([rows, fresh])
