"""The server: sessions in trainer processes, and the front that talks to browsers.

``show`` opens the page on a run from a script or a notebook, ``widget`` one view of it that follows the notebook's own
loop, ``watch`` the laboratory on a training in PyTorch: see `server.notebook`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .notebook.show import Shown as Shown
    from .notebook.show import show as show
    from .notebook.watch import Watched as Watched
    from .notebook.watch import watch as watch
    from .notebook.widget import widget as widget

__all__ = ["Shown", "Watched", "show", "watch", "widget"]

#: The modules of `server.notebook` in which they are.
_HOMES = {"Shown": "show", "Watched": "watch", "show": "show", "watch": "watch", "widget": "widget"}


def __getattr__(name: str) -> Any:
    """Return what is public, loaded when it is asked for: the command needs none of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".notebook.{_HOMES[name]}", __name__), name)
