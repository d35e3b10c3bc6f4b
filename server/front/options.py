"""What can be chosen on the page: the tables of the core, served and not copied."""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from ...core.config.config import ENGINES, PRECISIONS
from ...core.config.registering import TABLES
from ...core.data.dataset import FEWEST_CLASSES, MOST_CLASSES, DatasetRecord
from ...core.data.datasets import DATASETS, find_record
from ...core.export import FORMS
from ...core.landscapes.functions import LANDSCAPES, Landscape
from ...core.landscapes.problem import fitting_rate
from ...core.nets.activations import ACTIVATIONS
from ...core.nets.initializers import INITIALIZERS
from ...core.nets.losses import LOSSES
from ...core.nets.normalization import NORMALIZATIONS
from ...core.optimizers.optimizer import Optimizer
from ...core.optimizers.schedules import SCHEDULES, Schedule
from ...core.optimizers.table import OPTIMIZERS
from ...core.run.lanes import MOST_LANES
from ...core.surface.planes import PLANES, THROUGH
from ..panels.surface_schedule import LADDER
from ..wire.presets import GROUPS, PRESETS, SHOWN
from ..wire.protocol import finite
from ..wire.run_fields import REPLAY
from ..wire.settings import Limits
from .thumbnails import thumbnail

#: Of this process alone.
_SERVER = secrets.token_hex(4)


def options_text(limits: Limits) -> str:
    """Return all choices as text: of a class that joins at once, everybody gets them."""
    return _text(limits, _own())


def options_mark(limits: Limits) -> str:
    """Return what a page that comes back says it has: the choices of this very server, which knows its uploads too."""
    return f"{_SERVER}-{zlib.crc32(options_text(limits).encode()):08x}"


def options(limits: Limits) -> dict[str, Any]:
    """Return all choices as JSON; see `Options` in `static/js/types.d.ts`."""
    return _options(limits, _own())


@lru_cache(maxsize=1)
def _text(limits: Limits, own: tuple[int, ...]) -> str:
    return json.dumps(_options(limits, own), allow_nan=False, separators=(",", ":"))


def _own() -> tuple[int, ...]:
    """Return what changes when a part is registered: then there is something else to choose from."""
    return tuple(table.changes for table in TABLES)


def _words() -> Mapping[str, Mapping[str, str]]:
    """Return what parts that were registered are called, by the key of the page's words, and then by language.

    Their numbers are called by their names, where the page has no words for those.
    """
    numbers = {
        f"hyperparameter.{entry.name}": {"en": entry.name.replace("_", " ")}
        for table in (OPTIMIZERS, SCHEDULES)
        for name in table.words
        for entry in table[name].hyperparameters
    }
    return numbers | {f"{table.kind}.{name}": dict(words) for table in TABLES for name, words in table.words.items()}


@lru_cache(maxsize=1)
def _options(limits: Limits, _own: tuple[int, ...]) -> dict[str, Any]:
    return {
        "words": _words(),
        "datasets": [dataset_option(name) for name in DATASETS],
        "landscapes": [_landscape(entry) for entry in LANDSCAPES.values()],
        "activations": list(ACTIVATIONS),
        "losses": list(LOSSES),
        "initializers": list(INITIALIZERS),
        "normalizations": list(NORMALIZATIONS),
        "precisions": list(PRECISIONS),
        "engines": list(ENGINES),
        "optimizers": _with_numbers(OPTIMIZERS),
        "schedules": _with_numbers(SCHEDULES),
        "presets": [
            {"name": name, "config": config.to_json(), "shows": SHOWN.get(name, {})} for name, config in PRESETS.items()
        ],
        "gallery": [{"name": group, "presets": list(names)} for group, names in GROUPS.items()],
        "planes": list(PLANES),
        "through": list(THROUGH),
        "resolutions": list(LADDER[1:]),
        "forms": [
            *({"name": form.name, "needs_network": form.needs_network} for form in FORMS.values()),
            {"name": REPLAY, "needs_network": False},
        ],
        "limits": {**asdict(limits), "lanes": MOST_LANES},
    }


def dataset_option(name: str) -> dict[str, Any]:
    """Return what the page has to know of a data set, uploads included."""
    record = find_record(name)
    return {
        "name": name,
        "kind": record.kind,
        "inputs": record.inputs,
        "outputs": record.outputs,
        "image": record.image,
        "fixed": record.fixed,
        "many": record.many,
        "standardize": record.standardize,
        "samples": record.samples,
        "noise": record.noise,
        "class_names": record.class_names,
        "classes": [FEWEST_CLASSES, MOST_CLASSES] if record.many else None,
        "features": [] if record.image else _features(record),
        **thumbnail(name),
    }


def _landscape(entry: Landscape) -> dict[str, Any]:
    """Return what the page has to know of a landscape; `lowest` is null where it has no bottom."""
    return {
        "name": entry.name,
        "formula": entry.formula,
        "domain": entry.domain,
        "start": entry.start,
        "minima": entry.minima,
        "lowest": finite(entry.lowest),
        "rates": {name: fitting_rate(entry, name) for name in OPTIMIZERS},
    }


def _with_numbers(table: Mapping[str, type[Optimizer]] | Mapping[str, Schedule]) -> list[dict[str, Any]]:
    """Return the entries of a table with their hyperparameters, defaults and ranges."""
    return [
        {
            "name": name,
            "hyperparameters": [
                {"name": entry.name, "default": entry.default, "low": entry.low, "high": entry.high}
                for entry in record.hyperparameters
            ],
        }
        for name, record in table.items()
    ]


def _features(record: DatasetRecord) -> list[dict[str, Any]]:
    """Return the inputs that can be chosen, how they are written, and whether a run has them unless it chooses."""
    first = record.choose(None)
    return [{"name": name, "label": label, "default": name in first} for name, label in record.columns.items()]
