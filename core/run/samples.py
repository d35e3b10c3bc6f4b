"""The samples of a run as its passes take them: rows that end in a one, targets as the loss wants them."""

from __future__ import annotations

import numpy as np

from ..config.config import RunConfig
from ..data.dataset import Dataset
from ..nets.activations import Array
from ..nets.arena import with_ones
from ..nets.losses import smooth


class Samples:
    """Training and test samples in the precision of a run.

    Parameters
    ----------
    config : RunConfig
        Says whether there are biases, and the precision.
    dataset : Dataset
        The samples as they were made.

    Attributes
    ----------
    dataset : Dataset
        The same.
    rows, test_rows : array (n, n_in + 1)
        Inputs, each ending in a one if the net has biases.
    """

    def __init__(self, config: RunConfig, dataset: Dataset) -> None:
        bias, self._dtype = config.network.bias, np.dtype(config.precision)
        self.dataset = dataset
        self.rows, self.test_rows = (with_ones(X, bias, self._dtype) for X in (dataset.X_train, dataset.X_test))
        self._smoothed: tuple[float, tuple[Array, Array]] | None = None

    def targets(self, smoothing: float) -> tuple[Array, Array]:
        """Return training and test targets (n, n_out) for a share of label smoothing."""
        if self._smoothed is None or self._smoothed[0] != smoothing:
            both = (self.dataset.y_train, self.dataset.y_test)
            train, test = (smooth(y, smoothing).astype(self._dtype) for y in both)
            self._smoothed = smoothing, (train, test)
        return self._smoothed[1]

    def training_set(self, smoothing: float) -> tuple[Array, Array]:
        """Return the training rows and their targets."""
        return self.rows, self.targets(smoothing)[0]
