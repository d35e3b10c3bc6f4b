"""The wire's single definition: binary messages out, their decoder for tests, texts out. Version 1.

A binary message is a little-endian ``u32`` header length, a JSON header padded with spaces to four bytes, and then the
arrays that ``header["arrays"]`` names as ``[name, dtype, shape]``, each padded to four bytes. NaN and infinity travel
inside arrays; in JSON, which has no word for them, they are null. Commands from clients are defined in `commands`.
"""

from __future__ import annotations

import enum
import json
import math
import struct
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

VERSION = 1

#: Up to here a frame's parameters, gradients and activations travel as float32, above as bfloat16.
MOST_FLOAT32 = 6000

Array = NDArray[Any]


class Close(enum.IntEnum):
    """Why a socket is ended. The first two are sent by what carries the sockets."""

    TOO_BIG = 1009
    RESTART = 1012
    FAILED = 1011
    SESSION_CLOSED = 4001
    TOO_SLOW = 4002
    NO_HELLO = 4003
    TOO_MANY = 4004
    REMOVED = 4005
    ELSEWHERE = 4006  # its reason is the address of the server that has the room

    @property
    def reason(self) -> str:
        """What a browser's tools and a log show beside the code."""
        return self.name.lower().replace("_", " ")


class DType(enum.StrEnum):
    """How an array's numbers travel."""

    FLOAT32 = "f4"
    BFLOAT16 = "bf2"
    INT32 = "i4"


def finite(number: float) -> float | None:
    """Return `number`, or None where JSON has no word for it."""
    return float(number) if math.isfinite(number) else None


def bfloat16(array: Array) -> NDArray[np.uint16]:
    """Round to bfloat16, nearest even: the upper half of a float32, with its range and 8 bits of precision.

    Returns the bit patterns as uint16, in the shape of `array`. NaN stays NaN.
    """
    bits = np.ascontiguousarray(array, np.float32).view(np.uint32)
    rounded = bits + (np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1)))
    upper = (rounded >> np.uint32(16)).astype(np.uint16)
    no_number = (bits & np.uint32(0x7FFFFFFF)) > np.uint32(0x7F800000)
    if no_number.any():
        upper[no_number] = 0x7FC0
    return upper


#: In which form an array is written; bfloat16 has none of NumPy's.
_FORMS = {DType.FLOAT32: np.dtype("<f4"), DType.INT32: np.dtype("<i4")}


class Arrays:
    """Arrays on their way into a message: the entries of the header, and the bytes."""

    def __init__(self) -> None:
        self.entries: list[list[Any]] = []
        self._chunks: list[bytes] = []

    def add(self, name: str, array: Array, dtype: DType = DType.FLOAT32) -> None:
        """Append `array`, padded to four bytes; what float32 cannot reach (3.4e38) becomes infinite."""
        self.entries.append([name, dtype, array.shape])
        with np.errstate(over="ignore"):
            raw = bfloat16(array).tobytes() if dtype is DType.BFLOAT16 else array.astype(_FORMS[dtype]).tobytes()
        self._chunks.append(raw if not len(raw) % 4 else raw + bytes(-len(raw) % 4))

    def tobytes(self) -> bytes:
        """All arrays in a row."""
        return b"".join(self._chunks)


def head(meta: Mapping[str, Any], *parts: Arrays) -> bytes:
    """Return length and header of a message that goes on with the bytes of `parts`, in this order."""
    entries = [entry for part in parts for entry in part.entries]
    text = _json({**meta, "arrays": entries}).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text


def encode(meta: Mapping[str, Any], arrays: Arrays) -> bytes:
    """Return a whole message."""
    return head(meta, arrays) + arrays.tobytes()


def mark_of(message: bytes) -> str | None:
    """Return the mark of a message that has one: a digest by which a page says that it has it already."""
    (length,) = struct.unpack_from("<I", message)
    mark: str | None = json.loads(message[4 : 4 + length]).get("mark")
    return mark


def decode(message: bytes) -> tuple[dict[str, Any], dict[str, Array]]:
    """Read a message as a client does: header and arrays, bfloat16 widened to float32.

    Raises
    ------
    ValueError
        If the message is cut short or names an unknown type.
    """
    (length,) = struct.unpack_from("<I", message)
    header = json.loads(message[4 : 4 + length])
    offset, arrays = 4 + length, {}
    for name, dtype, shape in header["arrays"]:
        count = math.prod(shape)
        if dtype == DType.BFLOAT16:
            upper = np.frombuffer(message, "<u2", count, offset)
            values = (upper.astype(np.uint32) << np.uint32(16)).view(np.float32)
            offset += 2 * count + 2 * (count % 2)
        elif dtype in (DType.FLOAT32, DType.INT32):
            values = np.frombuffer(message, "<" + dtype, count, offset)
            offset += 4 * count
        else:
            raise ValueError(f"array {name} has an unknown type {dtype}")
        arrays[name] = values.reshape(shape)
    return header, arrays


def text(kind: str, fields: Mapping[str, Any] | Iterable[tuple[str, Any]] = ()) -> str:
    """Return a text message of this kind."""
    return _json({"kind": kind, **dict(fields)})


_write = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode


def _json(fields: Mapping[str, Any]) -> str:
    """Return JSON in which a number that it has no word for, wherever it stands, is null."""
    try:
        return _write(fields)
    except (ValueError, TypeError):
        return _write(_finite(fields))


def _finite(value: Any) -> Any:
    """Return the value with None for every number in it that is infinite or NaN, and NumPy's as Python's."""
    if isinstance(value, float | np.floating):
        return finite(float(value))
    if isinstance(value, np.ndarray | np.generic):
        return _finite(value.tolist())
    if isinstance(value, Mapping):
        return {key: _finite(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(held) for held in value]
    return value


def accept(number: int | None, step: int | None = None, **fields: Any) -> str:
    """Return the reply to a command that was obeyed, with the step at which it took effect."""
    base: dict[str, Any] = {"id": number, "ok": True}
    if step is not None:
        base["step"] = step
    return text("reply", {**base, **fields})


def refuse(number: int | None, code: str, message: str, params: Mapping[str, Any] | None = None) -> str:
    """Return the reply to a command that changed nothing, and why."""
    return text("reply", {"id": number, "ok": False, "code": code, "message": message, "params": dict(params or {})})
