"""Drift: a rule that nobody has heard of, as the file that its recipe asks for."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from ..ground.hyperparameters import Hyperparameter
from ..nets.activations import Array
from .formula import Line, memory, term
from .optimizer import Optimizer, UsualRate


class Drift(Optimizer):
    """v ← κv + g, step −η v / (|v| + f)."""

    name = "drift"
    hyperparameters = (Hyperparameter("pull", 0.6, 0.0, 0.9), Hyperparameter("floor", 0.5, 1e-6, 10.0))
    memory = ("v",)
    usual = UsualRate("rate", 0.02)
    symbols = MappingProxyType({"pull": "κ", "floor": "f"})
    momentum_part = "v"
    rates = "eta / (abs(v) + floor)"
    stability = "2 * (1 + pull)"
    pull: float
    floor: float
    v: Array

    def lines(self) -> tuple[Line, ...]:
        return memory("v", "pull * v + g", gradient=True), term("step", "-eta * (v / (abs(v) + floor))", gradient=True)

    def _rule(self, theta: Array, gradient: Array) -> None:
        self.v[...] = self.pull * self.v + gradient
        self.update[...] = -self.learning_rate * (self.v / (np.abs(self.v) + self.floor))
