"""Update rules parameter by parameter, to be turned into machine code: what `Optimizer._rule` does in NumPy.

What a rule makes of one parameter is written once, and goes through those of one net, or of many that train side by
side, each with its own learning rate and hyperparameters.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..ground.machine_code import machine_code
from ..nets.activations import Array
from ..nets.compiled_activations import Index
from ..nets.compiled_pass import at_
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
def _momentum(rate: float, mu: float, share: float, g: float, m: float) -> tuple[float, float]:
    m = mu * m + share * g
    return m, -rate * m


@machine_code()
def _nesterov(rate: float, mu: float, g: float, m: float) -> tuple[float, float]:
    m = mu * m + g
    return m, -rate * (g + mu * m)


@machine_code()
def _adagrad(pace: float, eps: float, g: float, s: float) -> tuple[float, float]:
    s += g * g
    return s, -pace * (g / (math.sqrt(s) + eps))


@machine_code()
def _rmsprop(
    rate: float, alpha: float, eps: float, momentum: float, centered: bool, g: float, i: Index, s: Array, m: Array,
    c: Array, v: Array,
) -> float:  # fmt: skip
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
    return -rate * quotient


@machine_code()
def _adadelta(rate: float, rho: float, eps: float, g: float, s: float, u: float) -> tuple[float, float, float]:
    s = rho * s + (1.0 - rho) * (g * g)
    d = math.sqrt((u + eps) / (s + eps)) * g
    return s, rho * u + (1.0 - rho) * (d * d), -rate * d


@machine_code()
def _lion(
    rate: float, beta1: float, beta2: float, decay: float, w: float, g: float, m: float
) -> tuple[float, float]:  # fmt: skip
    mean = beta1 * m + (1.0 - beta1) * g
    sign = 1.0 if mean > 0.0 else (-1.0 if mean < 0.0 else mean)
    return beta2 * m + (1.0 - beta2) * g, -rate * sign - rate * decay * w


@machine_code()
def _adam_paces(
    rule: int, t: int, rate: float, beta1: float, beta2: float, fourth: float, product: float
) -> tuple[float, float, float, float, float]:  # fmt: skip
    """Return what one step of Adam's kin multiplies m, g, v and w with, and the product of momenta of NAdam."""
    straight, ahead = -rate / (1.0 - beta1**t), 0.0
    if rule == 9:
        now = beta1 * (1.0 - 0.5 * 0.96 ** (t * fourth))
        following = beta1 * (1.0 - 0.5 * 0.96 ** ((t + 1) * fourth))
        product *= now
        straight = -rate * following / (1.0 - product * following)
        ahead = -rate * (1.0 - now) / (1.0 - product)
    return straight, ahead, 1.0 / (1.0 - beta2**t), (rate * fourth if rule == 8 else 0.0), product


@machine_code()
def _adam(
    straight: float, ahead: float, scale: float, decay: float, beta1: float, beta2: float, eps: float, largest: bool,
    w: float, g: float, i: Index, m: Array, v: Array, more: Array,
) -> float:  # fmt: skip
    """Adam and its kin: `more` is the largest v of AMSGrad."""
    m[i] = beta1 * m[i] + (1.0 - beta1) * g
    v[i] = beta2 * v[i] + (1.0 - beta2) * (g * g)
    spread = v[i]
    if largest:
        more[i] = more[i] if more[i] > spread else spread
        spread = more[i]
    share = 1.0 / (math.sqrt(spread * scale) + eps)
    step: float = (straight * m[i] + ahead * g) * share - decay * w
    return step


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
    count, a, b, e, f = len(theta), numbers[0], numbers[1], numbers[2], numbers[3]
    if rule == 0:
        for i in range(count):
            out[i] = -rate * gradient[i]
    elif rule == 1:
        share = 1.0 if t == 1 else 1.0 - b
        for i in range(count):
            m[i], out[i] = _momentum(rate, a, share, gradient[i], m[i])
    elif rule == 2:
        for i in range(count):
            m[i], out[i] = _nesterov(rate, a, gradient[i], m[i])
    elif rule == 3:
        pace = rate / (1.0 + (t - 1) * a)
        for i in range(count):
            m[i], out[i] = _adagrad(pace, b, gradient[i], m[i])
    elif rule == 4:
        for i in range(count):
            out[i] = _rmsprop(rate, a, b, e, f > 0.0, gradient[i], i, m, v, c, d)
    elif rule == 5:
        for i in range(count):
            m[i], v[i], out[i] = _adadelta(rate, a, b, gradient[i], m[i], v[i])
    elif rule == 10:
        for i in range(count):
            m[i], out[i] = _lion(rate, a, b, e, theta[i], gradient[i], m[i])
    else:
        straight, ahead, scale, decay, product = _adam_paces(rule, t, rate, a, b, f, c[0])
        if rule == 9:
            c[0] = product
        for i in range(count):
            out[i] = _adam(straight, ahead, scale, decay, a, b, e, rule == 7, theta[i], gradient[i], i, m, v, c)


@machine_code()
def _adams(
    rule: int, t: int, nets: int, rates: Array, numbers: Array, theta: Array, gradient: Array, out: Array, m: Array,
    v: Array, c: Array,
) -> None:  # fmt: skip
    """Of `update_many`, Adam and its kin."""
    straights, aheads, scales, decays = at_(6 * nets), at_(7 * nets), at_(8 * nets), at_(9 * nets)
    for k in range(at_(nets)):
        beta1, beta2, fourth = numbers[k], numbers[at_(nets) + k], numbers[at_(3 * nets) + k]
        straight, ahead, scale, decay, product = _adam_paces(rule, t, rates[k], beta1, beta2, fourth, c[k])
        numbers[straights + k], numbers[aheads + k] = straight, ahead
        numbers[scales + k], numbers[decays + k] = scale, decay
        if rule == 9:
            c[k] = product
    for start in range(0, len(theta), nets):
        for k in range(at_(nets)):
            i, beta1, beta2, eps = at_(start) + k, numbers[k], numbers[at_(nets) + k], numbers[at_(2 * nets) + k]
            straight, ahead = numbers[straights + k], numbers[aheads + k]
            scale, decay = numbers[scales + k], numbers[decays + k]
            out[i] = _adam(
                straight, ahead, scale, decay, beta1, beta2, eps, rule == 7, theta[i], gradient[i], i, m, v, c
            )


@machine_code()
def update_many(
    rule: int, t: int, nets: int, rates: Array, numbers: Array, theta: Array, gradient: Array, out: Array, m: Array,
    v: Array, c: Array, d: Array,
) -> None:  # fmt: skip
    """Do what `update` does for many nets side by side.

    Parameters
    ----------
    rule, t : int
        As there.
    nets : int
        How many.
    rates : array (nets,)
        Learning rates.
    numbers : array (10 · nets,)
        The first hyperparameter of all nets, then the second, and so on to the sixth; then room for four more.
    theta, gradient, out : array (P · nets,)
        The first parameter of all nets, then the second, and so on.
    m, v, c, d : array (P · nets,)
        Alike. A rule's number is (nets,).
    """
    if rule == 0:
        for start in range(0, len(theta), nets):
            for k in range(at_(nets)):
                out[at_(start) + k] = -rates[k] * gradient[at_(start) + k]
        return
    if rule >= 6 and rule != 10:
        _adams(rule, t, nets, rates, numbers, theta, gradient, out, m, v, c)
        return
    for start in range(0, len(theta), nets):
        for k in range(at_(nets)):
            i, g, rate = at_(start) + k, gradient[at_(start) + k], rates[k]
            a, b, e, f = numbers[k], numbers[at_(nets) + k], numbers[at_(2 * nets) + k], numbers[at_(3 * nets) + k]
            if rule == 1:
                m[i], out[i] = _momentum(rate, a, 1.0 if t == 1 else 1.0 - b, g, m[i])
            elif rule == 2:
                m[i], out[i] = _nesterov(rate, a, g, m[i])
            elif rule == 3:
                m[i], out[i] = _adagrad(rate / (1.0 + (t - 1) * a), b, g, m[i])
            elif rule == 4:
                out[i] = _rmsprop(rate, a, b, e, f > 0.0, g, i, m, v, c, d)
            elif rule == 5:
                m[i], v[i], out[i] = _adadelta(rate, a, b, g, m[i], v[i])
            else:
                m[i], out[i] = _lion(rate, a, b, e, theta[i], g, m[i])
