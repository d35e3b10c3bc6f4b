"""A plane through parameter space, and the window of it that is drawn.

A plane is θ = centre + α·d₁ + β·d₂. What lies beside it is left out, so it tells how far a point lies from it, and
which share of a path's variance lies in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Interval = tuple[float, float]
Kind = Literal["random", "pca", "weights", "sharpest"]

MARGIN = 0.25
"""Free space around a path, as a share of its extent."""

SLENDER = 0.4
"""A window's sides differ at most by this ratio, so that a path along one axis still shows the hills beside it."""


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """A window of the plane θ = centre + α·d₁ + β·d₂.

    Parameters
    ----------
    kind : {"pca", "random", "weights", "sharpest"}
        What was asked for.
    basis : str
        What the directions are: `kind`, or ``"gradient"`` or ``"random"`` where there is no path yet for ``"pca"``.
    centre, d1, d2 : ndarray of shape (P,)
        The directions are independent, but of any length and angle.
    alpha, beta : tuple of float
        The window, lowest and highest.
    axes : tuple of str
        For ``"weights"``, the names of the two parameters; otherwise empty.
    """

    kind: Kind
    basis: str
    centre: Array
    d1: Array
    d2: Array
    alpha: Interval = (-1.0, 1.0)
    beta: Interval = (-1.0, 1.0)
    axes: tuple[str, ...] = ()

    def point(self, alpha: ArrayLike, beta: ArrayLike) -> Array:
        """The parameters (…, P) at the coordinates α (…,) and β (…,)."""
        a, b = np.asarray(alpha, dtype=np.float64), np.asarray(beta, dtype=np.float64)
        found: Array = self.centre + a[..., None] * self.d1 + b[..., None] * self.d2
        return found

    def project(self, theta: Array) -> tuple[Array, Array]:
        """The coordinates α (…,) and β (…,) of the points of the plane that lie nearest to `theta` (…, P)."""
        difference = theta - self.centre
        c1, c2 = difference @ self.d1, difference @ self.d2
        g11, g12, g22 = self.d1 @ self.d1, self.d1 @ self.d2, self.d2 @ self.d2
        determinant = g11 * g22 - g12 * g12
        return (g22 * c1 - g12 * c2) / determinant, (g11 * c2 - g12 * c1) / determinant

    def distance(self, theta: Array) -> Array:
        """Euclidean distance (…,) of `theta` (…, P) from the plane."""
        found: Array = np.linalg.norm(theta - self.point(*self.project(theta)), axis=-1)
        return found

    def contains(self, theta: Array) -> bool:
        """Whether every projected point of `theta` (…, P) lies inside the window."""
        return all(
            bool(np.all((low <= x) & (x <= high)))
            for x, (low, high) in zip(self.project(theta), (self.alpha, self.beta), strict=True)
        )

    def share(self, positions: Array) -> float:
        """Share (0…1) of the variance of `positions` (k, P) that lies in the plane; NaN when they do not differ."""
        centred = positions - positions.mean(axis=0)
        total = float(np.sum(centred * centred))
        if not total > 0:
            return float("nan")
        inside = replace(self, centre=np.zeros_like(self.centre))
        shadow = inside.point(*inside.project(centred))
        return min(1.0, float(np.sum(shadow * shadow)) / total)

    def framed(self, positions: Array, margin: float = MARGIN, least: float = 0.0) -> Plane:
        """The same plane with a window around the projected `positions` (k, P).

        Parameters
        ----------
        positions : ndarray of shape (k, P)
            What the window has to hold.
        margin : float
            Free space on each side, as a share of the extent.
        least : float
            Smallest half width of the window, in units of the directions.
        """
        alpha, beta = self.project(positions)
        lengths = float(np.linalg.norm(self.d1)), float(np.linalg.norm(self.d2))
        middles = [(float(x.min()) + float(x.max())) / 2 for x in (alpha, beta)]
        halves = [(0.5 + margin) * float(np.ptp(x)) for x in (alpha, beta)]
        longest = max(half * length for half, length in zip(halves, lengths, strict=True))
        windows = []
        for middle, half, length in zip(middles, halves, lengths, strict=True):
            reach = max(half, SLENDER * longest / length, least) or 1.0
            windows.append((middle - reach, middle + reach))
        return replace(self, alpha=windows[0], beta=windows[1])
