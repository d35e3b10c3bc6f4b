"""Slow motion's lines are true: each comes to what its neighbours come to, reckoned from the numbers that it prints.

Real steps of the core over all activations, losses, optimizers, normalizations, and all ways of a gradient to its
optimizer, go to `slow_motion.mjs`, which reads every line of every phase.
"""

import json
import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from backscope.core import (
    ACTIVATIONS,
    LOSSES,
    OPTIMIZERS,
    DataConfig,
    NetworkConfig,
    OptimizerConfig,
    RunConfig,
    ScheduleConfig,
    Trainer,
)
from backscope.core.nets.losses import smooth
from backscope.server.panels.microscope import microscope_message
from backscope.server.session.frames import layout_of
from javascript import node

HERE = Path(__file__).parent
NORMALIZATIONS = (None, "batch", "layer")
CLIPPING: tuple[dict[str, Any], ...] = (
    {},
    {"clip_value": 0.02},
    {"clip_norm": 0.05},
    {"clip_value": 0.05, "clip_norm": 0.06},
)


def cases() -> Iterator[tuple[str, RunConfig]]:
    """Runs that between them print every kind of line."""
    for name in ACTIVATIONS:
        yield f"activation {name}", RunConfig(network=NetworkConfig((4, 3), name))
    for name, loss in LOSSES.items():
        for kind in loss.kinds:
            data = {"binary": "circle", "classes": "blobs", "regression": "plane"}[kind]
            for output in loss.outputs or ("identity", "tanh", "sigmoid"):
                yield (
                    f"loss {name}, {kind}, {output}",
                    RunConfig(
                        data=DataConfig(data), network=NetworkConfig((4,), output=output), loss=name, huber_delta=0.4
                    ),
                )
    yield "smoothed targets", RunConfig(data=DataConfig("blobs"), label_smoothing=0.1)
    for name in OPTIMIZERS:
        for schedule in ("constant", "cosine"):
            optimizer = OptimizerConfig(name, 0.02)
            config = RunConfig(network=NetworkConfig((3,)), optimizer=optimizer, schedule=ScheduleConfig(schedule))
            yield f"optimizer {name}, {schedule}", config
    for normalization, residual, dropout in product(NORMALIZATIONS, (False, True), (0.0, 0.4)):
        network = NetworkConfig((4, 4, 4), "tanh", normalization=normalization, residual=residual, dropout=dropout)
        yield f"{normalization}, skips {residual}, dropout {dropout}", RunConfig(network=network)
    penalties: tuple[dict[str, Any], ...] = (
        {},
        {"l1": 0.03},
        {"l2": 0.2},
        {"optimizer": OptimizerConfig("adamw", 0.05, {"weight_decay": 0.3})},
    )
    for penalty, clip, noise, dropout in product(penalties, CLIPPING, (0.0, 0.2), (0.0, 0.4)):
        network = NetworkConfig((3, 3), "tanh", dropout=dropout)
        config = RunConfig(network=network, gradient_noise=noise, **penalty, **clip)
        yield f"{penalty} {clip} noise {noise} dropout {dropout}", config
    yield "digits, a long sum", RunConfig(data=DataConfig("digits"), network=NetworkConfig((9,), "relu"))
    yield "no biases", RunConfig(network=NetworkConfig((4,), bias=False))
    yield "one layer", RunConfig(network=NetworkConfig(()))


def test_every_printed_line_equals_its_neighbours(tmp_path: Path) -> None:
    told = []
    for number, (name, config) in enumerate(cases()):
        trainer = Trainer(config)
        trainer.run(3)
        preview = trainer.preview()
        assert preview.diverged is None, name
        layout = layout_of(trainer)
        (tmp_path / f"{number}.bin").write_bytes(microscope_message(trainer, layout["id"], preview.row))
        y = smooth(trainer.dataset.y_train[[preview.row]], config.label_smoothing)[0]
        case = {"name": name, "file": f"{number}.bin", "layout": layout, "y": y.tolist()}
        told.append({**case, "huber_delta": config.huber_delta})
    (tmp_path / "cases.json").write_text(json.dumps(told))
    script = HERE / "views" / "slow_motion.mjs"
    result = subprocess.run([node(), str(script), str(tmp_path)], capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr[-3000:]
    report = json.loads(result.stdout)
    assert report["faults"] == [], "\n".join(report["faults"][:40])
    assert report["compared"] > 50 * len(told)
