"""The loss surface of a session: which plane it is on, when it is computed anew, and the path upon it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.config import RunConfig
from ..core.loss_function import LossFunction
from ..core.planes import Plane, make_plane
from ..core.problem import Problem, problem_key
from ..core.surface import SurfaceTask, loss_points
from ..core.trainer import Trainer
from .curves import Metrics
from .frames import every
from .messages import Work
from .protocol import Arrays, encode, finite

#: Seconds between two computations, at least so many times as long as the last one took; and between two readings
#: of the costly figures.
_REST = 1.5
_REST_SHARE = 4
_FIGURES_REST = 0.1
_SHARE_REST = 0.5

_COARSE = 16
_MOST_PATH = 2000
_PATH_POINTS = 500
_PATH_NUMBERS = 1_000_000  # positions × parameters that are projected at once
_COMPONENT_NUMBERS = 150_000  # and from which main components are found

#: A plane is left when the run has moved this share of the window's diagonal away from it.
_MOST_ASIDE = {"pca": 0.1, "random": 0.5, "weights": 0.5}


@dataclass(frozen=True, slots=True)
class SurfaceChoice:
    """What the user wants to see.

    Parameters
    ----------
    plane : {"pca", "random", "weights"}
    weights : tuple of int
        The two parameters of a "weights" plane.
    resolution : int
        Points along each side of the grid.
    off : bool
        Nothing at all: saves the work.
    """

    plane: str = "pca"
    weights: tuple[int, int] = (0, 1)
    resolution: int = 48
    off: bool = False

    def changed(self, fields: Mapping[str, Any]) -> SurfaceChoice:
        """Return the choice with some fields replaced; whoever asks for a plane wants to see it."""
        return replace(self, **{"off": False, **fields})


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
        self._grid = np.empty((0, 0), np.float32)
        self._progress = 0.0
        self._trail = np.empty((0, 4))
        self._started, self._rest = -math.inf, _REST
        self._started_step = 0
        self._stale = True
        self._figures: dict[str, float | None] = {}
        self._read = self._read_share = -math.inf
        self._losses: LossFunction | None = None
        self._config: RunConfig | None = None
        self._problem = ""

    def choose(self, choice: SurfaceChoice) -> None:
        """Show another plane, or the same in another resolution."""
        if choice != self.choice:
            self.choice, self.task, self._stale = choice, None, True
            if choice.off:
                self.plane = None

    def restart(self) -> None:
        """Another run: nothing of the old picture holds."""
        self.plane, self.task, self._losses, self._stale = None, None, None, True
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
        alpha, beta = self.plane.project(_here(trainer))
        point = np.array([[trainer.step_count, alpha, beta, loss]])
        trail = self._trail[self._trail[:, 0] < trainer.step_count]
        if len(trail) > _MOST_PATH:
            half = len(trail) // 2
            trail = np.vstack([trail[:half:2], trail[half:]])
        self._trail = np.vstack([trail, point])

    def due(self, trainer: Trainer) -> float:
        """Return from when on a computation should start (on the clock of `begin`), infinity for never."""
        self._look_at_problem(trainer.config)
        if self.choice.off or self.task is not None or trainer.network.parameter_count < 2:
            return math.inf
        if self._stale:
            return -math.inf
        return self._started + self._rest if trainer.step_count != self._started_step else math.inf

    def begin(self, trainer: Trainer, now: float) -> Work | None:
        """Return the work that makes a new picture, or None where the present one still holds."""
        fresh, self._stale, self._started = self._stale, False, now
        if not fresh and self.plane is not None and self._holds(trainer):
            return None
        self._started_step = trainer.step_count
        if not np.isfinite(trainer.theta).all():
            return None
        plane = _lay(self.choice, trainer, self.plane)
        return self._compute(trainer, plane, _COARSE if fresh else self.choice.resolution)

    def computed(self, grid: NDArray[np.float64] | None, trainer: Trainer, metrics: Metrics, now: float) -> Work | None:
        """Take a grid, and return the work that makes a finer one, if there is to be one."""
        self._rest = max(_REST, _REST_SHARE * (now - self._started))
        if self.task is None:
            return None
        (plane, resolution), self.task = self.task, None
        if grid is None:
            return None
        if plane is not self.plane:
            self.plane, self.plane_id = plane, self.plane_id + 1
            self._trail = _trail(plane, trainer, metrics)
            self._read = self._read_share = -math.inf
        self._grid = grid.reshape(resolution, resolution).astype(np.float32)
        self._progress = min(1.0, resolution**2 / self.choice.resolution**2)
        self.version += 1
        if resolution < self.choice.resolution:
            return self._compute(trainer, plane, self.choice.resolution)
        return None

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
            self._figures["distance"] = finite(float(plane.distance(_here(trainer))))
            self._figures["plane_loss"] = finite(self._loss_on_plane(plane, trainer))
            if exact or now >= self._read_share + _SHARE_REST:
                self._read_share = now
                self._figures["share"] = finite(plane.share(_positions(trainer)))
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
            "plane": self.choice.plane,
            "basis": plane.basis,
            "plane_id": self.plane_id,
            "alpha": plane.alpha,
            "beta": plane.beta,
            "resolution": len(self._grid),
            "progress": self._progress,
            "axes": plane.axes,
            "figures": figures,
        }
        arrays = Arrays()
        arrays.add("grid", self._grid)
        arrays.add("path", self._trail[:, 1:])
        return encode(header, arrays)

    def _compute(self, trainer: Trainer, plane: Plane, resolution: int) -> Work:
        self.task = plane, resolution
        return Work(loss_points, SurfaceTask.of(trainer.config, plane, resolution), resolution**2, first=_COARSE)

    def _holds(self, trainer: Trainer) -> bool:
        """Whether the picture still shows what the run is about."""
        plane = self.plane
        assert plane is not None
        if not np.isfinite(trainer.theta).all():
            return True
        if not plane.contains(_here(trainer)):
            return False
        step, then = trainer.step_count, self._started_step
        if self.choice.plane == "pca" and (plane.basis != "pca" or step >= 2 * then or 2 * step < then):
            return False  # the path has another shape now
        diagonal = math.hypot(
            float(np.linalg.norm(plane.d1)) * (plane.alpha[1] - plane.alpha[0]),
            float(np.linalg.norm(plane.d2)) * (plane.beta[1] - plane.beta[0]),
        )
        return bool(plane.distance(_here(trainer)) <= _MOST_ASIDE[self.choice.plane] * diagonal)

    def _look_at_problem(self, config: RunConfig) -> None:
        """Where a live edit has made the loss another one (smoothed targets, Huber's δ), the old picture is wrong."""
        if config is self._config:
            return
        self._config, before = config, self._problem
        self._problem = problem_key(config.to_json())
        if before not in ("", self._problem):
            self._losses, self._stale = None, True

    def _loss_on_plane(self, plane: Plane, trainer: Trainer) -> float:
        self._look_at_problem(trainer.config)
        if self._losses is None:
            self._losses = LossFunction(*Problem.of(trainer.config, trainer.dataset))
        alpha, beta = plane.project(_here(trainer))
        return float(self._losses.at(plane.point(alpha, beta)[None])[0])


def _lay(choice: SurfaceChoice, trainer: Trainer, previous: Plane | None) -> Plane:
    net = trainer.network
    weights = choice.weights
    if max(weights) >= net.parameter_count or any(net.is_fixed(index) for index in weights):
        first, second, *_ = (index for index in range(net.parameter_count) if not net.is_fixed(index))
        weights = first, second
    return make_plane(
        choice.plane,  # type: ignore[arg-type]  # checked by the table of commands
        net,
        _here(trainer).copy(),
        _positions(trainer),
        gradient=trainer.gradient.astype(np.float64),
        weights=weights,
        seed=trainer.config.seed,
        previous=previous,
    )


def _here(trainer: Trainer) -> NDArray[np.float64]:
    """Where the run is, θ (P,), in the precision that planes are laid in."""
    return trainer.theta.astype(np.float64, copy=False)


def _positions(trainer: Trainer) -> NDArray[np.float64]:
    """Where the run was, (k, P): the fewer points the more parameters there are."""
    most = int(np.clip(_COMPONENT_NUMBERS // trainer.network.parameter_count, 16, 200))
    return trainer.path(most)[1].astype(np.float64, copy=False)


def _trail(plane: Plane, trainer: Trainer, metrics: Metrics) -> NDArray[np.float64]:
    """Rows (step, α, β, loss) of the path so far on a new plane."""
    steps, positions = trainer.path(int(np.clip(_PATH_NUMBERS // trainer.network.parameter_count, 16, _PATH_POINTS)))
    alpha, beta = plane.project(positions.astype(np.float64, copy=False))
    rows = np.column_stack([steps, alpha, beta, metrics.losses_at(steps)])
    return every(rows[np.isfinite(rows).all(axis=1)], _PATH_POINTS)
