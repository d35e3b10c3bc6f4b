"""The line between what converges and what does not: how rough it is, as a box-counting dimension."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..ground.errors import ConfigError

#: Smallest side of a bitmap that has three sizes of boxes, and boxes along a side that are the fewest to count.
LEAST_PIXELS, _FEWEST_BOXES = 17, 4


@dataclass(frozen=True, slots=True, eq=False)
class BoxDimension:
    """A box-counting dimension.

    Attributes
    ----------
    dimension : float
        Of the boundary: 1 for a smooth line, 2 for one that fills the plane.
    error : float
        Standard error of the slope it was fitted with.
    sizes, counts : array (k,)
        Sides of the boxes in pixels, and how many of them the boundary goes through.
    """

    dimension: float
    error: float
    sizes: NDArray[np.int64]
    counts: NDArray[np.int64]


def box_dimension(converged: ArrayLike) -> BoxDimension | None:
    """Return the box-counting dimension of the boundary in a bitmap.

    Boxes have their corners on pixels: one of side s covers s + 1 pixels each way, its edges with its neighbours', and
    the boundary goes through it if it has pixels of both kinds. The dimension is the slope of log count over −log s, by
    least squares over s = 1, 2, 4, … as long as 4 boxes stand in a row.

    Parameters
    ----------
    converged : array of bool (rows, columns)
        At least 17 pixels each way.

    Returns
    -------
    BoxDimension or None
        None if all pixels are alike.

    Raises
    ------
    ConfigError
        If the bitmap is too small.
    """
    bitmap = np.asarray(converged, bool)
    if bitmap.ndim != 2 or min(bitmap.shape) < LEAST_PIXELS:
        words = f"the bitmap must have at least {LEAST_PIXELS} pixels each way, got shape {bitmap.shape}"
        raise ConfigError(words, "converged", bitmap.shape)
    if bitmap.all() or not bitmap.any():
        return None
    exponents = range(int(np.log2((min(bitmap.shape) - 1) / _FEWEST_BOXES)) + 1)
    sizes = np.array([2**e for e in exponents])
    counts = np.array([_mixed(bitmap, int(size)) for size in sizes])
    if counts.min() == 0:
        return None
    x, y = -np.log(sizes), np.log(counts)
    x = x - x.mean()
    slope = float(x @ y / (x @ x))
    rest = y - y.mean() - slope * x
    error = float(np.sqrt(rest @ rest / (len(x) - 2) / (x @ x)))
    return BoxDimension(slope, error, sizes, counts)


def _mixed(bitmap: NDArray[np.bool_], size: int) -> int:
    """Return how many boxes of a side have pixels of both kinds; those at the upper edges may be cut off."""
    some, every = bitmap, bitmap
    for ax in (0, 1):
        starts = np.arange(0, bitmap.shape[ax] - 1, size)
        ends = np.minimum(starts + size, bitmap.shape[ax] - 1)
        last = (np.take(some, ends, ax), np.take(every, ends, ax))
        short = [np.delete(part, -1, ax) for part in (some, every)]
        some = np.logical_or.reduceat(short[0], starts, ax) | last[0]
        every = np.logical_and.reduceat(short[1], starts, ax) & last[1]
    return int(np.sum(some & ~every))
