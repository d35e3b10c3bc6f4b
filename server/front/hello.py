"""What a hello wants to be opened, as the record that a session is built from."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator, Mapping
from typing import Any

from ..run.beginning import reading_lanes
from ..run.cost import cost_of
from ..wire import protocol
from ..wire.commands import CommandError
from ..wire.edits import exhausted
from ..wire.messages import Record
from ..wire.settings import Limits
from .client import Client
from .slices import in_slices

_SHORT_LOG = 30  # edits that are read in less than a hundredth of a second


class Hellos:
    """Reads what hellos want to be opened.

    Parameters
    ----------
    limits : Limits
    """

    def __init__(self, limits: Limits) -> None:
        self._limits, self._long = limits, asyncio.Lock()

    async def read(self, client: Client, fields: Mapping[str, Any]) -> Record:
        """Return what the fields of a client's hello want; long logs are read in slices, and one at a time.

        Raises
        ------
        ConfigError, CommandError
            If there is no such run, or it is larger than the limits allow.
        """
        work = reading_record(fields, self._limits)
        if log_length(fields) <= _SHORT_LOG:
            return exhausted(work)
        client.greets = True
        try:
            async with self._long:
                return await in_slices(work)
        finally:
            client.greets = False


def check_version(fields: Mapping[str, Any]) -> None:
    """Raise CommandError if a page speaks another version of the wire than this server."""
    version = fields.get("version", protocol.VERSION)
    if version != protocol.VERSION:
        words = f"this server speaks version {protocol.VERSION}, got {version}: reload the page"
        raise CommandError("version", words, {"name": "version", "value": version})


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
