"""Plain data with arrays as bytes, and back: versioned, checked, and with nothing in it that could be carried out.

A header in JSON, in which arrays are named by their number, and behind it the arrays one after the other. A checksum
over all of it tells what was cut short or has changed on its way.
"""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC, VERSION = b"BSCP", 1
_PREFIX = struct.Struct("<4sHxxIQI")  # magic, version, checksum of the rest, its length, length of the header
#: What an array may be made of.
_TYPES = ("<f8", "<f4", "<i8", "|b1", "<i4", "|u1")
_ARRAY = "$array"


class Damaged(ValueError):
    """Bytes that are not what was packed, or of a version that is not known here."""


def pack(values: Any) -> bytes:
    """Return plain data as bytes: numbers, words, lists, mappings with words as keys, and arrays of numbers."""
    arrays: list[NDArray[Any]] = []
    header = json.dumps(_without_arrays(values, arrays)).encode()
    forms = json.dumps([[array.dtype.str, list(array.shape)] for array in arrays]).encode()
    head = struct.pack("<I", len(forms)) + forms + header
    rest = b"".join((head, *(array.tobytes() for array in arrays)))
    return _PREFIX.pack(_MAGIC, VERSION, zlib.crc32(rest), len(rest), len(head)) + rest


def unpack(raw: bytes) -> Any:
    """Return what was packed.

    Raises
    ------
    Damaged
        If it is not whole, or of another version.
    """
    if len(raw) < _PREFIX.size:
        raise Damaged("it is cut short")
    magic, version, checksum, length, head = _PREFIX.unpack_from(raw)
    rest = memoryview(raw)[_PREFIX.size :]
    if magic != _MAGIC:
        raise Damaged("it does not begin as it should")
    if version != VERSION:
        raise Damaged(f"it is of version {version}, and version {VERSION} is known here")
    if length != len(rest) or zlib.crc32(rest) != checksum:
        raise Damaged("its checksum does not fit")
    try:
        (split,) = struct.unpack_from("<I", rest)
        forms, values = json.loads(bytes(rest[4 : 4 + split])), json.loads(bytes(rest[4 + split : head]))
        arrays, at = [], head
        for kind, shape in forms:
            if kind not in _TYPES:
                raise Damaged(f"an array of {kind}")
            count = int(np.prod(shape, dtype=np.int64))
            arrays.append(np.frombuffer(rest, kind, count, at).reshape(shape).copy())
            at += arrays[-1].nbytes
        return _with_arrays(values, arrays)
    except (ValueError, TypeError, KeyError, IndexError, struct.error) as error:
        raise Damaged(str(error)) from error


def _without_arrays(values: Any, arrays: list[NDArray[Any]]) -> Any:
    if isinstance(values, np.ndarray):
        arrays.append(np.ascontiguousarray(values))
        return {_ARRAY: len(arrays) - 1}
    if isinstance(values, dict):
        return {name: _without_arrays(value, arrays) for name, value in values.items()}
    if isinstance(values, list | tuple):
        return [_without_arrays(value, arrays) for value in values]
    return values.item() if isinstance(values, np.generic) else values


def _with_arrays(values: Any, arrays: list[NDArray[Any]]) -> Any:
    if isinstance(values, dict):
        if values.keys() == {_ARRAY}:
            return arrays[values[_ARRAY]]
        return {name: _with_arrays(value, arrays) for name, value in values.items()}
    return [_with_arrays(value, arrays) for value in values] if isinstance(values, list) else values
