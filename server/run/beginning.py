"""How the lanes of a run begin that a client brings: read from plain data, and checked."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

from ...core.config.config import RunConfig
from ...core.ground.errors import ConfigError
from ...core.run.lanes import check_shared
from ..wire.commands import CommandError
from ..wire.edits import Edit, reading
from ..wire.presets import DEFAULT, PRESETS
from ..wire.settings import Limits
from .lane_changes import check_sizes

#: By number of a lane, its config and its edits.
Begun = dict[int, tuple[RunConfig, tuple[Edit, ...]]]


def reading_lanes(fields: Mapping[str, Any], limits: Limits, most: int) -> Generator[None, None, tuple[Begun, int]]:
    """Return the lanes that fields ask for, and the one in focus: own lanes, an own run, a preset, or the default.

    It yields on the way, as a long log takes a second to read.

    Parameters
    ----------
    fields : mapping
        `lanes`, or `config` with `log`, or `preset`; and `lane`.
    limits : Limits
        The largest networks.
    most : int
        Edits of all lanes together.

    Raises
    ------
    ConfigError, CommandError
        If there is no such run, or it is larger than the limits allow.
    """
    lane = fields.get("lane", fields["lanes"][0]["id"] if "lanes" in fields else 0)
    begun = yield from _begun(fields, lane, most)
    if lane not in begun:
        raise ConfigError(f"lane must be one of {', '.join(map(str, begun))}, got {lane}", "lane", lane)
    check_sizes({number: config for number, (config, _) in begun.items()}, limits)
    for number, (other, _) in begun.items():
        if number != lane:
            check_shared(begun[lane][0], other)
    return begun, lane


def _begun(fields: Mapping[str, Any], lane: int, most: int) -> Generator[None, None, Begun]:
    """Return how the lanes began, and their edits."""
    if "lanes" in fields:
        lanes = {one["id"]: (one["config"], one.get("log", [])) for one in fields["lanes"]}
    elif "config" in fields:
        lanes = {lane: (fields["config"], fields.get("log", []))}
    else:
        return {lane: (PRESETS[fields.get("preset", DEFAULT)], ())}
    count = sum(len(log) for _, log in lanes.values())
    if count > most:
        words = f"a log can have {most} edits, got {count}"
        raise CommandError("log_full", words, {"name": "log", "value": count, "high": most})
    begun = {}
    for number, (config, log) in lanes.items():
        begun[number] = yield from reading(config, log)
    return begun
