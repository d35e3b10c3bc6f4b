"""A run on its way: a trainer with its edits, its past curves, its pace and the step it is bound for."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from ..core.config import RunConfig
from ..core.trainer import Trainer
from .curves import Metrics
from .edits import Edits
from .pace import Pace
from .protocol import finite

_AS_MANY_AS_POSSIBLE = 1 << 30
_CURVE_POINTS, _CURVE_GAP = 100, 50  # full losses taken along a way that nobody has seen yet, and steps between them
_LARGE = 40_000_000  # samples × parameters: full losses of larger nets take long,
_COST_REST, _MOST_REST = 15, 4.0  # and rest for so many times as long, in seconds at most so many
_CURVE_REST = 0.5  # seconds between two full losses where nobody looks


class Run:
    """What a session trains.

    Parameters
    ----------
    config : RunConfig
        As the run began.
    edits : Edits
        What was changed since.
    pace : Pace
        When steps are due while it plays.
    number : int
        All numbers given to generations and versions are above this one.

    Attributes
    ----------
    trainer : Trainer
    metrics : Metrics
        Full losses along the way.
    playing : bool
    target : int or None
        The step it is bound for, in slices, before anything else.
    generation : int
        Grows when the past changes: on a return to an earlier step.
    version : int
        Grows with every change.
    """

    def __init__(self, config: RunConfig, edits: Edits, pace: Pace, number: int = 0) -> None:
        self.trainer = Trainer.from_log(config, edits.entries())
        self.config, self.edits, self.pace = config, edits, pace
        self.metrics = Metrics()
        self.playing = False
        self.target: int | None = None
        self.generation = self.version = number
        self._curve_gap = 0
        self._next_curve = self._next_glance = 0.0
        self._row: tuple[float, float, float, float, float] | None = None

    @property
    def rows(self) -> int:
        """Samples, of training and test together."""
        return len(self.trainer.dataset.X_train) + len(self.trainer.dataset.X_test)

    def play(self, now: float) -> None:
        """Go on from here; the first step is due at once."""
        self.playing = True
        self.pace.start(now)

    def go_to(self, step: int) -> None:
        """Make for a step, from the best place to start from; `advance` takes it there."""
        before, self.playing = self.trainer.step_count, False
        self._row = None
        if not len(self.metrics.rows):
            self.metrics.add((float(before), *self.trainer.evaluate()))
        here = self.trainer.rewind(step)
        if here < before:
            self.generation += 1
        self.metrics.go_to(here)
        self.target = step
        self.version += 1
        self._curve_gap = max(_CURVE_GAP, (step - here) // _CURVE_POINTS)

    def advance(self, deadline: float, now: float) -> None:
        """Train until the deadline (of `time.perf_counter`), no further than is due at `now`."""
        trainer, before = self.trainer, self.trainer.step_count
        if self.target is not None:
            self._make_for(self.target, deadline)
        elif self.playing:
            steps = self.pace.due(now)
            self.pace.count(trainer.run(_AS_MANY_AS_POSSIBLE if steps is None else steps, deadline))
            if trainer.diverged is not None or trainer.stopped is not None:
                self.playing = False
                self.version += 1
        if trainer.step_count != before:
            self.version += 1
            if now >= self._next_curve:
                self.measure(now)

    def stop(self) -> None:
        """Stay where it is."""
        self.playing, self.target = False, None
        self.version += 1

    def measure(self, now: float) -> tuple[float, float, float, float, float]:
        """Return step, full losses and accuracies, and note them on the curve."""
        begin = time.perf_counter()
        row = (float(self.trainer.step_count), *self.trainer.evaluate())
        self.metrics.add(row)
        large = self.rows * self.trainer.network.parameter_count > _LARGE
        rest = min(_MOST_REST, _COST_REST * (time.perf_counter() - begin)) if large else 0.0
        self._next_curve, self._next_glance = now + max(_CURVE_REST, rest), now + rest
        self._row = row
        return row

    def glance(self, now: float) -> tuple[float, float, float, float, float]:
        """Return what `measure` does; while a large net is under way, what it did a little while ago."""
        known = self._row is not None and self._row[0] <= self.trainer.step_count
        if self._row is not None and known and now < self._next_glance and (self.playing or self.target is not None):
            return self._row
        return self.measure(now)

    def set(self, change: Mapping[str, Any]) -> None:
        """Change a live value from the next step on.

        Raises
        ------
        ConfigError
            For an unknown name or a value out of range. Nothing is changed then.
        """
        trainer, before = self.trainer, self.trainer.config
        ahead = trainer.furthest > trainer.step_count
        old = trainer.theta.copy() if "parameters" in change else None
        after = trainer.edit(**change)
        if ahead:
            self.metrics.branch()
            self.generation += 1
        replaced = None if old is None else {key: float(old[int(key)]) for key in change["parameters"]}
        self.edits.add(trainer.step_count, change, before, after, replaced)
        self._row = None
        self.version += 1

    def restart(self, config: RunConfig, *, same: bool) -> None:
        """Begin anew. What was trained before stays as a ghost if it is the same problem."""
        self.trainer = Trainer(config)
        self.config, self.edits = config, Edits()
        if same:
            self.metrics.restart()
        else:
            self.metrics = Metrics()
        self.target = self._row = None
        self.generation += 1
        self.version += 1

    def status(self) -> dict[str, Any]:
        """Return how it goes, for clients."""
        trainer, gone = self.trainer, self.trainer.diverged
        if self.target is not None:
            return {"kind": "replaying", "step": self.target}
        if gone is not None:
            step, rate = trainer.good_step()
            return {
                "kind": "diverged",
                "step": gone.step,
                "loss": gone.loss,
                "learning_rate": gone.learning_rate,
                "layer": gone.origin.layer,
                "ratio": None if gone.origin.ratio is None else finite(gone.origin.ratio),
                "overflow": gone.origin.overflow,
                "good_step": step,
                "good_rate": rate,
            }
        end = trainer.stopped
        if end is not None and not self.playing:
            return {
                "kind": "stopped",
                "step": end.step,
                "rule": end.rule,
                "value": finite(end.value),
                "converged": end.converged,
            }
        return {"kind": "running" if self.playing else "paused"}

    def _make_for(self, target: int, deadline: float) -> None:
        """Run to the target, with full losses on the way where there are none yet."""
        trainer, metrics = self.trainer, self.metrics
        while trainer.step_count < target and trainer.diverged is None:
            here = trainer.step_count
            new = not metrics.knows_beyond(here)
            stop = min(target, (here // self._curve_gap + 1) * self._curve_gap) if new else target
            trainer.run(stop - here, deadline)
            if new and trainer.step_count == stop:
                metrics.add((float(stop), *trainer.evaluate()))
            if time.perf_counter() >= deadline:
                break
        if trainer.step_count >= target or trainer.diverged is not None:
            self.target = None
            metrics.go_to(trainer.step_count)
            self.version += 1
