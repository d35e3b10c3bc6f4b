"""A training step taken apart: the raw gradient, what momentum makes of it, and what the rule makes of that.

All parts are vectors in parameter space, so they can be drawn on any plane through it. What they are is said in the
rule's record: see `Optimizer`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..nets.activations import Array
from ..optimizers.formula import part, terms
from ..optimizers.optimizer import Optimizer

if TYPE_CHECKING:
    from .trainer import Trainer

Flat = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """The parts of a step.

    Attributes
    ----------
    gradient : ndarray of shape (P,)
        −ηg: the step of plain gradient descent.
    momentum : ndarray of shape (P,) or None
        −ηv or −ηm̂: the step with memory, before anything is rescaled; None for a rule without momentum.
    step : ndarray of shape (P,)
        What is added to θ.
    rates : ndarray of shape (P,) or None
        Such as η / (√v̂ + ε): the learning rate that the rule leaves to each parameter; None where all have η.
    """

    gradient: Flat
    momentum: Flat | None
    step: Flat
    rates: Flat | None


def anatomy(optimizer: Optimizer, gradient: Array) -> Anatomy:
    """Take the optimizer's last step apart.

    Parameters
    ----------
    optimizer : Optimizer
        After at least one step.
    gradient : array (P,)
        As the optimizer saw it.
    """
    eta, g = optimizer.learning_rate, gradient.astype(np.float64)
    found = terms(optimizer, g, np.full_like(g, np.nan))  # where the parameters were is no part of it
    momentum, rates = part(optimizer.momentum_part, found), part(optimizer.rates, found)
    return Anatomy(-eta * g, None if momentum is None else -eta * momentum, optimizer.update.astype(np.float64), rates)


def next_anatomy(trainer: Trainer) -> Anatomy | None:
    """Return a trainer's coming step taken apart: bit for bit what it will do; None where that diverges."""
    twin = trainer.twin()
    twin.run(1)
    gone = twin.diverged is not None and not twin.diverged.taken
    return None if gone else twin.last_step.anatomy()


def rate_along(rates: Flat, direction: Flat) -> float:
    """Return what a rule leaves of η to a direction (P,): Σ dᵢ² rᵢ / Σ dᵢ², on an axis the rate of its parameter."""
    squares = direction * direction
    return float(squares @ rates / squares.sum())
