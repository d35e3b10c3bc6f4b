"""The lanes that a surface shows, and their paths upon it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ...core.ground.geometry import Plane
from ...core.run.trainer import Trainer
from ..run.curves import Metrics
from ..run.lane import Lane
from .path_history import PathHistory
from .surface_choice import here


class SurfacePaths:
    """The lane in focus, those beside it that live in its parameter space, and where all of them have been.

    Attributes
    ----------
    focus : int
        The lane whose surface it is.
    """

    def __init__(self) -> None:
        self.focus = 0
        self._beside: dict[int, Lane] = {}
        self._laid_for: frozenset[int] = frozenset()  # lanes whose paths the plane was laid through
        self._paths: dict[int, PathHistory] = {}

    # Lanes

    def show(self, lane: int, beside: Mapping[int, Lane]) -> None:
        """Show these lanes from now on."""
        self.focus, self._beside = lane, dict(beside)
        self._laid_for &= {lane, *beside}

    def keep_shown(self) -> bool:
        """Drop the paths of lanes that are not shown; return whether those of all others are known."""
        shown = {self.focus, *self._beside}
        self._paths = {number: path for number, path in self._paths.items() if number in shown}
        known = shown <= self._paths.keys()
        self._paths.setdefault(self.focus, PathHistory())
        return known

    def renumber(self, lane: int) -> None:
        """A lane alone stays, as lane 0."""
        self._paths = {0: self._paths[lane]} if lane in self._paths else {}
        self.focus, self._beside, self._laid_for = 0, {}, frozenset({0})

    def front(self, trainer: Trainer) -> int:
        """Return the step of the lane that is furthest; `trainer` is that in focus."""
        return max(trainer.step_count, *(lane.trainer.step_count for lane in self._beside.values()), 0)

    def lay(self) -> list[Trainer]:
        """Return those beside the focus whose paths a plane is laid through, and note that this one is."""
        self._laid_for = self._here_now()
        return self.racing()

    def racing(self) -> list[Trainer]:
        """Return those beside the focus whose paths a plane is laid through: not those that have flown away."""
        return [lane.trainer for lane in self._beside.values() if lane.trainer.diverged is None]

    def held_by(self, plane: Plane) -> bool:
        """Whether the plane was laid for the lanes that are beside the focus now, and its window holds them."""
        if not self._beside:
            return True
        racing = [here(one) for one in self.racing()]
        return self._laid_for == self._here_now() and all(plane.contains(at) for at in racing if np.isfinite(at).all())

    def _here_now(self) -> frozenset[int]:
        racing = {number for number, lane in self._beside.items() if lane.trainer.diverged is None}
        return frozenset({self.focus, *racing})

    # Paths

    def trace(self, plane: Plane | None, trainer: Trainer, metrics: Metrics) -> None:
        """Draw all paths anew; `trainer` and `metrics` are those of the lane in focus."""
        self._paths = {number: PathHistory(plane, lane.trainer, lane.metrics) for number, lane in self._beside.items()}
        self._paths[self.focus] = PathHistory(plane, trainer, metrics)

    def observe(self, plane: Plane, trainer: Trainer, loss: float, lane: int | None = None) -> None:
        """Note where a lane is, once per frame: the one in focus, unless another is named."""
        if np.isfinite(trainer.theta).all():
            path = self._paths.setdefault(self.focus if lane is None else lane, PathHistory())
            path.observe(plane, trainer, loss)

    def go_back(self, steps: Mapping[int, int]) -> int:
        """Lanes have returned to earlier steps: their paths end there. Return how many have become shorter."""
        return sum(path.go_back(steps[number]) for number, path in self._paths.items() if number in steps)

    def clear(self) -> None:
        """No lane has a path any more."""
        self._paths.clear()

    def known(self, lane: int) -> bool:
        """Whether a lane has a path on this plane."""
        return lane in self._paths

    def others(self) -> set[int]:
        """Return the lanes with a path that are not in focus."""
        return self._paths.keys() - {self.focus}

    def since(self, step: int, lane: int | None = None) -> NDArray[np.float64]:
        """Return rows (k, 3) of (α, β, loss) of a lane's path after a step; of the one in focus unless named."""
        path = self._paths.get(self.focus if lane is None else lane)
        return np.empty((0, 3)) if path is None else path.since(step)
