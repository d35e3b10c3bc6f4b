"""What the numbers of a run say: losses, accuracies and norms."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .activations import Array
from .datasets import Dataset
from .network import Network, Pass

#: How many numbers a pass over a data set holds per buffer; larger sets are taken in parts.
_CHUNK = 2**18


class Metrics(NamedTuple):
    """Over full sets: losses and accuracies (share of samples classified right; R² for regression); NaN for none."""

    loss: float
    test_loss: float
    accuracy: float
    test_accuracy: float


class Evaluator:
    """Loss and accuracy over a set of samples at the present parameters.

    Parameters
    ----------
    network : Network
    loss : str
        A name in `LOSSES`.
    theta : array (P,)
        Kept as a view: its present values count.
    rows : array (n, n_in + 1)
        Inputs, each ending in a one if the net has biases.
    targets : array (n, n_out)
    dataset : Dataset
        Says what the targets mean.
    """

    def __init__(
        self, network: Network, loss: str, theta: Array, rows: Array, targets: Array, dataset: Dataset
    ) -> None:
        n, unused = len(rows), np.empty_like(theta)
        size = max(1, min(n, _CHUNK // sum(network.sizes)))
        bounds = [*range(0, n, size), n]
        self._parts = [
            (Pass(network, loss, theta, unused, high - low), rows[low:high].T, targets[low:high].T.copy())
            for low, high in pairwise(bounds)
        ]
        self._targets, self._dataset = targets, dataset

    def __call__(self) -> tuple[float, float]:
        """Return loss and accuracy; NaN without samples, and no accuracy where the loss is no number."""
        if not self._parts:
            return float("nan"), float("nan")
        total = sum(run.loss(x, y) * run.batch for run, x, y in self._parts)
        outputs = np.concatenate([run.output.T for run, _, _ in self._parts])
        accuracy = _accuracy(outputs, self._targets, self._dataset) if np.isfinite(total) else float("nan")
        return total / len(self._targets), accuracy


def _accuracy(outputs: Array, targets: Array, dataset: Dataset) -> float:
    """Return the share of samples on the right side or with the right largest output; R² for regression."""
    if dataset.kind == "regression":
        spread = float(np.sum((targets - targets.mean(axis=0)) ** 2))
        return 1.0 - float(np.sum((outputs - targets) ** 2)) / spread if spread > 0 else float("nan")
    if dataset.kind == "classes":
        return float(np.mean(outputs.argmax(axis=1) == targets.argmax(axis=1)))
    middle = sum(dataset.target_range) / 2
    return float(np.mean((outputs > middle) == (targets > middle)))


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
