"""Gradient descent, plain and with momentum.

Limits of stability: along a direction with curvature h, plain gradient descent multiplies the distance from a valley's
floor by 1 − ηh in each step, so it stays while ηh < 2. Momentum allows 2 (1 + μ), Nesterov's form 2 (1 + μ) / (1 + 2μ)
(Cohen et al. 2021, "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability", appendix B).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ..ground.hyperparameters import Hyperparameter
from ..nets.activations import Array
from .formula import Line, memory, term
from .optimizer import Optimizer, UsualRate


class SGD(Optimizer):
    """Gradient descent: step −ηg."""

    name = "sgd"
    usual = UsualRate("slope", 0.1)
    stability = "2"

    def lines(self) -> tuple[Line, ...]:
        return (term("step", "-eta * g", gradient=True),)

    def _rule(self, theta: Array, gradient: Array) -> None:
        np.multiply(gradient, self._minus_rate, self.update)


class Momentum(Optimizer):
    """Gradient descent with momentum (Polyak's heavy ball): v ← μv + (1 − dampening) g, step −ηv; v starts at g."""

    name = "momentum"
    hyperparameters: ClassVar[tuple[Hyperparameter, ...]] = (
        Hyperparameter("momentum", 0.9, 0.0, 1.0),
        Hyperparameter("dampening", 0.0, 0.0, 1.0),
    )
    memory = ("v",)
    usual = UsualRate("slope", 0.03)  # steps add up: a momentum of 0.9 takes 0.3 of the plain rate
    momentum_part = "v"
    stability = "2 * (1 + momentum) / (1 - dampening)"
    momentum: float
    dampening: float
    v: Array

    def lines(self) -> tuple[Line, ...]:
        # As in PyTorch, v starts at g.
        fresh = "(1 - dampening) * g" if self.dampening and self.t > 1 else "g"
        return memory("v", f"momentum * v + {fresh}", gradient=True), term("step", "-eta * v", gradient=True)

    def _prepare(self) -> None:
        self._prepare_rate()
        self._momentum, self._share = self._scalar(self.momentum), self._scalar(1 - self.dampening)
        self._damped = bool(np.any(self.dampening))

    def _rule(self, theta: Array, gradient: Array) -> None:
        self._remember(gradient)
        np.multiply(self.v, self._minus_rate, self.update)

    def _remember(self, gradient: Array) -> None:
        v = self.v
        np.multiply(v, self._momentum, v)
        if self.t == 1 or not self._damped:
            np.add(v, gradient, v)
        else:
            np.multiply(gradient, self._share, self._work)
            np.add(v, self._work, v)


class Nesterov(Momentum):
    """Nesterov's accelerated gradient (Sutskever et al. 2013): v ← μv + g, step −η(g + μv)."""

    name = "nesterov"
    hyperparameters = (Hyperparameter("momentum", 0.9, 0.0, 1.0),)
    dampening = 0.0
    stability = "2 * (1 + momentum) / (1 + 2 * momentum)"

    def lines(self) -> tuple[Line, ...]:
        return (
            memory("v", "momentum * v + g", gradient=True),
            term("step", "-eta * (g + momentum * v)", gradient=True),
        )

    def _rule(self, theta: Array, gradient: Array) -> None:
        self._remember(gradient)
        np.multiply(self.v, self._momentum, self.update)
        np.add(self.update, gradient, self.update)
        np.multiply(self.update, self._minus_rate, self.update)
