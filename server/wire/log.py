"""What the server has to say to whoever runs it: one line a fact, and never a secret, a token, a code or an address.

As ``text`` it says only what is wrong, to whoever started it. As ``json`` it says each fact as an object in a line of
its own, for programs. Whatever process says it, it goes to the standard error.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
import traceback
from collections import Counter
from typing import Any

FORMATS = ("text", "json")
#: Processes that this one starts find here how it speaks.
VARIABLE = "BACKSCOPE_LOG_FORMAT"

#: How often each thing went wrong in this process, by its event.
WRONG: Counter[str] = Counter()


def use(form: str) -> None:
    """Speak in one of `FORMATS` from now on, and in all processes that are started from now on."""
    os.environ[VARIABLE] = form


def note(event: str, **fields: Any) -> None:
    """Say what has happened; a text for people leaves that out."""
    if _as_json():
        _say(event, "info", fields)


def warn(event: str, words: str, **fields: Any) -> None:
    """Say what is wrong, although the service goes on."""
    WRONG[event] += 1
    if _as_json():
        _say(event, "warning", {"message": words, **fields})
    else:
        print(f"backscope: {words}", file=sys.stderr)


def fault(event: str, **fields: Any) -> None:
    """Say which error of ours is being handled, and where it comes from."""
    WRONG[event] += 1
    if _as_json():
        _say(event, "error", {"trace": traceback.format_exc(), **fields})
    else:
        traceback.print_exc(file=sys.stderr)


def alias(name: str) -> str:
    """Return what stands for the name of a session: with the name itself somebody could look for it."""
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def _as_json() -> bool:
    return os.environ.get(VARIABLE) == "json"


def _say(event: str, level: str, fields: dict[str, Any]) -> None:
    now = time.time()
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}Z"
    line = json.dumps({"time": moment, "level": level, "event": event, **fields}, default=str)
    sys.stderr.write(line + "\n")  # in one piece: other processes write here, too
    sys.stderr.flush()
