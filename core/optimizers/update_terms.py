"""The numbers in one parameter's last step: what the update rule made of its gradient.

Every rule's formula is written once more here, term by term as in its paper, so that each number can be shown; the step
that they give is the one that was taken.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .rules import OPTIMIZERS, NAdam, Optimizer

Terms = dict[str, float]


def update_terms(optimizer: Optimizer, index: int, gradient: float, before: float) -> Terms:
    """Return the terms of a parameter's last step by name; the last of them is ``"step"``.

    Parameters
    ----------
    optimizer : Optimizer
        After the step.
    index : int
        Which parameter.
    gradient : float
        As the optimizer saw it: ``"g"``.
    before : float
        The parameter before the step: ``"w"``.

    Returns
    -------
    dict
        ``g``, ``w``, ``eta``, ``t``; the rule's memory (``m``, ``v``, ``s``, …) and hyperparameters; what it derives
        from them (``m_hat``, ``v_hat``, …); ``step`` from the formula, NaN before the first step.
    """
    terms: Terms = {"g": gradient, "w": before, "eta": float(optimizer.learning_rate), "t": optimizer.t}
    terms |= {entry.name: float(getattr(optimizer, entry.name)) for entry in optimizer.hyperparameters}
    terms |= {name: float(getattr(optimizer, name)[index]) for name in optimizer.memory}
    terms |= {name: float(getattr(optimizer, name)[0]) for name in optimizer.numbers}
    if optimizer.t == 0:
        return {**terms, "step": math.nan}
    if isinstance(optimizer, NAdam):
        terms["mu"], terms["mu_next"] = optimizer.momenta
    name = next(name for name, rule in OPTIMIZERS.items() if rule is type(optimizer))
    taken = float(optimizer.update[index])
    with np.errstate(all="ignore"):
        return _RULES[name](terms, taken)


def _sgd(o: Terms, taken: float) -> Terms:
    return {**o, "step": -o["eta"] * o["g"]}


def _momentum(o: Terms, taken: float) -> Terms:
    return {**o, "step": -o["eta"] * o["v"]}


def _nesterov(o: Terms, taken: float) -> Terms:
    return {**o, "step": -o["eta"] * (o["g"] + o["momentum"] * o["v"])}


def _adagrad(o: Terms, taken: float) -> Terms:
    eta = o["eta"] / (1 + (o["t"] - 1) * o["lr_decay"])
    return {**o, "eta_t": eta, "step": -eta * _over(o["g"], math.sqrt(o["s"]) + o["eps"])}


def _rmsprop(o: Terms, taken: float) -> Terms:
    variance = max(o["s"] - o["m"] ** 2, 0.0) if o["centered"] else o["s"]
    quotient = _over(o["g"], math.sqrt(variance) + o["eps"])
    if o["momentum"]:
        o = {**o, "v_before": (o["v"] - quotient) / o["momentum"] if o["t"] > 1 else 0.0}
    return {**o, "variance": variance, "step": -o["eta"] * (o["v"] if o["momentum"] else quotient)}


def _adadelta(o: Terms, taken: float) -> Terms:
    """By now u has taken up d²; the u that d was made with is what it was before."""
    d = _over(-taken, o["eta"]) if o["eta"] else math.nan
    before = max((o["u"] - (1 - o["rho"]) * d * d) / o["rho"], 0.0) if o["rho"] else math.nan
    return {**o, "u_before": before, "d": d, "step": -o["eta"] * d if o["eta"] else 0.0}


def _adam(o: Terms, taken: float, v: str = "v") -> Terms:
    m_hat, v_hat = o["m"] / (1 - o["beta1"] ** o["t"]), o[v] / (1 - o["beta2"] ** o["t"])
    step = -o["eta"] * _over(m_hat, math.sqrt(v_hat) + o["eps"])
    return {**o, "m_hat": m_hat, "v_hat": v_hat, "step": step}


def _amsgrad(o: Terms, taken: float) -> Terms:
    return _adam(o, taken, "largest_v")


def _adamw(o: Terms, taken: float) -> Terms:
    o, decay = _adam(o, taken), -o["eta"] * o["weight_decay"] * o["w"]
    adaptive = o.pop("step")
    return {**o, "decay": decay, "step": adaptive + decay}


def _nadam(o: Terms, taken: float) -> Terms:
    """m̂ looks ahead: μₜ₊₁ m / (1 − μ₁…μₜ₊₁) + (1 − μₜ) g / (1 − μ₁…μₜ)."""
    now, following, product = o["mu"], o["mu_next"], o["product"]
    m_hat = following * o["m"] / (1 - product * following) + (1 - now) * o["g"] / (1 - product)
    v_hat = o["v"] / (1 - o["beta2"] ** o["t"])
    return {**o, "m_hat": m_hat, "v_hat": v_hat, "step": -o["eta"] * _over(m_hat, math.sqrt(v_hat) + o["eps"])}


def _over(a: float, b: float) -> float:
    return float(np.float64(a) / np.float64(b))


_RULES: dict[str, Callable[[Terms, float], Terms]] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adadelta": _adadelta,
    "adam": _adam,
    "amsgrad": _amsgrad,
    "adamw": _adamw,
    "nadam": _nadam,
}
