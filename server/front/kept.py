"""How a session's record, its tables and a list of runs are written for the store and for files, and read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from ...core.config.config import RunConfig
from ...core.data.tables import KINDS, Table, check_size, unique_names
from ...core.ground.errors import ConfigError
from ..run.cost import cost_of
from ..session.history import deeds_from_json, deeds_to_json
from ..wire.edits import Edit
from ..wire.messages import Record
from ..wire.packing import Damaged, pack, unpack
from .hello import fresh_number

_KINDS = ("binary", *KINDS)


def record_to_json(record: Record) -> str:
    """Return a record as JSON."""
    lanes = {record.lane: (record.config, record.log), **record.others}
    values = {
        "lanes": [
            {"id": number, "config": config, "log": [edit.to_json() for edit in log]}
            for number, (config, log) in lanes.items()
        ],
        "lane": record.lane,
        "step": record.step,
        "playing": record.playing,
        "speed": record.speed,
        "sample": record.sample,
        "surface": dict(record.surface),
        "deeds": deeds_to_json(record.deeds),
    }
    return json.dumps(values)


def record_from_json(text: str) -> Record:
    """Return a record from its JSON; what it costs is estimated anew, and its numbers are fresh.

    Raises
    ------
    ConfigError
        If it is no record of this version.
    """
    try:
        values = json.loads(text)
        lanes = {
            int(one["id"]): (RunConfig.from_json(one["config"]), tuple(Edit.from_json(edit) for edit in one["log"]))
            for one in values["lanes"]
        }
        focus = int(values["lane"])
        config, log = lanes[focus]
        cost = cost_of((one, one.parameter_count) for one, _ in lanes.values())
        others = {number: (one.to_json(), edits) for number, (one, edits) in lanes.items() if number != focus}
        return Record(
            config.to_json(),
            log,
            int(values["step"]),
            bool(values["playing"]),
            float(values["speed"]),
            int(values["sample"]),
            dict(values["surface"]),
            fresh_number(),
            focus,
            others,
            cost,
            deeds_from_json(values["deeds"]),
        )
    except ConfigError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"a run that was kept cannot be read: {error}", "kept", None) from error


def told_of(text: str) -> dict[str, Any]:
    """Return what a list says of a kept run: what it was trained on, and how."""
    values = json.loads(text)
    config = next(one["config"] for one in values["lanes"] if one["id"] == values["lane"])
    return {"data": config["data"]["name"], "hidden": config["network"]["hidden"], "lanes": len(values["lanes"])}


def exported(text: str, step: int) -> dict[str, Any]:
    """Return a kept run as a link or a file carries it: the present config of every lane, log and step.

    Raises
    ------
    ConfigError
        If it cannot be read.
    """
    record = record_from_json(text)
    lanes = {record.lane: (record.config, record.log), **record.others}
    told = []
    for number, (begun, log) in lanes.items():
        config = RunConfig.from_json(begun)
        for edit in log:
            config = config.edited(edit.change)
        told.append({"id": number, "config": config.to_json(), "log": [edit.to_json() for edit in log]})
    focus = next(one for one in told if one["id"] == record.lane)
    run = {"config": focus["config"], "log": focus["log"], "step": step}
    return run if len(told) == 1 and record.lane == 0 else {**run, "lane": record.lane, "lanes": told}


def table_to_bytes(table: Table) -> bytes:
    """Return a table as packed bytes."""
    return pack(asdict(table))


def table_from_bytes(raw: bytes) -> Table:
    """Return a table from packed bytes; Damaged if that is none."""
    values = unpack(raw)
    if not isinstance(values, dict):
        raise Damaged("it holds no table")
    return table_from(values)


def table_to_json(table: Table) -> dict[str, Any]:
    """Return a table as plain data without arrays: as a file of a run carries it."""
    return {**asdict(table), "X": table.X.tolist(), "answers": table.answers.tolist(), "name": table.name}


def table_from(values: Mapping[str, Any]) -> Table:
    """Return a table from its fields, checked.

    Raises
    ------
    Damaged
        If there can be no such table.
    """
    try:
        columns, names = tuple(map(str, values["columns"])), tuple(map(str, values["class_names"]))
        X, kind, target = np.array(values["X"], np.float64), str(values["kind"]), str(values["target"])
        answers = np.array(values["answers"], np.float64 if kind == "regression" else np.int64)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise Damaged(f"it is no table: {error}") from error
    fits = X.ndim == 2 and answers.shape == (len(X),) and X.shape[1] == len(columns) == len(set(columns))
    fits = fits and kind in _KINDS and unique_names(columns) == columns and not check_size(*X.shape)
    labels = kind == "regression" or (len(names) >= 2 and bool(np.isin(answers, range(len(names))).all()))
    if not fits or not labels or not (np.isfinite(X).all() and np.isfinite(answers).all()):
        raise Damaged("its columns, rows and answers do not fit each other")
    for array in (X, answers):
        array.flags.writeable = False
    return Table(columns, X, target, kind, answers, names)  # type: ignore[arg-type]
