"""What a change does to lanes: which of them it concerns, and how a lane that is "the same but …" begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.config.config import LIVE_NAMES, RunConfig
from ...core.ground.errors import ConfigError, check_integer
from ...core.optimizers.table import OPTIMIZERS
from ...core.run.lanes import MOST_LANES, SHARED, SHARED_EDITS
from ..wire.commands import CommandError
from ..wire.edits import Edits, patched
from ..wire.run_fields import CONFIG_FIELDS, LIVE_FIELDS, hyperparameters
from ..wire.settings import Limits
from .bounds import check_size
from .run import Run


def _live_words() -> frozenset[str]:
    """Return what a live edit can change, by name."""
    return frozenset({*LIVE_NAMES, *hyperparameters()})


def lane_of(run: Run, lane: int | None, name: str = "lane") -> int:
    """Return the lane that a command means, by default the one in focus.

    Raises
    ------
    ConfigError
        If there is none with this number.
    """
    if lane is None:
        return run.focus
    if lane not in run.lanes:
        known = ", ".join(map(str, run.lanes))
        raise ConfigError(f"{name} must be one of {known}, got {lane}", name, lane)
    return lane


def present(run: Run) -> dict[int, RunConfig]:
    """Return the config of every lane, edits applied."""
    return {number: lane.trainer.config for number, lane in run.lanes.items()}


def check_level(run: Run, change: Mapping[str, Any]) -> None:
    """Refuse a change to what lanes share while they do not stand side by side."""
    shared = next((name for name in SHARED_EDITS if name in change), None)
    for number, lane in run.lanes.items():
        if shared is not None and lane.trainer.step_count != run.front:
            step = lane.trainer.step_count
            words = f"all lanes share {shared}, and lane {number} stands at step {step}: go back, or remove it"
            raise CommandError("lanes_apart", words, {"name": shared, "value": change[shared]})


def check_sizes(configs: Mapping[int, RunConfig], limits: Limits) -> None:
    """Raise ConfigError if lanes, one by one or together, are larger than the limits allow."""
    for config in configs.values():
        check_size(config, limits)
    count = sum(config.parameter_count for config in configs.values())
    check_integer("parameters of all lanes", count, 1, limits.parameters)


def patched_all(configs: Mapping[int, RunConfig], lane: int, patch: Mapping[str, Any]) -> dict[int, RunConfig]:
    """Return the configs with a patch of one lane, and with what of it all lanes share in the others."""
    names = (*SHARED, "initial") if configs[lane].on_landscape else SHARED  # on a landscape all start at one point
    shared = {name: patch[name] for name in names if name in patch}
    return {
        number: patched(config, patch if number == lane else shared) if number == lane or shared else config
        for number, config in configs.items()
    }


def added(run: Run, model: int, change: Mapping[str, Any], start: str, limits: Limits) -> tuple[RunConfig, Edits]:
    """Return how a new lane begins, and its edits: the same as lane `model` but for a change.

    It is a run from step 0 in any case. From the start, the change is there from the beginning, and of the model's
    edits those are left out that concern what is changed. From here, it is an edit at the present step.

    Raises
    ------
    ConfigError, CommandError
        If the change cannot be, or asks for what all lanes share.
    """
    if len(run.lanes) >= MOST_LANES:
        words = f"there can be {MOST_LANES} lanes side by side: remove one first"
        raise CommandError("lanes_full", words, {"name": "lanes", "value": len(run.lanes) + 1, "high": MOST_LANES})
    for name in dict.fromkeys((*SHARED, *SHARED_EDITS)):
        if name in change:
            words = f"all lanes share {name}: it cannot differ in one of them"
            raise CommandError("lanes_share", words, {"name": name, "value": str(change[name])[:80]})
    live, patch = _live_and_not(change)
    config, edits = _from_here(run, model, live, patch) if start == "here" else _from_start(run, model, live, patch)
    check_sizes({**present(run), -1: config}, limits)
    return config, edits


def swept(run: Run, model: int, change: Mapping[str, Any], limits: Limits) -> RunConfig:
    """Return the run that a lane would be from its start with a change, also of what all lanes share.

    What was changed while lane `model` went on is there from the beginning, unless the change is about it.

    Raises
    ------
    ConfigError, CommandError
        If the change cannot be, or the net would be too large.
    """
    config, edits = _from_start(run, model, *_live_and_not(change))
    for edit in edits.record():
        config = config.edited({name: value for name, value in edit.change.items() if name != "parameters"})
    check_size(config, limits)
    return config


def _live_and_not(change: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what of a change `set` takes, in its words, and what only `configure` takes."""
    live: dict[str, Any] = {}
    patch: dict[str, Any] = {}
    live_words = _live_words()
    for name, value in change.items():
        parts = name in ("optimizer", "network") and isinstance(value, Mapping)
        known = [fields[name] for fields in (LIVE_FIELDS, CONFIG_FIELDS) if name in fields]
        if not known:
            raise CommandError("unknown_field", f"no run has {name[:80]!r}", {"name": "field", "value": name[:80]})
        known[-1 if parts else 0].check(name, value)
        if name == "optimizer" and parts:
            live |= {"optimizer" if key == "name" else key: number for key, number in value.items()}
        elif parts:
            live |= {key: part for key, part in value.items() if key in live_words}
            patch[name] = {key: part for key, part in value.items() if key not in live_words}
        elif name in live_words:
            live[name] = value
        else:
            patch[name] = value
    return live, {name: value for name, value in patch.items() if value != {}}


def _from_start(run: Run, model: int, live: dict[str, Any], patch: dict[str, Any]) -> tuple[RunConfig, Edits]:
    lane, now = run.lanes[model], run.lanes[model].trainer.config.optimizer
    config = patched(lane.config, patch) if patch else lane.config
    numbers = {entry.name for entry in OPTIMIZERS[now.name].hyperparameters}
    if "optimizer" not in live and numbers & live.keys() and config.optimizer.name != now.name:
        live = {"optimizer": now.name, "learning_rate": now.learning_rate, **live}  # they are of the rule in use now
    config = config.edited(live)
    return config, _kept(config, lane.edits, {*live, *patch})


def _kept(config: RunConfig, edits: Edits, names: set[str]) -> Edits:
    """Return the edits that a lane takes over from its model: those that are not about what it does otherwise."""
    kept = Edits()
    for edit in edits.record():
        change = {name: value for name, value in edit.change.items() if name not in names}
        if "optimizer" in names:  # numbers of one rule mean nothing to another
            change = {name: value for name, value in change.items() if name in {*LIVE_NAMES, "parameters"}}
        try:
            after = config.edited(change)
        except ConfigError:  # a weight that this shape does not have, a loss that cannot be smoothed
            continue
        if after != config or "parameters" in change:
            kept.add(edit.step, change, config, after, edit.before.get("parameters"))
            config = after
    return kept


def _from_here(run: Run, model: int, live: dict[str, Any], patch: dict[str, Any]) -> tuple[RunConfig, Edits]:
    lane, step = run.lanes[model], run.lanes[model].trainer.step_count
    for name, value in patch.items():
        if isinstance(value, Mapping):
            name, value = next(iter(value.items()))
        words = f"{name} cannot change on the way: a lane with another one begins from the start"
        raise CommandError("not_live", words, {"name": name, "value": str(value)[:80]})
    if lane.trainer.diverged is not None or step != run.front:
        words = f"lane {model} stands at step {step} and cannot go on from here: begin from the start"
        raise CommandError("lanes_apart", words, {"name": "from", "value": model})
    now, edits = lane.trainer.config, Edits(edit for edit in lane.edits.record() if edit.step <= step)
    if live:
        edits.add(step, live, now, now.edited(live))
    return lane.config, edits
