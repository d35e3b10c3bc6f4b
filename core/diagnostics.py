"""What the numbers of a run say, layer by layer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .activations import Array
from .network import Network
from .passes import Pass


def layer_norms(
    network: Network, run: Pass | None, gradient: Array, theta: Array, update: Array
) -> NDArray[np.float64]:
    """Return norms of δ, ∂W, W and ΔW (4, L) per layer after the input; see `Trainer.norms`."""
    norms = np.zeros((4, len(network.blocks)))
    for layer, (block, n_in) in enumerate(zip(network.blocks, network.sizes, strict=False)):
        if run is not None:
            delta = run.arena.D[run.arena.rows[layer]] * run.batch
            norms[0, layer] = np.sqrt(np.mean(np.square(delta)))
        for row, vector in enumerate((gradient, theta, update), start=1):
            norms[row, layer] = np.linalg.norm(block.view(vector)[:n_in])
    return norms
