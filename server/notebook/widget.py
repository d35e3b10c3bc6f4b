"""One view of a run in a notebook, small, which follows as the notebook's own loop trains: with the extra `widget`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from ...core.run.trainer import Trainer
from .small_numbers import VIEWS

if TYPE_CHECKING:
    from .small_view import SmallView

#: Heights in CSS pixels, and between what they must lie.
_HEIGHTS = {"network": 380, "gradients": 260, "loss": 260, "surface": 380}
_LEAST_HEIGHT, _MOST_HEIGHT = 120, 2000

#: Those that are there, by the number of their trainer, which they keep alive, and view: a cell that is executed again
#: has its own.
_known: WeakValueDictionary[tuple[int, str], SmallView] = WeakValueDictionary()


def widget(trainer: Trainer, view: str = "network", *, height: int | None = None) -> SmallView:
    """Show one view of a run in a notebook; it follows while the notebook's own code trains.

    Needs `anywidget`: ``pip install "backscope[widget]"``. The notebook keeps the last picture with its widgets' state.

    Parameters
    ----------
    trainer : Trainer
        Whose ``step``, ``run``, ``seek`` and ``edit`` it follows, at most ten times a second and a tenth of the time.
    view : {"network", "gradients", "loss", "surface"}
        The network with what its neurons answer; norms of δ and ∂W in each layer; the loss against the steps; the loss
        on a plane through the parameters, with the path of the descent.
    height : int, optional
        In CSS pixels, in [120, 2000]; left out, what suits the view. It is as wide as its place.

    Returns
    -------
    SmallView
        A widget of Jupyter, as the last line of a cell or within others; `update` shows how the run stands now. The
        same trainer and view give the same widget again.

    Raises
    ------
    ImportError
        If `anywidget` is not installed.
    TypeError
        If it is no trainer.
    ValueError
        If there is no such view, none of that run, or the height is out of its range.
    """
    if not isinstance(trainer, Trainer):
        raise TypeError(f"trainer must be a backscope.core.Trainer, got {type(trainer).__name__}")
    if view not in VIEWS:
        raise ValueError(f"view must be one of {', '.join(VIEWS)}, got {view!r}")
    if view == "network" and trainer.config.on_landscape:
        raise ValueError("a landscape has no network: its view must be gradients, loss or surface")
    tall = _HEIGHTS[view] if height is None else height
    if not _LEAST_HEIGHT <= tall <= _MOST_HEIGHT:
        raise ValueError(f"height must lie in [{_LEAST_HEIGHT}, {_MOST_HEIGHT}], got {height}")
    kind = _kind()
    known = _known.get((id(trainer), view))
    if known is None or not known.alive:
        known = _known[id(trainer), view] = kind(trainer, view)
    known.height = tall
    known.update()
    return known


def _kind() -> Any:
    """Return the class of the widget, or say what it needs."""
    try:
        return import_module(".small_view", __package__).SmallView
    except ModuleNotFoundError as error:
        words = f'widget needs anywidget, and {error.name} is not installed: pip install "backscope[widget]"'
        raise ImportError(words, name=error.name) from error
