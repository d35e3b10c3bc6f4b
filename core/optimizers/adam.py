"""Adam and its kin.

Limits of stability: full-batch Adam drives the curvature, preconditioned by the rates of its parameters, up to
2 (1 + β₁) / (1 − β₁), 38 for β₁ = 0.9 (Cohen et al. 2022, "Adaptive Gradient Methods at the Edge of Stability"). The
others follow in the same way from the rule's steps on a parabola with the rates held.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import ClassVar

import numpy as np

from ..ground.hyperparameters import Hyperparameter
from ..nets.activations import Array
from .formula import Line, memory, term
from .optimizer import Optimizer, UsualRate


class Adam(Optimizer):
    """Adam (Kingma & Ba 2015, Algorithm 1).

    m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ), step −η m̂ / (√v̂ + ε).
    """

    name = "adam"
    hyperparameters: ClassVar[tuple[Hyperparameter, ...]] = (
        Hyperparameter("beta1", 0.9, 0.0, 1.0, open_high=True),
        Hyperparameter("beta2", 0.999, 0.0, 1.0, open_high=True),
        Hyperparameter("eps", 1e-8, 1e-16, 1.0),
    )
    memory: ClassVar[tuple[str, ...]] = ("m", "v")
    usual = UsualRate("rate", 0.01)  # for the small nets of lessons; large ones take 0.001 (section 2)
    momentum_part = "m_hat"
    rates = "eta / (sqrt(v_hat) + eps)"
    stability = "2 * (1 + beta1) / (1 - beta1)"
    beta1: float
    beta2: float
    eps: float
    m: Array
    v: Array

    def lines(self) -> tuple[Line, ...]:
        return *self._means(), term("m_hat", "m / (1 - beta1**t)", gradient=True), *self._second(), self._last()

    def _means(self) -> tuple[Line, ...]:
        return (
            memory("m", "beta1 * m + (1 - beta1) * g", gradient=True),
            memory("v", "beta2 * v + (1 - beta2) * g**2"),
        )

    def _second(self) -> tuple[Line, ...]:
        return (term("v_hat", "v / (1 - beta2**t)"),)

    def _last(self, more: str = "") -> Line:
        return term("step", f"-eta * (m_hat / (sqrt(v_hat) + eps)){more}", gradient=True)

    def _prepare(self) -> None:
        self._prepare_rate()
        self._beta1, self._rest1 = self._scalar(self.beta1), self._scalar(1 - self.beta1)
        self._beta2, self._rest2 = self._scalar(self.beta2), self._scalar(1 - self.beta2)
        self._eps = self._scalar(self.eps)

    def _rule(self, theta: Array, gradient: Array) -> None:
        self._remember(gradient)
        self._divide(self.v)
        np.multiply(self.update, -self.learning_rate / (1 - self.beta1**self.t), self.update)

    def _remember(self, gradient: Array) -> None:
        """Update the averages m of g and v of g²."""
        m, v, work = self.m, self.v, self._work
        np.multiply(m, self._beta1, m)
        np.multiply(gradient, self._rest1, work)
        np.add(m, work, m)
        np.multiply(v, self._beta2, v)
        np.multiply(gradient, gradient, work)
        np.multiply(work, self._rest2, work)
        np.add(v, work, v)

    def _divide(self, v: Array) -> None:
        """Write m / (√v̂ + ε) into `update`, and leave √v̂ + ε in the scratch vector."""
        work = self._work
        np.multiply(v, 1 / (1 - self.beta2**self.t), work)
        np.sqrt(work, work)
        np.add(work, self._eps, work)
        np.divide(self.m, work, self.update)


class AMSGrad(Adam):
    """AMSGrad (Reddi et al. 2018): Adam with the largest v so far in place of v, taken before bias correction."""

    name = "amsgrad"
    memory = ("m", "v", "largest_v")
    symbols = MappingProxyType({"largest_v": "v_max"})
    largest_v: Array

    def _second(self) -> tuple[Line, ...]:
        return memory("largest_v", "max(largest_v, v)"), term("v_hat", "largest_v / (1 - beta2**t)")

    def _rule(self, theta: Array, gradient: Array) -> None:
        self._remember(gradient)
        np.maximum(self.largest_v, self.v, out=self.largest_v)
        self._divide(self.largest_v)
        np.multiply(self.update, -self.learning_rate / (1 - self.beta1**self.t), self.update)


class AdamW(Adam):
    """AdamW (Loshchilov & Hutter 2019): Adam, after the parameters have decayed by (1 − ηλ)."""

    name = "adamw"
    hyperparameters = (*Adam.hyperparameters, Hyperparameter("weight_decay", 0.01, 0.0, 10.0))
    stability = "(2 - eta * weight_decay) * (1 + beta1) / (1 - beta1)"
    weight_decay: float

    def _last(self, more: str = " - eta * weight_decay * w") -> Line:
        return super()._last(more)

    def _rule(self, theta: Array, gradient: Array) -> None:
        super()._rule(theta, gradient)
        np.multiply(theta, -self.learning_rate * self.weight_decay, self._work)
        np.add(self.update, self._work, self.update)


class NAdam(Adam):
    """NAdam (Dozat 2016): Adam with Nesterov's look ahead.

    μ_t = β₁ (1 − ½ · .96^(tψ)), M_t = μ_1 … μ_t, ψ the momentum decay;
    step −η (μ_{t+1} m / (1 − M_{t+1}) + (1 − μ_t) g / (1 − M_t)) / (√v̂ + ε).
    """

    name = "nadam"
    hyperparameters = (*Adam.hyperparameters, Hyperparameter("momentum_decay", 0.004, 0.0, 1.0))
    numbers = ("product",)
    symbols = MappingProxyType({"momentum_decay": "ψ", "mu": "μ_t", "mu_next": "μ_t+1", "product": "M_t"})
    momentum_part = "m"  # its m̂ looks ahead by itself
    stability = "2 * (1 + beta1) / ((1 - beta1) * (1 + 2 * beta1))"
    momentum_decay: float
    product: Array

    def lines(self) -> tuple[Line, ...]:
        return (
            *self._means(),
            term("mu", "beta1 * (1 - 0.5 * 0.96**(t * momentum_decay))"),
            term("mu_next", "beta1 * (1 - 0.5 * 0.96**((t + 1) * momentum_decay))"),
            memory("product", "product * mu"),
            term(
                "m_hat",
                "mu_next * m / (1 - product * mu_next) + (1 - mu) * g / (1 - product)",
                gradient=True,
            ),
            *self._second(),
            self._last(),
        )

    @property
    def momenta(self) -> tuple[float, float]:
        """μ_t of the last step, and μ_{t+1}."""
        now, following = (self.beta1 * (1 - 0.5 * 0.96 ** (t * self.momentum_decay)) for t in (self.t, self.t + 1))
        return now, following

    def _rule(self, theta: Array, gradient: Array) -> None:
        now, following = self.momenta
        self.product *= now
        product = float(self.product[0]) if self.product.ndim == 1 else self.product
        self._remember(gradient)
        self._divide(self.v)
        work, update = self._work, self.update
        np.multiply(update, -self.learning_rate * following / (1 - product * following), update)
        np.divide(gradient, work, work)
        np.multiply(work, -self.learning_rate * (1 - now) / (1 - product), work)
        np.add(update, work, update)
