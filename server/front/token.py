"""The host token: whoever has it may have sessions of his own. It lies beside the runs, so that a link stays good."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

#: The file of the token.
TOKEN_FILE = "host-token"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}")


def kept_token(folder: Path | None) -> str:
    """Return the token that lies in a folder; a new one, which is put there for the next start, if there is none.

    Raises
    ------
    ValueError
        If the file holds something else.
    """
    fresh = secrets.token_urlsafe(16)
    if folder is None:
        return fresh
    path = folder / TOKEN_FILE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(fresh + "\n")
    except FileExistsError:
        token = path.read_bytes().decode("ascii", "replace").strip()
        if _TOKEN.fullmatch(token) is None:
            words = "must hold 16 to 128 letters, digits, - and _; delete it for a new one"
            raise ValueError(f"{path} {words}") from None
        return token
    except OSError:  # nothing can be kept there: the page is told of that, too
        pass
    return fresh
