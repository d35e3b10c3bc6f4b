"""Penalties on the size of weights, for many parameter vectors at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..nets.network import Network

Float64 = NDArray[np.float64]

_NUMBERS = 2_000_000
"""So many parameters are looked at together."""


def penalty_at(net: Network, thetas: Float64, l1: float, l2: float) -> Float64:
    """Return λ₁ Σ|w| + ½ λ₂ Σw² (k,) over the weights of each of the parameter vectors `thetas` (k, P).

    Biases and the scales of normalization are free, as in training.
    """
    size = np.abs(thetas[:, net.weight_marks() > 0])
    found: Float64 = l1 * size.sum(axis=1) + 0.5 * l2 * (size * size).sum(axis=1)
    return found


def vectors_at_once(net: Network) -> int:
    """Return how many parameter vectors of a network to look at together, at least one."""
    return max(1, _NUMBERS // net.parameter_count)
