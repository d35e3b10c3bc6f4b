"""What a run has left behind in numbers: full losses at the frames' steps, and curves that a return left as ghosts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Points kept; above, every second of the older half goes.
MOST_POINTS = 4000
_MOST_GHOSTS = 3
_GHOST_POINTS = 200


class Metrics:
    """Rows of (step, loss, test loss, accuracy, test accuracy) of a run's branch, steps ascending, memory bounded.

    After a return to an earlier step, what lies ahead stays known until the run leaves for another branch: then it
    becomes a ghost.
    """

    def __init__(self) -> None:
        self._known = np.empty((0, 5))
        self._present = 0
        self._ghosts: list[Array] = []

    @property
    def rows(self) -> Array:
        """All rows (m, 5) up to the present; a view."""
        return self._known[: self._present]

    def add(self, row: tuple[float, float, float, float, float]) -> None:
        """Note the numbers of a step, which is the present from now on."""
        at = int(np.searchsorted(self._known[:, 0], row[0]))
        if at < len(self._known) and self._known[at, 0] == row[0]:
            self._known[at] = row
        else:
            self._known = np.concatenate([self._known[:at], [row], self._known[at:]])
        self._present = at + 1
        if len(self._known) > MOST_POINTS:
            self._thin()

    def since(self, step: int) -> Array:
        """Return the rows (k, 5) of later steps up to the present; a view."""
        rows = self.rows
        return rows[np.searchsorted(rows[:, 0], step, side="right") :]

    def go_to(self, step: int) -> None:
        """Note that the run stands at this step: what is known beyond it lies ahead."""
        self._present = int(np.searchsorted(self._known[:, 0], step, side="right"))

    def knows_beyond(self, step: int) -> bool:
        """Whether there are rows of later steps, from an earlier visit."""
        return bool(len(self._known)) and self._known[-1, 0] > step

    def branch(self) -> None:
        """Leave for another future: what lies ahead becomes a ghost."""
        begin = max(0, self._present - 1)
        if len(self._known) - begin > 1 and self._present < len(self._known):
            self._ghosts = [*self._ghosts, self._known[begin:]][-_MOST_GHOSTS:]
        self._known = self._known[: self._present]

    def until_now(self) -> Metrics:
        """Return the curve up to the present, to go on with in another run."""
        other = Metrics()
        other._known, other._present = self.rows.copy(), self._present
        return other

    def until(self, step: int) -> Metrics:
        """Return the curve up to a step, and the ghosts, to go on with in another run."""
        other = Metrics()
        other._known = self._known[: np.searchsorted(self._known[:, 0], step, side="right")].copy()
        other._present, other._ghosts = len(other._known), list(self._ghosts)
        return other

    def data(self) -> dict[str, Any]:
        """Return all of it as plain data."""
        return {"known": self._known, "present": self._present, "ghosts": list(self._ghosts)}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Return what `data` told of.

        Raises
        ------
        ValueError
            If it has another form.
        """
        self = cls()
        curves = [np.asarray(curve, np.float64) for curve in (values["known"], *values["ghosts"])]
        if any(curve.ndim != 2 or curve.shape[1] != 5 for curve in curves):
            raise ValueError("curves must have five columns")
        self._known, self._ghosts = curves[0], curves[1:][-_MOST_GHOSTS:]
        self._present = min(max(int(values["present"]), 0), len(self._known))
        return self

    def restart(self) -> None:
        """Begin the same run again: what it was becomes a ghost."""
        self.go_to(-1)
        self.branch()

    def remember(self, other: Metrics) -> None:
        """Keep the curve of another run of the same problem as a ghost, unless it is one already."""
        left = other._known.copy()
        known = any(np.array_equal(left, ghost, equal_nan=True) for ghost in self._ghosts)
        if len(left) > 1 and not known:
            self._ghosts = [*self._ghosts, left][-_MOST_GHOSTS:]

    def losses_at(self, steps: NDArray[np.int64]) -> Array:
        """Return the loss (k,) at any steps, interpolated between those known; NaN where none is known."""
        rows = self.rows
        if not len(rows):
            return np.full(len(steps), np.nan)
        return np.interp(steps, rows[:, 0], rows[:, 1])

    def left(self) -> dict[str, Any]:
        """Return the curves left behind, oldest first, as JSON, and whether the newest is this branch's own future."""
        begin = max(0, self._present - 1)
        ahead = self._present < len(self._known)
        curves = [*self._ghosts, self._known[begin:]] if ahead else self._ghosts
        return {"ghosts": [thinned(curve) for curve in curves[-_MOST_GHOSTS:]], "ahead": ahead}

    def whole(self) -> dict[str, Any]:
        """Return all that is known of the curve, what lies ahead too, as `left` tells those left behind."""
        return thinned(self._known)

    def _thin(self) -> None:
        half = len(self._known) // 2
        step = self._known[self._present - 1, 0]
        self._known = np.vstack([self._known[:half:2], self._known[half:]])
        self.go_to(step)


def every(rows: Array, most: int) -> Array:
    """Return at most `most` of the rows, evenly, the last among them."""
    if len(rows) <= most:
        return rows
    picked: Array = rows[np.linspace(0, len(rows) - 1, most).astype(int)]
    return picked


def thinned(curve: Array) -> dict[str, Any]:
    """Return steps and losses, the first two columns of rows (m, k), as JSON: some of the finite, the last too."""
    curve = curve[np.isfinite(curve[:, 1])]
    picked = curve[np.unique(np.linspace(0, len(curve) - 1, min(len(curve), _GHOST_POINTS)).astype(int))]
    return {"step": [int(step) for step in picked[:, 0]], "loss": [float(f"{loss:.6g}") for loss in picked[:, 1]]}
