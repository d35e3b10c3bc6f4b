"""Members of ensembles that differ in all that they may."""

from dataclasses import replace

import numpy as np
from backscope.core import OPTIMIZERS, OptimizerConfig, RunConfig


def varied(base: RunConfig, seed: int, count: int = 3) -> list[RunConfig]:
    """Members with rates, seeds, scales, slopes, penalties and the optimizer's numbers of their own."""
    rng = np.random.default_rng(seed)
    known = OPTIMIZERS[base.optimizer.name].hyperparameters
    own = [entry for entry in known if not entry.integer and not entry.name.startswith("eps")]
    return [
        replace(
            base,
            optimizer=OptimizerConfig(
                base.optimizer.name,
                float(10 ** rng.uniform(-3, -1)),
                {entry.name: float(np.clip(entry.default * rng.uniform(0.5, 1), 0.01, 0.999)) for entry in own},
            ),
            network=replace(base.network, leaky_slope=float(rng.uniform(0, 1))),
            seed=int(rng.integers(1000)),
            initializer_scale=float(rng.uniform(0.5, 1.5)),
            l1=float(rng.choice([0, 0.01])),
            l2=float(rng.choice([0, 0.01])),
        )
        for _ in range(count)
    ]
