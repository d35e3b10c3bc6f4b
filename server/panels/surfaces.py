"""The loss surface of a session: what is wanted, what is on its way, and what is shown.

When it is computed anew stands in `surface_schedule`, the picture in `surface_picture`, the paths upon it in
`surface_paths`, and how honest it is in `surface_figures`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ...core.config.config import RunConfig
from ...core.ground.geometry import Plane
from ...core.run.trainer import Trainer
from ...core.surface.curvature import DirectionTask, find_directions
from ...core.surface.surface import SurfaceTask, loss_points
from ..run.curves import Metrics
from ..run.lane import Lane
from ..wire.messages import Work
from .surface_choice import SurfaceChoice, holds, lay, penalized, search
from .surface_figures import SurfaceFigures
from .surface_paths import SurfacePaths
from .surface_picture import PictureTask, SurfacePicture
from .surface_schedule import LADDER, Schedule, first_resolution, next_resolution


class SurfaceView:
    """The surface that a session shows, and the one on its way.

    Parameters
    ----------
    choice : SurfaceChoice
    first : int
        All numbers given to planes and pictures are above this one.

    Attributes
    ----------
    picture : SurfacePicture
    paths : SurfacePaths
    task : PictureTask or None
        What is being computed.
    progress : float
        Of the picture on its way, 0…1.
    """

    def __init__(self, choice: SurfaceChoice, first: int = 0) -> None:
        self.choice = choice
        self.picture, self.paths = SurfacePicture(first), SurfacePaths()
        self.task: PictureTask | None = None
        self.progress = 1.0
        self._schedule, self._figures = Schedule(), SurfaceFigures()
        self._laid = 0  # where the run was when the plane on its way was laid
        self._search: DirectionTask | None = None  # what has to be found before there is a plane
        self._found: NDArray[np.float64] | None = None

    # What is wanted

    def choose(self, choice: SurfaceChoice) -> None:
        """Show another plane, or the same in another resolution."""
        if choice == self.choice:
            return
        same, self.choice = choice.same_plane(self.choice), choice
        self.drop()
        self._schedule.resting = False
        if not same or (self.picture.plane is not None and self.picture.resolution > choice.resolution):
            self._schedule.stale = True
        if choice.off:
            self.picture.plane = None

    def drop(self) -> None:
        """Leave the picture on its way; the one that is there stays until the run goes on."""
        shown = self.picture.plane is not None
        if self._search is not None or (self.task is not None and not shown):
            self._schedule.stale = True
        if self.task is not None and shown:
            self.picture.version += 1  # it was said that a finer one is on its way
        self.task, self._search, self.progress, self._schedule.resting = None, None, 1.0, True

    def restart(self) -> None:
        """Another run: nothing of the old picture holds."""
        self.drop()
        self.picture.plane, self._found = None, None
        self._schedule.stale, self._schedule.resting = True, False
        self._figures.restart()
        self.paths.clear()

    # Lanes

    def show(self, lane: int, trainer: Trainer, beside: Mapping[int, Lane]) -> None:
        """Show this lane's surface, with the paths of those `beside` it that live in its parameter space.

        The picture stays if it is in this space already.
        """
        self.paths.show(lane, beside)
        if self.picture.shows(trainer.network):
            self._follow_loss(trainer.posed)
            if not self.paths.keep_shown():
                self._schedule.stale = True
        else:
            self.restart()
        self.picture.version += 1

    def retrace(self, trainer: Trainer, metrics: Metrics) -> None:
        """Lanes have come a long way that no frame has shown: draw all paths anew."""
        if self.picture.shows(trainer.network):
            self.paths.trace(self.picture.plane, trainer, metrics)
            self.picture.version += 1

    def go_back(self, steps: Mapping[int, int]) -> None:
        """Lanes have returned to earlier steps: their paths end there."""
        self.picture.version += self.paths.go_back(steps)

    def observe(self, trainer: Trainer, loss: float, lane: int | None = None) -> None:
        """Note where a lane is, once per frame: the one in focus, unless another is named."""
        if self.picture.plane is not None:
            self.paths.observe(self.picture.plane, trainer, loss, lane)

    # Pictures

    def due(self, trainer: Trainer, still: bool = True) -> float:
        """Return from when on a computation should start (on the clock of `begin`), infinity for never.

        Where the run stands `still`, the picture follows it at once and becomes finer.
        """
        self._follow_loss(trainer.posed)
        if self.choice.off or trainer.network.parameter_count < 2:
            return math.inf
        if self.renewing:  # where the run stands meanwhile, what is on its way may be of where it was
            return self._schedule.displaced(self.paths.front(trainer)) if still else math.inf
        finer = still and self.task is None and self._finer(still) is not None
        quick = still or trainer.config.on_landscape
        return self._schedule.due(self.paths.front(trainer), quick=quick, finer=finer)

    def begin(self, trainer: Trainer, now: float, still: bool = True) -> Work | None:
        """Return the work that makes a new picture, or None where the present one still holds."""
        schedule, plane = self._schedule, self.picture.plane
        fresh, schedule.stale = schedule.stale, False
        then, schedule.step = schedule.step, self.paths.front(trainer)
        if not fresh and self._suits(trainer, still):
            return None
        if self.renewing:
            self.task, self._search, self.progress = None, None, 1.0
        if not fresh and plane is not None and self._holds(plane, trainer, still):
            schedule.keep(now, moved=then != schedule.step)
            finer = self._finer(still)
            if self.task is not None or finer is None or not still:
                return None
            return self._compute(trainer, plane, finer, still=still)
        schedule.begin(now)
        self.task = None
        if not np.isfinite(trainer.theta).all():
            return None
        self._laid = trainer.step_count
        if self.choice.plane == "sharpest" and trainer.network.parameter_count > 2:
            guess = None if self._found is None else np.split(self._found[2:], 2)[1]
            self._search, self.progress = search(self.choice, trainer, guess), 0.0
            return Work(find_directions, self._search, 1)
        return self._lay(trainer, None, fresh=fresh, still=still)

    def computed(
        self, grid: NDArray[np.float64] | None, trainer: Trainer, metrics: Metrics, now: float, still: bool = True
    ) -> Work | None:
        """Take a result, and return the work that makes a finer picture, if there is to be one."""
        if self._search is not None:
            self._search = None
            if grid is None or not np.isfinite(trainer.theta).all():
                return None
            self._found = grid[0] if np.isfinite(grid).all() else None
            return self._lay(trainer, grid[0], fresh=self.picture.plane is None, still=still)
        if self.task is None:
            return None
        task, self.task, self.progress = self.task, None, 1.0
        self._schedule.end(now, first=grid is not None and task.plane is not self.picture.plane)
        if grid is None:
            self._schedule.resting = True
            self.picture.version += 1
            return None
        if self.picture.take(task, grid):
            self.paths.trace(task.plane, trainer, metrics)
            self._figures.renew()
        finer = self._finer(still)
        return None if finer is None else self._compute(trainer, task.plane, finer, still=still)

    @property
    def renewing(self) -> bool:
        """Whether a plane is on its way that is not the one shown."""
        return self._search is not None or (self.task is not None and self.task.plane is not self.picture.plane)

    @property
    def outdated(self) -> bool:
        """Whether the plane that is shown is one of before, while another is on its way."""
        return self.renewing and self.picture.plane is not None

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return self.task is None and self._search is None

    def advanced(self, share: float) -> None:
        """Note how much of the picture on its way is done."""
        if self.task is not None:
            self.progress = share

    # What is told

    def figures(
        self, trainer: Trainer, loss: float, now: float, exact: bool, fresh: bool = True, crowd: int = 1
    ) -> dict[str, float | None]:
        """Return how honest the picture is; see `SurfaceFigures.read`."""
        plane = self.picture.plane
        assert plane is not None
        self._follow_loss(trainer.posed)
        return self._figures.read(plane, self.choice, trainer, loss, now, exact, fresh, crowd)

    def message(self, figures: dict[str, float | None]) -> bytes:
        """Return the whole picture with the paths so far."""
        return self.picture.message(self.choice, self.progress, figures, self.paths)

    def _follow_loss(self, config: RunConfig) -> None:
        if self._figures.loss_changed(config, self.choice):
            self._schedule.stale = True

    def _finer(self, still: bool) -> int | None:
        return next_resolution(self.choice, self.picture.resolution, still=still)

    def _holds(self, plane: Plane, trainer: Trainer, still: bool, laid: int | None = None) -> bool:
        kept, then = self.paths.held_by(plane), self.picture.laid if laid is None else laid
        return kept and holds(self.choice, plane, trainer, then, still, self.paths.racing())

    def _suits(self, trainer: Trainer, still: bool) -> bool:
        """Whether the plane on its way is still one of where the run is."""
        if self._search is not None:
            return not self.choice.moves or self._laid == trainer.step_count
        task = self.task
        return task is not None and self.renewing and self._holds(task.plane, trainer, still, task.laid)

    def _lay(self, trainer: Trainer, found: NDArray[np.float64] | None, *, fresh: bool, still: bool) -> Work:
        plane = lay(self.choice, trainer, self.picture.plane, found, self.paths.lay())
        cheap = trainer.config.on_landscape
        return self._compute(trainer, plane, first_resolution(self.choice, fresh=fresh, cheap=cheap), still=still)

    def _compute(self, trainer: Trainer, plane: Plane, resolution: int, *, still: bool) -> Work:
        self.task, self.progress = PictureTask(plane, resolution, self._laid, trainer.network), 0.0
        with_penalties = penalized(self.choice, trainer.config)
        task = SurfaceTask.of(trainer.posed, plane, resolution, penalties=with_penalties)
        # Many open the same run, and find it standing; what trains is where nobody else is.
        return Work(loss_points, task, resolution**2, first=LADDER[0], common=still)
