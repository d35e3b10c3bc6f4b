"""What a walk without any aim would show: the measure for the share of a path that lies in its own main components.

The positions of a random walk of n steps, centred, have in many dimensions the variances 1 / (4 sin²(πk/2n)) along
their k-th main components, k = 1 … n − 1, whose sum is (n² − 1)/6 (Antognini & Sohl-Dickstein 2018, "PCA of high
dimensional random walks with comparison to neural network training", section 3.1). The first two hold 76 % for large n,
and all for three positions. In few dimensions the components of a walk gather more; that is simulated.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

_MANY = 1000
"""From so many dimensions on, the formula is used."""

_POSITIONS = 32
"""So many positions stand for all longer walks: the share hardly depends on their number any more."""

_NUMBERS = 400_000
"""Random numbers in a simulation, as far as two hundred walks do not take fewer."""


def walk_share(positions: int, dimensions: int) -> float:
    """Return the expected share (0…1) of a random walk's variance in its own two main components.

    Parameters
    ----------
    positions : int
        n, how many positions of the walk are known, at equal distances in time.
    dimensions : int
        P, those of the space.
    """
    if dimensions <= 2 or positions <= 3:
        return 1.0
    if dimensions >= _MANY:
        return high_dimensional_share(positions)
    return _simulated(min(positions, _POSITIONS), dimensions)


def high_dimensional_share(positions: int) -> float:
    """Return the share of the first two components of a walk in infinitely many dimensions, by the formula."""
    first, second = (1 / (4 * np.sin(np.pi * k / (2 * positions)) ** 2) for k in (1, 2))
    return float((first + second) / ((positions**2 - 1) / 6))


@lru_cache(maxsize=64)
def _simulated(positions: int, dimensions: int) -> float:
    """Mean over walks of the share of the two largest eigenvalues of the matrix of inner products."""
    walks = int(np.clip(_NUMBERS // (positions * dimensions), 12, 200))
    steps = np.random.default_rng(0).standard_normal((walks, positions, dimensions))
    paths = np.cumsum(steps, axis=1)
    paths -= paths.mean(axis=1, keepdims=True)
    products = paths @ paths.transpose(0, 2, 1) if positions <= dimensions else paths.transpose(0, 2, 1) @ paths
    variances = np.linalg.eigvalsh(products)
    return float(np.mean(variances[:, -2:].sum(axis=1) / variances.sum(axis=1)))
