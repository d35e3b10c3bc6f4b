"""What a session shows of a landscape: the function over its window, and on it every step of the path."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...core.ground.geometry import Plane
from ...core.landscapes.functions import LANDSCAPES, Landscape
from ...core.run.trainer import Trainer

#: A window so many times doubled holds whatever is not yet called divergence.
_MOST_DOUBLINGS = 30

#: Steps that a path shows one by one; of longer ones, evenly picked.
_MOST_PATH = 2000


def landscape_of(trainer: Trainer) -> Landscape:
    """Return the landscape that a run is on."""
    return LANDSCAPES[trainer.config.data.name]


def window_of(landscape: Landscape, positions: NDArray[np.float64]) -> Plane:
    """Return the plane of a landscape, whose window doubles until it holds the path (k, 2)."""
    plane = landscape.plane
    for _ in range(_MOST_DOUBLINGS):
        if plane.contains(positions):
            break
        (left, right), (bottom, top) = plane.alpha, plane.beta
        wide, high = (right - left) / 2, (top - bottom) / 2
        plane = replace(plane, alpha=(left - wide, right + wide), beta=(bottom - high, top + high))
    return plane


def path_of(trainer: Trainer) -> NDArray[np.float64]:
    """Return rows (step, x, y, f) of the path so far: each step that is remembered, at its own value."""
    steps, points = trainer.track.path(_MOST_PATH)
    positions = points.astype(np.float64, copy=False)
    rows = np.column_stack([steps, positions, landscape_of(trainer).loss(positions)])
    known: NDArray[np.float64] = rows[np.isfinite(rows).all(axis=1)]
    return known
