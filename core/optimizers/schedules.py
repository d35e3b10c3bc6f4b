"""Learning-rate schedules: what the learning rate η is multiplied with as a run goes on.

A schedule is a function of the number t of steps taken; only `plateau` looks at the loss. η itself stays the user's: it
can be moved at any time, and the schedule goes on multiplying.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ..ground.hyperparameters import Hyperparameter
from ..ground.parts import Parts

Values = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule in the table.

    Attributes
    ----------
    name : str
        Its key in `SCHEDULES`.
    hyperparameters : tuple of Hyperparameter
        Its numbers.
    factor : callable (t, values) -> float, optional
        The factor after t steps, 0 or more. None: it depends on the loss, see `Plateau`.
    formula : str, optional
        The factor as a line of arithmetic in ``t`` and the numbers, where that is what the factor is made of.
    """

    name: str
    hyperparameters: tuple[Hyperparameter, ...]
    factor: Callable[[int, Values], float] | None
    formula: str | None = None


def _step(t: int, values: Values) -> float:
    """Return factor^⌊t / period⌋."""
    return float(values["factor"] ** (t // values["period"]))


def _exponential(t: int, values: Values) -> float:
    """Return factor^(t / period)."""
    return float(values["factor"] ** (t / values["period"]))


def _cosine(t: int, values: Values) -> float:
    """Go from 1 to the floor along half a cosine, then the floor (Loshchilov & Hutter 2017, without restarts)."""
    return _between(1.0, values["floor"], t / values["period"])


def _warmup(t: int, values: Values) -> float:
    """Go up to 1 in a straight line, then 1 (Goyal et al. 2017); LinearLR of PyTorch from 1 / period in period − 1."""
    return min(1.0, (t + 1) / values["period"])


def _one_cycle(t: int, values: Values) -> float:
    """Go from `start` up to 1 along half a cosine, then down to `end` (Smith & Topin 2019), which then holds.

    As in PyTorch's OneCycleLR with total_steps = period: the top is at step rise · period − 1, the end at period − 1;
    start is 1 / div_factor, end is 1 / (div_factor · final_div_factor).
    """
    top, last = values["rise"] * values["period"] - 1, values["period"] - 1
    if t < top:
        return _between(values["start"], 1.0, t / top)
    return _between(1.0, values["end"], (t - top) / (last - top))


def _between(start: float, end: float, share: float) -> float:
    """Return what lies at a share 0…1 of the way along half a cosine; beyond it, the end."""
    return end + (start - end) * (1 + math.cos(math.pi * min(share, 1.0))) / 2


def _period(default: int) -> Hyperparameter:
    return Hyperparameter("period", default, 1, 10_000_000, integer=True)


#: name -> record; order is the order in which they are offered. Periods are in steps.
SCHEDULES: Parts[Schedule] = Parts(
    "schedule",
    {
        entry.name: entry
        for entry in [
            Schedule("constant", (), lambda t, values: 1.0),
            Schedule("step", (_period(1000), Hyperparameter("factor", 0.5, 0.0, 1.0)), _step),
            Schedule("exponential", (_period(1000), Hyperparameter("factor", 0.5, 0.0, 1.0)), _exponential),
            Schedule("cosine", (_period(5000), Hyperparameter("floor", 0.0, 0.0, 1.0)), _cosine),
            Schedule("warmup", (_period(500),), _warmup),
            Schedule(
                "one_cycle",
                (
                    _period(5000),
                    Hyperparameter("rise", 0.3, 0.0, 0.99),
                    Hyperparameter("start", 0.04, 0.0, 1.0),
                    Hyperparameter("end", 4e-6, 0.0, 1.0),
                ),
                _one_cycle,
            ),
            Schedule(
                "plateau",
                (
                    Hyperparameter("factor", 0.1, 0.0, 1.0),
                    Hyperparameter("patience", 10, 0, 10_000, integer=True),
                    Hyperparameter("threshold", 1e-4, 0.0, 1.0),
                    Hyperparameter("min_lr", 0.0, 0.0, 100.0),
                ),
                None,
            ),
        ]
    },
)


#: A learning rate that would go down by less stays: the `eps` of PyTorch.
LEAST_CHANGE = 1e-8


@dataclass(frozen=True, slots=True)
class Plateau:
    """State of the schedule `plateau`, which is told the loss over the full training set after every epoch.

    When more than `patience` epochs in a row have not improved on the best loss by the relative `threshold`, the factor
    is multiplied and the count starts again. The learning rate does not go below `min_lr`, nor down by less than
    `LEAST_CHANGE` (ReduceLROnPlateau of PyTorch).
    """

    factor: float = 1.0
    best: float = math.inf
    waited: int = 0

    def after(self, loss: float, values: Values, learning_rate: float) -> Plateau:
        """Return the state after an epoch that ended with `loss`, with the learning rate η that is multiplied."""
        if loss < self.best * (1 - values["threshold"]):
            return replace(self, best=loss, waited=0)
        if self.waited < values["patience"]:
            return replace(self, waited=self.waited + 1)
        before = learning_rate * self.factor
        factor = self.factor * values["factor"]
        if learning_rate * factor < values["min_lr"]:
            factor = values["min_lr"] / learning_rate if learning_rate else self.factor
        lowered = before - learning_rate * factor > LEAST_CHANGE
        return replace(self, factor=factor if lowered else self.factor, waited=0)
