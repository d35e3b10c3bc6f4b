"""What is asked of a run beside its surface: the loss from its start to now, its sharpness, and its step in parts.

Cut and sharpness are computed in a worker when a page asks, one piece at a time, and travel in the reply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.config.config import RunConfig
from ...core.config.problem import find_problem, problem_key
from ...core.ground.geometry import Plane
from ...core.ground.lengths import length
from ...core.run.anatomy import next_anatomy, rate_along
from ...core.run.trainer import Trainer
from ...core.surface.curvature import sharpness_of_run
from ...core.surface.loss_function import LossFunction
from ...core.surface.stability import rescales, scale_of, stability_factor
from ...core.surface.surface import loss_line
from ..wire.messages import Work
from ..wire.protocol import finite

_POINTS = 101
#: Sharpness is told at so many steps at most, evenly spread over the run.
_MOST_STEPS = 60

Flat = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CutTask:
    """The line between two positions (P,) of a run."""

    config: Mapping[str, Any]
    start: Flat
    end: Flat
    step: int


def cut_of(trainer: Trainer) -> Work:
    """Return the work that computes the loss from the start of the run to now, and a quarter beyond both."""
    start = np.asarray(trainer.track.path(2)[1][0], np.float64)
    task = CutTask(trainer.posed.to_json(), start, trainer.theta.astype(np.float64), trainer.step_count)
    return Work(cut_part, task, 1)


def cut_part(task: CutTask, start: int, stop: int) -> Flat:
    """Return rows α and loss (2, k)."""
    return np.stack(loss_line(LossFunction(*find_problem(problem_key(task.config))), task.start, task.end, _POINTS))


def cut_reply(task: CutTask, rows: Flat) -> dict[str, Any]:
    """Return the cut for a reply; a loss that is no number is null."""
    return {
        "at": task.step,
        "alpha": rows[0].tolist(),
        "loss": [finite(float(loss)) for loss in rows[1]],
        "length": length(task.end - task.start),
    }


@dataclass(frozen=True, slots=True, eq=False)
class SharpnessTask:
    """A position (P,) of a run, a guess at its sharpest direction, and what the rule there rescales parameters by."""

    config: Mapping[str, Any]
    theta: Flat
    step: int
    guess: Flat | None
    scale: Flat | None = None


def sharpness_part(task: SharpnessTask, start: int, stop: int) -> Flat:
    """Return one row (1, 2 + P): λ_max, 1 where it is exact, its direction."""
    found = sharpness_of_run(task.config, task.theta, task.guess, task.scale)
    return np.concatenate([[found.value, found.exact], found.direction])[None]


class SharpnessRecord:
    """λ_max at steps of a run, as far as it is known; belongs to one branch of it.

    Each is that of the loss in force at its step: a live edit may change the loss from there on. Where the rule in
    force rescales parameters, it is that of P^-½ H P^-½.
    """

    def __init__(self) -> None:
        self.known: dict[int, tuple[float, bool]] = {}
        self._branch = 0
        self._config: RunConfig | None = None
        self._problem = ""
        self._guess: Flat | None = None

    def next(self, trainer: Trainer) -> Work | None:
        """Return the work for the step that is missed most: the present one, else the middle of the largest gap."""
        self._follow(trainer)
        theta, here = trainer.theta.astype(np.float64), trainer.step_count
        scale = scale_of(trainer.last_step.optimizer)
        if here in self.known:
            steps, positions = self._past(trainer)
            missing = [k for k, step in enumerate(steps) if int(step) not in self.known]
            if not missing:
                return None
            done = np.fromiter(self.known, np.int64)
            k = max(missing, key=lambda k: int(np.abs(done - steps[k]).min()))
            here = int(steps[k])
            if positions is None:
                kept, optimizer = trainer.track.kept(here)
                theta, scale = np.asarray(kept, np.float64), scale_of(optimizer)
            else:
                theta, scale = np.asarray(positions[k], np.float64), None
        guess = self._guess if self._guess is not None and len(self._guess) == len(theta) else None
        config = trainer.edits.config_at(here).at(here).to_json()
        return Work(sharpness_part, SharpnessTask(config, theta, here, guess, scale), 1)

    def _past(self, trainer: Trainer) -> tuple[Sequence[int], Sequence[Flat] | None]:
        """Return the steps to be told of, and where they were; None where the rule's memory is needed beside that.

        Rules that rescale parameters are told of at the steps whose memory is kept.
        """
        if not any(rescales(config.optimizer.name) for config in (trainer.config, trainer.edits.start)):
            steps, positions = trainer.track.path(_MOST_STEPS)
            return [int(step) for step in steps], list(positions)
        kept = trainer.track.kept_steps()
        return kept[:: -(-len(kept) // _MOST_STEPS)], None

    def take(self, task: SharpnessTask, rows: Flat) -> None:
        """Note a result."""
        value, exact = rows[0, :2]
        self.known[task.step] = float(value), bool(exact)
        if np.isfinite(rows).all():
            self._guess = rows[0, 2:]
        if len(self.known) > 2 * _MOST_STEPS:
            steps = sorted(self.known)
            self.known = {step: self.known[step] for step in (*steps[:-8:2], *steps[-8:])}

    def reply(self, trainer: Trainer, more: bool) -> dict[str, Any]:
        """Return all that is known up to the present, and whether there is `more` to be asked for at once."""
        self._follow(trainer)
        optimizer = trainer.config.optimizer
        return {
            "points": [[step, finite(value), exact] for step, (value, exact) in sorted(self.known.items())],
            "factor": stability_factor(optimizer.name, optimizer.hyperparameters, trainer.learning_rate),
            "rescaled": rescales(optimizer.name),
            "more": more,
        }

    def _follow(self, trainer: Trainer) -> None:
        """A new branch keeps what lies before it left; where an edit changes the loss, its step is measured anew."""
        if trainer.edits.branch != self._branch:
            self._branch = trainer.edits.branch
            left = trainer.edits.branches[trainer.edits.branch].step
            self.known = {step: found for step, found in self.known.items() if step <= left}
        if trainer.config is not self._config:
            self._config, before = trainer.config, self._problem
            self._problem = problem_key(trainer.config.to_json())
            if before in ("", self._problem):
                return
            steps = [entry.step for entry in trainer.edits.entries if entry.step <= trainer.step_count]
            edited = max(steps, default=-1)
            self.known = {step: found for step, found in self.known.items() if step != edited}


def anatomy_on(plane: Plane, trainer: Trainer, coming: bool) -> dict[str, Any] | None:
    """Return the parts of the coming or the last step in the coordinates of a plane; None where there is no such step.

    Vectors are those of the step projected onto the plane; `rates` are what the rule leaves of η to either axis.
    """
    parts = next_anatomy(trainer) if coming else trainer.last_step.anatomy()
    if parts is None:
        return None

    def on(vector: Flat | None) -> list[float | None] | None:
        return None if vector is None else [finite(float(x)) for x in plane.project(plane.centre + vector)]

    rates = parts.rates
    return {
        "coming": coming,
        "step": trainer.step_count,
        "gradient": on(parts.gradient),
        "momentum": on(parts.momentum),
        "update": on(parts.step),
        "rates": None if rates is None else [finite(rate_along(rates, d)) for d in (plane.d1, plane.d2)],
        "learning_rate": trainer.learning_rate,
    }
