"""Measured data that come with scikit-learn, read without importing it.

Importing ``sklearn.datasets`` takes over half a second, reading its files a few milliseconds; training must not stand
still for the difference. Should the files ever move, scikit-learn itself loads them.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Samples = tuple[Array, Array | Labels]

IRIS = ("sepal length", "sepal width", "petal length", "petal width")
WINE = (
    *("alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium", "total phenols", "flavanoids"),
    *("nonflavanoid phenols", "proanthocyanins", "color intensity", "hue", "OD280/OD315", "proline"),
)
BREAST_CANCER = tuple(
    f"{statistic} {quantity}" if statistic != "error" else f"{quantity} error"
    for statistic in ("mean", "error", "worst")
    for quantity in (
        *("radius", "texture", "perimeter", "area", "smoothness"),
        *("compactness", "concavity", "concave points", "symmetry", "fractal dimension"),
    )
)
DIABETES = ("age", "sex", "bmi", "blood pressure", "s1", "s2", "s3", "s4", "s5", "s6")


def _table(file_name: str, columns: int, *, delimiter: str | None = ",", skip: int = 0) -> Array | None:
    """The numbers (rows, columns) of a file in scikit-learn's package, or None if it is not as expected."""
    spec = find_spec("sklearn")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "datasets" / "data" / file_name
        try:
            content = path.read_bytes()
            text = gzip.decompress(content) if path.suffix == ".gz" else content
            table = np.loadtxt(text.decode().splitlines(), delimiter=delimiter, skiprows=skip, ndmin=2)
        except (OSError, EOFError, ValueError):
            return None
        return table if table.shape[1] == columns else None
    return None


def _loaded(name: str, **options: object) -> Array:
    """The same numbers through scikit-learn's own loader, the target in the last column."""
    bunch = getattr(import_module("sklearn.datasets"), f"load_{name}")(**options)
    return np.column_stack([bunch.data, bunch.target])


def _classes(name: str, file_name: str, columns: int, skip: int) -> Callable[[], Samples]:
    @cache
    def load() -> Samples:
        table = _table(file_name, columns + 1, skip=skip)
        if table is None:
            table = _loaded(name)
        return table[:, :-1], table[:, -1].astype(np.int64)

    return load


iris = _classes("iris", "iris.csv", len(IRIS), skip=1)
"""150 flowers of three kinds, lengths in cm (Fisher 1936)."""

wine = _classes("wine", "wine_data.csv", len(WINE), skip=1)
"""178 wines of three vineyards (Aeberhard & Forina 1991)."""

breast_cancer = _classes("breast_cancer", "breast_cancer.csv", len(BREAST_CANCER), skip=1)
"""569 tumours, malignant (0) or benign (1) (Wolberg, Mangasarian & Street 1995)."""

_digits = _classes("digits", "digits.csv.gz", 64, skip=0)


@cache
def digits() -> Samples:
    """1,797 handwritten digits, 8×8 pixels in sixteenths (0…1), and which digit each shows (Alpaydin & Kaynak 1998)."""
    X, labels = _digits()
    return X / 16.0, labels


@cache
def diabetes() -> Samples:
    """442 patients and how far their disease has advanced a year later, 25 to 346 (Efron et al. 2004)."""
    X = _table("diabetes_data_raw.csv.gz", len(DIABETES), delimiter=None)
    y = _table("diabetes_target.csv.gz", 1, delimiter=None)
    if X is None or y is None:
        table = _loaded("diabetes", scaled=False)
        return table[:, :-1], table[:, -1]
    return X, y[:, 0]
