"""Inputs derived from a point of the plane, as in TensorFlow Playground: squares, the product, sines and cosines.

A net that gets x₁² and x₂² learns a circle without a hidden layer. Sines and cosines run through one period on [−1, 1].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Feature:
    """A number computed from points of the plane.

    Attributes
    ----------
    name : str
        Its key in `FEATURES`.
    label : str
        How formulas write it.
    f : callable (x1, x2) -> array
        Elementwise.
    """

    name: str
    label: str
    f: Callable[[Array, Array], Array]


#: name -> record; order is the order in which they are offered and in which a net gets them.
FEATURES: Mapping[str, Feature] = MappingProxyType(
    {
        entry.name: entry
        for entry in [
            Feature("x1", "x₁", lambda x1, x2: x1),
            Feature("x2", "x₂", lambda x1, x2: x2),
            Feature("x1_squared", "x₁²", lambda x1, x2: x1 * x1),
            Feature("x2_squared", "x₂²", lambda x1, x2: x2 * x2),
            Feature("product", "x₁x₂", lambda x1, x2: x1 * x2),
            Feature("sin_x1", "sin πx₁", lambda x1, x2: np.sin(np.pi * x1)),
            Feature("sin_x2", "sin πx₂", lambda x1, x2: np.sin(np.pi * x2)),
            Feature("cos_x1", "cos πx₁", lambda x1, x2: np.cos(np.pi * x1)),
            Feature("cos_x2", "cos πx₂", lambda x1, x2: np.cos(np.pi * x2)),
        ]
    }
)


def derive(points: Array, names: Sequence[str]) -> Array:
    """Return the named features (n, len(names)) of points (n, 2)."""
    return np.column_stack([FEATURES[name].f(points[:, 0], points[:, 1]) for name in names])
