"""Adagrad: each parameter has a learning rate of its own, which only falls."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from ..ground.hyperparameters import Hyperparameter
from ..nets.activations import Array
from .formula import Line, memory, term
from .optimizer import Optimizer, UsualRate


class Adagrad(Optimizer):
    """Adagrad (Duchi et al. 2011): s ← s + g², step −η / (1 + (t − 1) decay) · g / (√s + ε)."""

    name = "adagrad"
    hyperparameters = (Hyperparameter("lr_decay", 0.0, 0.0, 1.0), Hyperparameter("eps", 1e-10, 1e-16, 1.0))
    memory = ("s",)
    usual = UsualRate("rate", 0.1)  # it grows old with every step, and begins ten times as fast as RMSprop
    symbols = MappingProxyType({"lr_decay": "λ", "eta_t": "η_t"})
    rates = "eta / (1 + (t - 1) * lr_decay) / (sqrt(s) + eps)"
    stability = "2"
    lr_decay: float
    eps: float
    s: Array

    def lines(self) -> tuple[Line, ...]:
        decay = (term("eta_t", "eta / (1 + (t - 1) * lr_decay)"),) if self.lr_decay else ()
        rate = "eta_t" if self.lr_decay else "eta"
        return memory("s", "s + g**2"), *decay, term("step", f"-{rate} * (g / (sqrt(s) + eps))", gradient=True)

    def _rule(self, theta: Array, gradient: Array) -> None:
        work = self._work
        np.multiply(gradient, gradient, work)
        np.add(self.s, work, self.s)
        np.sqrt(self.s, work)
        np.add(work, self.eps, work)
        np.divide(gradient, work, self.update)
        np.multiply(self.update, -self.learning_rate / (1 + (self.t - 1) * self.lr_decay), self.update)
