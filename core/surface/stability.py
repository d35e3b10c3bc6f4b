"""How sharp the loss may bend before gradient descent with a learning rate η leaves a valley.

Along a direction with curvature h, plain gradient descent multiplies the distance from the valley's floor by 1 − ηh at
each step: it shrinks only while h < 2/η. Momentum allows more, h < 2(1 + μ)/η, Nesterov's form less of it,
h < 2(1 + μ)/((1 + 2μ) η). Full-batch training of networks drives λ_max up to this limit and then hovers there, the
edge of stability (Cohen et al. 2021, "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability",
section 2 and appendix B). Rules that rescale every parameter by itself have no such limit on the Hessian alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..optimizers.table import make_optimizer


def stability_factor(name: str, hyperparameters: Mapping[str, float]) -> float | None:
    """Return the factor f in the limit f · 2/η of the curvature; None where the rule has no such limit.

    Parameters
    ----------
    name : str
        An optimizer of `OPTIMIZERS`.
    hyperparameters : mapping
        Its hyperparameters; those left out take their defaults.
    """
    optimizer = make_optimizer(name, **hyperparameters)
    limit = None if optimizer.rates else optimizer.limit()
    return None if limit is None else limit / 2
