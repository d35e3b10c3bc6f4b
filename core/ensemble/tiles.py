"""Trainability maps piece by piece: what describes a whole map in a few numbers, and the pixels of a part of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..ground.errors import ConfigError, check_choice, check_integer
from . import compiled
from .pixels import Float64, MapNet, measured
from .trainability import AXES, MapTask, Range, axis, gaussian_net


@dataclass(frozen=True, slots=True)
class Map:
    """A map of one of `gaussian_net`'s nets.

    Parameters
    ----------
    width : int
        Hidden neurons, and inputs.
    activation : str
        Of the hidden layer.
    steps : int
        Of each pixel's training.
    seed : int
        Of weights and samples.
    axes : str
        ``"rates"`` or ``"rate_scale"``.
    x, y : (low, high)
        log₁₀ of what the axes show.
    size : int
        Pixels per side, 2 to 4096.

    Raises
    ------
    ConfigError
        For a value out of range, and for ranges that are too narrow for float64.
    """

    width: int
    activation: str
    steps: int
    seed: int
    axes: str
    x: Range
    y: Range
    size: int

    def __post_init__(self) -> None:
        check_integer("size", self.size, 2, 4096)
        check_choice("axes", self.axes, AXES)
        for name in ("x", "y"):
            axis(name, getattr(self, name), self.size)

    @property
    def net(self) -> MapNet:
        """The net; a process keeps the last few."""
        return _net(self.width, self.activation, self.steps, self.seed)

    def task(self, rows: Float64, columns: Float64) -> MapTask:
        """Return the task of pixels (k,) by their rows and columns, counted from the lowest y and x."""
        x, y = axis("x", self.x, self.size), axis("y", self.y, self.size)
        engine = "auto" if compiled.training.ready() else "numpy"  # nobody waits for machine code
        return MapTask(self.net, x[columns.astype(int)], y[rows.astype(int)], self.axes, engine)


@lru_cache(maxsize=4)
def _net(width: int, activation: str, steps: int, seed: int) -> MapNet:
    return gaussian_net(width, activation, steps, seed)


@dataclass(frozen=True, slots=True)
class Tile:
    """Some rows of a map, of which every pixel is tried whose row and column are multiples of the stride.

    Attributes
    ----------
    map : Map
        The whole.
    stride : int
        1 is every pixel.
    first, stop : int
        Rows first … stop − 1, of those that are multiples of the stride.
    fresh : bool
        Whether to leave out pixels that twice the stride has tried already.
    """

    map: Map
    stride: int
    first: int
    stop: int
    fresh: bool

    def pixels(self) -> tuple[Float64, Float64]:
        """Return rows and columns (k,) of its pixels, row after row."""
        places = np.arange(0, self.map.size, self.stride)
        rows = places[(places >= self.first) & (places < self.stop)]
        row, column = (grid.ravel() for grid in np.meshgrid(rows, places, indexing="ij"))
        if self.fresh:
            new = (row % (2 * self.stride) != 0) | (column % (2 * self.stride) != 0)
            row, column = row[new], column[new]
        return row.astype(np.float64), column.astype(np.float64)

    def __len__(self) -> int:
        return len(self.pixels()[0])


def tile_measures(tile: Tile, start: int, stop: int) -> Float64:
    """Return the measure of some pixels of a tile, and whether it was the compiled engine that trained them (k, 2)."""
    rows, columns = tile.pixels()
    task = tile.map.task(rows[start:stop], columns[start:stop])
    measure = measured(task.losses(0, stop - start))[1]
    fast = task.engine == "auto" and compiled.missing_for(task.net) is None
    return np.column_stack([measure, np.full(stop - start, float(fast))])


def pixel_losses(task: tuple[Map, int, int], start: int, stop: int) -> Float64:
    """Return the losses (1, steps) of one pixel of a map: (map, row, column)."""
    where, row, column = task
    return where.task(np.array([float(row)]), np.array([float(column)])).losses(0, 1).T


def bitmap_of(rows: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return a bitmap from rows of "0" and "1", all of one length.

    Raises
    ------
    ConfigError
        For other letters, and for rows of several lengths.
    """
    if len({len(row) for row in rows}) != 1 or any(set(row) - {"0", "1"} for row in rows):
        raise ConfigError("a bitmap must have rows of 0 and 1, all of one length", "bitmap", None)
    return np.array([[letter == "1" for letter in row] for row in rows])
