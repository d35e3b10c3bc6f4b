"""The samples of a run as its passes take them: rows that end in a one, targets as the loss wants them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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
        Says whether there are biases, and the precision, and what the samples were made of.
    dataset : Dataset
        The samples as they were made.

    Attributes
    ----------
    data : DataConfig
        What the samples were made of.
    dataset : Dataset
        The same.
    rows, test_rows : array (n, n_in + 1)
        Inputs, each ending in a one if the net has biases.
    """

    def __init__(self, config: RunConfig, dataset: Dataset) -> None:
        bias, self._dtype = config.network.bias, np.dtype(config.precision)
        self.data, self.dataset = config.data, dataset
        self.rows, self.test_rows = (with_ones(X, bias, self._dtype) for X in (dataset.X_train, dataset.X_test))
        self._smoothed: tuple[float, tuple[Array, Array]] | None = None

    def targets(self, smoothing: float) -> tuple[Array, Array]:
        """Return training and test targets (n, n_out) for a share of label smoothing."""
        if self._smoothed is None or self._smoothed[0] != smoothing:
            both = (self.dataset.y_train, self.dataset.y_test)
            train, test = (smooth(y, smoothing).astype(self._dtype) for y in both)
            self._smoothed = smoothing, (train, test)
        return self._smoothed[1]

    def rows_now(self, rows: NDArray[np.int64], before: Samples) -> NDArray[np.int64]:
        """Return where training samples stand that stood at `rows` (n,) before, −1 for those that are gone."""
        now = {key: row for row, key in enumerate(_keys(self.dataset))}
        known = _keys(before.dataset)
        return np.array([-1 if row < 0 else now.get(known[row], -1) for row in rows.tolist()], np.int64)

    def training_set(self, smoothing: float) -> tuple[Array, Array]:
        """Return the training rows and their targets."""
        return self.rows, self.targets(smoothing)[0]


def _keys(data: Dataset) -> list[object]:
    """Return what tells each training sample from the others: its place, and of those a hand has painted the point."""
    points = data.X_train if data.points_train is None else data.points_train
    places = data.places[: len(points)].tolist()
    return [place if place >= 0 else point.tobytes() for place, point in zip(places, points, strict=True)]
