"""Update rules: what to add to the parameters, given their gradient.

An optimizer sees one flat vector θ. `step` returns the update, and the caller adds it; so the update can be drawn
before it happens. Rules and defaults are PyTorch's. The learning rate η stays outside of every memory, so a change of
it acts at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from .activations import Array
from .errors import check_choice, check_integer, check_number


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """A number that an update rule needs: its default and its range [low, high], or [low, high) if `open_high`."""

    name: str
    default: float
    low: float
    high: float
    open_high: bool = False
    integer: bool = False

    def check(self, value: object) -> float:
        """Return `value` if it lies in the range, else raise ConfigError."""
        if self.integer:
            return check_integer(self.name, value, int(self.low), int(self.high))
        return check_number(self.name, value, self.low, self.high, open_high=self.open_high)


LEARNING_RATE = Hyperparameter("learning_rate", 0.03, 0.0, 100.0)


class Optimizer:
    """An update rule with its memory.

    Parameters
    ----------
    learning_rate : float
        η, 0 to 100.
    **hyperparameters : float
        By name; those left out take their defaults.

    Attributes
    ----------
    t : int
        Steps taken.
    update : array (P,)
        The last update; the buffer is reused by the next step.
    """

    hyperparameters: ClassVar[tuple[Hyperparameter, ...]] = ()
    #: Names of the vectors (P,) that the rule remembers.
    memory: ClassVar[tuple[str, ...]] = ()

    def __init__(self, learning_rate: float = LEARNING_RATE.default, **hyperparameters: float) -> None:
        self.t = 0
        self.update = np.empty(0)
        defaults = {entry.name: entry.default for entry in self.hyperparameters}
        self.set(learning_rate=learning_rate, **{**defaults, **hyperparameters})

    def set(self, **values: float) -> None:
        """Change the learning rate or hyperparameters; the next step obeys.

        Raises
        ------
        ConfigError
            For an unknown name or a value out of range. Nothing is changed then.
        """
        known = {entry.name: entry for entry in (LEARNING_RATE, *self.hyperparameters)}
        for name in values:
            check_choice("hyperparameter", name, known)
        checked = {name: known[name].check(value) for name, value in values.items()}
        for name, value in checked.items():
            setattr(self, name, value)
        self._prepare()

    def start(self, theta: Array) -> None:
        """Forget everything, and make room for vectors like θ (P,)."""
        self.t = 0
        self.update = np.zeros_like(theta)
        for name in self.memory:
            setattr(self, name, np.zeros_like(theta))
        self._work = np.zeros_like(theta)
        self._prepare()

    def step(self, theta: Array, gradient: Array) -> Array:
        """Return the update to add to θ (P,) for its gradient (P,)."""
        if self.update.shape != theta.shape:
            self.start(theta)
        self.t += 1
        self._rule(theta, gradient)
        return self.update

    def state(self) -> tuple[int, dict[str, NDArray[np.floating]]]:
        """Return copies of all that the next step depends on, besides the hyperparameters."""
        return self.t, {name: getattr(self, name).copy() for name in self.memory}

    def restore(self, state: tuple[int, dict[str, NDArray[np.floating]]]) -> None:
        """Go back to a `state`."""
        self.t = state[0]
        for name, values in state[1].items():
            getattr(self, name)[...] = values

    def _scalar(self, value: float) -> Array:
        """Return `value` as NumPy takes it fastest beside the memory's dtype."""
        return np.array(value, self.update.dtype)

    def _prepare(self) -> None:
        """Derive what the rule uses from the hyperparameters."""

    def _rule(self, theta: Array, gradient: Array) -> None:
        """Write the update number `t` into `update`."""
        raise NotImplementedError


class SGD(Optimizer):
    """Gradient descent: step −ηg."""

    learning_rate: float

    def _prepare(self) -> None:
        self._minus_rate = self._scalar(-self.learning_rate)

    def _rule(self, theta: Array, gradient: Array) -> None:
        np.multiply(gradient, self._minus_rate, self.update)


class Momentum(Optimizer):
    """Gradient descent with momentum (Polyak's heavy ball): v ← μv + g, step −ηv."""

    hyperparameters = (Hyperparameter("momentum", 0.9, 0.0, 1.0),)
    memory = ("v",)
    learning_rate: float
    momentum: float
    v: Array

    def _prepare(self) -> None:
        self._minus_rate, self._momentum = self._scalar(-self.learning_rate), self._scalar(self.momentum)

    def _rule(self, theta: Array, gradient: Array) -> None:
        v = self.v
        np.multiply(v, self._momentum, v)
        np.add(v, gradient, v)
        np.multiply(v, self._minus_rate, self.update)


class Adam(Optimizer):
    """Adam (Kingma & Ba 2015, Algorithm 1).

    m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ), step −η m̂ / (√v̂ + ε).
    """

    hyperparameters = (
        Hyperparameter("beta1", 0.9, 0.0, 1.0, open_high=True),
        Hyperparameter("beta2", 0.999, 0.0, 1.0, open_high=True),
        Hyperparameter("eps", 1e-8, 1e-16, 1.0),
    )
    memory = ("m", "v")
    learning_rate: float
    beta1: float
    beta2: float
    eps: float
    m: Array
    v: Array

    def _prepare(self) -> None:
        self._beta1, self._rest1 = self._scalar(self.beta1), self._scalar(1 - self.beta1)
        self._beta2, self._rest2 = self._scalar(self.beta2), self._scalar(1 - self.beta2)
        self._eps = self._scalar(self.eps)

    def _rule(self, theta: Array, gradient: Array) -> None:
        m, v, work, update = self.m, self.v, self._work, self.update
        np.multiply(m, self._beta1, m)
        np.multiply(gradient, self._rest1, work)
        np.add(m, work, m)
        np.multiply(v, self._beta2, v)
        np.multiply(gradient, gradient, work)
        np.multiply(work, self._rest2, work)
        np.add(v, work, v)
        np.multiply(v, 1 / (1 - self.beta2**self.t), work)
        np.sqrt(work, work)
        np.add(work, self._eps, work)
        np.divide(m, work, update)
        np.multiply(update, -self.learning_rate / (1 - self.beta1**self.t), update)


#: name -> class; order is the order in which they are offered.
OPTIMIZERS: Mapping[str, type[Optimizer]] = MappingProxyType({"sgd": SGD, "momentum": Momentum, "adam": Adam})


def make_optimizer(name: str, learning_rate: float = LEARNING_RATE.default, **hyperparameters: float) -> Optimizer:
    """Return a fresh optimizer, e.g. ``make_optimizer("adam", learning_rate=0.1, beta1=0.9)``.

    Raises
    ------
    ConfigError
        For an unknown name or a value out of range.
    """
    return OPTIMIZERS[check_choice("optimizer", name, OPTIMIZERS)](learning_rate, **hyperparameters)
