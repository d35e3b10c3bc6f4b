"""RMSprop: gradients divided by what their size has been of late."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from ..ground.hyperparameters import Hyperparameter
from ..nets.activations import Array
from .formula import Line, known, memory, term
from .optimizer import Optimizer, UsualRate


class RMSprop(Optimizer):
    """RMSprop (Hinton's lecture 6e): s ← αs + (1 − α)g², step −ηg / (√s + ε).

    Centred (Graves 2013), the variance s − m² stands under the root, m ← αm + (1 − α)g. It is not subtracted, which
    would leave no digit of it, or less than 0, once gradients hardly change, but followed as c: c ← α(c + (1 − α)(g −
    m)²), with m as it was, is the same number. With momentum, the quotient is remembered, v ← μv + g / (√s + ε), and
    the step is −ηv.
    """

    name = "rmsprop"
    hyperparameters = (
        Hyperparameter("alpha", 0.99, 0.0, 1.0),
        Hyperparameter("eps", 1e-8, 1e-16, 1.0),
        Hyperparameter("momentum", 0.0, 0.0, 1.0),
        Hyperparameter("centered", 0, 0, 1, integer=True),
    )
    memory = ("s", "m", "c", "v")
    usual = UsualRate("rate", 0.01)
    symbols = MappingProxyType({"m_before": "m_t-1", "v_before": "v_t-1"})
    rates = "eta / (sqrt((1 - centered) * s + centered * c) + eps)"
    stability = "2 * (1 + momentum)"
    alpha: float
    eps: float
    momentum: float
    centered: int
    s: Array
    m: Array
    c: Array
    v: Array

    def set(self, **values: float) -> None:
        before = getattr(self, "centered", 0)
        super().set(**values)
        if self.centered and not before and self.t:
            np.maximum(self.s - self.m * self.m, 0.0, out=self.c)

    def _prepare(self) -> None:
        self._prepare_rate()
        self._moves = bool(np.any(self.momentum))

    def lines(self) -> tuple[Line, ...]:
        spread = "c" if self.centered else "s"
        quotient = f"g / (sqrt({spread}) + eps)"
        lines = [memory("s", "alpha * s + (1 - alpha) * g**2")]
        if self.centered:
            lines = [
                known("m_before", "(m - (1 - alpha) * g) / max(alpha, 1e-300)"),
                memory("c", "alpha * (c + (1 - alpha) * (g - m_before)**2)"),
                memory("m", "alpha * m + (1 - alpha) * g", gradient=True),
            ]
        if not self.momentum:
            return *lines, term("step", f"-eta * ({quotient})", gradient=True)
        return (
            *lines,
            known("v_before", f"min(t - 1, 1) * (v - {quotient}) / momentum"),
            memory("v", f"momentum * v_before + {quotient}", gradient=True),
            term("step", "-eta * v", gradient=True),
        )

    def _rule(self, theta: Array, gradient: Array) -> None:
        work, update = self._work, self.update
        np.multiply(gradient, gradient, work)
        average(self.s, self.alpha, work)
        if self.centered:
            np.subtract(gradient, self.m, work)
            np.multiply(work, work, work)
            np.multiply(work, 1 - self.alpha, work)
            np.add(self.c, work, self.c)
            np.multiply(self.c, self.alpha, self.c)
            np.multiply(gradient, 1 - self.alpha, work)
            np.multiply(self.m, self.alpha, self.m)
            np.add(self.m, work, self.m)
            np.sqrt(self.c, work)
        else:
            np.sqrt(self.s, work)
        np.add(work, self.eps, work)
        np.divide(gradient, work, update)
        if self._moves:
            np.multiply(self.v, self.momentum, self.v)
            np.add(self.v, update, self.v)
            np.multiply(self.v, self._minus_rate, update)
        else:
            np.multiply(update, self._minus_rate, update)


def average(average: Array, kept: float, new: Array) -> None:
    """Keep the share `kept` of a running average and take the rest from `new`, which is overwritten."""
    np.multiply(average, kept, average)
    np.multiply(new, 1 - kept, new)
    np.add(average, new, average)
