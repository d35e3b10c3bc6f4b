"""Update rules parameter by parameter, to be turned into machine code: what `Optimizer._rule` does in NumPy."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..ground.machine_code import machine_code
from ..nets.activations import Array
from .optimizer import Optimizer

#: name -> number in `update`.
RULES = {
    "sgd": 0, "momentum": 1, "nesterov": 2, "adagrad": 3, "rmsprop": 4, "adadelta": 5, "adam": 6, "amsgrad": 7,
    "adamw": 8, "nadam": 9, "lion": 10,
}  # fmt: skip

#: Vectors that a rule remembers at most.
MEMORIES = 4


def numbers_of(optimizer: Optimizer) -> NDArray[np.float64]:
    """Return a rule's hyperparameters (6,) in their order, padded with zeros: as `update` takes them."""
    values = [float(getattr(optimizer, entry.name)) for entry in optimizer.hyperparameters]
    return np.array([*values, *([0.0] * (6 - len(values)))])


@machine_code()
def update(
    rule: int, t: int, rate: float, numbers: Array, theta: Array, gradient: Array, out: Array, m: Array, v: Array,
    c: Array, d: Array,
) -> None:  # fmt: skip
    """Write the update number `t` of a rule into `out`, and what it remembers.

    Parameters
    ----------
    rule : int
        Of `RULES`.
    t : int
        From 1.
    rate : float
        The learning rate η.
    numbers : array (6,)
        From `numbers_of`.
    theta, gradient : array (P,)
        As `Optimizer.step` takes them.
    out : array (P,)
        The update.
    m, v, c, d : array (P,)
        The rule's memory in its order, then its numbers; others are not touched.
    """
    count = len(theta)
    if rule == 0:
        for i in range(count):
            out[i] = -rate * gradient[i]
    elif rule == 1:
        share = 1.0 if t == 1 else 1.0 - numbers[1]
        for i in range(count):
            m[i] = numbers[0] * m[i] + share * gradient[i]
            out[i] = -rate * m[i]
    elif rule == 2:
        for i in range(count):
            m[i] = numbers[0] * m[i] + gradient[i]
            out[i] = -rate * (gradient[i] + numbers[0] * m[i])
    elif rule == 3:
        pace = rate / (1.0 + (t - 1) * numbers[0])
        for i in range(count):
            m[i] += gradient[i] * gradient[i]
            out[i] = -pace * (gradient[i] / (math.sqrt(m[i]) + numbers[1]))
    elif rule == 4:
        _rmsprop(rate, numbers, gradient, out, m, v, c, d)
    elif rule == 5:
        _adadelta(rate, numbers[0], numbers[1], gradient, out, m, v)
    elif rule == 10:
        _lion(rate, numbers[0], numbers[1], numbers[2], theta, gradient, out, m)
    else:
        _adam(rule, t, rate, numbers, theta, gradient, out, m, v, c)


@machine_code()
def _rmsprop(
    rate: float, numbers: Array, gradient: Array, out: Array, s: Array, m: Array, c: Array, v: Array
) -> None:  # fmt: skip
    alpha, eps, momentum, centered = numbers[0], numbers[1], numbers[2], numbers[3] > 0.0
    for i in range(len(out)):
        g = gradient[i]
        s[i] = alpha * s[i] + (1.0 - alpha) * (g * g)
        spread = s[i]
        if centered:
            apart = g - m[i]
            c[i] = alpha * (c[i] + (1.0 - alpha) * (apart * apart))
            m[i] = alpha * m[i] + (1.0 - alpha) * g
            spread = c[i]
        quotient = g / (math.sqrt(spread) + eps)
        if momentum > 0.0:
            v[i] = momentum * v[i] + quotient
            quotient = v[i]
        out[i] = -rate * quotient


@machine_code()
def _adadelta(rate: float, rho: float, eps: float, gradient: Array, out: Array, s: Array, u: Array) -> None:
    for i in range(len(out)):
        g = gradient[i]
        s[i] = rho * s[i] + (1.0 - rho) * (g * g)
        d = math.sqrt((u[i] + eps) / (s[i] + eps)) * g
        u[i] = rho * u[i] + (1.0 - rho) * (d * d)
        out[i] = -rate * d


@machine_code()
def _lion(
    rate: float, beta1: float, beta2: float, decay: float, theta: Array, gradient: Array, out: Array, m: Array
) -> None:  # fmt: skip
    for i in range(len(out)):
        mean = beta1 * m[i] + (1.0 - beta1) * gradient[i]
        sign = 1.0 if mean > 0.0 else (-1.0 if mean < 0.0 else mean)
        out[i] = -rate * sign - rate * decay * theta[i]
        m[i] = beta2 * m[i] + (1.0 - beta2) * gradient[i]


@machine_code()
def _adam(
    rule: int, t: int, rate: float, numbers: Array, theta: Array, gradient: Array, out: Array, m: Array, v: Array,
    more: Array,
) -> None:  # fmt: skip
    """Adam and its kin: `more` is the largest v of AMSGrad, and the product of momenta (1,) of NAdam."""
    beta1, beta2, eps = numbers[0], numbers[1], numbers[2]
    straight, ahead = -rate / (1.0 - beta1**t), 0.0
    if rule == 9:
        now = beta1 * (1.0 - 0.5 * 0.96 ** (t * numbers[3]))
        following = beta1 * (1.0 - 0.5 * 0.96 ** ((t + 1) * numbers[3]))
        more[0] *= now
        straight = -rate * following / (1.0 - more[0] * following)
        ahead = -rate * (1.0 - now) / (1.0 - more[0])
    decay = rate * numbers[3] if rule == 8 else 0.0
    scale = 1.0 / (1.0 - beta2**t)
    for i in range(len(out)):
        g = gradient[i]
        m[i] = beta1 * m[i] + (1.0 - beta1) * g
        v[i] = beta2 * v[i] + (1.0 - beta2) * (g * g)
        spread = v[i]
        if rule == 7:
            more[i] = more[i] if more[i] > spread else spread
            spread = more[i]
        share = 1.0 / (math.sqrt(spread * scale) + eps)
        out[i] = (straight * m[i] + ahead * g) * share - decay * theta[i]
