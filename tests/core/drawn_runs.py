"""Runs that are drawn so that all parts come in turn, and their scripts held against them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from backscope.core import ACTIVATIONS, INITIALIZERS, OPTIMIZERS, SCHEDULES, DataConfig, RunConfig, Trainer

STEPS = 140

Draw = Callable[[int], tuple[RunConfig, list[tuple[int, dict[str, Any]]]]]

HIDDEN = [name for name in ACTIVATIONS if name != "identity"]
SETS = ["circle", "spiral", "xor", "plane", "digits", "blobs"]


def random_run(seed: int) -> tuple[RunConfig, list[tuple[int, dict[str, Any]]]]:
    """Return a config and edits at their steps, drawn so that all parts of a run come in turn."""
    rng = np.random.default_rng(seed)

    def chance(share: float) -> bool:
        return bool(rng.random() < share)

    data = SETS[seed % len(SETS)]
    optimizers, schedules = list(OPTIMIZERS), list(SCHEDULES)
    width = int(rng.integers(2, 6))
    network: dict[str, Any] = {
        "hidden": [width] * int(rng.integers(1, 4)),
        "activation": HIDDEN[seed % len(HIDDEN)],
        "bias": not chance(0.15),
        "dropout": 0.3 if chance(0.3) else 0.0,
        "residual": chance(0.3),
        "normalization": [None, "batch", "layer"][int(rng.integers(3))] if chance(0.6) else None,
    }
    values: dict[str, Any] = {
        "data": {"name": data, **({"noise": 0.2} if data not in ("digits",) else {})},
        "network": network,
        "optimizer": {"name": optimizers[seed % len(optimizers)], "learning_rate": 0.01},
        "schedule": {"name": schedules[seed % len(schedules)]},
        "batch_size": [None, 7, 10, 16, 1][int(rng.integers(5))],
        "l1": 0.01 if chance(0.2) else 0.0,
        "l2": 0.02 if chance(0.3) else 0.0,
        "clip_value": 0.2 if chance(0.2) else None,
        "clip_norm": 0.5 if chance(0.3) else None,
        "gradient_noise": 0.05 if chance(0.2) else 0.0,
        "seed": seed,
    }
    later: list[dict[str, Any]] = [
        {"learning_rate": 0.02},
        {"batch_size": 12},
        {"optimizer": optimizers[(seed * 7 + 3) % len(optimizers)]},
        {"activation": HIDDEN[(seed + 5) % len(HIDDEN)]},
        {"dropout": 0.2},
        {"l2": 0.01, "clip_norm": 1.0},
        {"schedule": {"name": schedules[(seed + 3) % len(schedules)]}},
        {"parameters": {"0": 0.5}},
        *([{"noise": 0.4}] if data != "digits" else []),
    ]
    chosen = rng.permutation(len(later))[: int(rng.integers(0, 5))]
    steps = sorted(rng.integers(1, STEPS, size=len(chosen)).tolist())
    return RunConfig.from_json(values), [(step, later[index]) for step, index in zip(steps, chosen, strict=True)]


def random_tasks(seed: int) -> tuple[RunConfig, list[tuple[int, dict[str, Any]]]]:
    """Return a drawn run of one task after the other, in two of three with continual backpropagation on the way."""
    config, edits = random_run(seed)
    rng = np.random.default_rng([seed, 1])
    name = ["wine", "circle", "digits", "plane"][seed % 4]
    data = DataConfig(name, steps_per_task=int(rng.integers(9, 60)), first_task=int(rng.integers(0, 3)))
    initializers = list(INITIALIZERS)
    config = replace(
        config,
        data=data,
        network=replace(config.network, residual=False),
        initializer=initializers[seed % len(initializers)],
        replacement_rate=0.02 if seed % 3 == 0 else 0.0,
        maturity_threshold=int(rng.integers(0, 12)),
        utility_decay=0.9,
    )
    edits = [(step, change) for step, change in edits if "noise" not in change]
    noise = [{"label_noise": 0.3}] if name in ("wine", "circle", "digits") else []
    later: list[dict[str, Any]] = [{"maturity_threshold": 3, "utility_decay": 0.7}, {"replacement_rate": 0.03}, *noise]
    if seed % 3 == 0:
        later += [{"replacement_rate": 0.0}, {"replacement_rate": 0.05}]
    if seed % 3 == 1:
        later = noise
    edits += [(int(step), change) for step, change in zip(rng.integers(1, STEPS, len(later)), later, strict=True)]
    return config, sorted(edits, key=lambda edit: edit[0])


def trained(config: RunConfig, edits: list[tuple[int, dict[str, Any]]]) -> tuple[Trainer, list[float]]:
    trainer, losses = Trainer(config), []
    waiting = list(edits)
    for step in range(STEPS):
        while waiting and waiting[0][0] == step:
            trainer.edit(**waiting.pop(0)[1])
        loss = trainer.step()
        if trainer.diverged:
            break
        losses.append(loss)
    return trainer, losses


def run_script(text: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"print": lambda *_: None}
    exec(compile(text, "script", "exec"), namespace)
    return namespace


def check(script: Callable[[Trainer], str], seed: int, draw: Draw = random_run) -> None:
    """The script of a drawn run has its losses, as far as a twin that starts one unit in the last place away."""
    config, edits = draw(seed)
    trainer, losses = trained(config, edits)
    found = run_script(script(trainer))["losses"]
    assert trainer.step_count == len(losses)
    agree(found, losses, config, edits, seed)


def agree(
    found: list[float], losses: list[float], config: RunConfig, edits: list[tuple[int, dict[str, Any]]], seed: int
) -> float:
    """Hold losses that were found against those of a run; return by how much the first hundred are off at most."""
    assert len(found) == len(losses)
    start = Trainer(config).theta
    away = np.random.default_rng(seed).choice([-np.inf, np.inf], size=len(start))
    _, twin = trained(replace(config, initial=tuple(np.nextafter(start, away).tolist())), edits)
    count = min(len(losses), len(twin))
    apart = np.maximum.accumulate(np.abs(np.array(twin[:count]) - losses[:count]))
    scale = np.maximum(1, np.abs(losses[:count]))
    off = np.abs(np.array(found[:count]) - losses[:count])
    assert np.all(off <= 1e-10 * scale + 1000 * apart)
    assert apart[0] < 1e-12  # so that the first steps are held to something
    return float((off / scale)[:100].max())
