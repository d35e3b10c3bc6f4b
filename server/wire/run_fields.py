"""The fields that speak of a run: what can be changed while it trains, what makes it begin anew, and its lanes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from reprlib import repr as shorten
from types import MappingProxyType
from typing import Any

from ...core.config.config import LIMITS, LIVE_NAMES, RunConfig
from ...core.ground.errors import check_integer
from ...core.ground.hyperparameters import Hyperparameter
from ...core.optimizers.optimizer import LEARNING_RATE
from ...core.optimizers.table import OPTIMIZERS
from ...core.run.lanes import MOST_LANES
from .commands import Check, Field
from .fields import anything, choice, integer, maybe, record, wrong_type

#: The form of a run that a session records, for a page without a server.
REPLAY = "replay"
LANE = Field(integer(0, MOST_LANES - 1))
SEED = Field(integer(0, LIMITS["seed"]))
_BATCH_SIZE = Field(maybe(integer(1, LIMITS["batch_size"])))


def _of(entry: Hyperparameter) -> Check:
    return lambda name, value: entry.check(value)


def hyperparameters() -> dict[str, Hyperparameter]:
    """Return the hyperparameters of all optimizers by name; the one in use checks them again."""
    return {entry.name: entry for rule in OPTIMIZERS.values() for entry in rule.hyperparameters}


class LiveFields(Mapping[str, Field]):
    """Some fields, and one for each hyperparameter of any optimizer, also of those that are registered later."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self._fields = dict(fields)

    def __getitem__(self, name: str) -> Field:
        return self._fields[name] if name in self._fields else Field(_of(hyperparameters()[name]))

    def __iter__(self) -> Iterator[str]:
        return iter({**self._fields, **hyperparameters()})

    def __len__(self) -> int:
        return len({**self._fields, **hyperparameters()})

    def beside(self, fields: Mapping[str, Field]) -> LiveFields:
        """Return these and others."""
        return LiveFields({**self._fields, **fields})


#: What can be changed from the next step on.
LIVE_FIELDS = LiveFields(
    {
        **{name: Field(anything) for name in LIVE_NAMES},
        "learning_rate": Field(_of(LEARNING_RATE)),
        "batch_size": _BATCH_SIZE,
        "optimizer": Field(choice(lambda: OPTIMIZERS)),
    }
)

#: What makes a run begin anew: all of its config.
CONFIG_FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        **{entry.name: Field(anything) for entry in dataclasses.fields(RunConfig)},
        "data": Field(record),
        "network": Field(record),
        "optimizer": Field(record),
        "batch_size": _BATCH_SIZE,
        "seed": SEED,
    }
)


def lane_records(name: str, value: object) -> list[dict[str, Any]]:
    """Check for lanes as a page hands them back: number, config and log of each."""
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_LANES:
        raise wrong_type(f"{name} must be a list of 1 to {MOST_LANES} lanes, got {shorten(value)}", name, value)
    for one in value:
        known = isinstance(one, dict) and isinstance(one.get("config"), dict) and isinstance(one.get("log", []), list)
        if not known or "id" not in one:
            raise wrong_type(f"a lane must have id and config, and may have a log, got {shorten(one)}", name, one)
        check_integer("lane", one["id"], 0, MOST_LANES - 1)
    if len({one["id"] for one in value}) < len(value):
        raise wrong_type(f"{name} must have different ids", name, value)
    return value
