"""Measured data that come with scikit-learn, read without importing it.

Importing ``sklearn.datasets`` takes over half a second, reading its files a few milliseconds; training must not stand
still for the difference. Should the files ever move, scikit-learn itself loads them.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]


def _table(file_name: str, columns: int) -> Array | None:
    """The numbers (rows, columns) of a comma-separated file in scikit-learn's package, or None if it is not there."""
    spec = find_spec("sklearn")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "datasets" / "data" / file_name
        try:
            content = path.read_bytes()
            text = gzip.decompress(content) if path.suffix == ".gz" else content
            table = np.loadtxt(text.decode().splitlines(), delimiter=",", ndmin=2)
        except (OSError, EOFError, ValueError):
            return None
        return table if table.shape[1] == columns else None
    return None


@cache
def digits() -> tuple[Array, Labels]:
    """1,797 handwritten digits, 8×8 pixels in sixteenths (0…1), and which digit each shows (Alpaydin & Kaynak 1998)."""
    table = _table("digits.csv.gz", 65)
    if table is None:
        bunch = import_module("sklearn.datasets").load_digits()
        table = np.column_stack([bunch.data, bunch.target])
    return table[:, :-1] / 16.0, table[:, -1].astype(np.int64)
