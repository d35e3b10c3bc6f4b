"""The gradient laboratory on the wire: measured when a client asks for it, and never else.

A client asks again when it has drawn the last answer and the rest that it names is over: so the laboratory takes a
small share of the trainer's time, whatever the size of the net. The error signal of earlier steps is measured from the
parameters that the run still knows, a few of them with every answer.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.insight.health import SATURATED
from ...core.insight.laboratory import Laboratory, Reading
from ...core.insight.theory import Expectation, fitted_factor
from ...core.run.trainer import Trainer
from ..wire.protocol import encode, finite
from .over_run import OverRun
from .over_tasks import OverTasks
from .readings import MOST_ROWS, Past, reading_arrays

#: Milliseconds of rest that an answer asks for: at least, at most, and for each millisecond that it took while the run
#: goes on, and where it stands.
_LEAST_REST, _MOST_REST, _SHARE, _STILL_SHARE = 50.0, 1000.0, 15.0, 4.0
#: Seconds that an answer spends on steps of the past while the run goes on, and where it stands.
_PAST, _STILL_PAST = 0.002, 0.01
#: Edits after which the same parameters have other errors: what lies before them is another history.
_TURNS = frozenset({"activation", "leaky_slope", "huber_delta", "label_smoothing"})
#: Layers whose spectral norm is taken for an answer.
_SPECTRA = 8
#: Bins of a histogram.
_BINS = 32


class LaboratoryView:
    """What has been measured of a session's run, for all clients that ask.

    The history of a run has a number; when it begins anew, because the run or its network has changed, the number
    grows. Its rows are numbered too: a client names the last one it has.
    """

    def __init__(self) -> None:
        self._number = 0
        self._laboratory: Laboratory | None = None
        self._branch = 0
        self._expected: Expectation | None = None
        self._past = Past()
        self._over: OverRun | OverTasks | None = None
        self._missing: list[int] = []
        self._last = self._still = 0
        self._moved_at: NDArray[np.float64] = np.empty(0)

    def message(
        self,
        trainer: Trainer,
        layout: int,
        number: int,
        since: int,
        over: str | None = None,
        others: Mapping[int, Trainer] = MappingProxyType({}),
    ) -> bytes:
        """Return a reading at the present step, and rows of the history that a client does not have yet.

        Parameters
        ----------
        trainer : Trainer
            The run.
        layout : int
            Number of the present layout.
        number, since : int
            The history that the client has, and its newest row; −1 for none.
        over : str, optional
            A name in `MEASURES`, or ``"tasks"``: what is to be measured over the run besides.
        others : mapping of int to Trainer
            The run's other lanes, by number.
        """
        begin = time.perf_counter()
        self._follow(trainer)
        laboratory = trainer.view.laboratory
        reading = laboratory.read(trainer.theta, _BINS, _SPECTRA)
        self._remember(trainer, reading)
        more = self._measure_over(trainer, over)
        known = since if number == self._number else -1
        rows = self._past.since(known)
        header = {
            "kind": "laboratory",
            "layout": layout,
            "step": trainer.step_count,
            "number": self._number,
            "serial": rows.serial,
            "more": rows.more or bool(self._missing) or more or self._still * _SPECTRA < len(reading.delta),
            "samples": laboratory.samples,
            "batch": len(trainer.last_step.rows()),
            "initializer": trainer.config.initializer,
            "factor": finite(fitted_factor(reading.delta)),
            "expected": finite(self._expected.factor) if self._expected else None,
            "flat_slope": SATURATED,
        }
        arrays = reading_arrays(reading, self._pace(trainer), rows, self._expected, any(trainer.network.normalization))
        statistics = _statistics(trainer)
        if statistics is not None:
            arrays.add("statistics", statistics)
        if over is not None and self._over is not None:
            header["over"] = self._over.tell(trainer, arrays, others)
        taken = 1000 * (time.perf_counter() - begin)
        rest = taken * (_SHARE if self._still == 1 else _STILL_SHARE)
        return encode({**header, "rest": round(min(_MOST_REST, max(_LEAST_REST, rest)))}, arrays)

    def _follow(self, trainer: Trainer) -> None:
        """Begin anew where it is another run, and find out which steps of the past are still to be measured."""
        step = trainer.step_count
        if trainer.view.laboratory is not self._laboratory:
            self._laboratory, self._number = trainer.view.laboratory, self._number + 1
            self._past.clear()
            self._expected = trainer.view.expectation()
            self._moved_at = np.full(len(trainer.network.blocks), np.nan)
            self._last, self._missing = -1, []
            self._over = self._over if isinstance(self._over, OverTasks) else None  # which knows another run itself
        elif step < self._last or trainer.edits.branch != self._branch:
            known = min(step, self._last if trainer.edits.branch == self._branch else 0)
            self._past.cut(known)
            if self._over is not None:
                self._over.cut(known)
            self._moved_at[self._moved_at > known] = np.nan
            if trainer.edits.branch != self._branch:
                self._number += 1
        self._branch = trainer.edits.branch
        self._still = self._still + 1 if step == self._last else 1
        if step - self._last > self._gap(trainer) or step < self._last:
            first = _turned(trainer)
            kept = trainer.track.snapshots(MOST_ROWS // 2)
            self._missing = [at for at in kept if at >= first and at not in self._past]
        self._last = step

    def _measure_over(self, trainer: Trainer, name: str | None) -> bool:
        """Measure what a page asks for, at the present and some steps of the past; whether there are more of them."""
        if name is None:
            return False
        if self._over is None or self._over.name != name:
            self._over = OverTasks() if name == OverTasks.name else OverRun(name, trainer)
        return self._over.measure(trainer, _turned(trainer), _PAST if self._still == 1 else _STILL_PAST)

    def _gap(self, trainer: Trainer) -> int:
        return max(1, trainer.step_count // (MOST_ROWS // 2))

    def _remember(self, trainer: Trainer, reading: Reading) -> None:
        """Add the present step to the history, and some of the past."""
        self._past.add(trainer.step_count, np.stack([reading.delta, reading.gradient]), self._gap(trainer))
        end = time.perf_counter() + (_PAST if self._still == 1 else _STILL_PAST)
        while self._missing and time.perf_counter() < end:
            step = self._missing.pop(0)
            theta = trainer.track.snapshot(step)
            if theta is not None:
                self._past.add(step, trainer.view.laboratory.norms(theta))
        self._past.thin()

    def _pace(self, trainer: Trainer) -> NDArray[np.float64]:
        """Return ‖ΔW‖, its share of ‖W‖, how far W has moved, and when that was a hundredth (4, L)."""
        norms, moved = trainer.last_step.norms(), trainer.track.moved()
        if (np.isnan(self._moved_at) & (moved >= 0.01)).any():
            self._moved_at = np.fmin(self._moved_at, trainer.track.steps_to_move())
        return np.stack([norms[3], norms[3] / np.where(norms[2] > 0, norms[2], np.nan), moved, self._moved_at])


def _turned(trainer: Trainer) -> int:
    """Return the step of the last edit after which the same parameters have other errors; 0 for none."""
    entries = trainer.edits.entries
    return max(
        [0, *(entry.step for entry in entries if entry.step <= trainer.step_count and _TURNS & entry.change.keys())]
    )


def _statistics(trainer: Trainer) -> NDArray[Any] | None:
    """Return mean and variance of every batch-normalized neuron in the last batch, and as the run keeps them (4, n).

    Before the first step those of the batch are NaN; None without batch normalization.
    """
    running = [layer for layer in trainer.view.running_statistics if layer is not None]
    if not running:
        return None
    last = [layer for layer in trainer.last_step.statistics if layer is not None]
    kept = [np.concatenate([getattr(layer, name) for layer in running]) for name in ("mean", "variance")]
    if not last:
        return np.stack([np.full_like(kept[0], np.nan)] * 2 + kept)
    return np.stack([np.concatenate([getattr(layer, name) for layer in last]) for name in ("mean", "variance")] + kept)
