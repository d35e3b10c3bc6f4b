"""The loss surface: the loss of the real network over the real data, on a plane through parameter space.

Losses too large for a number stay infinite or NaN; whoever draws the surface cuts it off.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ..config.config import RunConfig
from ..config.problem import find_problem, problem_key
from ..ground.geometry import Interval, Plane
from ..nets.losses import Loss
from ..nets.network import Network
from ..optimizers.penalties import penalty_at, vectors_at_once
from .loss_function import SAMPLES_PER_PART, LossFunction

Float64 = NDArray[np.float64]


def loss_grid(
    net: Network,
    X: ArrayLike,
    y: ArrayLike,
    plane: Plane,
    resolution: int = 48,
    loss: str | Loss = "mse",
    dtype: DTypeLike = np.float64,
    rows: tuple[int, int] | None = None,
) -> Float64:
    """Return the loss on a grid over the window of a plane.

    Parameters
    ----------
    net, X, y, loss, dtype
        As for `LossFunction`.
    plane : Plane
        Its window is covered edge to edge.
    resolution : int
        Points along each side, at least 2.
    rows : (first, stop), optional
        Which rows to compute; None is all of them.

    Returns
    -------
    array (rows, resolution)
        Row i at the i-th β, column j at the j-th α, both ascending.
    """
    first, stop = rows or (0, resolution)
    function = LossFunction(net, X, y, loss, dtype)
    return _grid_points(function, plane, resolution, first * resolution, stop * resolution).reshape(-1, resolution)


def plane_points(plane: Plane, resolution: int, start: int, stop: int) -> Float64:
    """Return the parameter vectors (stop − start, P) at some points of the grid on a plane, counted row by row."""
    row, column = np.divmod(np.arange(start, stop), resolution)
    return plane.point(np.linspace(*plane.alpha, resolution)[column], np.linspace(*plane.beta, resolution)[row])


def _grid_points(function: LossFunction, plane: Plane, resolution: int, start: int, stop: int) -> Float64:
    row, column = np.divmod(np.arange(start, stop), resolution)
    alpha, beta = np.linspace(*plane.alpha, resolution), np.linspace(*plane.beta, resolution)
    return function.on(plane, alpha[column], beta[row])


def loss_line(
    function: LossFunction, start: Float64, end: Float64, points: int = 101, reach: Interval = (-0.25, 1.25)
) -> tuple[Float64, Float64]:
    """Return the loss on the straight line through two parameter vectors (Goodfellow et al. 2015).

    Parameters
    ----------
    function : LossFunction
        The loss.
    start, end : ndarray of shape (P,)
        Where α is 0 and 1.
    points : int
        How many, evenly spaced.
    reach : tuple of float
        First and last α.

    Returns
    -------
    alpha, losses : ndarray of shape (points,)
        C((1 − α)·start + α·end).
    """
    alpha = np.linspace(*reach, points)
    return alpha, function.at((1 - alpha)[:, None] * start + alpha[:, None] * end)


@dataclass(frozen=True, slots=True)
class PathFigures:
    """What a plane leaves out of a run.

    Attributes
    ----------
    share : float
        Share of the variance of the path's positions that lies in the plane, 0…1; NaN before there is a path. Of a
        random walk's, two main components hold `planes.RANDOM_WALK_SHARE`.
    distance : float
        Distance of the current point from the plane, in parameter space.
    plane_loss, loss : float
        Loss at the point of the plane that lies nearest to the current point, and at the current point.
    parameters : int
        P; with two, the surface is exact.
    """

    share: float
    distance: float
    plane_loss: float
    loss: float
    parameters: int


def path_figures(plane: Plane, positions: Float64, theta: Float64, function: LossFunction) -> PathFigures:
    """Say how much of the path `positions` (k, P) and of the point `theta` (P,) of a `function` a `plane` shows."""
    plane_loss, loss = function.at(np.stack([plane.point(*plane.project(theta)), theta]))
    return PathFigures(plane.share(positions), float(plane.distance(theta)), float(plane_loss), float(loss), len(theta))


@dataclass(frozen=True, slots=True, eq=False)
class SurfaceTask:
    """A surface to compute elsewhere: plain data that can be sent to another process.

    Parameters
    ----------
    config : dict
        A `RunConfig` as JSON: data, network and loss of the surface.
    centre, d1, d2 : array (P,)
        The plane.
    alpha, beta : tuple of float
        Its window.
    resolution : int
        Points along each side.
    dtype : str
        ``"float64"`` or ``"float32"``.
    penalties : bool
        Whether L1 and L2 penalties of the run are part of the loss.
    """

    config: dict[str, Any]
    centre: Float64
    d1: Float64
    d2: Float64
    alpha: Interval
    beta: Interval
    resolution: int = 48
    dtype: str = "float64"
    penalties: bool = False
    _key: str = field(init=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "_key", problem_key(self.config))

    @classmethod
    def of(
        cls, config: RunConfig, plane: Plane, resolution: int = 48, dtype: str = "float64", *, penalties: bool = False
    ) -> SurfaceTask:
        """Return the task for the full training set of a run.

        Parameters
        ----------
        config : RunConfig
            The run.
        plane : Plane
            Where in parameter space.
        resolution : int
            Points along a side.
        dtype : str
            What is computed with: ``"float64"`` or ``"float32"``.
        penalties : bool
            Whether L1 and L2 of the run are part of the loss.
        """
        return cls(
            config.to_json(), plane.centre, plane.d1, plane.d2, plane.alpha, plane.beta, resolution, dtype, penalties
        )  # fmt: skip

    @property
    def function(self) -> LossFunction:
        """The loss to be computed; a process keeps those of the last few tasks."""
        return _loss_function(self._key, self.dtype)

    @property
    def seconds_per_point(self) -> float:
        """A cautious estimate of what one point of the grid costs on one core."""
        net, n = self.function.net, self.function.samples
        products = sum(block.rows * block.cols for block in net.blocks[1:])
        normalized = sum(block.cols for block in net.blocks if block.normalized)
        nanoseconds: float = n * (0.08 * products + 3.0 * sum(net.sizes[1:]) + 3.0 * net.sizes[-1] + 5.0 * normalized)
        nanoseconds += 300 * len(net.blocks) * (1 + n // SAMPLES_PER_PART) + 10_000 / self.function.chunk
        return 1e-9 * nanoseconds

    def points_in(self, seconds: float) -> int:
        """Return how many points of the grid can be computed in so many seconds, at least one."""
        return max(1, int(seconds / self.seconds_per_point))


@lru_cache(maxsize=8)
def _loss_function(key: str, dtype: str) -> LossFunction:
    net, X, y, loss = find_problem(key)
    return LossFunction(net, X, y, loss, dtype)


def loss_points(task: SurfaceTask, start: int, stop: int) -> Float64:
    """Return the losses (stop − start,) at some points of a task's grid, counted row by row."""
    plane = Plane("random", "random", task.centre, task.d1, task.d2, task.alpha, task.beta)
    losses = _grid_points(task.function, plane, task.resolution, start, stop)
    l1, l2 = (float(task.config.get(name) or 0.0) for name in ("l1", "l2"))
    if task.penalties and (l1 or l2):
        net, row = task.function.net, vectors_at_once(task.function.net)
        for first in range(start, stop, row):
            points = plane_points(plane, task.resolution, first, min(stop, first + row))
            losses[first - start : first - start + len(points)] += penalty_at(net, points, l1, l2)
    return losses
