"""What a hello wants to be opened, as the record that a session is built from."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from typing import Any

from ...core.config.config import RunConfig
from ...core.ground.errors import ConfigError
from ...core.run.lanes import check_shared
from ..run.cost import cost_of
from ..run.lane_changes import check_sizes
from ..wire.commands import CommandError
from ..wire.edits import Edit, reading
from ..wire.messages import Record
from ..wire.presets import DEFAULT, PRESETS
from ..wire.settings import Limits

_Begun = tuple[RunConfig, tuple[Edit, ...]]


def reading_record(fields: Mapping[str, Any], limits: Limits) -> Generator[None, None, Record]:
    """Return what the fields of a hello want: its own lanes, its own run, a preset, or the default.

    It yields on the way, as a long log takes a second to read.

    Raises
    ------
    ConfigError, CommandError
        If there is no such run, or it is larger than the limits allow.
    """
    lane = fields.get("lane", fields["lanes"][0]["id"] if "lanes" in fields else 0)
    begun = yield from _begun(fields, lane, limits)
    if lane not in begun:
        raise ConfigError(f"lane must be one of {', '.join(map(str, begun))}, got {lane}", "lane", lane)
    check_sizes({number: config for number, (config, _) in begun.items()}, limits)
    cost = cost_of((config, config.parameter_count) for config, _ in begun.values())
    config, edits = begun.pop(lane)
    for other, _ in begun.values():
        check_shared(config, other)
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


def _begun(fields: Mapping[str, Any], lane: int, limits: Limits) -> Generator[None, None, dict[int, _Begun]]:
    """Return how the lanes began, and their edits."""
    if "lanes" in fields:
        lanes = {one["id"]: (one["config"], one.get("log", [])) for one in fields["lanes"]}
    elif "config" in fields:
        lanes = {lane: (fields["config"], fields.get("log", []))}
    else:
        return {lane: (PRESETS[fields.get("preset", DEFAULT)], ())}
    count = sum(len(log) for _, log in lanes.values())
    if count > limits.edits:
        words = f"a log can have {limits.edits} edits, got {count}"
        raise CommandError("log_full", words, {"name": "log", "value": count, "high": limits.edits})
    begun = {}
    for number, (config, log) in lanes.items():
        begun[number] = yield from reading(config, log)
    return begun


def fresh_number() -> int:
    """Return a number above all that were given before, also by another server."""
    return int(time.time() * 1000)
