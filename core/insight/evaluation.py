"""Losses, accuracies and gradients over full sets of samples."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..data.dataset import Dataset
from ..nets.activations import Array
from ..nets.losses import Loss
from ..nets.network import Network
from ..nets.normalization import NetStatistics
from ..nets.passes import Pass

#: How many numbers a pass over a data set holds per buffer; larger sets are taken in parts.
_CHUNK = 2**18


#: Outputs that differ by no more, or lie no farther from the middle, are a tie: less than single precision tells apart.
TIE = 1e-6


def classes_of(values: Array, target_range: tuple[float, float]) -> NDArray[np.int64]:
    """Return the class (n,) that outputs or targets (n, n_out) stand for.

    That of the largest output, or 1 where the only output lies above the middle of its targets, else 0. A tie (see
    `TIE`) goes to the class with the lower number, so that no rounding decides it: a = 0.5 is class 0. The page judges
    and paints by the same rule. No number is no class: −1.

    Parameters
    ----------
    values : array (n, n_out)
        One row for each sample.
    target_range : tuple of float
        The numbers for no and yes.
    """
    if values.shape[1] == 1:
        found = (values[:, 0] - sum(target_range) / 2 > TIE).astype(np.int64)
    else:
        found = (values >= values.max(axis=1, keepdims=True) - TIE).argmax(axis=1)
    found[np.isnan(values).any(axis=1)] = -1
    return found


class Metrics(NamedTuple):
    """Over full sets, training and test: `loss` and `test_loss`, `accuracy` and `test_accuracy`; NaN for none.

    Accuracy is the share of samples classified right, 0 to 1; for regression R², at most 1.
    """

    loss: float
    test_loss: float
    accuracy: float
    test_accuracy: float


class Evaluator:
    """Loss and accuracy over a set of samples at the present parameters.

    Nothing drops out. Batch normalization takes the statistics of the whole set, or given ones: so the loss is a
    function of the parameters alone.

    Parameters
    ----------
    network : Network
        The shape.
    loss : Loss
        That fits its output.
    theta : array (P,)
        Kept as a view: its present values count.
    rows : array (n, n_in + 1)
        Inputs, each ending in a one if the net has biases.
    targets : array (n, n_out)
        As the loss takes them.
    dataset : Dataset
        Says what the targets mean.
    statistics : tuple, optional
        For batch normalization; kept as views.
    """

    def __init__(
        self,
        network: Network,
        loss: Loss,
        theta: Array,
        rows: Array,
        targets: Array,
        dataset: Dataset,
        statistics: NetStatistics | None = None,
    ) -> None:
        n, self._gradient = len(rows), np.zeros_like(theta)
        whole = statistics is None and "batch" in network.normalization
        size = n if whole else max(1, min(n, _CHUNK // sum(network.sizes)))
        bounds = [*range(0, n, max(size, 1)), n]
        self._parts = [
            (
                Pass(network, loss, theta, self._gradient, high - low, statistics=statistics),
                rows[low:high].T,
                np.ascontiguousarray(targets[low:high].T),
            )
            for low, high in pairwise(bounds)
        ]
        self._targets, self._dataset = targets, dataset
        self.statistics = self._parts[0][0].statistics if self._parts else ()

    @property
    def passes(self) -> list[Pass]:
        """The passes that hold what the net made of the samples when it was called last."""
        return [run for run, _, _ in self._parts]

    def spread(self) -> float:
        """Return how much answers differ from sample to sample, as of the last call, as a share of how targets do.

        Of several outputs that of the one that differs most; infinite where the targets are all the same.
        """
        outputs = np.concatenate([run.output.T for run, _, _ in self._parts])
        with np.errstate(all="ignore"):
            shares = outputs.std(axis=0) / self._targets.std(axis=0)
        return float(np.max(np.where(np.isnan(shares), np.inf, shares)))

    def inputs_of(self, layer: int, i: int) -> Array:
        """Return what the activation of neuron i of layer 1, 2, … was taken of (n,), when it was called last."""
        parts: Array = np.concatenate([run.inputs[layer - 1][i] for run, _, _ in self._parts])
        return parts

    def __call__(self) -> tuple[float, float]:
        """Return loss and accuracy; NaN without samples, and no accuracy where the loss is no number."""
        if not self._parts:
            return float("nan"), float("nan")
        total = sum(run.loss(x, y) * run.batch for run, x, y in self._parts)
        outputs = np.concatenate([run.output.T for run, _, _ in self._parts])
        accuracy = _accuracy(outputs, self._targets, self._dataset) if np.isfinite(total) else float("nan")
        return total / len(self._targets), accuracy

    def gradient(self) -> Array:
        """Return the gradient (P,) of the loss."""
        total = np.zeros_like(self._gradient)
        for run, x, y in self._parts:
            with np.errstate(over="ignore"):  # a slope of 0 is 1 over it
                run(x, y)
            total += run.batch / len(self._targets) * self._gradient
        return total

    def outputs(self) -> Array:
        """Return the outputs (n, n_out)."""
        return np.concatenate([run.predict(x).T for run, x, _ in self._parts])


def _accuracy(outputs: Array, targets: Array, dataset: Dataset) -> float:
    """Return the share of samples on the right side or with the right largest output; R² for regression; else NaN."""
    if dataset.kind == "landscape":
        return float("nan")
    if dataset.kind == "regression":
        spread = float(np.sum((targets - targets.mean(axis=0)) ** 2))
        return 1.0 - float(np.sum((outputs - targets) ** 2)) / spread if spread > 0 else float("nan")
    said, right = (classes_of(values, dataset.target_range) for values in (outputs, targets))
    return int(np.count_nonzero(said == right)) / len(right)
