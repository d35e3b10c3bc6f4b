"""Update rules: what to add to the parameters, given their gradient.

An optimizer sees one flat vector θ. `step` returns the update, and the caller adds it; so the update can be drawn
before it happens. Rules and defaults are PyTorch's. The learning rate η stays outside of every memory, so a change of
it acts at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ..ground.errors import check_choice
from ..ground.hyperparameters import Hyperparameter
from ..nets.activations import Array

#: Steps taken, and the vectors that a rule remembers.
State = tuple[int, dict[str, NDArray[np.floating]]]

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

    learning_rate: float
    hyperparameters: ClassVar[tuple[Hyperparameter, ...]] = ()
    #: Names of the vectors (P,) that the rule remembers; they start at 0.
    memory: ClassVar[tuple[str, ...]] = ()
    #: Names of the single numbers that it remembers, as arrays (1,); they start at 1.
    numbers: ClassVar[tuple[str, ...]] = ()

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
        for name in self.numbers:
            setattr(self, name, np.ones(1))
        self._work = np.zeros_like(theta)
        self._prepare()

    def step(self, theta: Array, gradient: Array) -> Array:
        """Return the update to add to θ (P,) for its gradient (P,)."""
        if self.update.shape != theta.shape:
            self.start(theta)
        self.t += 1
        self._rule(theta, gradient)
        return self.update

    def state(self) -> State:
        """Return copies of all that the next step depends on, besides the hyperparameters."""
        return self.t, {name: getattr(self, name).copy() for name in (*self.memory, *self.numbers)}

    def restore(self, state: State) -> None:
        """Go back to a `state`."""
        self.t = state[0]
        for name, values in state[1].items():
            getattr(self, name)[...] = values

    def pace(self, learning_rate: float) -> None:
        """Set η for the next step without a check or a change of anything else: for schedules."""
        self.learning_rate = learning_rate
        self._prepare_rate()

    def _scalar(self, value: float) -> Array:
        """Return `value` as NumPy takes it fastest beside the memory's dtype."""
        return np.array(value, self.update.dtype)

    def _prepare(self) -> None:
        """Derive what the rule uses from η and the hyperparameters."""
        self._prepare_rate()

    def _prepare_rate(self) -> None:
        """Derive what the rule uses from η."""
        self._minus_rate = self._scalar(-self.learning_rate)

    def _rule(self, theta: Array, gradient: Array) -> None:
        """Write the update number `t` into `update`."""
        raise NotImplementedError


class SGD(Optimizer):
    """Gradient descent: step −ηg."""

    def _rule(self, theta: Array, gradient: Array) -> None:
        np.multiply(gradient, self._minus_rate, self.update)


class Momentum(Optimizer):
    """Gradient descent with momentum (Polyak's heavy ball): v ← μv + (1 − dampening) g, step −ηv; v starts at g."""

    hyperparameters: ClassVar[tuple[Hyperparameter, ...]] = (
        Hyperparameter("momentum", 0.9, 0.0, 1.0),
        Hyperparameter("dampening", 0.0, 0.0, 1.0),
    )
    memory = ("v",)
    momentum: float
    dampening: float
    v: Array

    def _prepare(self) -> None:
        self._prepare_rate()
        self._momentum, self._share = self._scalar(self.momentum), self._scalar(1 - self.dampening)

    def _rule(self, theta: Array, gradient: Array) -> None:
        self._remember(gradient)
        np.multiply(self.v, self._minus_rate, self.update)

    def _remember(self, gradient: Array) -> None:
        v = self.v
        np.multiply(v, self._momentum, v)
        if self.t == 1 or self.dampening == 0.0:
            np.add(v, gradient, v)
        else:
            np.multiply(gradient, self._share, self._work)
            np.add(v, self._work, v)


class Nesterov(Momentum):
    """Nesterov's accelerated gradient (Sutskever et al. 2013): v ← μv + g, step −η(g + μv)."""

    hyperparameters = (Hyperparameter("momentum", 0.9, 0.0, 1.0),)
    dampening = 0.0

    def _rule(self, theta: Array, gradient: Array) -> None:
        self._remember(gradient)
        np.multiply(self.v, self._momentum, self.update)
        np.add(self.update, gradient, self.update)
        np.multiply(self.update, self._minus_rate, self.update)


class Adagrad(Optimizer):
    """Adagrad (Duchi et al. 2011): s ← s + g², step −η / (1 + (t − 1) decay) · g / (√s + ε)."""

    hyperparameters = (Hyperparameter("lr_decay", 0.0, 0.0, 1.0), Hyperparameter("eps", 1e-10, 1e-16, 1.0))
    memory = ("s",)
    lr_decay: float
    eps: float
    s: Array

    def _rule(self, theta: Array, gradient: Array) -> None:
        work = self._work
        np.multiply(gradient, gradient, work)
        np.add(self.s, work, self.s)
        np.sqrt(self.s, work)
        np.add(work, self.eps, work)
        np.divide(gradient, work, self.update)
        np.multiply(self.update, -self.learning_rate / (1 + (self.t - 1) * self.lr_decay), self.update)


class RMSprop(Optimizer):
    """RMSprop (Hinton's lecture 6e): s ← αs + (1 − α)g², step −ηg / (√s + ε).

    Centred (Graves 2013), the variance s − m² stands under the root, m ← αm + (1 − α)g. With momentum, the quotient is
    remembered, v ← μv + g / (√s + ε), and the step is −ηv.
    """

    hyperparameters = (
        Hyperparameter("alpha", 0.99, 0.0, 1.0),
        Hyperparameter("eps", 1e-8, 1e-16, 1.0),
        Hyperparameter("momentum", 0.0, 0.0, 1.0),
        Hyperparameter("centered", 0, 0, 1, integer=True),
    )
    memory = ("s", "m", "v")
    alpha: float
    eps: float
    momentum: float
    centered: int
    s: Array
    m: Array
    v: Array

    def _rule(self, theta: Array, gradient: Array) -> None:
        work, update = self._work, self.update
        np.multiply(gradient, gradient, work)
        _average(self.s, self.alpha, work)
        if self.centered:
            np.multiply(gradient, 1 - self.alpha, work)
            np.multiply(self.m, self.alpha, self.m)
            np.add(self.m, work, self.m)
            np.multiply(self.m, self.m, work)
            np.subtract(self.s, work, work)
            np.maximum(work, 0.0, out=work)  # the variance, which rounding can make negative
            np.sqrt(work, work)
        else:
            np.sqrt(self.s, work)
        np.add(work, self.eps, work)
        np.divide(gradient, work, update)
        if self.momentum:
            np.multiply(self.v, self.momentum, self.v)
            np.add(self.v, update, self.v)
            np.multiply(self.v, self._minus_rate, update)
        else:
            np.multiply(update, self._minus_rate, update)


class Adadelta(Optimizer):
    """Adadelta (Zeiler 2012), with a rate: d = g √(u + ε) / √(s + ε), step −ηd, s and u averages of g² and d²."""

    hyperparameters = (Hyperparameter("rho", 0.9, 0.0, 1.0), Hyperparameter("eps", 1e-6, 1e-16, 1.0))
    memory = ("s", "u")
    rho: float
    eps: float
    s: Array
    u: Array

    def _rule(self, theta: Array, gradient: Array) -> None:
        work, update = self._work, self.update
        np.multiply(gradient, gradient, work)
        _average(self.s, self.rho, work)
        np.add(self.u, self.eps, update)
        np.add(self.s, self.eps, work)
        np.divide(update, work, update)
        np.sqrt(update, update)
        np.multiply(update, gradient, update)
        np.multiply(update, update, work)
        _average(self.u, self.rho, work)
        np.multiply(update, self._minus_rate, update)


class Adam(Optimizer):
    """Adam (Kingma & Ba 2015, Algorithm 1).

    m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ), step −η m̂ / (√v̂ + ε).
    """

    hyperparameters: ClassVar[tuple[Hyperparameter, ...]] = (
        Hyperparameter("beta1", 0.9, 0.0, 1.0, open_high=True),
        Hyperparameter("beta2", 0.999, 0.0, 1.0, open_high=True),
        Hyperparameter("eps", 1e-8, 1e-16, 1.0),
    )
    memory: ClassVar[tuple[str, ...]] = ("m", "v")
    beta1: float
    beta2: float
    eps: float
    m: Array
    v: Array

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

    memory = ("m", "v", "largest_v")
    largest_v: Array

    def _rule(self, theta: Array, gradient: Array) -> None:
        self._remember(gradient)
        np.maximum(self.largest_v, self.v, out=self.largest_v)
        self._divide(self.largest_v)
        np.multiply(self.update, -self.learning_rate / (1 - self.beta1**self.t), self.update)


class AdamW(Adam):
    """AdamW (Loshchilov & Hutter 2019): Adam, after the parameters have decayed by (1 − ηλ)."""

    hyperparameters = (*Adam.hyperparameters, Hyperparameter("weight_decay", 0.01, 0.0, 10.0))
    weight_decay: float

    def _rule(self, theta: Array, gradient: Array) -> None:
        super()._rule(theta, gradient)
        np.multiply(theta, -self.learning_rate * self.weight_decay, self._work)
        np.add(self.update, self._work, self.update)


class NAdam(Adam):
    """NAdam (Dozat 2016): Adam with Nesterov's look ahead.

    μ_t = β₁ (1 − ½ · .96^(tψ)), M_t = μ_1 … μ_t, ψ the momentum decay;
    step −η (μ_{t+1} m / (1 − M_{t+1}) + (1 − μ_t) g / (1 − M_t)) / (√v̂ + ε).
    """

    hyperparameters = (*Adam.hyperparameters, Hyperparameter("momentum_decay", 0.004, 0.0, 1.0))
    numbers = ("product",)
    momentum_decay: float
    product: Array

    @property
    def momenta(self) -> tuple[float, float]:
        """μ_t of the last step, and μ_{t+1}."""
        now, following = (self.beta1 * (1 - 0.5 * 0.96 ** (t * self.momentum_decay)) for t in (self.t, self.t + 1))
        return now, following

    def m_hat(self, m: Array, gradient: Array) -> Array:
        """Return the corrected and looking-ahead mean of gradients, by which √v̂ + ε is divided.

        Parameters
        ----------
        m, gradient : array
            After the last step; of any parameters.
        """
        (now, following), product = self.momenta, float(self.product[0])
        found: Array = following * m / (1 - product * following) + (1 - now) * gradient / (1 - product)
        return found

    def _rule(self, theta: Array, gradient: Array) -> None:
        now, following = self.momenta
        self.product *= now
        product = float(self.product[0])
        self._remember(gradient)
        self._divide(self.v)
        work, update = self._work, self.update
        np.multiply(update, -self.learning_rate * following / (1 - product * following), update)
        np.divide(gradient, work, work)
        np.multiply(work, -self.learning_rate * (1 - now) / (1 - product), work)
        np.add(update, work, update)


def _average(average: Array, kept: float, new: Array) -> None:
    """Keep the share `kept` of a running average and take the rest from `new`, which is overwritten."""
    np.multiply(average, kept, average)
    np.multiply(new, 1 - kept, new)
    np.add(average, new, average)


#: name -> class; order is the order in which they are offered.
OPTIMIZERS: Mapping[str, type[Optimizer]] = MappingProxyType(
    {
        "sgd": SGD,
        "momentum": Momentum,
        "nesterov": Nesterov,
        "adagrad": Adagrad,
        "rmsprop": RMSprop,
        "adadelta": Adadelta,
        "adam": Adam,
        "amsgrad": AMSGrad,
        "adamw": AdamW,
        "nadam": NAdam,
    }
)


def make_optimizer(name: str, learning_rate: float = LEARNING_RATE.default, **hyperparameters: float) -> Optimizer:
    """Return a fresh optimizer, e.g. ``make_optimizer("adam", learning_rate=0.1, beta1=0.9)``.

    Raises
    ------
    ConfigError
        For an unknown name or a value out of range.
    """
    return OPTIMIZERS[check_choice("optimizer", name, OPTIMIZERS)](learning_rate, **hyperparameters)
