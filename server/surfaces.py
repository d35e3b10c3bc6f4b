"""The loss surface of a session: which plane it is on, when it is computed anew, and the path upon it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..core.config import RunConfig
from ..core.curvature import DirectionTask, find_directions
from ..core.loss_function import LossFunction
from ..core.penalties import penalty_at
from ..core.planes import Plane
from ..core.problem import Problem, problem_key
from ..core.random_walk import walk_share
from ..core.surface import SurfaceTask, loss_points
from ..core.trainer import Trainer
from .curves import Metrics
from .frames import every
from .landscape_view import trail_of
from .messages import Work
from .protocol import Arrays, encode, finite
from .surface_choice import SurfaceChoice, here, holds, lay, positions_of, search

#: Seconds between two computations of a run under way and of one that stands, at least so many times as long as the
#: first picture took, but not for ever; and between two readings of the costly figures.
_REST = 1.5
_STILL_REST = 0.1
_REST_SHARE = 4
_MOST_REST = 8.0
_FIGURES_REST = 0.1
_SHARE_REST = 0.5

#: Points along each side, one picture after the other; a run under way stops at the second last.
LADDER = (16, 32, 64, 128)
_MOVING = 64
_MOST_PATH = 2000
_PATH_POINTS = 500
_PATH_NUMBERS = 1_000_000  # positions × parameters that are projected at once


class SurfaceView:
    """The surface that a session shows, and the one on its way.

    Parameters
    ----------
    choice : SurfaceChoice
    first : int
        All numbers given to planes and pictures are above this one.
    """

    def __init__(self, choice: SurfaceChoice, first: int = 0) -> None:
        self.choice = choice
        self.version = first  # grows with every picture to be sent
        self.plane_id = first
        self.plane: Plane | None = None
        self.task: tuple[Plane, int] | None = None  # what is being computed: plane and resolution
        self.progress = 1.0  # of the picture on its way, 0…1
        self._search: DirectionTask | None = None  # what has to be found before there is a plane
        self._found: NDArray[np.float64] | None = None
        self._grid = np.empty((0, 0), np.float32)
        self._trail = np.empty((0, 4))
        self._started = self._ended = -math.inf
        self._cost = 0.0  # seconds that the last plane's first picture took
        self._started_step = self._laid = 0
        self._stale, self._resting = True, False
        self._figures: dict[str, float | None] = {}
        self._read = self._read_share = -math.inf
        self._losses: LossFunction | None = None
        self._config: RunConfig | None = None
        self._problem = ""

    def choose(self, choice: SurfaceChoice) -> None:
        """Show another plane, or the same in another resolution."""
        if choice == self.choice:
            return
        same, self.choice, self._resting = choice.same_plane(self.choice), choice, False
        self.drop()
        self._resting = False
        if not same or (self.plane is not None and len(self._grid) > choice.resolution):
            self._stale = True
        if choice.off:
            self.plane = None

    def drop(self) -> None:
        """Leave the picture on its way; the one that is there stays until the run goes on."""
        if self._search is not None or (self.task is not None and self.plane is None):
            self._stale = True
        self.task, self._search, self.progress, self._resting = None, None, 1.0, True

    def restart(self) -> None:
        """Another run: nothing of the old picture holds."""
        self.drop()
        self.plane, self._losses, self._found, self._stale, self._resting = None, None, None, True, False
        self._trail = self._trail[:0]

    def go_back(self, step: int) -> None:
        """The run has returned to an earlier step: the path ends there."""
        if len(self._trail) and self._trail[-1, 0] > step:
            self._trail = self._trail[self._trail[:, 0] <= step]
            self.version += 1

    def observe(self, trainer: Trainer, loss: float) -> None:
        """Note where the run is, once per frame."""
        if self.plane is None:
            return
        trail = self._trail[self._trail[:, 0] < trainer.step_count]
        if trainer.config.on_landscape:
            rows = trail_of(trainer)
            point = rows[rows[:, 0] > (trail[-1, 0] if len(trail) else -1)]
        else:
            alpha, beta = self.plane.project(here(trainer))
            point = np.array([[trainer.step_count, alpha, beta, loss]])
        if len(trail) > _MOST_PATH:
            half = len(trail) // 2
            trail = np.vstack([trail[:half:2], trail[half:]])
        self._trail = np.vstack([trail, point])

    def due(self, trainer: Trainer, still: bool = True) -> float:
        """Return from when on a computation should start (on the clock of `begin`), infinity for never.

        Where the run stands `still`, the picture follows it at once and becomes finer.
        """
        self._look_at_problem(trainer.config)
        if self.choice.off or trainer.network.parameter_count < 2:
            return math.inf
        if self._search is not None or (self.task is not None and self.task[0] is not self.plane):
            return math.inf
        if self._stale:
            return -math.inf
        if trainer.step_count != self._started_step:
            least = _STILL_REST if still or trainer.config.on_landscape else _REST
            return self._started + max(least, min(_MOST_REST, _REST_SHARE * self._cost))
        finer = still and self.task is None and not self._resting and self._next(still) is not None
        return self._ended if finer else math.inf

    def begin(self, trainer: Trainer, now: float, still: bool = True) -> Work | None:
        """Return the work that makes a new picture, or None where the present one still holds."""
        fresh, self._stale = self._stale, False
        then, self._started_step = self._started_step, trainer.step_count
        if not fresh and self.plane is not None and holds(self.choice, self.plane, trainer, self._laid, still):
            if then != trainer.step_count:
                self._started = now
            self._resting = self._resting and then == trainer.step_count
            finer = self._next(still)
            if self.task is not None or finer is None or not still:
                return None
            return self._compute(trainer, self.plane, finer)
        self._started, self._resting, self.task = now, False, None
        if not np.isfinite(trainer.theta).all():
            return None
        self._laid = trainer.step_count
        if self.choice.plane == "sharpest" and trainer.network.parameter_count > 2:
            guess = None if self._found is None else np.split(self._found[2:], 2)[1]
            self._search, self.progress = search(self.choice, trainer, guess), 0.0
            return Work(find_directions, self._search, 1)
        return self._compute(trainer, lay(self.choice, trainer, self.plane), self._first(trainer, fresh))

    def computed(
        self, grid: NDArray[np.float64] | None, trainer: Trainer, metrics: Metrics, now: float, still: bool = True
    ) -> Work | None:
        """Take a result, and return the work that makes a finer picture, if there is to be one."""
        if self._search is not None:
            self._search = None
            if grid is None or not np.isfinite(trainer.theta).all():
                return None
            self._found = grid[0] if np.isfinite(grid).all() else None
            plane = lay(self.choice, trainer, self.plane, grid[0])
            return self._compute(trainer, plane, self._first(trainer, self.plane is None))
        if self.task is None:
            return None
        (plane, resolution), self.task, self.progress = self.task, None, 1.0
        self._ended = now
        if grid is None:
            self._resting = True
            return None
        if plane is not self.plane:
            self._cost = now - self._started
            self.plane, self.plane_id = plane, self.plane_id + 1
            self._trail = _trail(plane, trainer, metrics)
            self._read = self._read_share = -math.inf
        self._grid = grid.reshape(resolution, resolution).astype(np.float32)
        self.version += 1
        finer = self._next(still)
        return None if finer is None else self._compute(trainer, plane, finer)

    def advanced(self, share: float) -> None:
        """Note how much of the picture on its way is done."""
        if self.task is not None:
            self.progress = share

    def _first(self, trainer: Trainer, fresh: bool) -> int:
        """Return the resolution of the first picture on a plane: coarse where there is none to be replaced.

        A landscape costs next to nothing, and some have many hills: theirs is as fine as it becomes.
        """
        if trainer.config.on_landscape:
            return self.choice.resolution
        return min(LADDER[0] if fresh else LADDER[1], self.choice.resolution)

    def _next(self, still: bool) -> int | None:
        """Return the next resolution on the ladder; None where there is none, or the run goes on."""
        most = self.choice.resolution if still else min(self.choice.resolution, _MOVING)
        present = len(self._grid)
        return min(most, next((step for step in LADDER if step > present), most)) if present < most else None

    def figures(
        self, trainer: Trainer, loss: float, now: float, exact: bool, fresh: bool = True
    ) -> dict[str, float | None]:
        """Return how honest the picture is: unless `exact`, some of it up to half a second old.

        Where `loss` is not `fresh`, because it takes long to compute, so does this, and the last figures hold.
        """
        plane = self.plane
        assert plane is not None
        if exact or not self._figures or (fresh and now >= self._read + _FIGURES_REST):
            self._read = now
            self._figures["distance"] = finite(float(plane.distance(here(trainer))))
            self._figures["plane_loss"] = finite(self._loss_on_plane(plane, trainer))
            if exact or now >= self._read_share + _SHARE_REST:
                self._read_share = now
                positions = positions_of(trainer)
                self._figures["share"] = finite(plane.share(positions))
                self._figures["walk"] = self._walk_share(plane, len(positions), trainer.network.parameter_count)
        if self._penalized(trainer.config):
            loss += trainer.penalty
        return {**self._figures, "loss": finite(loss), "parameters": trainer.network.parameter_count}

    def path_since(self, step: int) -> NDArray[np.float64]:
        """Return rows (k, 3) of (α, β, loss) of the path after a step."""
        return self._trail[np.searchsorted(self._trail[:, 0], step, side="right") :, 1:]

    def message(self, figures: dict[str, float | None]) -> bytes:
        """Return the whole picture with the path so far."""
        plane = self.plane
        assert plane is not None
        header = {
            "kind": "surface",
            "plane": plane.kind,
            "basis": plane.basis,
            "through": self.choice.through,
            "laid": self._laid,
            "plane_id": self.plane_id,
            "alpha": plane.alpha,
            "beta": plane.beta,
            "resolution": len(self._grid),
            "progress": self.progress,
            "finest": self.choice.resolution,
            "axes": plane.axes,
            "figures": figures,
        }
        arrays = Arrays()
        arrays.add("grid", self._grid)
        arrays.add("path", self._trail[:, 1:])
        return encode(header, arrays)

    def _compute(self, trainer: Trainer, plane: Plane, resolution: int) -> Work:
        self.task, self.progress = (plane, resolution), 0.0
        task = SurfaceTask.of(trainer.config, plane, resolution, penalties=self._penalized(trainer.config))
        return Work(loss_points, task, resolution**2, first=LADDER[0])

    def _penalized(self, config: RunConfig) -> bool:
        """Whether penalties are part of the picture."""
        return self.choice.penalties and not config.on_landscape

    @staticmethod
    def _walk_share(plane: Plane, positions: int, parameters: int) -> float:
        """Return the share of its variance that a random walk would show on its own main components, or else here."""
        return walk_share(positions, parameters) if plane.basis == "pca" else min(1.0, 2 / parameters)

    def _look_at_problem(self, config: RunConfig) -> None:
        """Where a live edit has made the loss another one (smoothed targets, Huber's δ), the old picture is wrong."""
        if config is self._config:
            return
        self._config, before = config, self._problem
        self._problem = problem_key(config.to_json())
        if self._penalized(config):
            self._problem += f" {config.l1} {config.l2}"
        if before not in ("", self._problem):
            self._losses, self._stale = None, True

    def _loss_on_plane(self, plane: Plane, trainer: Trainer) -> float:
        self._look_at_problem(trainer.config)
        if self._losses is None:
            self._losses = LossFunction(*Problem.of(trainer.config, trainer.dataset))
        point, config = plane.point(*plane.project(here(trainer)))[None], trainer.config
        loss = float(self._losses.at(point)[0])
        if self._penalized(config):
            loss += float(penalty_at(trainer.network, point, config.l1, config.l2)[0])
        return loss


def _trail(plane: Plane, trainer: Trainer, metrics: Metrics) -> NDArray[np.float64]:
    """Rows (step, α, β, loss) of the path so far on a new plane."""
    if trainer.config.on_landscape:
        return trail_of(trainer)
    steps, positions = trainer.path(int(np.clip(_PATH_NUMBERS // trainer.network.parameter_count, 16, _PATH_POINTS)))
    alpha, beta = plane.project(positions.astype(np.float64, copy=False))
    rows = np.column_stack([steps, alpha, beta, metrics.losses_at(steps)])
    return every(rows[np.isfinite(rows).all(axis=1)], _PATH_POINTS)
