"""The server: sessions in trainer processes, and the front that talks to browsers.

``show`` opens the page on a run from a script or a notebook: see `server.notebook.show`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .notebook.show import Shown as Shown
    from .notebook.show import show as show

__all__ = ["Shown", "show"]


def __getattr__(name: str) -> Any:
    """Return `show` and what it returns, loaded when they are asked for: the command needs neither."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .notebook import show as module

    return getattr(module, name)
