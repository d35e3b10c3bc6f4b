"""Learning rates at which each update rule is usually begun: a rate that suits one can be absurd for another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from ..ground.errors import check_choice

#: What a step is made of: multiples of the slope; multiples of the rate, whatever the slope's size; or neither.
Measure = Literal["slope", "rate", "own"]


@dataclass(frozen=True, slots=True)
class UsualRate:
    """What a rule's steps are measured in, and its usual learning rate on inputs of about size one, above 0."""

    measure: Measure
    rate: float


#: By the names of `optimizers.OPTIMIZERS`. A momentum of 0.9 makes steps add up: such rules take 0.3 of the plain rate.
#: Adam's 0.01 is for the small nets and landscapes of lessons; large ones take 0.001 (Kingma & Ba 2015, section 2).
#: Adagrad's grows old with every step and begins ten times as fast. Adadelta needs none: 1 (Zeiler 2012).
USUAL_RATES: Mapping[str, UsualRate] = MappingProxyType(
    {
        "sgd": UsualRate("slope", 0.1),
        "momentum": UsualRate("slope", 0.03),
        "nesterov": UsualRate("slope", 0.03),
        "adagrad": UsualRate("rate", 0.1),
        "rmsprop": UsualRate("rate", 0.01),
        "adam": UsualRate("rate", 0.01),
        "amsgrad": UsualRate("rate", 0.01),
        "adamw": UsualRate("rate", 0.01),
        "nadam": UsualRate("rate", 0.01),
        "adadelta": UsualRate("own", 1.0),
    }
)


def usual_rate(rule: str, model: str, rate: float) -> float:
    """Return a learning rate for a rule that is to race against `model`, which runs at `rate`.

    Rules with the same measure keep their ratio, so that what was found for the one serves the other; else it is the
    rule's usual one.

    Raises
    ------
    ConfigError
        For an unknown rule.
    """
    one = USUAL_RATES[check_choice("optimizer", rule, USUAL_RATES)]
    other = USUAL_RATES[check_choice("optimizer", model, USUAL_RATES)]
    if one.measure != other.measure or not rate:
        return one.rate
    return min(100.0, float(f"{rate * one.rate / other.rate:.2g}"))
