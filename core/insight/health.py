"""What a neuron is called: fine, saturated or dead. The one definition, for diagnoses, laboratory and inspector."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..nets.activations import Activation, Array

#: A neuron is on a flat end for a sample where its slope is less than this share of the largest of its activation.
SATURATED = 0.05
#: A neuron is saturated where it is on a flat end for this share of the samples.
MOSTLY = 0.75
#: A neuron is dead where its slope is below this for every sample: it learns nothing from any of them.
DEAD = 1e-7
#: What a neuron is.
FINE, SATURATED_NEURON, DEAD_NEURON = 0, 1, 2


def flat_ends(function: Activation, slopes: Array) -> NDArray[np.bool_]:
    """Return where a neuron is on a flat end, like `slopes` |f′|; nowhere if the activation is not bounded."""
    if not function.bounded:
        return np.zeros(slopes.shape, dtype=np.bool_)
    return np.asarray(slopes < SATURATED * float(function.slope(np.zeros(1, slopes.dtype))[0]))


def health_of(function: Activation, slopes: Array) -> NDArray[np.int32]:
    """Return what each neuron is (n,), by its slopes |f′| (n, samples)."""
    health = np.full(len(slopes), FINE, np.int32)
    health[flat_ends(function, slopes).mean(axis=1) >= MOSTLY] = SATURATED_NEURON
    health[(slopes < DEAD).all(axis=1)] = DEAD_NEURON
    return health
