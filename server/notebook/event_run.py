"""Event files as a watched run: what they tell of layers in the gradient laboratory, and the loss."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.insight.health import SATURATED
from ...core.insight.laboratory import Reading
from ...core.insight.theory import fitted_factor
from ..panels.readings import MOST_ROWS, Past, Rows, reading_arrays
from ..wire.protocol import encode, finite, text
from ..wire.settings import Settings
from .event_files import EventFileError, EventTable, read_events
from .event_log import INPUT, LAYOUT, OF_ACTIVITY, OF_PACE, OF_READING, place_of
from .kept import Kept
from .picture import watched_picture
from .place import proxied
from .served import FRAMES, Served, listen
from .watched_page import create_watched_page

#: Layers at most, and bins of a histogram.
_MOST_LAYERS, _BINS = 512, 32
#: How others name what they write of a parameter; `name` is the module's. The first that fits holds.
_WEIGHT = r"(?:weights?|kernel)(?:[_:]0)?"
_OTHERS = (
    ("gradient", rf"(?:grads?|gradients?)[/.](?P<name>.+?)[/.]{_WEIGHT}(?:[/._]grad)?"),
    ("gradient", rf"(?P<name>.+?)[/.]{_WEIGHT}[/._](?:grads?|gradients?)(?:[/_]norm)?"),
    ("gradient", rf"(?:grad|gradient)(?:_2(?:\.0)?)?_norm[/.](?P<name>.+?)[/.]{_WEIGHT}"),
    ("weight", rf"(?:weights?|params?|parameters|histograms?)[/.](?P<name>.+?)[/.]{_WEIGHT}"),
    ("weight", rf"(?P<name>.+?)[/.]{_WEIGHT}(?:[/_]norm)?"),
)
_PATTERNS = tuple((quantity, re.compile(pattern)) for quantity, pattern in _OTHERS)
#: How they name the loss: the training's before any other.
_LOSSES = ("loss", "train_loss", "train/loss", "loss/train", "training/loss", "epoch_loss", "batch_loss")
_ELSE = re.compile(r"\b(val|valid|validation|test|eval)\b")

Steps = dict[int, float]


class EventRun:
    """What a page may ask of event files: see `WatchedRun`, which tells the same of a training that goes on.

    Parameters
    ----------
    table : EventTable
    name : str
        What they are called.

    Raises
    ------
    EventFileError
        If there is nothing in them that can be shown.
    """

    ended = True

    def __init__(self, table: EventTable, name: str) -> None:
        self._name = name
        layers, self._layout = _own(table)
        if not layers:
            layers, self._layout = _others(table)
        self._losses = _loss_of(table.scalars)
        if not layers and not self._losses:
            known = ", ".join([*table.scalars, *table.histograms, *sorted(table.unread)][:12]) or "nothing"
            raise EventFileError(
                f"{name} holds no loss, and no norm or histogram of a layer's weights; it holds {known}"
            )
        self._names = list(layers) or ["–"]
        if not self._layout:
            self._layout = {"sizes": [0] * (len(self._names) + 1), "activations": ["unseen"] * len(self._names)}
            self._layout |= {"normalization": [None] * len(self._names)}
        self._layout["names"] = self._names
        self._rows = {
            quantity: [layers.get(name, {}).get(quantity, {}) for name in self._names]
            for quantity in (*OF_READING, *OF_PACE, *OF_ACTIVITY)
        }
        self._steps = sorted({step for rows in self._rows.values() for steps in rows for step in steps})
        self._step = max([0, *self._steps, *self._losses])
        self._inputs = _inputs(table, len(self._names))
        self._past = Past()
        for step in _some(self._steps):
            pair = [[steps.get(step, math.nan) for steps in self._rows[name]] for name in ("delta", "gradient")]
            if not np.isnan(pair).all():
                self._past.add(step, np.array(pair))

    def listen(self, listener: Callable[[], None]) -> None:
        """Nothing new comes of files: there is nothing to hear."""

    def unlisten(self, listener: Callable[[], None]) -> None:
        """See `listen`."""

    def news(self) -> str:
        """Return what a page is told first."""
        about = {"events": self._name, "number": 1, "ended": True, "step": self._step, "layout": self._layout}
        return text("watched", about)

    def message(self, number: int, since: int) -> bytes:
        """Return the last reading, and rows of the past that a page does not have: see `WatchedRun.message`."""
        reading = self.reading()
        rows: Rows = self._past.since(since if number == 1 else -1)
        pace = np.stack([*(self._last(name) for name in OF_PACE), np.full(len(self._names), np.nan)])
        arrays = reading_arrays(reading, pace, rows, None, False)
        arrays.add("activity", np.stack([self._last(name) for name in OF_ACTIVITY]))
        known = _some(list(self._losses))
        arrays.add("loss_steps", np.array(known, float))
        arrays.add("losses", np.array([self._losses[step] for step in known]))
        header = {
            "kind": "laboratory",
            "layout": 1,
            "step": self._step,
            "number": 1,
            "serial": rows.serial,
            "more": rows.more,
            "samples": 0,
            "batch": 0,
            "initializer": None,
            "factor": finite(fitted_factor(reading.delta)),
            "expected": None,
            "flat_slope": SATURATED,
            "loss": finite(self._losses[known[-1]] if known else math.nan),
            "rest": 0,
            "untold": [name for name, rows in self._rows.items() if not any(rows)],
        }
        return encode(header, arrays)

    def reading(self) -> Reading:
        """Return what is known of the last step; NaN where nothing is."""
        count = len(self._names)
        unknown = np.full(count, np.nan)
        reach, counts = self._inputs
        return Reading(
            **{name: self._last(name) for name in OF_READING},
            mean_gain=unknown,
            most_gain=unknown,
            health=np.zeros(sum(self._layout["sizes"][1:]), np.int32),
            reach=reach,
            input_counts=counts,
            z_reach=unknown,
            z_counts=np.zeros((count, _BINS), np.int64),
        )

    def picture(self) -> str:
        """Return what was read last as SVG."""
        norms = {"|δ|": self._last("delta"), "|∂W|": self._last("gradient")}
        return watched_picture(f"Backscope · {self._name}", self._names, norms, list(self._losses.items()))

    def _last(self, quantity: str) -> NDArray[np.float64]:
        """Return the newest value of each layer (L,)."""
        return np.array([next(reversed(steps.values()), math.nan) for steps in self._rows[quantity]])


class ShownEvents(Served):
    """Event files on a page, as `show_events` returns them; in a notebook it shows itself.

    Parameters
    ----------
    run : EventRun
    height : int
        Of the frame in a notebook, in CSS pixels.
    """

    def __init__(self, run: EventRun, height: int) -> None:
        self._run = run
        listener = listen()
        settings = Settings(local=proxied(listener.getsockname()[1]) is None, frames=FRAMES)
        super().__init__(listener, create_watched_page(run, settings), "watch.html", height)

    def kept(self) -> Kept:
        """Return a picture of what was read."""
        return Kept(self._run.picture())

    def close(self) -> None:
        """End the server of the page."""
        self.end()
        self.show_what_is_kept()


def show_events(
    path: str | Path, *, partial: bool = False, height: int = 760, browser: bool | None = None
) -> ShownEvents:
    """Show TensorBoard's event files in the gradient laboratory; needs the extra ``tensorboard``.

    Of files that `log_events` or `watch` has written all that they hold; of others the loss, and of each layer norms of
    weight and gradient, as scalars or out of histograms that are named after parameters (``fc1.weight``,
    ``fc1.weight.grad``, ``gradients/fc1.weight``, …).

    Parameters
    ----------
    path : str or Path
        A file, or the folder of a run.
    partial : bool
        Take what stands before a fault, as of a run that is just being written.
    height : int
        Of the frame in a notebook, in CSS pixels.
    browser : bool, optional
        Whether to open a browser; left out, where this is no notebook.

    Returns
    -------
    ShownEvents
        Keep it to `close`; else it ends with the process.

    Raises
    ------
    EventFileError
        A `ValueError`: if there are no such files, one is broken, or nothing in them can be shown.
    ImportError
        If tensorboardX is not installed.
    """
    table = read_events(Path(path), partial=partial)
    if table.fault is not None and not (table.scalars or table.histograms):
        raise table.fault
    shown = ShownEvents(EventRun(table, Path(path).name), height)
    shown.open(browser)
    return shown


def _own(table: EventTable) -> tuple[dict[str, dict[str, Steps]], dict[str, Any]]:
    """Return what `EventLog` has written: of each layer quantities over steps; and what it told of the layers."""
    told: Any = None
    with suppress(ValueError):
        told = json.loads(table.texts.get(LAYOUT, ""))
    if not _is_layout(told):
        return {}, {}
    names = [str(name) for name in told["names"]]
    unique = [place_of(k, name) for k, name in enumerate(names)]
    found = {
        name: {
            quantity: table.scalars.get(f"{quantity}/{place}", {}) for quantity in (*OF_READING, *OF_PACE, *OF_ACTIVITY)
        }
        for name, place in zip(_apart(names), unique, strict=True)
    }
    return found, {key: told[key] for key in ("sizes", "activations", "normalization", "leaky_slope") if key in told}


def _is_layout(told: Any) -> bool:
    """Whether a text of a file is one that `EventLog` has written: others may have what they like in it."""
    if not isinstance(told, dict) or not isinstance(told.get("names"), list):
        return False
    count, sizes = len(told["names"]), told.get("sizes")
    lists = all(isinstance(told.get(key), list) and len(told[key]) == count for key in ("activations", "normalization"))
    whole = isinstance(sizes, list) and len(sizes) == count + 1
    fine = isinstance(sizes, list) and whole and all(isinstance(size, int) and 0 < size <= 10**6 for size in sizes)
    slope = told.get("leaky_slope", 0.01)
    if not (lists and fine and 0 < count <= _MOST_LAYERS and isinstance(slope, int | float)):
        return False
    words = all(isinstance(name, str) for name in [*told["names"], *told["activations"]])
    return words and all(kind in ("batch", "layer", None) for kind in told["normalization"])


def _apart(names: list[str]) -> list[str]:
    """Return names of layers that are all different."""
    return [name if names.count(name) == 1 else f"{name} {k + 1}" for k, name in enumerate(names)]


def _others(table: EventTable) -> tuple[dict[str, dict[str, Steps]], dict[str, Any]]:
    """Return what names of other people's files tell of layers, in the order in which these appear."""
    found: dict[str, dict[str, Steps]] = {}
    scalars = {tag: steps for tag, steps in table.scalars.items() if "norm" in tag.lower()}
    norms = {
        tag: {step: histogram.norm for step, histogram in steps.items()} for tag, steps in table.histograms.items()
    }
    for tag, steps in (*norms.items(), *scalars.items()):
        for quantity, pattern in _PATTERNS:
            named = pattern.fullmatch(tag)
            if named is not None:
                if len(found) < _MOST_LAYERS or named["name"] in found:
                    found.setdefault(named["name"], {}).setdefault(quantity, steps)
                break
    return found, {}


def _loss_of(scalars: Mapping[str, Steps]) -> Steps:
    """Return the loss over steps: the training's, if its name says so."""
    by_name = {tag.lower(): steps for tag, steps in scalars.items()}
    for name in _LOSSES:
        if name in by_name:
            return by_name[name]
    named = [tag for tag in by_name if "loss" in tag]
    named.sort(key=lambda tag: (bool(_ELSE.search(re.sub(r"[/_.]", " ", tag))), len(tag)))
    return by_name[named[0]] if named else {}


def _inputs(table: EventTable, layers: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the last histograms of what activations are taken of, as `EventLog` writes them."""
    reach, counts = np.full(layers, np.nan), np.zeros((layers, _BINS), np.int64)
    for tag, steps in table.histograms.items():
        at = re.fullmatch(rf"{INPUT}/(\d{{1,4}})_.*", tag)
        if at is None or not 1 <= int(at[1]) <= layers:
            continue
        last = next(reversed(steps.values()))
        if len(last.counts) == _BINS and math.isfinite(last.most) and last.most > 0:
            reach[int(at[1]) - 1] = last.most
            counts[int(at[1]) - 1] = np.nan_to_num(np.clip(last.counts, 0, 2**53))
    return reach, counts


def _some(steps: Iterable[int]) -> list[int]:
    """Return at most as many steps as a page keeps, evenly, the last among them."""
    kept = list(steps)
    if not kept:
        return []
    return [kept[k] for k in np.unique(np.linspace(0, len(kept) - 1, min(len(kept), MOST_ROWS)).astype(int))]
