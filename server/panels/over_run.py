"""What the laboratory measures over a run when one of its pages asks for it: modes of a linear net, noise of gradients.

As with the error signal, it is measured at the present step with every answer, and at steps of the past that the run
still knows, a few of them at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ...core.config.config import RunConfig
from ...core.config.problem import Problem
from ...core.insight.gradient_noise import NoiseMeter
from ...core.insight.modes import LinearModes, obstacle_of
from ...core.run.trainer import Trainer
from ..wire.protocol import Arrays, DType

Flat = NDArray[np.float64]

#: What may be changed in a run that is to have its closed form: how far it goes with each step, and how long.
_STILL_DESCENT = {"learning_rate", "schedule", "stopping", "engine"}
#: Steps that are kept: above, every other one is dropped.
_MOST_STEPS = 120


class Measure(Protocol):
    """Something to measure over a run."""

    #: Numbers of a row.
    columns: int

    def at(self, theta: Flat) -> Flat:
        """Return the row (columns,) of parameters θ (P,)."""
        ...

    def header(self, trainer: Trainer) -> dict[str, Any]:
        """Return what is said beside the rows."""
        ...

    def theory(self, trainer: Trainer, steps: NDArray[np.int64]) -> Flat | None:
        """Return rows (k, columns) that theory expects at some steps; None where it has no answer."""
        ...


class _Modes:
    """Strengths of the modes, beside the closed form for plain gradient descent on the whole set."""

    def __init__(self, problem: Problem) -> None:
        self._modes = LinearModes(problem)
        self.columns = len(self._modes.values)
        self.at = self._modes.strengths

    def header(self, trainer: Trainer) -> dict[str, Any]:
        return {"values": self._modes.values.tolist(), "descent": _is_descent(trainer)}

    def theory(self, trainer: Trainer, steps: NDArray[np.int64]) -> Flat | None:
        if not self._modes.solved or not _is_descent(trainer):
            return None
        return self._modes.closed_form(trainer.track.start, _elapsed(trainer, steps))


class _Noise:
    """The noise scale, |G|² and tr(Σ), beside the batch."""

    columns = 3

    def __init__(self, problem: Problem) -> None:
        self._meter = NoiseMeter(problem)

    def at(self, theta: Flat) -> Flat:
        found = self._meter.measure(theta)
        return np.array([found.scale, found.signal, found.noise])

    def header(self, trainer: Trainer) -> dict[str, Any]:
        whole = len(trainer.dataset.X_train)
        return {
            "batch": min(whole, trainer.config.batch_size or whole),
            "whole": whole,
            "samples": self._meter.samples,
        }

    def theory(self, trainer: Trainer, steps: NDArray[np.int64]) -> Flat | None:
        return None


def _coupled(problem: Problem) -> str | None:
    return "coupled" if "batch" in problem.net.normalization else None


#: name -> what there may be in its way, and what measures it.
MEASURES: Mapping[str, tuple[Callable[[Problem], str | None], Callable[[Problem], Measure]]] = MappingProxyType(
    {"modes": (obstacle_of, _Modes), "noise": (_coupled, _Noise)}
)


class OverRun:
    """One thing as it was at steps of a run; belongs to one branch of it, and one problem."""

    def __init__(self, name: str, trainer: Trainer) -> None:
        self.name = name
        problem = Problem.of(trainer.config, trainer.dataset)
        why, make = MEASURES[name]
        self._why = why(problem)
        self._measure = None if self._why else make(problem)
        self._rows: dict[int, Flat] = {}

    def cut(self, last: int) -> None:
        """Forget what lies behind a step."""
        self._rows = {step: row for step, row in self._rows.items() if step <= last}

    def measure(self, trainer: Trainer, first: int, seconds: float) -> bool:
        """Measure at the present, and for some time at steps of the past from `first` on; whether there are more."""
        if self._measure is None:
            return False
        end, here = time.perf_counter() + seconds, trainer.step_count
        wanted = [step for step in trainer.track.snapshots(_MOST_STEPS) if first <= step != here]
        missing = [k for k, step in enumerate(wanted) if step not in self._rows]
        self._rows = {step: self._rows[step] for step in wanted if step in self._rows}
        for done, k in enumerate(sorted(missing, key=_fineness)):
            if done and time.perf_counter() >= end:
                break
            theta = trainer.track.snapshot(wanted[k])
            if theta is not None:
                self._rows[wanted[k]] = self._measure.at(theta.astype(np.float64))
        more = len(self._rows) < len(wanted)
        self._rows[here] = self._measure.at(trainer.theta.astype(np.float64))
        return more

    def tell(self, trainer: Trainer, arrays: Arrays, others: Mapping[int, Trainer]) -> dict[str, Any]:
        """Add steps (k,), rows (k, columns) and what theory expects of them to a message; return its header's part.

        Nothing is told of `others`, the run's other lanes.
        """
        if self._measure is None:
            return {"name": self.name, "why": self._why}
        steps = np.array(sorted(self._rows), np.int64)
        arrays.add("over_steps", steps, DType.INT32)
        arrays.add("over", np.stack([self._rows[int(step)] for step in steps]))
        theory = self._measure.theory(trainer, steps)
        if theory is not None:
            arrays.add("over_theory", theory)
        return {"name": self.name, "why": None, **self._measure.header(trainer)}


def _fineness(k: int) -> int:
    """Even spreads of numbers first: 0, then the halves, the quarters, …"""
    return -(k & -k) if k else -(2**30)


def _is_descent(trainer: Trainer) -> bool:
    """Whether every step of a run was plain gradient descent on the whole training set, and no hand moved anything."""
    edits = trainer.edits
    begun = _descends(edits.start, len(trainer.dataset.X_train))
    return begun and all(set(entry.change) <= _STILL_DESCENT for entry in edits.entries[: edits.applied])


def _descends(config: RunConfig, whole: int) -> bool:
    bent = config.l1, config.l2, config.clip_value, config.clip_norm, config.gradient_noise, config.network.dropout
    return config.optimizer.name == "sgd" and (config.batch_size or whole) >= whole and not any(bent)


def _elapsed(trainer: Trainer, steps: NDArray[np.int64]) -> Flat:
    """Return Σ η (k,) of a run up to some steps; where rates change, as finely as they are recorded."""
    series = trainer.losses.series()
    total = np.cumsum((series.step_high - series.step_low + 1) * series.rate.astype(np.float64))
    found: Flat = np.interp(steps, [0, *series.step_high], [0.0, *total])
    return found
