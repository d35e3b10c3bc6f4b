"""The coming step of a run on the wire: one binary message with every number of it."""

from __future__ import annotations

import numpy as np

from ...core.run.preview import Preview, Units
from ...core.run.trainer import Trainer
from ..wire.protocol import Arrays, DType, encode, finite


def microscope_message(trainer: Trainer, layout: int, row: int | None) -> bytes:
    """Return the coming step, seen at a sample of its batch (its first one if None).

    Raises
    ------
    ConfigError
        If the sample is not in the batch.
    """
    preview = trainer.preview(row)
    before, after, parts = preview.before, preview.metrics, preview.parts
    header = {
        "kind": "microscope",
        "layout": layout,
        "step": preview.step,
        "row": preview.row,
        "index": preview.index,
        "learning_rate": preview.learning_rate,
        "formula": preview.formula,
        "numbers": {name: finite(value) for name, value in preview.numbers.items()},
        "normalization": list(trainer.network.normalization),
        "residual": list(trainer.network.residual),
        "dropout": trainer.network.dropout,
        "clip": {"value": parts.clip_value, "norm": parts.clip_norm, "seen": finite(parts.norm)},
        "loss": [finite(before.loss), finite(after.loss)],
        "test_loss": [finite(before.test_loss), finite(after.test_loss)],
        "batch_loss": [finite(preview.batch_loss_before), finite(preview.batch_loss_after)],
        "sample_loss": [finite(preview.sample_loss_before), finite(preview.sample_loss_after)],
        "pass_loss": {"batch": finite(preview.batch_loss), "sample": finite(preview.sample_loss)},
        "diverged": preview.diverged,
    }
    return encode(header, _arrays(preview))


def _arrays(preview: Preview) -> Arrays:
    arrays = Arrays()
    arrays.add("rows", preview.rows, DType.INT32)
    for name, array in (
        ("P", preview.theta),
        ("P_after", preview.theta_after),
        ("G", preview.gradient),
        ("G_step", preview.step_gradient),
        ("step", preview.update),
        ("centre", preview.centre),
        ("spread", preview.spread),
        ("mask", preview.mask),
    ):
        arrays.add(name, array)
    if not np.array_equal(preview.point, preview.theta):
        arrays.add("point", preview.point)
    arrays.add("slope", preview.parts.slope)
    for name in ("penalty", "noise"):
        if (part := getattr(preview.parts, name)).any():
            arrays.add(name, part)
    for prefix, units in (("", preview.sample), ("mean_", preview.mean), ("after_", preview.after)):
        _add_units(arrays, prefix, units)
    for name, array in preview.terms.items():
        arrays.add(f"term_{name}", array)
    return arrays


def _add_units(arrays: Arrays, prefix: str, units: Units) -> None:
    for name in ("A", "Z", "U", "D", "F", "H", "E"):
        if len(values := getattr(units, name)):
            arrays.add(prefix + name, values)
