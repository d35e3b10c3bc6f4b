"""A watch over a run: symptoms that have held for long enough to be told, and are not yet gone for long enough."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from .remedies import Remedy
from .signs import signs_of
from .symptoms import SYMPTOMS, Finding

if TYPE_CHECKING:
    from .trainer import Trainer

#: Looks that are remembered, at most; then every other one is forgotten.
_MOST = 256
#: Steps between two looks, at least.
GAP = 8


@dataclass(frozen=True, slots=True)
class Told:
    """A symptom of a run.

    Attributes
    ----------
    name : str
        In `SYMPTOMS`.
    step : int
        The first look of those in a row at which it was there.
    finding : Finding
        Where, and how much, when it was told first; anew where it is in other layers by now: numbers do not flicker.
    remedies : tuple of Remedy
        What helps.
    """

    name: str
    step: int
    finding: Finding
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class _Course:
    """Of one symptom: since which look it has been there, at which it was there last, and whether it is told."""

    since: int
    seen: int
    told: Told | None = None


class Watch:
    """Looks at a run from time to time. What it says depends on the run and on the steps it was looked at alone."""

    def __init__(self) -> None:
        self.forget()

    @property
    def told(self) -> tuple[Told, ...]:
        """The symptoms to be told, the most telling first: one of a kind, of which the others follow."""
        held = [course.told for name in SYMPTOMS if (course := self._courses.get(name)) is not None and course.told]
        first = {SYMPTOMS[told.name].kind: told for told in reversed(held)}
        return tuple(told for told in held if first[SYMPTOMS[told.name].kind] is told)

    def forget(self) -> None:
        """Begin anew: the run is another one from here on."""
        self._step, self._past = 0, np.empty((0, 3))
        self._courses: dict[str, _Course] = {}

    def look(self, trainer: Trainer) -> None:
        """Look at a run, where it has taken `GAP` steps since the last look; on a landscape there is nothing to see."""
        step = trainer.step_count
        if step < self._step:
            self.forget()
        if trainer.config.on_landscape or step < self._step + GAP or trainer.diverged is not None or _early(trainer):
            return
        signs = signs_of(trainer, self._past)
        self._step, self._past = step, signs.past
        if len(self._past) >= _MOST:
            self._past = self._past[::2]
        for name, symptom in SYMPTOMS.items():
            finding, course, patience = symptom.found(signs), self._courses.get(name), symptom.steps(signs)
            if finding is not None:
                course = replace(course, seen=step) if course is not None else _Course(step, step)
                new = course.told is None or course.told.finding.layers != finding.layers
                if new and step - course.since >= patience:
                    course = replace(course, told=Told(name, course.since, finding, symptom.remedies(signs)))
                self._courses[name] = course
            elif course is not None and (course.told is None or step - course.seen >= patience):
                del self._courses[name]


def _early(trainer: Trainer) -> bool:
    """Whether a run is in the first half of one of its tasks: what it knows is of the last, and its loss is no sign."""
    length = trainer.config.data.steps_per_task
    return length is not None and 2 * (trainer.step_count % length) < length
