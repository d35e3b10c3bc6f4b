"""What can be chosen on the page: the tables of the core, served and not copied."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from typing import Any

from ..core.activations import ACTIVATIONS
from ..core.datasets import DATASETS
from ..core.initializers import INITIALIZERS
from ..core.losses import LOSSES
from ..core.optimizers import OPTIMIZERS
from ..core.planes import PLANES
from .presets import PRESETS
from .settings import Limits
from .thumbnails import thumbnail


@lru_cache(maxsize=1)
def options(limits: Limits) -> dict[str, Any]:
    """Return all choices as JSON; see `Options` in `static/js/types.d.ts`."""
    datasets = [
        {
            "name": name,
            "kind": record.kind,
            "inputs": record.inputs,
            "outputs": record.outputs,
            "image": record.image,
            "fixed": record.fixed,
            "samples": record.samples,
            "noise": record.noise,
            "class_names": record.class_names,
            **thumbnail(name),
        }
        for name, record in DATASETS.items()
    ]
    optimizers = [
        {
            "name": name,
            "hyperparameters": [
                {"name": entry.name, "default": entry.default, "low": entry.low, "high": entry.high}
                for entry in rule.hyperparameters
            ],
        }
        for name, rule in OPTIMIZERS.items()
    ]
    return {
        "datasets": datasets,
        "activations": list(ACTIVATIONS),
        "losses": list(LOSSES),
        "initializers": list(INITIALIZERS),
        "optimizers": optimizers,
        "presets": [{"name": name, "config": config.to_json()} for name, config in PRESETS.items()],
        "planes": list(PLANES),
        "limits": asdict(limits),
    }
