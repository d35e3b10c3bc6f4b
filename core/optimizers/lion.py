"""Lion: the sign of a mean of gradients, so that every parameter goes equally far."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from ..ground.hyperparameters import Hyperparameter
from ..nets.activations import Array
from .formula import Line, known, memory, term
from .optimizer import Optimizer, UsualRate


class Lion(Optimizer):
    """Lion (Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms").

    c = β₁m + (1 − β₁)g, m ← β₂m + (1 − β₂)g, step −η (sign c + λw).
    """

    name = "lion"
    hyperparameters = (
        Hyperparameter("beta1", 0.9, 0.0, 1.0, open_high=True),
        Hyperparameter("beta2", 0.99, 0.001, 1.0, open_high=True),  # at 0, c could not be told from what is kept
        Hyperparameter("weight_decay", 0.0, 0.0, 10.0),
    )
    memory = ("m",)
    usual = UsualRate("rate", 0.003)  # 3 to 10 times below Adam's, for its steps are never shorter (section 5)
    symbols = MappingProxyType({"m_before": "m_t-1"})
    momentum_part = "c"
    beta1: float
    beta2: float
    weight_decay: float
    m: Array

    def lines(self) -> tuple[Line, ...]:
        decay = " - eta * weight_decay * w" if self.weight_decay else ""
        return (
            known("m_before", "min(t - 1, 1) * (m - (1 - beta2) * g) / beta2"),
            term("c", "beta1 * m_before + (1 - beta1) * g", gradient=True),
            memory("m", "beta2 * m_before + (1 - beta2) * g", gradient=True),
            term("step", f"-eta * sign(c){decay}", gradient=True),
        )

    def _prepare(self) -> None:
        self._prepare_rate()
        self._beta1, self._rest1 = self._scalar(self.beta1), self._scalar(1 - self.beta1)
        self._beta2, self._rest2 = self._scalar(self.beta2), self._scalar(1 - self.beta2)
        self._decays = bool(np.any(self.weight_decay))

    def _rule(self, theta: Array, gradient: Array) -> None:
        m, update, work = self.m, self.update, self._work
        np.multiply(m, self._beta1, update)
        np.multiply(gradient, self._rest1, work)
        np.add(update, work, update)
        np.sign(update, update)
        np.multiply(update, self._minus_rate, update)
        if self._decays:
            np.multiply(theta, -self.learning_rate * self.weight_decay, work)
            np.add(update, work, update)
        np.multiply(m, self._beta2, m)
        np.multiply(gradient, self._rest2, work)
        np.add(m, work, m)
