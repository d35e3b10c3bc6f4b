"""A user's own parts beside those that are there: each is checked before it is offered, in runs and on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data import tables
from ..data.dataset import DatasetRecord
from ..data.datasets import DATASETS, make_dataset
from ..data.tables import Table
from ..ground.errors import ConfigError
from ..ground.parts import Parts
from ..nets.activations import ACTIVATIONS, Activation
from ..nets.losses import LOSSES, Loss
from ..optimizers.formula import terms
from ..optimizers.optimizer import Optimizer
from ..optimizers.schedules import SCHEDULES, Schedule
from ..optimizers.table import OPTIMIZERS
from .parts import DataConfig

#: What can be registered, by its table.
TABLES: tuple[Parts[Any], ...] = (ACTIVATIONS, LOSSES, OPTIMIZERS, SCHEDULES, DATASETS)

Words = str | Mapping[str, str]

#: How far apart the points are whose difference a slope is held against.
_APART = 1e-5
#: How much a slope may differ from that, of 1 and of its own size.
_TOLERANCE = 1e-5


def register(part: object, *, name: str | None = None, words: Words | None = None) -> str:
    """Let runs of this process, and the page that it shows, choose a part of the user's own.

    Parameters
    ----------
    part : Activation, Loss, Schedule, DatasetRecord, Table, or a class derived from Optimizer
        As `own_activation`, `own_loss`, `own_optimizer`, `own_schedule`, `own_points` and `table_from_arrays` make it.
    name : str, optional
        Of data, which have none of their own. A table without one is known by its content, and not offered on the page.
    words : str or mapping, optional
        What the page calls it, in all languages or by language: ``{"en": "Bend", "zh": "弯曲"}``.

    Returns
    -------
    str
        Its name. A part that was registered by this name before gives way.

    Raises
    ------
    ConfigError
        For a name that is taken, for a slope that a finite difference contradicts (and where), for a rule whose lines
        are not what it does.
    """
    if isinstance(part, Table):
        if name is None:
            return tables.register(part)
        part = part.record
    table, key = _place(part, name)
    table.check_name(key)
    _check(key, part)
    plain = key.replace("_", " ").capitalize()
    table.add(key, part, {"en": words or plain} if words is None or isinstance(words, str) else words)
    return key


def forget(name: str) -> None:
    """Take away what was registered by this name; runs that have begun keep what they have."""
    tables.forget(name)
    for table in TABLES:
        table.drop(name)


def _place(part: object, name: str | None) -> tuple[Parts[Any], str]:
    """Return the table that a part belongs into, and its name there."""
    if isinstance(part, DatasetRecord):
        if name is None:
            raise ConfigError("data need a name: register(data, name=…)", "name", name)
        return DATASETS, name
    if isinstance(part, Activation):
        return ACTIVATIONS, part.name
    if isinstance(part, Loss):
        return LOSSES, part.name
    if isinstance(part, Schedule):
        return SCHEDULES, part.name
    if isinstance(part, type) and issubclass(part, Optimizer):
        return OPTIMIZERS, part.name
    kinds = "an activation, a loss, a class of optimizers, a schedule, or data"
    raise ConfigError(f"what is registered must be {kinds}, got {type(part).__name__}", "part", type(part).__name__)


def _check(name: str, part: object) -> None:
    if isinstance(part, Activation):
        check_activation(part)
    elif isinstance(part, Loss):
        check_loss(part)
    elif isinstance(part, Schedule):
        check_schedule(part)
    elif isinstance(part, DatasetRecord):
        check_data(name, part)
    elif isinstance(part, type) and issubclass(part, Optimizer):
        check_optimizer(part)


def check_activation(record: Activation) -> None:
    """Raise ConfigError, and say where, if f is no number, its slopes are none of it, or its formulas say otherwise."""
    z = np.linspace(-6.0, 6.0, 241) + 0.0123
    for kink in record.kinks:
        z = z[np.abs(z - kink) > 0.02]
    what, f = f"activation {record.name}", record.apply
    far = np.array([-60.0, *z, 60.0])
    for values, of in ((f(far), "f"), (record.slope(far), "the slope")):
        _all_numbers(what, of, far, values)
    _agree(what, "the slope", z, record.slope(z), (f(z + _APART) - f(z - _APART)) / (2 * _APART))
    bent = (record.slope(z + _APART) - record.slope(z - _APART)) / (2 * _APART)
    _agree(what, "the second derivative", z, record.second(z), bent)
    written, slope = record.written.values(z=z, a=f(z))
    _agree(what, "f", z, f(z), written + 0 * z, "its formula gives")
    _agree(what, "the slope", z, record.slope(z), slope + 0 * z, "its formula gives")


def check_loss(record: Loss) -> None:
    """Raise ConfigError, and say where, if C is no number, or its derivative is none of it."""
    rng, what = np.random.default_rng(0), f"loss {record.name}"
    a = rng.uniform(0.05, 0.95, (3, 40))
    y = np.eye(3)[:, rng.integers(0, 3, 40)]
    if record.targets is not None and not record.targets[1](y).all():
        y = 2 * y - 1
    slope = np.empty_like(a)
    record.bind(a.copy(), a.copy(), slope)(y)
    told = slope * record.factor
    move = np.zeros_like(a)
    for k in range(len(a)):
        move[...] = 0.0
        move[k] = _APART
        found = np.array([(_one(record, a + move, y, n) - _one(record, a - move, y, n)) for n in range(a.shape[1])])
        near = [f"a = {value:.4g}, y = {target:g}" for value, target in zip(a[k], y[k], strict=True)]
        keep = np.ones(a.shape[1], bool)
        if record.bends is not None:
            keep = (record.bends(a + 9 * move, y) == record.bends(a - 9 * move, y)).all(axis=0)
        _agree(what, "the derivative", near, told[k], found / (2 * _APART), keep=keep)


def _one(record: Loss, a: NDArray[np.floating], y: NDArray[np.floating], sample: int) -> float:
    """Return the loss of one sample's activations (or logits), before any mean over outputs."""
    one = np.ascontiguousarray(a[:, sample : sample + 1])
    return record.bind(one.copy(), one, np.empty_like(one))(np.ascontiguousarray(y[:, sample : sample + 1]))


def check_schedule(record: Schedule) -> None:
    """Raise ConfigError, and say where, if a factor is no number of 0 or more, or has no formula."""
    what = f"schedule {record.name}"
    if record.factor is None or record.formula is None:
        raise ConfigError(f"{what} needs a formula, which scripts write: see own_schedule", "schedule", record.name)
    values = {entry.name: entry.default for entry in record.hyperparameters}
    for t in (0, 1, 2, 10, 999, 1000, 10**6):
        factor = record.factor(t, values)
        if not 0 <= factor < np.inf:
            raise ConfigError(f"{what}: the factor after {t} steps must be 0 or more, got {factor:g}", "t", t)


def check_data(name: str, record: DatasetRecord) -> None:
    """Raise what the data set raises when its samples are drawn."""
    with_it = DATASETS.get(name)
    DATASETS.add(name, record, {})
    try:
        make_dataset(replace(DataConfig(), name=name), 0)
    finally:
        words = DATASETS.words[name]
        DATASETS.drop(name)
        if with_it is not None:
            DATASETS.add(name, with_it, words)


def check_optimizer(rule: type[Optimizer]) -> None:
    """Raise ConfigError, and say where, if a step is no number, or not what the rule's lines come to."""
    what, rng = f"optimizer {rule.name}", np.random.default_rng(0)
    optimizer, theta = rule(), rng.normal(size=6)
    places = [f"parameter {index}" for index in range(6)]
    for _ in range(3):
        gradient = rng.normal(size=6)
        step = np.array(optimizer.step(theta, gradient))
        if step.shape != theta.shape:
            raise ConfigError(f"{what}: a step must have shape {theta.shape}, got {step.shape}", "optimizer", rule.name)
        _all_numbers(what, "the step", places, step)
        try:
            lines = np.broadcast_to(terms(optimizer, gradient, theta)["step"], step.shape)
        except NotImplementedError:
            message = f"{what} needs `lines`: its rule as it is written, which the page shows and scripts do"
            raise ConfigError(message, "optimizer", rule.name) from None
        _agree(what, "the step", places, step, lines, "its lines give")
        theta = theta + step


def _all_numbers(what: str, of: str, places: Any, values: NDArray[np.floating]) -> None:
    wrong = ~np.isfinite(values)
    if wrong.any():
        k = int(np.argmax(wrong))
        raise ConfigError(f"{what}: {of} is {values[k]} at {_at(places[k])}", what.split()[0], what.split()[1])


def _agree(
    what: str,
    of: str,
    places: Any,
    given: NDArray[np.floating],
    found: NDArray[np.floating],
    by: str = "a finite difference gives",
    keep: NDArray[np.bool_] | None = None,
) -> None:
    off = np.abs(given - found) / (1 + np.abs(found))
    off = np.where(np.isnan(off), np.inf, off) * (1 if keep is None else keep)
    if off.max() > _TOLERANCE:
        k = int(np.argmax(off))
        where = f"{what}: at {_at(places[k])} {of} is {given[k]:.6g}, and {by} {found[k]:.6g}"
        kind, name = what.split()
        raise ConfigError(where, kind, name)


def _at(place: object) -> str:
    return place if isinstance(place, str) else f"z = {place:.4g}"
