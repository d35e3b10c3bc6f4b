"""How sharp the loss may bend before a rule with a learning rate η leaves a valley.

Along a direction with curvature h, plain gradient descent multiplies the distance from the valley's floor by 1 − ηh at
each step: it shrinks only while h < 2/η. Every rule declares its own limit, momentum 2(1 + μ)/η for example. Full-batch
training of networks drives λ_max up to the limit and then hovers there, the edge of stability (Cohen et al. 2021,
"Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability", section 2 and appendix B).

A rule that rescales every parameter by itself divides its part of the step by p > 0. In coordinates √p θ that is a rule
with one rate, and the Hessian there is P^-½ H P^-½: its λ_max is what meets the limit, (2 + 2β₁)/((1 − β₁) η) for Adam
(Cohen et al. 2022, "Adaptive Gradient Methods at the Edge of Stability"). λ_max of H alone says nothing then.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ..optimizers.formula import part, terms
from ..optimizers.optimizer import Optimizer
from ..optimizers.table import OPTIMIZERS, make_optimizer

Flat = NDArray[np.float64]


def stability_factor(name: str, hyperparameters: Mapping[str, float], learning_rate: float = 0.03) -> float | None:
    """Return the factor f in the limit f · 2/η; None where the rule declares none.

    For a rule that `rescales` it is the limit of the preconditioned curvature.

    Parameters
    ----------
    name : str
        An optimizer of `OPTIMIZERS`.
    hyperparameters : mapping
        Its hyperparameters; those left out take their defaults.
    learning_rate : float
        η, on which the limit of AdamW hangs as well.
    """
    limit = make_optimizer(name, learning_rate, **hyperparameters).limit()
    return None if limit is None else limit / 2


def rescales(name: str) -> bool:
    """Whether an optimizer of `OPTIMIZERS` leaves each parameter with a rate of its own."""
    return OPTIMIZERS[name].rates is not None


def scale_of(optimizer: Optimizer) -> Flat | None:
    """Return p^-½ (P,), p what a rule divides each parameter's part of the step by after its last one.

    Its memory says so: NaN before the first step, where there is none; None for a rule with one rate for all.
    """
    if optimizer.rates is None:
        return None
    eta, zero = optimizer.learning_rate, np.zeros(len(optimizer.update))
    if optimizer.t == 0 or not eta:
        return np.full(len(zero), np.nan)
    rates = part(optimizer.rates, terms(optimizer, zero, zero))
    assert rates is not None
    with np.errstate(all="ignore"):
        return np.sqrt(np.broadcast_to(rates, zero.shape) / eta)
