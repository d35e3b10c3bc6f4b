"""The loss surface of a session: which plane it is on, when it is computed anew, and the path upon it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.config.config import RunConfig
from ...core.config.problem import Problem, problem_key
from ...core.optimizers.penalties import penalty_at
from ...core.run.trainer import Trainer
from ...core.surface.curvature import DirectionTask, find_directions
from ...core.surface.loss_function import LossFunction
from ...core.surface.planes import Plane
from ...core.surface.random_walk import walk_share
from ...core.surface.surface import SurfaceTask, loss_points
from ..run.curves import Metrics
from ..run.lane import Lane
from ..wire.messages import Work
from ..wire.protocol import Arrays, encode, finite
from .path_history import PathHistory
from .surface_choice import MOST_RESOLUTION, SurfaceChoice, here, holds, lay, positions_of, search

#: Seconds between two computations of a run under way and of one that stands, at least so many times as long as the
#: first picture took, but not for ever; and between two readings of the costly figures.
_REST = 1.5
_STILL_REST = 0.1
_REST_SHARE = 4
_MOST_REST = 8.0
_FIGURES_REST = 0.1
_SHARE_REST = 0.5

#: Points along each side, one picture after the other; a run under way stops at the second last.
LADDER = (16, 32, 64, MOST_RESOLUTION)
_MOVING = 64


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
        self._paths: dict[int, PathHistory] = {}
        self._focus, self._beside = 0, dict[int, Lane]()
        self._seen: frozenset[int] = frozenset()  # lanes whose paths the plane was laid through
        self._space: tuple[Any, Any] = (), ()  # sizes and blocks of the net whose parameters the plane is about
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
        if self.task is not None and self.plane is not None:
            self.version += 1  # it was said that a finer one is on its way
        self.task, self._search, self.progress, self._resting = None, None, 1.0, True

    def restart(self) -> None:
        """Another run: nothing of the old picture holds."""
        self.drop()
        self.plane, self._losses, self._found, self._stale, self._resting = None, None, None, True, False
        self._paths.clear()

    # Lanes

    def show(self, lane: int, trainer: Trainer, beside: Mapping[int, Lane]) -> None:
        """Show this lane's surface, with the paths of those `beside` it that live in its parameter space.

        The picture stays if it is in this space already.
        """
        self._focus, self._beside = lane, dict(beside)
        if self._laid_for(trainer):
            self._look_at_problem(trainer.config)
            self._paths = {number: path for number, path in self._paths.items() if number in {lane, *beside}}
            self._stale = self._stale or not {lane, *beside} <= self._paths.keys()
            self._paths.setdefault(lane, PathHistory())
        else:
            self.restart()
        self._seen &= {lane, *beside}
        self.version += 1

    def renumber(self, lane: int) -> None:
        """A lane alone stays, as lane 0."""
        self._paths = {0: self._paths[lane]} if lane in self._paths else {}
        self._focus, self._beside, self._seen = 0, {}, frozenset({0})

    def knows(self, lane: int) -> bool:
        """Whether a lane has a path on this plane."""
        return lane in self._paths

    def retrace(self, trainer: Trainer, metrics: Metrics) -> None:
        """Lanes have come a long way that no frame has shown: draw all paths anew."""
        if self._laid_for(trainer):
            self._trace(trainer, metrics)
            self.version += 1

    def go_back(self, steps: Mapping[int, int]) -> None:
        """Lanes have returned to earlier steps: their paths end there."""
        for number, path in self._paths.items():
            if number in steps:
                self.version += path.go_back(steps[number])

    def observe(self, trainer: Trainer, loss: float, lane: int | None = None) -> None:
        """Note where a lane is, once per frame: the one in focus, unless another is named."""
        if self.plane is None or not np.isfinite(trainer.theta).all():
            return
        path = self._paths.setdefault(self._focus if lane is None else lane, PathHistory())
        path.observe(self.plane, trainer, loss)

    # Pictures

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
        if self._front(trainer) != self._started_step:
            least = _STILL_REST if still or trainer.config.on_landscape else _REST
            return self._started + max(least, min(_MOST_REST, _REST_SHARE * self._cost))
        finer = still and self.task is None and not self._resting and self._next(still) is not None
        return self._ended if finer else math.inf

    def begin(self, trainer: Trainer, now: float, still: bool = True) -> Work | None:
        """Return the work that makes a new picture, or None where the present one still holds."""
        fresh, self._stale = self._stale, False
        then, self._started_step = self._started_step, self._front(trainer)
        kept, racing = not fresh and self._holds_beside(), self._racing()
        if kept and self.plane is not None and holds(self.choice, self.plane, trainer, self._laid, still, racing):
            if then != self._started_step:
                self._started = now
            self._resting = self._resting and then == self._started_step
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
        return self._compute(trainer, self._lay(trainer), self._first(trainer, fresh))

    def computed(
        self, grid: NDArray[np.float64] | None, trainer: Trainer, metrics: Metrics, now: float, still: bool = True
    ) -> Work | None:
        """Take a result, and return the work that makes a finer picture, if there is to be one."""
        if self._search is not None:
            self._search = None
            if grid is None or not np.isfinite(trainer.theta).all():
                return None
            self._found = grid[0] if np.isfinite(grid).all() else None
            return self._compute(trainer, self._lay(trainer, grid[0]), self._first(trainer, self.plane is None))
        if self.task is None:
            return None
        (plane, resolution), self.task, self.progress = self.task, None, 1.0
        self._ended = now
        if grid is None:
            self._resting = True
            self.version += 1
            return None
        if plane is not self.plane:
            self._cost = now - self._started
            self.plane, self.plane_id = plane, self.plane_id + 1
            self._trace(trainer, metrics)
            self._read = self._read_share = -math.inf
        with np.errstate(over="ignore"):  # what is beyond float32 is drawn as what is beyond all bounds
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

    def path_since(self, step: int, lane: int | None = None) -> NDArray[np.float64]:
        """Return rows (k, 3) of (α, β, loss) of a lane's path after a step; of the one in focus unless named."""
        path = self._paths.get(self._focus if lane is None else lane)
        return np.empty((0, 3)) if path is None else path.since(step)

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
        arrays.add("path", self.path_since(-1))
        for lane in self._paths.keys() - {self._focus}:
            arrays.add(f"lane{lane}_path", self.path_since(-1, lane))
        return encode(header, arrays)

    def _compute(self, trainer: Trainer, plane: Plane, resolution: int) -> Work:
        self.task, self.progress = (plane, resolution), 0.0
        self._space = trainer.network.sizes, trainer.network.blocks
        task = SurfaceTask.of(trainer.config, plane, resolution, penalties=self._penalized(trainer.config))
        return Work(loss_points, task, resolution**2, first=LADDER[0])

    def _penalized(self, config: RunConfig) -> bool:
        """Whether penalties are part of the picture."""
        return self.choice.penalties and not config.on_landscape

    def _front(self, trainer: Trainer) -> int:
        return max(trainer.step_count, *(lane.trainer.step_count for lane in self._beside.values()), 0)

    def _racing(self) -> list[Trainer]:
        """Return those beside the focus whose paths a plane is laid through: not those that have flown away."""
        return [lane.trainer for lane in self._beside.values() if lane.trainer.diverged is None]

    def _lay(self, trainer: Trainer, found: NDArray[np.float64] | None = None) -> Plane:
        self._seen = self._here_now()
        return lay(self.choice, trainer, self.plane, found, self._racing())

    def _here_now(self) -> frozenset[int]:
        racing = {number for number, lane in self._beside.items() if lane.trainer.diverged is None}
        return frozenset({self._focus, *racing})

    def _holds_beside(self) -> bool:
        """Whether the plane was laid for the lanes that are beside the focus now, and its window holds them."""
        plane, racing = self.plane, [here(one) for one in self._racing()]
        if plane is None or not self._beside:
            return True
        return self._seen == self._here_now() and all(plane.contains(at) for at in racing if np.isfinite(at).all())

    def _laid_for(self, trainer: Trainer) -> bool:
        """Whether the picture, if there is one, is in the parameter space of this run."""
        return self.plane is not None and self._space == (trainer.network.sizes, trainer.network.blocks)

    def _trace(self, trainer: Trainer, metrics: Metrics) -> None:
        self._paths = {
            number: PathHistory(self.plane, lane.trainer, lane.metrics) for number, lane in self._beside.items()
        }
        self._paths[self._focus] = PathHistory(self.plane, trainer, metrics)

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
