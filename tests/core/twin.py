"""How long a run can be held to its numbers: as long as twins that start one unit in the last place away keep to it.

Kernels round differently, so where a twin has parted from a run, another machine may have too, and what the run does
from there on is a property of no program. A test that compares numbers after many steps asks here how many it may.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from backscope.core import RunConfig, Trainer

#: Twins of a run; each has its own random half of the start parameters moved up or down.
TWINS = 3


def twins_of(config: RunConfig, count: int = TWINS) -> list[Trainer]:
    """Return trainers whose start parameters are one unit in the last place beside those of `config`."""
    start = Trainer(config).theta
    found = []
    for seed in range(count):
        towards = np.random.default_rng(seed).choice([-np.inf, np.inf], size=len(start))
        found.append(Trainer(replace(config, initial=tuple(np.nextafter(start, towards).tolist()))))
    return found


def agreed_steps(config: RunConfig, most: int, rtol: float = 1e-9) -> int:
    """Return after how many steps, `most` at most, a run and its twins still have the same parameters.

    Parameters
    ----------
    config : RunConfig
        The run.
    most : int
        Where to stop looking.
    rtol : float
        Largest difference that counts as the same, as a share of the parameters' root mean square. A run that diverges
        agrees with twins that diverge at the same step.
    """
    run, others = Trainer(config), twins_of(config)
    for step in range(1, most + 1):
        taken = run.run(1)
        if any(twin.run(1) != taken for twin in others):
            return step - 1
        if not taken:
            return most
        near = rtol * float(np.sqrt(np.mean(np.square(run.theta))))
        if not all(np.abs(twin.theta - run.theta).max() <= near for twin in others):
            return step - 1
    return most
