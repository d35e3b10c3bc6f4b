"""Points in the plane: where the samples of each class lie, and the surfaces that regression learns.

Every shape fits into [−1, 1]². A shape of classes maps labels to points without noise, ``shape(labels, rng) -> X``,
and draws a fixed count of random numbers per sample, so that asking for more samples keeps the ones there were. A
surface maps points to targets in [−1, 1].
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Shape = Callable[[Labels, np.random.Generator], Array]
Surface = Callable[[Array], Array]

LIMIT = 1.15
"""No sample lies outside ±LIMIT: what noise pushes further is reflected there, and the drawn plane ends at ±1.2."""

GOLDEN = (5**0.5 - 1) / 2
TURN = 2 * np.pi


def fold(X: Array) -> Array:
    """Reflect what lies outside ±LIMIT back inside, as a mirror would; what lies inside stays."""
    return LIMIT - np.abs((X + LIMIT) % (4 * LIMIT) - 2 * LIMIT)


def polar(radius: Array, angle: Array) -> Array:
    """Points (n, 2) at the given radii and angles; an angle of 0 points up, and angles grow clockwise."""
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])


def rank(labels: Labels) -> Labels:
    """For each sample, how many samples of its class come before it."""
    ranks = np.empty_like(labels)
    for label in np.unique(labels):
        members = labels == label
        ranks[members] = np.arange(members.sum())
    return ranks


def circle(labels: Labels, rng: np.random.Generator) -> Array:
    """A disc (class 1) inside a ring (class 0), each evenly filled."""
    u, turn = rng.random((len(labels), 2)).T
    inner: Array = np.where(labels == 1, 0.0, 0.7**2)
    outer: Array = np.where(labels == 1, 0.5**2, 1.0)
    radius: Array = np.sqrt(inner + (outer - inner) * u)
    return polar(radius, TURN * turn)


def xor(labels: Labels, rng: np.random.Generator) -> Array:
    """Four squares: class 1 where the signs of x₁ and x₂ differ, class 0 where they agree."""
    u = rng.random((len(labels), 3))
    size = 0.05 + 0.95 * u[:, :2]
    right = np.where(u[:, 2] < 0.5, -1.0, 1.0)
    up = np.where(labels == 1, -right, right)
    quadrant: Array = np.column_stack([right, up])
    return size * quadrant


def gauss(labels: Labels, rng: np.random.Generator) -> Array:
    """Two round clouds, class 1 at the upper right, class 0 at the lower left."""
    side = np.where(labels == 1, 0.5, -0.5)
    return side[:, None] + 0.14 * rng.standard_normal((len(labels), 2))


def spiral(labels: Labels, rng: np.random.Generator) -> Array:
    """One arm per class, winding about the centre: 1¼ times with two arms, less with more.

    Along its arm, a class follows the golden ratio's sequence from a random start: evenly spread at any sample size.
    """
    arms = max(2, int(labels.max()) + 1)
    along: Array = np.mod(rng.random() + GOLDEN * rank(labels), 1.0) ** 0.75
    turns = 1.25 * (2 / arms) ** 0.7
    return polar(0.06 + 0.94 * along, TURN * (turns * along + labels / arms))


def moons(labels: Labels, rng: np.random.Generator) -> Array:
    """Two half circles that reach into each other; class 1 is the lower one."""
    angle = TURN / 2 * rng.random(len(labels))
    side = np.where(labels == 1, -1.0, 1.0)
    return np.column_stack([(side * np.cos(angle) - 0.5 * side) / 1.5, (side * np.sin(angle) - 0.25 * side)])


def checkerboard(labels: Labels, rng: np.random.Generator) -> Array:
    """Four by four squares in two colours."""
    u = rng.random((len(labels), 3))
    cell = np.floor(8 * u[:, 2]).astype(np.int64)
    row = cell // 2
    column = 2 * (cell % 2) + (row + labels) % 2
    return (np.column_stack([column, row]) + 0.04 + 0.92 * u[:, :2]) / 2 - 1


def rings(labels: Labels, rng: np.random.Generator) -> Array:
    """One ring per class about the centre, the first innermost; all of the same width."""
    count = max(2, int(labels.max()) + 1)
    u, turn = rng.random((len(labels), 2)).T
    place = labels.astype(np.float64)
    inner: Array = np.where(labels > 0, place + 0.25, 0.0) / (count - 0.1)
    outer: Array = (place + 0.9) / (count - 0.1)
    radius: Array = np.sqrt(inner**2 + (outer**2 - inner**2) * u)
    return polar(radius, TURN * turn)


def heart(labels: Labels, rng: np.random.Generator) -> Array:
    """A heart (class 1) in a square."""
    candidates = 2 * rng.random((len(labels), 40, 2)) - 1
    inside, outside = _in_heart(candidates, 0.74), ~_in_heart(candidates, 0.84)
    fits = np.where(labels[:, None] == 1, inside, outside)
    found: Array = candidates[np.arange(len(labels)), fits.argmax(axis=1)]
    return found


def _in_heart(X: Array, size: float) -> NDArray[np.bool_]:
    """Whether points (…, 2) lie in the curve (x² + y² − 1)³ = x²y³."""
    x, y = X[..., 0] / size, (X[..., 1] + 0.08) / size
    found: NDArray[np.bool_] = (x * x + y * y - 1) ** 3 <= x * x * y**3
    return found


def blobs(labels: Labels, rng: np.random.Generator) -> Array:
    """One round cloud per class, in a circle."""
    count = max(2, int(labels.max()) + 1)
    return polar(np.full(len(labels), 0.65), TURN * labels / count) + 0.09 * rng.standard_normal((len(labels), 2))


def plane(X: Array) -> Array:
    """A slope: y = (x₁ + x₂) / 2."""
    return (X[:, 0] + X[:, 1]) / 2


def gaussian(X: Array) -> Array:
    """Three hills and three hollows in two rows, like a chessboard; each a Gaussian bell of width 0.22."""
    y = np.zeros(len(X))
    for row, x2 in enumerate((0.45, -0.45)):
        for column, x1 in enumerate((-0.7, 0.0, 0.7)):
            sign = 1.0 if (row + column) % 2 == 0 else -1.0
            y += sign * np.exp(-((X[:, 0] - x1) ** 2 + (X[:, 1] - x2) ** 2) / (2 * 0.22**2))
    return y


def sine(X: Array) -> Array:
    """Waves that run along the diagonal: y = sin π(x₁ + x₂)."""
    waves: Array = np.sin(np.pi * (X[:, 0] + X[:, 1]))
    return waves


def steps(X: Array) -> Array:
    """A staircase of four steps along x₁, from −0.9 to 0.9."""
    stairs: Array = 0.6 * np.clip(np.floor(2 * X[:, 0]), -2, 1) + 0.3
    return stairs
