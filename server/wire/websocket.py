"""Frames of WebSockets (RFC 6455, section 5.2), as far as the server writes and reads them itself.

What goes to hundreds is written down once for all of them, and the shortest of what comes is read without a parser that
is ready for everything.
"""

from __future__ import annotations

import struct
from functools import cached_property

TEXT, BINARY = 1, 2
_LAST, _MASKED = 0x80, 0x80

#: Bytes of a text whose length stands in two bytes of head and four of mask, as all clients send short ones.
_SHORT = 125
_HEAD = 6


def framed(message: str | bytes) -> bytes:
    """Return a whole message as a server sends it: one frame, without a mask."""
    opcode, raw = (TEXT, message.encode()) if isinstance(message, str) else (BINARY, message)
    size = len(raw)
    if size <= _SHORT:
        head = struct.pack("!BB", _LAST | opcode, size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", _LAST | opcode, 126, size)
    else:
        head = struct.pack("!BBQ", _LAST | opcode, 127, size)
    return head + raw


class Shared(bytes):
    """A binary message for many, whose frame is made once, when the first of them needs it."""

    @cached_property
    def framed(self) -> bytes:
        """Its frame."""
        return framed(self)


def short_text(data: bytes) -> bytes | None:
    """Return the words of what came, if that is one short text from a client and nothing else."""
    size = len(data) - _HEAD
    if not 0 < size <= _SHORT or data[0] != _LAST | TEXT or data[1] != _MASKED | size:
        return None
    mask = (data[2:_HEAD] * (size // 4 + 1))[:size]
    return (int.from_bytes(data[_HEAD:], "big") ^ int.from_bytes(mask, "big")).to_bytes(size, "big")


class Course:
    """Where in a client's messages the bytes that have come so far end, however they were cut on their way."""

    def __init__(self) -> None:
        self._head = b""  # of a frame, not whole
        self._missing = 0  # bytes of a frame whose head has come
        self._parted = False  # there are more frames to come of a message

    @property
    def between(self) -> bool:
        """Whether they end where a message does."""
        return not (self._head or self._missing or self._parted)

    def go(self, data: bytes) -> None:
        """More has come."""
        data, at = self._head + data, self._missing  # a head that is not whole has nothing missing behind it
        self._head = b""
        while at < len(data):
            size = _length(data, at)
            if size is None:
                self._head, self._missing = data[at:], 0
                return
            if data[at] & 0x0F <= BINARY:  # others stand between the frames of a message
                self._parted = not data[at] & _LAST
            at += size
        self._missing = at - len(data)


def _length(data: bytes, at: int) -> int | None:
    """Return how many bytes the frame has that begins at `at`; None where that does not stand in them yet."""
    if len(data) < at + 2:
        return None
    size, head = data[at + 1] & 0x7F, 2 + (4 if data[at + 1] & _MASKED else 0)
    if size <= _SHORT:
        return head + size
    form = "!H" if size == 126 else "!Q"
    width = struct.calcsize(form)
    return None if len(data) < at + 2 + width else head + width + int(struct.unpack_from(form, data, at + 2)[0])
