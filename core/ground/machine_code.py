"""Loops over numbers that numba turns into machine code where it is installed (``pip install "backscope[fast]"``).

Modules whose functions are marked so are loaded when machine code is first wanted, for numba takes a second to load.
Without numba they are the plain Python functions that they are written as: slow, and the same arithmetic.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


def installed() -> bool:
    """Return whether there is something to make machine code with."""
    return find_spec("numba") is not None


@lru_cache(maxsize=1)
def _cache() -> str:
    """Return the folder for what these sources become: a change of any of them is another one.

    numba itself looks at the file of a function alone, and not at what that calls.
    """
    sources = [Path(__file__), *sorted(Path(__file__).parents[1].glob("*/compiled*.py"))]
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    return str(Path(import_module("platformdirs").user_cache_dir("backscope")) / "machine_code" / digest[:16])


def machine_code(
    signature: str | None = None, *, sums: bool = False, inline: bool = False, arrays: bool = False
) -> Callable[[Function], Function]:
    """Mark a function to be compiled: when it is first called, or at once for a signature.

    Parameters
    ----------
    signature : str, optional
        Types as numba writes them. What is made for one is kept in the user's cache.
    sums : bool
        Whether sums may be taken in any order. Products and sums may always be fused; NaN and infinity keep their
        meaning.
    inline : bool
        Whether it becomes a part of what calls it: an array is handed over as seven numbers, which a short loop feels.
    arrays : bool
        Whether it makes arrays of its own, which are known to lie apart from all others. If not, nobody needs to count
        who holds an array, which a short loop feels too.
    """
    if not installed():
        return lambda function: function
    numba: Any = import_module("numba")
    numba.config.SLP_VECTORIZE = 1  # lines that do the same side by side become one
    freedom = {"contract", "reassoc"} if sums else {"contract"}
    options: dict[str, Any] = {"cache": True, "nogil": True, "fastmath": freedom, "error_model": "numpy"}
    options |= {"forceinline": inline, "_nrt": arrays}

    def compiled(function: Function) -> Function:
        before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, _cache()
        try:
            made: Function = numba.njit(*([signature] if signature else []), **options)(function)
        finally:
            numba.config.CACHE_DIR = before
        return made

    return compiled


class Making:
    """A loop that becomes machine code, which its module does when it is loaded, once it is wanted.

    Parameters
    ----------
    module, name : str
        Where it is, and what it is called there.
    """

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name
        self._lock, self._begun, self._there = threading.Lock(), threading.Event(), threading.Event()

    def __call__(self) -> Callable[..., Any]:
        """Return the loop; whoever is first waits until it is made."""
        with self._lock:
            loop: Callable[..., Any] = getattr(import_module(self._module), self._name)
            self._there.set()
            return loop

    @property
    def there(self) -> bool:
        """Whether it is there."""
        return self._there.is_set()

    def ready(self) -> bool:
        """Return whether it is there; if not, begin to make it in the background, so that nobody waits."""
        if not self._begun.is_set():  # whether numba is installed is asked once: who asks this, asks it often
            self._begun.set()
            if installed():
                threading.Thread(target=self._make, daemon=True).start()
        return self.there

    def _make(self) -> None:
        """Have another process fill the cache, for to compile keeps one busy for half a minute; then read it."""
        with suppress(OSError):
            command = [sys.executable, "-c", f"import {self._module}"]
            subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True)
        self()
