"""Schedule-Free: the gradient is taken between a fast sequence and the mean of it, and the mean is the answer.

In the papers' letters x is the answer, w here; z goes where the gradients lead; y = (1 − β)z + βx is where they are
taken. The mean does what lowering the learning rate would do, without a word on when training ends.

Limits of stability: as x comes to rest, a direction with curvature h multiplies z by 1 − (1 − β)ηh in each step, which
stays while ηh < 2 / (1 − β); with β = 0 that is gradient descent, whose steps are averaged (Polyak).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import ClassVar

import numpy as np

from ..ground.hyperparameters import Hyperparameter
from ..nets.activations import Array
from .formula import Line, known, memory, term
from .optimizer import Optimizer, UsualRate


class ScheduleFree(Optimizer):
    """Schedule-Free SGD (Defazio et al. 2024, "The Road Less Scheduled", equations 3 to 5).

    y = (1 − β)z + βx, z ← z − η g(y), x ← (1 − c)x + cz with c = 1 / t: x is the mean of all z.
    """

    name = "schedule_free"
    hyperparameters: ClassVar[tuple[Hyperparameter, ...]] = (Hyperparameter("beta", 0.9, 0.0, 1.0, open_high=True),)
    memory: ClassVar[tuple[str, ...]] = ("z",)
    places = ("z",)
    point = "(1 - beta) * z + beta * w"
    usual = UsualRate("slope", 0.3)  # β = 0.9 allows ten times the plain rate
    symbols = MappingProxyType({"z_before": "z_t-1"})
    stability = "2 / (1 - beta)"
    beta: float
    z: Array

    def lines(self) -> tuple[Line, ...]:
        return (
            known("z_before", "z + eta * g"),
            term("y", "(1 - beta) * z_before + beta * w"),
            memory("z", "z_before - eta * g"),
            term("c", "1 / t"),
            term("step", "c * (z - w)", gradient=True),
        )

    def place(self, theta: Array, out: Array) -> None:
        self._between(theta, self._beta, self._rest, out)

    def _between(self, theta: Array, beta: Array, rest: Array, out: Array) -> None:
        """Write (1 − β)z + βx into `out`."""
        np.multiply(self.z, rest, out)
        np.multiply(theta, beta, self._work)
        np.add(out, self._work, out)

    def _prepare(self) -> None:
        self._prepare_rate()
        self._beta, self._rest = self._scalar(self.beta), self._scalar(1 - self.beta)

    def _rule(self, theta: Array, gradient: Array) -> None:
        np.multiply(gradient, self._minus_rate, self._work)
        np.add(self.z, self._work, self.z)
        np.subtract(self.z, theta, self.update)
        np.multiply(self.update, 1 / self.t, self.update)


class ScheduleFreeAdamW(ScheduleFree):
    """Schedule-Free AdamW (Defazio et al. 2024, Algorithm 1, its warm-up being the schedule's).

    v ← β₂v + (1 − β₂)g², γ = η √(1 − β₂ᵗ), z ← z − γ (g / (√v + ε) + λy), x ← (1 − c)x + cz with c = γ² / Σγ².
    """

    name = "schedule_free_adamw"
    hyperparameters = (
        Hyperparameter("beta1", 0.9, 0.0, 1.0, open_high=True),
        Hyperparameter("beta2", 0.999, 0.0, 1.0, open_high=True),
        Hyperparameter("eps", 1e-8, 1e-16, 1.0),
        Hyperparameter("weight_decay", 0.0, 0.0, 10.0),
    )
    memory = ("z", "v")
    numbers = ("total",)
    point = "(1 - beta1) * z + beta1 * w"
    usual = UsualRate("rate", 0.03)  # 1 to 10 times AdamW's (the authors' advice)
    symbols = MappingProxyType({"z_before": "z_t-1", "gamma": "γ", "total": "Σγ^2"})
    rates = "gamma / (sqrt(v) + eps)"
    stability = "2 / (1 - beta1) - eta * weight_decay"
    beta1: float
    beta2: float
    eps: float
    weight_decay: float
    v: Array
    total: Array

    def lines(self) -> tuple[Line, ...]:
        decay = " + weight_decay * y" if np.any(self.weight_decay) else ""
        # What z was, solved for: y holds a share of it.
        solved = "z + gamma * g / (sqrt(v) + eps)"
        if decay:
            solved = f"({solved} + gamma * weight_decay * beta1 * w) / (1 - gamma * weight_decay * (1 - beta1))"
        return (
            memory("v", "beta2 * v + (1 - beta2) * g**2"),
            term("gamma", "eta * sqrt(1 - beta2**t)"),
            known("z_before", solved),
            term("y", "(1 - beta1) * z_before + beta1 * w"),
            memory("z", f"z_before - gamma * (g / (sqrt(v) + eps){decay})"),
            memory("total", "total + gamma**2" if self.t > 1 else "gamma**2"),
            term("c", "gamma**2 / max(total, 1e-100)"),
            term("step", "c * (z - w)", gradient=True),
        )

    def place(self, theta: Array, out: Array) -> None:
        self._between(theta, self._beta1, self._rest1, out)

    def _prepare(self) -> None:
        self._prepare_rate()
        self._beta1, self._rest1 = self._scalar(self.beta1), self._scalar(1 - self.beta1)
        self._beta2, self._rest2 = self._scalar(self.beta2), self._scalar(1 - self.beta2)
        self._eps, self._decays = self._scalar(self.eps), bool(np.any(self.weight_decay))

    def _rule(self, theta: Array, gradient: Array) -> None:
        v, z, work, update = self.v, self.z, self._work, self.update
        np.multiply(v, self._beta2, v)
        np.multiply(gradient, gradient, work)
        np.multiply(work, self._rest2, work)
        np.add(v, work, v)
        gamma = self.learning_rate * (1 - self.beta2**self.t) ** 0.5
        if self._decays:
            self.place(theta, update)
            np.multiply(update, -gamma * self.weight_decay, update)
        np.sqrt(v, work)
        np.add(work, self._eps, work)
        np.divide(gradient, work, work)
        np.multiply(work, -gamma, work)
        np.add(z, work, z)
        if self._decays:
            np.add(z, update, z)
        self.total[...] = gamma * gamma + (self.total if self.t > 1 else 0.0)
        share = gamma * gamma / np.maximum(self.total, 1e-100)
        np.subtract(z, theta, update)
        np.multiply(update, float(share[0]) if share.ndim == 1 else share, update)
