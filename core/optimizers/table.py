"""The update rules on offer, and what is asked of them by name."""

from __future__ import annotations

from ..ground.errors import check_choice
from ..ground.parts import Parts
from .adadelta import Adadelta
from .adagrad import Adagrad
from .adam import Adam, AdamW, AMSGrad, NAdam
from .lbfgs import LBFGS
from .lion import Lion
from .momentum import SGD, Momentum, Nesterov
from .muon import Muon
from .optimizer import LEARNING_RATE, Optimizer
from .rmsprop import RMSprop
from .sam import SAM
from .schedule_free import ScheduleFree, ScheduleFreeAdamW

_RULES: dict[str, type[Optimizer]] = {
    rule.name: rule
    for rule in (
        *(SGD, Momentum, Nesterov, Adagrad, RMSprop, Adadelta, Adam, AMSGrad, AdamW, NAdam, Lion, Muon),
        *(SAM, ScheduleFree, ScheduleFreeAdamW, LBFGS),
    )
}

#: name -> class; order is the order in which they are offered.
OPTIMIZERS: Parts[type[Optimizer]] = Parts("optimizer", _RULES)


def make_optimizer(name: str, learning_rate: float = LEARNING_RATE.default, **hyperparameters: float) -> Optimizer:
    """Return a fresh optimizer, e.g. ``make_optimizer("adam", learning_rate=0.1, beta1=0.9)``.

    Parameters
    ----------
    name : str
        A name in `OPTIMIZERS`.
    learning_rate : float
        η, 0 to 100.
    **hyperparameters : float
        Numbers of the rule by name; what is left out keeps its default.

    Raises
    ------
    ConfigError
        For an unknown name or a value out of range.
    """
    return OPTIMIZERS[check_choice("optimizer", name, OPTIMIZERS)](learning_rate, **hyperparameters)


def usual_rate(rule: str, model: str, rate: float) -> float:
    """Return a learning rate for a rule that is to race against `model`, which runs at `rate`.

    Rules with the same measure keep their ratio, so that what was found for the one serves the other; else it is the
    rule's usual one.

    Raises
    ------
    ConfigError
        For an unknown rule.
    """
    one = OPTIMIZERS[check_choice("optimizer", rule, OPTIMIZERS)].usual
    other = OPTIMIZERS[check_choice("optimizer", model, OPTIMIZERS)].usual
    if one.measure != other.measure or not rate:
        return one.rate
    return min(LEARNING_RATE.high, float(f"{rate * one.rate / other.rate:.2g}"))
