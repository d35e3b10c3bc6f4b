"""Arrays as Python source: few numbers as they are read, many as compressed bytes."""

from __future__ import annotations

from base64 import b64encode
from textwrap import wrap
from zlib import compress

import numpy as np
from numpy.typing import NDArray

#: So many numbers are still written as numbers.
WRITTEN = 600
_WIDTH = 110


def literal(array: NDArray[np.floating]) -> str:
    """Return an expression that makes an array, to the last bit.

    Up to `WRITTEN` numbers stand there as decimal numbers, to which `np` has to be imported; more as a call of
    ``unpacked``, which `UNPACKED` defines.
    """
    values = np.asarray(array)
    shape = f".reshape{values.shape}" if values.ndim > 1 else ""
    if values.size <= WRITTEN:
        numbers = ", ".join(map(number, values.ravel().tolist()))
        if len(numbers) <= _WIDTH:
            return f"np.array([{numbers}]){shape}"
        return f"np.array([\n{_lines(numbers)}\n]){shape}"
    packed = b64encode(compress(np.ascontiguousarray(values, np.float64).tobytes(), 9)).decode()
    lines = "\n".join(f'    "{part}"' for part in wrap(packed, _WIDTH))
    return f"unpacked({values.shape}, (\n{lines}\n))"


def _lines(numbers: str) -> str:
    return "\n".join(f"    {line}" for line in wrap(numbers, _WIDTH, break_on_hyphens=False, break_long_words=False))


def number(value: float) -> str:
    """Return a number as the shortest source that reads as the same bits."""
    if not np.isfinite(value):
        return f'float("{value}")'
    whole = float(value).is_integer() and abs(value) < 1e15 and str(value) != "-0.0"
    return str(int(value)) if whole else repr(float(value))


#: What reads back the longer arrays.
UNPACKED = '''
def unpacked(shape, text):
    """Return the array of float64 numbers that was packed into text."""
    return np.frombuffer(zlib.decompress(base64.b64decode(text))).reshape(shape).copy()
'''.strip()
