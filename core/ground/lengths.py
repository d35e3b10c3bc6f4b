"""Lengths of vectors whose squares are no numbers any more, or none yet."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

#: Squares between these bounds have kept their digits, by the character of a type.
_SAFE = {
    kind.dtype.char: (float(kind.tiny) / float(kind.eps), float(kind.max))
    for kind in (np.finfo(np.float32), np.finfo(np.float64))
}


def length(values: NDArray[np.floating]) -> float:
    """Return the Euclidean norm √Σv² of an array of any shape, of float64 or float32.

    It keeps 14 digits for every length in float64's range, also where squares overflow (above 1e154) or lose theirs
    (below 1e-146), and in float32; infinite or NaN only if an entry is.
    """
    with np.errstate(over="ignore"):
        return quick_length(values)


def quick_length(values: NDArray[np.floating]) -> float:
    """Return what `length` does, for many arrays in a row: whoever calls it has NumPy say nothing of overflows."""
    flat = values.reshape(-1)
    square = float(flat.dot(flat))
    low, high = _SAFE[flat.dtype.char]
    if low < square < high:
        return math.sqrt(square)
    largest = float(np.abs(flat).max(initial=0.0))
    if not 0.0 < largest < math.inf:
        return largest
    scaled = flat.astype(np.float64) / largest
    return largest * math.sqrt(float(scaled.dot(scaled)))
