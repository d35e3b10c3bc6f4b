"""What the numbers of a run say: losses and accuracies, norms, and whether the gradient is right."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

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


def check_gradient(network: Network, theta: Array, X: ArrayLike, y: ArrayLike, loss: str = "mse") -> float:
    """Return the largest relative error of the gradient against central differences.

    Central differences are taken at steps h and h/2 and refined by Richardson's method, (4·D(h/2) − D(h)) / 3. The
    error of a parameter is divided by max(|analytic|, |numeric|, ε·|C|/h): below the last, rounding of C hides the
    difference.

    Parameters
    ----------
    network : Network
        The shape.
    theta : array (P,)
        Where the gradient is checked.
    X : array (n, n_in)
        Samples.
    y : array (n, n_out)
        Their targets.
    loss : str
        A name in `LOSSES`.
    """
    theta = np.array(theta, np.float64)
    result = network.backpropagate(theta, X, y, loss)

    def difference(index: int, h: float) -> float:
        kept = theta[index]
        theta[index] = kept + h
        above = network.backpropagate(theta, X, y, loss).loss
        theta[index] = kept - h
        below = network.backpropagate(theta, X, y, loss).loss
        theta[index] = kept
        return (above - below) / (2 * h)

    worst = 0.0
    for index, analytic in enumerate(result.gradient):
        h = 1e-3 * max(1.0, abs(theta[index]))
        numeric = (4 * difference(index, h / 2) - difference(index, h)) / 3
        scale = max(abs(analytic), abs(numeric), np.finfo(float).eps * abs(result.loss) / h)
        worst = max(worst, abs(analytic - numeric) / scale)
    return float(worst)
