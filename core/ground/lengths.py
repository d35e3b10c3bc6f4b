"""Lengths of vectors whose squares are no numbers any more, or none yet."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def length(values: NDArray[np.floating]) -> float:
    """Return the Euclidean norm √Σv² of an array of any shape.

    It keeps 14 digits for every length in float64's range, also where squares overflow (above 1e154) or lose theirs
    (below 1e-146), and in float32; infinite or NaN only if an entry is.
    """
    flat = values.reshape(-1)
    with np.errstate(over="ignore"):
        square = float(flat.dot(flat))
    kind = np.finfo(flat.dtype)
    if float(kind.tiny) / float(kind.eps) < square < float(kind.max):
        return math.sqrt(square)
    largest = float(np.abs(flat).max(initial=0.0))
    if not 0.0 < largest < math.inf:
        return largest
    scaled = flat.astype(np.float64) / largest
    return largest * math.sqrt(float(scaled.dot(scaled)))
