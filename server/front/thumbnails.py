"""A glance at each data set: a few of its points, a table or a picture, for the page's buttons."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.config.config import DataConfig
from ...core.data.dataset import Dataset
from ...core.data.datasets import find_record, make_dataset

_POINTS = 80
_TABLE_ROWS = 8
_SEED = 1


def thumbnail(name: str) -> dict[str, Any]:
    """Return what a thumbnail of the data set at its defaults shows.

    Parameters
    ----------
    name : str
        A name in `DATASETS`, or of an upload.

    Returns
    -------
    dict
        One of ``preview_image`` (grey levels 0 to 1 of one sample), ``table`` (rows of inputs and targets) and
        ``preview`` (rows of x₁, x₂ and the target or the class's index; of tables with more inputs, the first two).
    """
    record = find_record(name)
    config = DataConfig(name, samples=max(10, record.samples) if not record.fixed else 400, noise=record.noise / 2)
    data = make_dataset(config, _SEED)
    if data.image:
        return {"preview_image": [round(float(level), 2) for level in data.X_train[_telling(data)]]}
    if not record.split and len(data.X_train) <= _TABLE_ROWS:
        return {"table": np.round(np.column_stack([data.X_train, data.y_train]), 2).tolist()}
    rows, target = np.linspace(0, len(data.X_train) - 1, min(_POINTS, len(data.X_train))).astype(int), _target(data)
    if data.kind != "regression":
        rows = np.union1d(rows, np.unique(target, return_index=True)[1])  # of many classes one each
    places = record.sketch(data.X_train[rows]) if record.sketch else data.X_train[rows, :2]
    points = np.column_stack([places, target[rows]])
    return {"preview": np.round(points, 2).tolist()}


def _target(data: Dataset) -> Any:
    return data.y_train.argmax(axis=1) if data.outputs > 1 else data.y_train[:, 0]


def _telling(data: Dataset) -> int:
    """Return a sample that reads well when small: the first of the fourth class."""
    return int(np.flatnonzero(_target(data) == min(3, data.outputs - 1))[0])
