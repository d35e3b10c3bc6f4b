"""What an update rule is: one record that holds all there is to know of it.

A rule sees one flat vector θ. `step` returns the update, and the caller adds it; so the update can be drawn before it
happens. Rules and defaults are PyTorch's. The learning rate η stays outside of every memory, so a change of it acts at
once.

To add a rule, write a subclass of `Optimizer` in a module of this folder, list it in `table`, and give it a name in
each language of the page. Everything else is read from the class: what a run can choose, how a step is shown and taken
apart, at which rate it begins on a landscape, how sharp a valley it can stay in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from ..ground.errors import ConfigError, check_choice
from ..ground.expressions import Expression, expression
from ..ground.hyperparameters import Hyperparameter
from ..nets.activations import Array
from .formula import SYMBOLS, Line

#: Steps taken, and the vectors that a rule remembers.
State = tuple[int, dict[str, NDArray[np.floating]]]

#: Of each: where it begins in θ, its rows and its columns.
Matrices = tuple[tuple[int, int, int], ...]

LEARNING_RATE = Hyperparameter("learning_rate", 0.03, 0.0, 100.0)


@dataclass(frozen=True, slots=True)
class UsualRate:
    """What a rule's steps are measured in, and its usual learning rate on inputs of about size one, above 0.

    Attributes
    ----------
    measure : str
        A step is a multiple of the ``"slope"``; or of the ``"rate"``, whatever the slope's size; or of its ``"own"``.
    rate : float
        η.
    """

    measure: Literal["slope", "rate", "own"]
    rate: float


class Optimizer:
    """An update rule with its memory.

    Most are elementwise; all also update a stack of vectors (k, P), with hyperparameters that are columns (k, 1).

    What is said of the rule in formulas names the terms of its `lines`, its hyperparameters, its memory, the gradient
    ``g``, the parameter ``w``, the learning rate ``eta`` and the number of the step ``t``.

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
    matrices : tuple of (start, rows, cols)
        Where the matrices lie in θ, row by row, for rules that take them whole.
    elsewhere : callable (point) -> array (P,), optional
        For a rule that `asks`: returns the gradient at other parameters (P,), of the same batch and made ready in the
        same way. Who trains with such a rule sets it before the first step.
    """

    learning_rate: float
    #: Its key in `OPTIMIZERS`.
    name: ClassVar[str] = ""
    hyperparameters: ClassVar[tuple[Hyperparameter, ...]] = ()
    #: Names of the vectors (P,) that the rule remembers; they start at 0.
    memory: ClassVar[tuple[str, ...]] = ()
    #: Names of the single numbers that it remembers, as arrays (1,); they start at 1.
    numbers: ClassVar[tuple[str, ...]] = ()
    #: Those of both that no line makes, because they are no matter of single parameters.
    unwritten: ClassVar[tuple[str, ...]] = ()
    #: How a script without Backscope forgets, of what is unwritten, the places ``new`` of parameters: statements.
    forgetting: ClassVar[tuple[str, ...]] = ()
    #: Names of the vectors (P,) that a step leaves behind to be told, where no line can reckon them number by number.
    #: No later step needs them.
    told: ClassVar[tuple[str, ...]] = ()
    #: For each of them, how a script without Backscope comes to it: an expression, and the function that it calls,
    #: which finds the matrices under their name, and keeps what is unwritten with the rule.
    told_source: ClassVar[Mapping[str, tuple[str, str]]] = MappingProxyType({})
    #: Those of the memory that are parameters themselves: they begin where θ does.
    places: ClassVar[tuple[str, ...]] = ()
    #: Where the gradient is taken, as a formula of ``w`` and of the memory as it was; None where that is θ itself.
    point: ClassVar[str | None] = None
    #: Whether the rule asks for the gradient of the same batch at a second point, through `gradient_at`.
    asks: ClassVar[bool] = False
    #: The rate at which it is usually begun.
    usual: ClassVar[UsualRate] = UsualRate("slope", 0.1)
    #: How terms are written that `SYMBOLS` does not know or knows otherwise; a formula where one stands for a term.
    symbols: ClassVar[Mapping[str, str | Expression]] = MappingProxyType({})
    #: The term that stands for the gradient in a rule with momentum: −η of it is the step before it is rescaled.
    momentum_part: ClassVar[str | None] = None
    #: The learning rate that each parameter is left with, as a formula, in a rule that rescales them one by one.
    rates: ClassVar[str | None] = None
    #: How far the curvature times the learning rate can rise before a valley is left, as a formula of hyperparameters
    #: (and ``eta``); None where nothing is known. Where there are `rates`, they are the learning rate.
    stability: ClassVar[str | None] = None

    def __init__(self, learning_rate: float = LEARNING_RATE.default, **hyperparameters: float) -> None:
        self.t = 0
        self.update = np.empty(0)
        self.matrices: Matrices = ()
        self.elsewhere: Callable[[Array], Array] | None = None
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

    def start(self, theta: Array, matrices: Matrices | None = None) -> None:
        """Forget everything, and make room for vectors like θ (P,), which is one row unless `matrices` says more."""
        self.t = 0
        self.matrices = matrices or ((0, 1, theta.shape[-1]),)
        self.update = np.zeros_like(theta)
        for name in (*self.memory, *self.told):
            setattr(self, name, theta.copy() if name in self.places else np.zeros_like(theta))
        for name in self.numbers:
            setattr(self, name, np.ones((*theta.shape[:-1], 1)))
        self._work = np.zeros_like(theta)
        self._prepare()

    def step(self, theta: Array, gradient: Array) -> Array:
        """Return the update to add to θ (P,) for its gradient (P,), which a rule with a `point` wants from there."""
        if self.update.shape != theta.shape:
            self.start(theta)
        self.t += 1
        self._rule(theta, gradient)
        return self.update

    def step_on(self, theta: Array, gradient_of: Callable[[Array], Array]) -> Array:
        """Return the update to add to θ (P,) on a loss whose gradient is a function of (P,), for a rule of any kind."""
        if self.update.shape != theta.shape:
            self.start(theta)
        self.elsewhere, point = gradient_of, theta
        if self.point is not None:
            self.place(theta, point := np.empty_like(theta))
        return self.step(theta, gradient_of(point))

    def place(self, theta: Array, out: Array) -> None:
        """Write where the next gradient is to be taken into `out` (P,), for a rule with a `point`."""
        raise NotImplementedError

    def gradient_at(self, point: Array) -> Array:
        """Return the gradient at other parameters (P,); ConfigError where nobody has said how to come to it."""
        if self.elsewhere is None:
            words = f"{self.name} asks for the gradient at a second point in each step: set its `elsewhere`"
            raise ConfigError(words, "optimizer", self.name)
        return self.elsewhere(point)

    def put(self, index: int, value: float) -> None:
        """A hand has put a number in the place of a parameter: what are parameters themselves go with it."""
        for name in self.places:
            getattr(self, name)[..., index] = value

    def forget(self, theta: Array, places: NDArray[np.int64]) -> None:
        """The parameters at these places (k,) of θ (P,) are new ones: nothing is remembered of those that were there.

        What are parameters themselves take their values.
        """
        for name in self.memory:
            getattr(self, name)[..., places] = theta[..., places] if name in self.places else 0.0

    def apart(self) -> Optimizer:
        """Return the rule as it is after its last step, which `put` and `set` leave alone."""
        other = copy(self)
        for name in self.places:
            setattr(other, name, getattr(self, name).copy())
        return other

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

    def lines(self) -> tuple[Line, ...]:
        """Return the rule as it is written, line by line; the last makes the term ``"step"``."""
        raise NotImplementedError

    def symbol(self, name: str) -> str | Expression:
        """Return how a term of the lines is written."""
        return self.symbols.get(name, SYMBOLS.get(name, name))

    def limit(self) -> float | None:
        """Return the value of `stability` for the present hyperparameters; None where there is no such limit."""
        if self.stability is None:
            return None
        with np.errstate(all="ignore"):
            found = float(expression(self.stability).value({**vars(self), "eta": self.learning_rate}))
        return found if np.isfinite(found) else None

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
