"""The loss of the real network over the real data, on a plane through parameter space.

Every point of the plane is θ = centre + αd₁ + βd₂, so the first layer's weighted inputs are linear in (α, β): they are
computed for the three vectors alone and combined for all points of a chunk at once. From there on each layer is one
stack of matrix products, and what a chunk needs stays in the processor's cache.

Losses too large for a number stay infinite or NaN; whoever draws the surface cuts it off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .activations import ACTIVATIONS, Array
from .arena import Block, with_ones
from .config import RunConfig
from .losses import LOSSES, check_fit
from .network import Network, Pass
from .planes import Interval, Plane
from .problem import find_problem, problem_key

Float64 = NDArray[np.float64]
Totals = Callable[[Array, Array], Array]

CACHE_BYTES = 600_000
"""What the buffers of a chunk may take: they have to stay in the processor's second-level cache."""

SAMPLES_PER_PART = 256
"""Samples that go through the net together; larger data sets go in parts, for the same reason."""


def _squared(a: Array, y: Array) -> Array:
    np.subtract(a, y[:, None], a)
    return np.asarray(np.einsum("okn,okn->k", a, a))


def _bce(z: Array, y: Array) -> Array:
    """Σ max(z, 0) − yz + ln(1 + exp(−|z|)), where max(z, 0) is (z + |z|) / 2."""
    linear = (z @ (0.5 - y)[:, :, None]).sum(axis=(0, 2))
    np.copysign(z, -1, z)
    linear -= 0.5 * z.sum(axis=(0, 2))
    np.exp(z, z)
    np.log1p(z, z)
    return np.asarray(linear + z.sum(axis=(0, 2)))


def _cross_entropy(z: Array, y: Array) -> Array:
    """Σ ln Σ exp(z − m) − y(z − m), with m the largest z of the sample."""
    np.subtract(z, z.max(axis=0), z)
    picked = (z @ y[:, :, None]).sum(axis=(0, 2))
    np.exp(z, z)
    return np.asarray(np.log(z.sum(axis=0)).sum(axis=1) - picked)


_TOTALS: Mapping[str, Totals] = {
    "mse": _squared,
    "half_squared_error": lambda a, y: 0.5 * _squared(a, y),
    "bce": _bce,
    "cross_entropy": _cross_entropy,
}
"""Per loss: its sums (k,) over samples and outputs for a stack of outputs (n_out, k, n), which it may overwrite; of the
activations, or for losses from logits of the weighted inputs. Losses that are not here are taken point by point."""


class LossFunction:
    """The loss as a function of the parameters, for many parameter vectors at a time.

    Parameters
    ----------
    net : Network
        The shape.
    X : array (n, n_in)
        Inputs.
    y : array (n, n_out)
        Targets.
    loss : str
        A name in `LOSSES`.
    dtype : dtype
        float64, or float32 where only a picture depends on it.

    Raises
    ------
    ConfigError
        If the loss does not fit the output.
    """

    def __init__(
        self, net: Network, X: ArrayLike, y: ArrayLike, loss: str = "mse", dtype: DTypeLike = np.float64
    ) -> None:
        check_fit(net.output, loss)
        self.net, self.loss, self.dtype = net, loss, np.dtype(dtype)
        x, target = with_ones(np.asarray(X), net.bias, self.dtype).T, np.asarray(y, dtype=self.dtype).T
        self.samples = x.shape[1]
        count = -(-self.samples // SAMPLES_PER_PART)
        self._parts = [
            (np.ascontiguousarray(some_x), np.ascontiguousarray(some_y))
            for some_x, some_y in zip(
                np.array_split(x, count, axis=1), np.array_split(target, count, axis=1), strict=True
            )
        ]
        heights = [size + net.bias for size in net.sizes[1:-1]] + [net.sizes[-1]]
        self._rows = max(heights[::2]), max(heights[1::2], default=0)
        numbers = sum(self._rows) * self._parts[0][1].shape[1]
        self.chunk = max(1, CACHE_BYTES // (numbers * self.dtype.itemsize))

    def at(self, thetas: Array) -> Float64:
        """Return the losses (k,) at the parameter vectors `thetas` (k, P)."""
        thetas = np.ascontiguousarray(thetas, dtype=self.dtype)
        block = self.net.blocks[0]

        def first(points: slice, part: int, z: Array) -> None:
            np.matmul(_matrices(thetas[points], block), self._parts[part][0], out=z.transpose(1, 0, 2))

        return self._losses(len(thetas), lambda points: thetas[points], first)

    def on(self, plane: Plane, alpha: Array, beta: Array) -> Float64:
        """Return the losses (k,) at the coordinates `alpha` (k,) and `beta` (k,) of a plane."""
        coordinates = np.column_stack([np.ones_like(alpha), alpha, beta]).astype(self.dtype)
        basis = np.stack([plane.centre, plane.d1, plane.d2]).astype(self.dtype)
        weights = _matrices(basis, self.net.blocks[0])
        weighted = [np.ascontiguousarray((weights @ x).transpose(1, 0, 2)) for x, _ in self._parts]

        def first(points: slice, part: int, z: Array) -> None:
            np.matmul(coordinates[points], weighted[part], out=z)

        return self._losses(len(coordinates), lambda points: coordinates[points] @ basis, first)

    def _losses(
        self, count: int, parameters: Callable[[slice], Array], first: Callable[[slice, int, Array], None]
    ) -> Float64:
        """Mean losses (count,) where `parameters` returns θ (k, P) of some points.

        `first` writes the first layer's weighted inputs (n_out, k, n) for some points and a part of the samples.
        """
        finish = self._finish if self.loss in _TOTALS else self._finish_one_by_one
        widest = self._parts[0][1].shape[1]
        memory = [np.empty(rows * min(self.chunk, count) * widest, self.dtype) for rows in self._rows]
        losses = np.zeros(count)
        with np.errstate(all="ignore"):
            for start in range(0, count, self.chunk):
                points = slice(start, min(start + self.chunk, count))
                thetas = parameters(points)
                for part, (x, y) in enumerate(self._parts):
                    first(points, part, _stack(memory[0], self.net.sizes[1], len(thetas), y.shape[1]))
                    losses[points] += finish(thetas, memory, x, y)
        mean: Float64 = losses / LOSSES[self.loss].count(self.net.sizes[-1], self.samples)
        return mean

    def _finish(self, thetas: Array, memory: list[Array], x: Array, y: Array) -> Array:
        """Go on from the first layer's weighted inputs, which are in place, to the sums of the losses (k,).

        Layers take turns in two buffers (n_out + 1, k, n): with the points behind the neurons, neurons and row of ones
        are each in one piece, where elementwise functions are fastest.
        """
        net, last = self.net, len(self.net.blocks) - 1
        from_logits = LOSSES[self.loss].output is not None
        incoming = z = memory[0][:0]
        for layer, (size, name) in enumerate(zip(net.sizes[1:], net.activations, strict=True)):
            stack = _stack(memory[layer % 2], size + (net.bias and layer < last), len(thetas), y.shape[1])
            z = stack[:size]
            if layer:
                np.matmul(_matrices(thetas, net.blocks[layer]), incoming.transpose(1, 0, 2), out=z.transpose(1, 0, 2))
            if layer < last or not from_logits:
                ACTIVATIONS[name].apply(z, z)
            stack[size:] = 1.0
            incoming = stack
        return _TOTALS[self.loss](z, y)

    def _finish_one_by_one(self, thetas: Array, memory: list[Array], x: Array, y: Array) -> Array:
        theta = np.empty_like(thetas[0])
        run = Pass(self.net, self.loss, theta, np.empty_like(theta), y.shape[1])
        totals = np.empty(len(thetas))
        for i, position in enumerate(thetas):
            theta[:] = position
            totals[i] = run.loss(x, y)
        return totals * LOSSES[self.loss].count(self.net.sizes[-1], y.shape[1])


def _stack(memory: Array, rows: int, k: int, n: int) -> Array:
    return memory[: rows * k * n].reshape(rows, k, n)


def _matrices(thetas: Array, block: Block) -> Array:
    """The matrices [W b] of a layer, one for each parameter vector: (k, n_out, n_in + 1)."""
    flat = thetas[:, block.offset : block.offset + block.rows * block.cols]
    return flat.reshape(len(thetas), block.rows, block.cols).transpose(0, 2, 1)


def loss_grid(
    net: Network,
    X: ArrayLike,
    y: ArrayLike,
    plane: Plane,
    resolution: int = 48,
    loss: str = "mse",
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
    """Say how much of the path `positions` (k, P) and of the current point `theta` (P,) a plane shows."""
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
    """

    config: dict[str, Any]
    centre: Float64
    d1: Float64
    d2: Float64
    alpha: Interval
    beta: Interval
    resolution: int = 48
    dtype: str = "float64"
    _key: str = field(init=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "_key", problem_key(self.config))

    @classmethod
    def of(cls, config: RunConfig, plane: Plane, resolution: int = 48, dtype: str = "float64") -> SurfaceTask:
        """Return the task for the full training set of a run."""
        return cls(
            config.to_json(), plane.centre, plane.d1, plane.d2, plane.alpha, plane.beta, resolution, dtype
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
        nanoseconds: float = n * (0.08 * products + 3.0 * sum(net.sizes[1:]) + 3.0 * net.sizes[-1])
        nanoseconds += 300 * len(net.blocks) * (1 + n // SAMPLES_PER_PART) + 10_000 / self.function.chunk
        return 1e-9 * nanoseconds

    def points_in(self, seconds: float) -> int:
        """Return how many points of the grid can be computed in so many seconds, at least one."""
        return max(1, int(seconds / self.seconds_per_point))

    def rows_in(self, seconds: float) -> int:
        """Return how many rows of the grid can be computed in so many seconds, at least one."""
        return max(1, self.points_in(seconds) // self.resolution)


@lru_cache(maxsize=8)
def _loss_function(key: str, dtype: str) -> LossFunction:
    net, X, y, loss = find_problem(key)
    return LossFunction(net, X, y, loss, dtype)


def loss_points(task: SurfaceTask, start: int, stop: int) -> Float64:
    """Return the losses (stop − start,) at some points of a task's grid, counted row by row."""
    plane = Plane("random", "random", task.centre, task.d1, task.d2, task.alpha, task.beta)
    return _grid_points(task.function, plane, task.resolution, start, stop)


def loss_rows(task: SurfaceTask, start: int, stop: int) -> Float64:
    """Return the losses (stop − start, resolution) in some rows of a task's grid."""
    return loss_points(task, start * task.resolution, stop * task.resolution).reshape(-1, task.resolution)
