"""One lane of a run: a trainer with its edits and its past curves."""

from __future__ import annotations

import time
from collections.abc import Mapping
from copy import deepcopy
from itertools import zip_longest
from typing import Any

from ...core.config.config import RunConfig
from ...core.ground.errors import ConfigError
from ...core.run import compiled
from ...core.run.trainer import Trainer
from ...core.run.watch import Watch
from ..wire.edits import Edit, Edits
from ..wire.protocol import finite
from .curves import Metrics
from .spent import spent

_CURVE_POINTS, _CURVE_GAP = 100, 50  # full losses taken along a way that nobody has seen yet, and steps between them
_SMALL, _SMALL_POINTS = 200_000, 1000  # samples × parameters: of nets up to here, so many and every step if need be
_LARGE = 40_000_000  # samples × parameters: full losses of larger nets take long,
_COST_REST, _MOST_REST = 15, 4.0  # and rest for so many times as long, in seconds at most so many
_CURVE_REST = 0.5  # seconds between two full losses where nobody looks
_WATCH_REST = 0.2  # seconds between two looks for symptoms: they take a part of a millisecond,
_WATCH_COST_REST = 50  # and among many that share a core, all together no more than one part of so many

Row = tuple[float, float, float, float, float]


class Lane:
    """A trainer and what is known of its way.

    Parameters
    ----------
    config : RunConfig
        As the run began.
    edits : Edits
        What was changed since.
    trainer : Trainer, optional
        Of that very run, which somebody else trains; left out, one of its own.

    Attributes
    ----------
    trainer : Trainer
    metrics : Metrics
        Full losses along the way.
    penalty : float or None
        L1 and L2 penalties at the step that was measured last, which no loss counts; None where there are none.
    watch : Watch
        What goes wrong with it.
    """

    def __init__(self, config: RunConfig, edits: Edits, trainer: Trainer | None = None) -> None:
        self.trainer = Trainer.from_log(config, edits.entries()) if trainer is None else trainer
        self.config, self.edits = config, edits
        self.metrics = Metrics()
        self._curve_gap = 0
        self.watch = Watch()
        self._next_curve = self._next_measure = self._next_watch = 0.0
        self._row: Row | None = None
        self.penalty: float | None = None
        self._left_alone: RunConfig | None = None  # what the compiled engine has been found not to know

    @property
    def rows(self) -> int:
        """Samples, of training and test together."""
        return len(self.trainer.dataset.X_train) + len(self.trainer.dataset.X_test)

    # Full losses

    def measure(self, now: float) -> Row:
        """Return step, full losses and accuracies, and note them on the curve."""
        begin = time.perf_counter()
        row = (float(self.trainer.step_count), *self.trainer.evaluate())
        self.metrics.add(row)
        large = self.rows * self.trainer.network.parameter_count > _LARGE
        rest = min(_MOST_REST, _COST_REST * (time.perf_counter() - begin)) if large else 0.0
        self._next_curve, self._next_measure = now + max(_CURVE_REST, rest), now + rest
        self._row = row
        config = self.trainer.config
        self.penalty = self.trainer.view.penalty if config.l1 or config.l2 else None
        return row

    def look(self, now: float, crowd: int = 1) -> None:
        """Look for symptoms now and then; less often where a `crowd` of runs shares the core."""
        if now < self._next_watch:
            return
        begin = spent()
        self.watch.look(self.trainer)
        self._next_watch = now + max(_WATCH_REST, _WATCH_COST_REST * crowd * (spent() - begin))

    def measure_now_and_then(self, now: float, moving: bool) -> Row:
        """Return what `measure` does; while a large net is under way, what it did a little while ago."""
        known = self._row is not None and self._row[0] <= self.trainer.step_count
        if self._row is not None and known and now < self._next_measure and moving:
            return self._row
        return self.measure(now)

    def moved(self, now: float) -> None:
        """Note a full loss now and then, where nobody looks."""
        if now >= self._next_curve:
            self.measure(now)

    # Ways

    def adopt(self, other: Lane) -> None:
        """Take over the past of a lane that was the same up to where it stands."""
        self.trainer.adopt(other.trainer)
        self.metrics = other.metrics.until_now()

    def go_to(self, step: int, *, closely: bool = False) -> bool:
        """Make for a step, from the best place to start from, and return whether that is an earlier one.

        If looked at `closely`, full losses on the way are known at every step, where the net is small and the way not
        too long.
        """
        before = self.trainer.step_count
        self._row = None
        if step < before:
            self.watch.forget()
        if not len(self.metrics.rows):
            self.metrics.add((float(before), *self.trainer.evaluate()))
        here = self.trainer.rewind(step)
        self.metrics.go_to(here)
        if closely and here:  # where that best place is
            self.metrics.add((float(here), *self.trainer.evaluate()))
        small = closely and self.rows * self.trainer.network.parameter_count <= _SMALL
        points, least = (_SMALL_POINTS, 1) if small else (_CURVE_POINTS, _CURVE_GAP)
        self._curve_gap = max(least, (step - here) // points)
        return here < before

    def make_for(self, target: int, deadline: float) -> bool:
        """Run to the target, with full losses on the way where there are none yet; return whether it is there."""
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
        if trainer.step_count < target and trainer.diverged is None:
            return False
        metrics.go_to(trainer.step_count)
        return True

    # Changes

    def set(self, change: Mapping[str, Any], *, joined: bool = False) -> bool:
        """Change a live value from the next step on, and return whether that leaves a known future.

        An edit that is `joined` to the last one goes on with the same movement of a hand.

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
        replaced = None if old is None else {key: float(old[int(key)]) for key in change["parameters"]}
        self.edits.add(trainer.step_count, change, before, after, replaced, joined=joined)
        self._row = None
        return ahead

    def restarted(self, config: RunConfig) -> Lane:
        """Return a lane that begins anew. What was trained before is its ghost if it is the same problem."""
        other = Lane(config, Edits())
        if self.same_problem(config):
            other.metrics = deepcopy(self.metrics)
            other.metrics.restart()
        return other

    def same_problem(self, config: RunConfig) -> bool:
        """Whether losses of a run with this config can be held against those of this lane."""
        here = self.trainer.config
        return (config.data, config.output_and_loss()) == (here.data, here.output_and_loss())

    def as_of(self, edits: tuple[Edit, ...]) -> Lane:
        """Return the same run with other edits, at step 0, and with the past that the two share."""
        if self.edits.record() == edits:
            return self
        other, shared = Lane(self.config, Edits(edits)), _shared_steps(self.edits.record(), edits)
        if shared:
            self.trainer.rewind(min(shared, self.trainer.step_count))
            other.trainer.adopt(self.trainer)
        other.metrics = self.metrics.until(shared)
        return other

    def hand_over(self) -> bool:
        """Let the compiled engine go on, if the run leaves the choice and stands where it has never gone on from.

        Returns whether it does.
        """
        trainer, config = self.trainer, self.trainer.config
        at_front = trainer.step_count >= trainer.furthest and trainer.diverged is None
        if config.engine != "auto" or config is self._left_alone or not at_front:
            return False
        if compiled.missing_for(config, len(trainer.dataset.X_train)) is not None:
            self._left_alone = config
            return False
        self.set({"engine": "compiled"})
        return True

    def engine(self) -> dict[str, Any]:
        """Return what takes its steps, and what of it the compiled engine does not know, for clients."""
        config = self.trainer.config
        samples = len(self.trainer.dataset.X_train)
        lack = None if config.engine == "numpy" else compiled.known_lack(config, samples)
        told = None if lack is None else {"kind": lack.kind, "name": lack.name}
        return {"name": self.trainer.made_by, "lack": told}

    # To be kept

    def kept(self) -> dict[str, Any]:
        """Return all that another lane of the same run needs to go on from near here, as plain data."""
        values = {"trainer": self.trainer.kept(), "curves": self.metrics.data(), "step": self.trainer.step_count}
        return {**values, "halted": self.trainer.diverged is not None or self.trainer.stopped is not None}

    def resume(self, values: Mapping[str, Any]) -> int | None:
        """Go on where another lane was, from what was `kept` of it; return the step at which it ends by itself.

        Raises
        ------
        ConfigError
            If that is of another run. Nothing is changed then.
        """
        try:
            curves, step, halted = Metrics.of(values["curves"]), int(values["step"]), bool(values["halted"])
            self.trainer.resume(values["trainer"])
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError(f"what was kept of a run does not fit it: {error}", "kept", None) from error
        self.metrics = curves
        self.metrics.go_to(self.trainer.step_count)
        return step if halted else None

    # How it goes

    def symptoms(self) -> list[dict[str, Any]]:
        """Return what goes wrong with it, the most telling first, for clients."""
        return [
            {
                "name": told.name,
                "step": told.step,
                "layers": list(told.finding.layers),
                "value": None if told.finding.value is None else finite(told.finding.value),
                "remedies": [
                    {"name": one.name, "change": dict(one.change), "values": dict(one.values), "here": one.here}
                    for one in told.remedies
                ],
            }
            for told in self.watch.told
        ]

    def halt(self) -> dict[str, Any] | None:
        """Return why it cannot go on by itself, for clients; None if it can."""
        trainer, gone, end = self.trainer, self.trainer.diverged, self.trainer.stopped
        if gone is not None:
            step, rate = trainer.edits.good_step(trainer.diverged)
            return {
                "kind": "diverged",
                "step": gone.step,
                "loss": gone.loss,
                "pull": gone.pull,
                "learning_rate": gone.learning_rate,
                "layer": gone.origin.layer,
                "ratio": None if gone.origin.ratio is None else finite(gone.origin.ratio),
                "overflow": gone.origin.overflow,
                "good_step": step,
                "good_rate": rate,
            }
        if end is None:
            return None
        return {
            "kind": "stopped",
            "step": end.step,
            "rule": end.rule,
            "value": finite(end.value),
            "converged": end.converged,
        }


def _shared_steps(one: tuple[Edit, ...], other: tuple[Edit, ...]) -> int:
    """Return up to which step two lists of edits say the same of a run, as it stood before any change there."""
    pairs = zip_longest(one, other)
    first = min(edit.step for a, b in pairs if a != b for edit in (a, b) if edit is not None)
    return max(0, first - 1)
