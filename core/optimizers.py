"""Update rules on flat parameter vectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .errors import check_integer, check_number


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


@dataclass(frozen=True, slots=True)
class OptimizerRecord:
    """An update rule in the table: its name and hyperparameters."""

    name: str
    hyperparameters: tuple[Hyperparameter, ...]


LEARNING_RATE = Hyperparameter("learning_rate", 0.03, 0.0, 100.0)

_MOMENTUM = Hyperparameter("momentum", 0.9, 0.0, 1.0)
_BETA1 = Hyperparameter("beta1", 0.9, 0.0, 1.0, open_high=True)
_BETA2 = Hyperparameter("beta2", 0.999, 0.0, 1.0, open_high=True)
_EPS = Hyperparameter("eps", 1e-8, 1e-16, 1.0)

OPTIMIZERS: Mapping[str, OptimizerRecord] = MappingProxyType(
    {
        record.name: record
        for record in [
            OptimizerRecord("sgd", ()),
            OptimizerRecord("momentum", (_MOMENTUM,)),
            OptimizerRecord("adam", (_BETA1, _BETA2, _EPS)),
        ]
    }
)
