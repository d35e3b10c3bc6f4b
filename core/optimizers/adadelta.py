"""Adadelta: steps measured in the steps before."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from ..ground.hyperparameters import Hyperparameter
from ..nets.activations import Array
from .formula import Line, known, memory, term
from .optimizer import Optimizer, UsualRate
from .rmsprop import average


class Adadelta(Optimizer):
    """Adadelta (Zeiler 2012), with a rate: d = g √(u + ε) / √(s + ε), step −ηd, s and u averages of g² and d²."""

    name = "adadelta"
    hyperparameters = (Hyperparameter("rho", 0.9, 0.0, 1.0), Hyperparameter("eps", 1e-6, 1e-16, 1.0))
    memory = ("s", "u")
    usual = UsualRate("own", 1.0)  # it needs none (Zeiler 2012)
    symbols = MappingProxyType({"u_before": "u_t-1"})
    rates = "eta * sqrt(u_before + eps) / sqrt(s + eps)"
    stability = "2"
    rho: float
    eps: float
    s: Array
    u: Array

    def lines(self) -> tuple[Line, ...]:
        # By now u has taken up d²: the u that d was made with is found from u = ρu + (1 − ρ) g² (u + ε) / (s + ε).
        before = "(u - (1 - rho) * share * eps) / (rho + (1 - rho) * share)".replace("share", "(g**2 / (s + eps))")
        return (
            memory("s", "rho * s + (1 - rho) * g**2"),
            known("u_before", f"max(min(t - 1, 1) * {before}, 0)"),
            term("d", "sqrt(u_before + eps) / sqrt(s + eps) * g", gradient=True),
            memory("u", "rho * u_before + (1 - rho) * d**2"),
            term("step", "-eta * d", gradient=True),
        )

    def _rule(self, theta: Array, gradient: Array) -> None:
        work, update = self._work, self.update
        np.multiply(gradient, gradient, work)
        average(self.s, self.rho, work)
        np.add(self.u, self.eps, update)
        np.add(self.s, self.eps, work)
        np.divide(update, work, update)
        np.sqrt(update, update)
        np.multiply(update, gradient, update)
        np.multiply(update, update, work)
        average(self.u, self.rho, work)
        np.multiply(update, self._minus_rate, update)
