"""The server: sessions in trainer processes, and the front that talks to browsers.

``show`` opens the page on a run from a script or a notebook, ``widget`` one view of it that follows the notebook's own
loop, ``watch`` the laboratory on a training in PyTorch; ``log_events`` and ``show_events`` write and read TensorBoard's
event files: see `server.notebook`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .notebook.event_files import EventFileError as EventFileError
    from .notebook.event_log import EventLog as EventLog
    from .notebook.event_log import log_events as log_events
    from .notebook.event_run import ShownEvents as ShownEvents
    from .notebook.event_run import show_events as show_events
    from .notebook.show import Shown as Shown
    from .notebook.show import show as show
    from .notebook.watch import Watched as Watched
    from .notebook.watch import watch as watch
    from .notebook.widget import widget as widget

#: The modules of `server.notebook` in which they are.
_HOMES = {
    "EventFileError": "event_files",
    "EventLog": "event_log",
    "Shown": "show",
    "ShownEvents": "event_run",
    "Watched": "watch",
    "log_events": "event_log",
    "show": "show",
    "show_events": "event_run",
    "watch": "watch",
    "widget": "widget",
}
__all__ = [
    "EventFileError",
    "EventLog",
    "Shown",
    "ShownEvents",
    "Watched",
    "log_events",
    "show",
    "show_events",
    "watch",
    "widget",
]


def __getattr__(name: str) -> Any:
    """Return what is public, loaded when it is asked for: the command needs none of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".notebook.{_HOMES[name]}", __name__), name)
