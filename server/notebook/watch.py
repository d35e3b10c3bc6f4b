"""The gradient laboratory on somebody's own training, in PyTorch: opened from the script or notebook that trains."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from ..wire.settings import Settings
from .event_log import EventLog
from .hooks import Hooks
from .kept import Kept
from .place import proxied
from .seen import Numbers
from .served import FRAMES, Served, listen
from .torch_numbers import TorchNumbers
from .watched_page import create_watched_page
from .watched_run import WatchedRun


class Watched(Served):
    """A training that is being watched, as `watch` returns it; in a ``with`` it is watched until the end of that.

    Parameters
    ----------
    model, optimizer, loss, share, averaged, events
        As `watch` takes them, or finds them out.
    numbers : Numbers
        How numbers are taken out of the model's tensors.

    Attributes
    ----------
    url : str
        Where its page opens.
    height : int
        Of the frame in a notebook, in CSS pixels.
    """

    def __init__(
        self,
        model: Any,
        optimizer: Any,
        numbers: Numbers,
        *,
        loss: Any,
        share: float,
        averaged: bool,
        height: int,
        events: str | Path | None = None,
    ) -> None:
        about = {"model": type(model).__name__, "optimizer": type(optimizer).__name__}
        self._run = WatchedRun(averaged, about, None if events is None else EventLog(Path(events)))
        self._hooks = Hooks(model, optimizer, numbers, self._run.take, loss, share)
        listener = listen()
        settings = Settings(local=proxied(listener.getsockname()[1]) is None, frames=FRAMES)
        super().__init__(listener, create_watched_page(self._run, settings), "watch.html", height)

    @property
    def steps(self) -> int:
        """Steps that the optimizer has taken since then."""
        return self._hooks.steps

    def loss(self, loss: Any) -> None:
        """Tell the loss of the step on its way, where `watch` knows neither its module nor a closure.

        Parameters
        ----------
        loss : tensor or float
            One number. Its graph is not kept.
        """
        self._hooks.told(loss)

    def stop(self) -> None:
        """Take all hooks off. The page keeps what it shows, until the process ends or `close` is called."""
        self._hooks.remove()
        self._run.end()
        self.show_what_is_kept()

    def kept(self) -> Kept:
        """Return a picture of what was seen last."""
        return Kept(self._run.picture())

    def close(self) -> None:
        """Take all hooks off, and end the server of the page."""
        self.stop()
        self.end()

    def __enter__(self) -> Watched:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def watch(
    model: Any,
    optimizer: Any,
    *,
    loss: Any = None,
    share: float = 0.02,
    averaged: bool = True,
    events: str | Path | None = None,
    height: int = 760,
    browser: bool | None = None,
) -> Watched:
    """Show how the error signal fares in a PyTorch model while it is trained.

    A step now and then is looked at: norms of each layer's weights, gradients, updates and their ratio; what layers
    pass on, and which of their neurons are dead or saturated; by what the error is multiplied on its way back, and why.
    All other steps go on as if nobody watched.

    Parameters
    ----------
    model : torch.nn.Module
        Called as a whole, ``model(x)``; not compiled: watch it before `torch.compile`. A layer is a module with a
        `weight` of two dimensions or more; layers stand in the order in which they are called.
    optimizer : torch.optim.Optimizer
        Whose steps are counted. PyTorch 2.0 or newer.
    loss : torch.nn.Module, optional
        Whose output is the loss. Left out, it is what a closure returns, or what `Watched.loss` is told, or unknown.
    share : float
        Of the training's time that watching may take, in (0, 0.5]; there are five looks a second at most.
    averaged : bool
        Whether the loss is a mean over the batch: the error δ of one sample is then its gradient times their number.
        Factors from layer to layer do not depend on it.
    events : str or Path, optional
        A folder in which what is seen is written, too, as TensorBoard's event files, a step a second at most; needs the
        extra ``tensorboard``. `show_events` reads them.
    height : int
        Of the frame in a notebook, in CSS pixels.
    browser : bool, optional
        Whether to open a browser; left out, where this is no notebook.

    Returns
    -------
    Watched
        With `stop`, or as ``with watch(model, optimizer):``.

    Raises
    ------
    TypeError
        If the two are no model and optimizer of PyTorch.
    ImportError
        If tensorboardX is not installed, and there shall be events.
    ValueError
        If the model is compiled, or `share` out of its range.
    """
    if not 0 < share <= 0.5:
        raise ValueError(f"share must lie in (0, 0.5], got {share}")
    torch = sys.modules.get("torch")
    for given, kind, words in ((model, "nn.Module", "model"), (optimizer, "optim.Optimizer", "optimizer")):
        room, _, name = kind.partition(".")
        if torch is None or not isinstance(given, getattr(getattr(torch, room), name)):
            raise TypeError(f"{words} must be a torch.{kind}, got {type(given).__name__}")
    if type(model).__name__ in ("OptimizedModule", "RecursiveScriptModule"):
        raise ValueError("a compiled model hides its layers: watch it before it is compiled")
    watched = Watched(
        model, optimizer, TorchNumbers(), loss=loss, share=share, averaged=averaged, height=height, events=events
    )
    watched.open(browser)
    return watched
