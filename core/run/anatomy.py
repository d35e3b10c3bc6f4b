"""A training step taken apart: the raw gradient, what momentum makes of it, and what the rule makes of that.

All parts are vectors in parameter space, so they can be drawn on any plane through it. The rules' formulas are those
of `optimizers`, written here for whole vectors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..nets.activations import Array
from ..optimizers.rules import (
    Adadelta,
    Adagrad,
    Adam,
    AMSGrad,
    Momentum,
    NAdam,
    Optimizer,
    RMSprop,
)

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
        η / (√v̂ + ε): the learning rate that the rule leaves to each parameter; None where all have η.
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
    eta, step = optimizer.learning_rate, optimizer.update.astype(np.float64)
    with np.errstate(all="ignore"):
        momentum, rates = _momentum(optimizer), _rates(optimizer)
        return Anatomy(-eta * gradient.astype(np.float64), None if momentum is None else -eta * momentum, step, rates)


def _momentum(optimizer: Optimizer) -> Flat | None:
    """Return v or m̂ (P,). NAdam's looks ahead by itself: its m̂ is Adam's."""
    if isinstance(optimizer, Adam):
        bias = 1.0 if isinstance(optimizer, NAdam) else 1.0 - optimizer.beta1**optimizer.t
        return np.asarray(optimizer.m / bias, np.float64)
    if isinstance(optimizer, Momentum):
        return np.asarray(optimizer.v, np.float64)
    return None


def _rates(optimizer: Optimizer) -> Flat | None:
    """Return the effective rates (P,) of a rule that rescales each parameter."""
    eta = optimizer.learning_rate
    if isinstance(optimizer, Adam):
        largest = optimizer.largest_v if isinstance(optimizer, AMSGrad) else optimizer.v
        spread = np.sqrt(largest / (1.0 - optimizer.beta2**optimizer.t)) + optimizer.eps
    elif isinstance(optimizer, RMSprop):
        variance = np.maximum(optimizer.s - optimizer.m**2, 0.0) if optimizer.centered else optimizer.s
        spread = np.sqrt(variance) + optimizer.eps
    elif isinstance(optimizer, Adagrad):
        spread = (np.sqrt(optimizer.s) + optimizer.eps) * (1.0 + (optimizer.t - 1) * optimizer.lr_decay)
    elif isinstance(optimizer, Adadelta):
        d = optimizer.update / eta if eta else np.zeros_like(optimizer.update)
        before = (optimizer.u - (1.0 - optimizer.rho) * d * d) / optimizer.rho if optimizer.rho else 0.0 * d
        spread = np.sqrt(optimizer.s + optimizer.eps) / np.sqrt(np.maximum(before, 0.0) + optimizer.eps)
    else:
        return None
    return np.asarray(eta / spread, np.float64)


def rate_along(rates: Flat, direction: Flat) -> float:
    """Return what a rule leaves of η to a direction (P,): Σ dᵢ² rᵢ / Σ dᵢ², on an axis the rate of its parameter."""
    squares = direction * direction
    return float(squares @ rates / squares.sum())
