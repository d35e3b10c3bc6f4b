"""The compiled engine of trainability maps: the same training as in `pixels`, as one loop that numba turns into machine
code (``pip install "backscope[fast]"``).

Sums are taken in another order than NumPy's and tanh is computed otherwise, to the same digits: so it agrees with NumPy
in all that a change of one unit in the last place leaves as it is. It is deterministic: a pixel has the same bits in
every map on one machine.
"""

from __future__ import annotations

import numpy as np

from ..ground.machine_code import Making, installed
from .pixels import Float64, MapNet

#: Activations that it knows, with their numbers in the loop.
KINDS = {"identity": 0, "relu": 1, "tanh": 2}

#: The loop, made when it is first wanted.
training = Making("backscope.core.ensemble.compiled_map", "train_all")


def missing_for(net: MapNet) -> str | None:
    """Return in words what is missing to train a map with it, or None."""
    if not installed():
        return 'needs numba, which is not installed: pip install "backscope[fast]"'
    if net.activation not in KINDS:
        return f"knows the activations {', '.join(KINDS)}, got {net.activation}"
    return None


def losses(net: MapNet, rates0: Float64, rates1: Float64, scales: Float64) -> Float64:
    """Return the loss before every step (steps, k): see `pixels.losses_of`."""
    found = np.full((len(rates0), net.steps), np.nan)
    arrays = [net.W0.T, net.W1.T, net.scaled_inputs.T, net.Y.T, rates0, rates1, scales]
    writable = [np.require(array, np.float64, ("C", "W")) for array in arrays]  # machine code takes no others
    training()(*writable, KINDS[net.activation], found)
    return found.T
