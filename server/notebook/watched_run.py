"""A watched run for its pages: the newest reading, its past, and the loss; told from the training's thread."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.insight.health import SATURATED
from ...core.insight.theory import fitted_factor
from ..panels.readings import MOST_ROWS, Past, reading_arrays
from ..wire.protocol import encode, finite, text
from .event_log import EventLog
from .picture import watched_picture
from .seen import StepSeen
from .watched_reading import WatchedReading, read

#: Losses that are kept; above, every other one is dropped.
_MOST_LOSSES = 2 * MOST_ROWS


class WatchedRun:
    """What pages may ask of a watched run, from other threads than the one that trains.

    Parameters
    ----------
    averaged : bool
        See `read`.
    about : dict
        What is told of the run as a whole: the names of its parts.
    events : EventLog, optional
        Where steps are written, too.
    """

    def __init__(self, averaged: bool, about: dict[str, Any], events: EventLog | None = None) -> None:
        self._averaged, self._about = averaged, about
        self._lock = threading.Lock()
        self._listeners: list[Callable[[], None]] = []
        self._newest: tuple[StepSeen, WatchedReading] | None = None
        self._layout: dict[str, Any] = {}
        self._number = 0
        self._past = Past()
        self._moved: dict[int, float] = {}
        self._losses: list[tuple[int, float]] = []
        self._events = events
        self.ended = False

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this, from the thread that trains, when there is something new."""
        with self._lock:
            self._listeners.append(listener)

    def unlisten(self, listener: Callable[[], None]) -> None:
        """Call it no longer."""
        with self._lock:
            self._listeners.remove(listener)

    def take(self, seen: StepSeen) -> None:
        """Take what was seen of a step."""
        found = read(seen, self._averaged)
        if self._events is not None and self._events.due():
            self._events.take(seen.step, found, seen.loss)
        layout = {
            "sizes": found.sizes,
            "activations": found.functions,
            "normalization": found.normalization,
            "leaky_slope": found.leaky_slope,
            "names": found.names,
        }
        with self._lock:
            if layout != self._layout:
                self._layout, self._number = layout, self._number + 1
                self._past.clear()
                self._moved.clear()
            self._newest = seen, found
            self._past.add(seen.step, np.stack([found.reading.delta, found.reading.gradient]))
            self._past.thin()
            for layer in np.flatnonzero(found.pace[2] >= 0.01):
                self._moved.setdefault(int(layer), seen.step)
            if not math.isnan(seen.loss):
                self._losses.append((seen.step, seen.loss))
            if len(self._losses) > _MOST_LOSSES:
                self._losses = self._losses[:-1:2] + self._losses[-1:]
        self._announce()

    def end(self) -> None:
        """Say that nothing more will come."""
        self.ended = True
        if self._events is not None:
            self._events.close()
        self._announce()

    def news(self) -> str:
        """Return what a page is told of something new: it asks for the reading when it has drawn the last one."""
        with self._lock:
            step = self._newest[0].step if self._newest else 0
            about = {**self._about, "number": self._number, "ended": self.ended, "step": step, "layout": self._layout}
            return text("watched", about)

    def message(self, number: int, since: int) -> bytes | None:
        """Return the newest reading, and rows of the past that a page does not have; None before the first.

        Parameters
        ----------
        number, since : int
            The history that the page has, and its newest row; −1 for none.
        """
        with self._lock:
            if self._newest is None:
                return None
            (seen, found), reading = self._newest, self._newest[1].reading
            rows = self._past.since(since if number == self._number else -1)
            found.pace[3] = [self._moved.get(layer, math.nan) for layer in range(len(reading.delta))]
            arrays = reading_arrays(reading, found.pace, rows, None, any(found.normalization))
            arrays.add("activity", found.activity)
            steps, losses = np.array(self._losses).reshape(-1, 2).T
            arrays.add("loss_steps", steps)
            arrays.add("losses", losses)
            header = {
                "kind": "laboratory",
                "layout": self._number,
                "step": seen.step,
                "number": self._number,
                "serial": rows.serial,
                "more": rows.more,
                "samples": seen.layers[0].batch,
                "batch": seen.layers[0].batch,
                "initializer": None,
                "factor": finite(fitted_factor(reading.delta)),
                "expected": None,
                "flat_slope": SATURATED,
                "loss": finite(seen.loss),
                "rest": 0,
            }
        return encode(header, arrays)

    def picture(self) -> str | None:
        """Return what was seen last, as SVG; None before the first step."""
        with self._lock:
            if self._newest is None:
                return None
            (seen, found), losses = self._newest, list(self._losses)
        title = f"Backscope · {self._about['model']} · {self._about['optimizer']} · step {seen.step}"
        norms = {"|δ|": found.reading.delta, "|∂W|": found.reading.gradient}
        return watched_picture(title, found.names, norms, losses)

    def _announce(self) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener()
