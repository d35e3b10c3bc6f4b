"""Rules that end a run by themselves, and what they say when they do.

Convergence is a loss or a gradient below a bound; giving up is a loss that no longer improves; and both are told apart
from a limit that was set, and from divergence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..config.config import StoppingConfig
from ..insight.origin import Origin

_UNKNOWN = Origin()


@dataclass(frozen=True, slots=True)
class Divergence:
    """The loss or the parameters left the numbers.

    Attributes
    ----------
    step : int
        Steps taken when it was found out.
    loss : str
        What it was: ``"nan"``, ``"infinite"`` or ``"huge"`` (above 1e12). Or why the parameters run away while it
        may be flat: ``"penalty"`` and ``"decay"`` (see `runaway`), ``"size"`` where their squares overflow.
    learning_rate : float
        η of the step that was to follow.
    origin : Origin
        In which layer it began.
    pull : float or None
        η times the penalty λ₂ or the decay, where that is why.
    """

    step: int
    loss: str
    learning_rate: float
    origin: Origin = _UNKNOWN
    pull: float | None = None

    @property
    def taken(self) -> bool:
        """Whether the last step was taken: a loss that is no number stops a run before its step."""
        return self.loss in ("penalty", "decay", "size")

    @classmethod
    def of(cls, loss: float, step: int, learning_rate: float, origin: Origin = _UNKNOWN) -> Divergence:
        """Return what a `loss` that is no acceptable number says.

        Parameters
        ----------
        loss : float
            What it was: NaN, infinite or huge.
        step : int
            The step in which it appeared.
        learning_rate : float
            Of that step.
        origin : Origin
            The layer in which it began, where that is known.
        """
        kind = "nan" if math.isnan(loss) else "infinite" if math.isinf(loss) else "huge"
        return cls(step, kind, learning_rate, origin)


@dataclass(frozen=True, slots=True)
class Stop:
    """A rule ended the run.

    Attributes
    ----------
    step : int
        Steps taken.
    rule : str
        The field of `StoppingConfig`: ``"loss"`` and ``"gradient"`` are convergence, ``"patience"`` is giving up,
        ``"steps"`` and ``"epochs"`` are limits.
    value : float
        What met the rule: the loss, the norm, or the count.
    """

    step: int
    rule: str
    value: float

    @property
    def converged(self) -> bool:
        """Whether the run has come to where it was to go."""
        return self.rule in ("loss", "gradient")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the loss has not improved.

    Attributes
    ----------
    best : float
        The lowest so far.
    waited : int
        Epochs since then.
    """

    best: float = math.inf
    waited: int = 0

    def after(self, loss: float) -> Patience:
        """Return the state after an epoch that ended with `loss`."""
        return Patience(loss, 0) if loss < self.best else Patience(self.best, self.waited + 1)


def limit_reached(rules: StoppingConfig, step: int, epoch: int) -> Stop | None:
    """Return the stop of a limit that is met now, by its number of steps or of epochs."""
    if rules.steps is not None and step == rules.steps:
        return Stop(step, "steps", step)
    if rules.epochs is not None and epoch == rules.epochs:
        return Stop(step, "epochs", epoch)
    return None


def settled(rules: StoppingConfig, step: int, loss: float, patience: Patience, gradient: float) -> Stop | None:
    """Return the stop of a rule on loss or gradient that is met at the end of an epoch.

    Parameters
    ----------
    rules : StoppingConfig
        The rules.
    step : int
        Steps taken.
    loss, gradient : float
        The loss that is watched, and the norm of the gradient of the full training loss.
    patience : Patience
        With this epoch counted.
    """
    if rules.loss is not None and loss < rules.loss:
        return Stop(step, "loss", loss)
    if rules.gradient is not None and gradient < rules.gradient:
        return Stop(step, "gradient", gradient)
    if rules.patience is not None and patience.waited >= rules.patience:
        return Stop(step, "patience", patience.waited)
    return None
