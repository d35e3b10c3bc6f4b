"""Messages between the front and a trainer process: pickled, with their length in front, through a pair of sockets."""

from __future__ import annotations

import pickle
import select
import socket
import struct
from collections.abc import Iterator
from typing import Any

from .messages import ToFront, ToHost

_PREFIX = struct.Struct("<I")
_CHUNK = 1 << 18


class Hangup(Exception):
    """The other end is gone."""


class Pipe:
    """A trainer's end: blocks only where asked to.

    Parameters
    ----------
    ours : socket
    """

    def __init__(self, ours: socket.socket) -> None:
        self._socket = ours
        self._buffer = bytearray()

    def send(self, message: ToFront) -> None:
        """Send a message; waits while the front is behind.

        Raises
        ------
        Hangup
            If the front is gone.
        """
        try:
            self._socket.sendall(packed(message))
        except OSError as error:
            raise Hangup from error

    def receive(self, timeout: float | None) -> Iterator[ToHost]:
        """Return the messages that came, after waiting up to `timeout` seconds for the first (None: for ever).

        Raises
        ------
        Hangup
            If the front is gone.
        """
        ready, _, _ = select.select([self._socket], [], [], timeout)
        if not ready:
            return iter(())
        try:
            data = self._socket.recv(_CHUNK)
        except OSError as error:
            raise Hangup from error
        if not data:
            raise Hangup
        self._buffer += data
        return unpacked(self._buffer)


def packed(message: ToHost | ToFront) -> bytes:
    """Return a message with its length in front."""
    raw = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return _PREFIX.pack(len(raw)) + raw


def unpacked(buffer: bytearray) -> Iterator[Any]:
    """Yield every complete message at the beginning of `buffer`, and remove it."""
    while len(buffer) >= _PREFIX.size:
        (length,) = _PREFIX.unpack_from(buffer)
        end = _PREFIX.size + length
        if len(buffer) < end:
            return
        message = pickle.loads(bytes(buffer[_PREFIX.size : end]))
        del buffer[:end]
        yield message
