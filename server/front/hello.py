"""What a hello wants to be opened, as the record that a session is built from."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from typing import Any

from ..run.beginning import reading_lanes
from ..run.cost import cost_of
from ..wire.messages import Record
from ..wire.settings import Limits


def reading_record(fields: Mapping[str, Any], limits: Limits) -> Generator[None, None, Record]:
    """Return what the fields of a hello want: its own lanes, its own run, a preset, or the default.

    It yields on the way, as a long log takes a second to read.

    Raises
    ------
    ConfigError, CommandError
        If there is no such run, or it is larger than the limits allow.
    """
    begun, lane = yield from reading_lanes(fields, limits, limits.edits)
    cost = cost_of((config, config.parameter_count) for config, _ in begun.values())
    config, edits = begun.pop(lane)
    step = fields.get("step", 0) if "config" in fields or "lanes" in fields else 0
    return Record(
        config.to_json(),
        edits,
        step,
        fields.get("playing", False),
        number=fresh_number(),
        lane=lane,
        cost=cost,
        others={number: (other.to_json(), log) for number, (other, log) in begun.items()},
    )


def log_length(fields: Mapping[str, Any]) -> int:
    """Return how many edits the fields of a hello bring."""
    return len(fields.get("log", ())) + sum(len(one.get("log", ())) for one in fields.get("lanes", ()))


def fresh_number() -> int:
    """Return a number above all that were given before, also by another server."""
    return int(time.time() * 1000)
