"""Blocks of messages, as small views are sent them, taken apart."""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any

from backscope.server.wire.protocol import decode


def opened(block: bytes) -> tuple[dict[str, Any], dict[str, tuple[dict[str, Any], dict[str, Any]]]]:
    """Return the texts and the binary messages of a block, both by their kinds."""
    plain = zlib.decompress(block, -15)
    (length,) = struct.unpack_from("<I", plain)
    header = json.loads(plain[4 : 4 + length])
    body = plain[4 + length :]
    messages = [decode(body[at : at + size]) for at, size in header["binaries"]]
    assert all(at % 4 == 0 for at, _ in header["binaries"])
    return {text["kind"]: text for text in header["texts"]}, {message[0]["kind"]: message for message in messages}


def step_of(shown: Any) -> int:
    """Return the step at which a small view shows its run."""
    return int(opened(shown.numbers)[1]["frame"][0]["step"])
