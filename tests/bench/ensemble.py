"""Steps per second of an ensemble beside single runs, in one run: 2-4-2-1 to 2-32-32-1, members of their own rates.

All take turns in short rounds, and the least of each counts: processor time. Machine code is a column where there is
numba.

    python tests/bench/ensemble.py [--rounds 7] [--members 512]
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from time import process_time

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"  # before NumPy is loaded

from backscope.core import Ensemble, NetworkConfig, OptimizerConfig, RunConfig, Trainer
from backscope.core.ensemble import side_by_side

CASES = [
    *(((4, 2), "tanh", 10), ((4, 2), "tanh", 1), ((8, 8), "tanh", 10), ((8, 8), "relu", 10), ((8, 8), "tanh", 1)),
    *(((16, 16), "tanh", 10), ((32, 32), "tanh", 10)),
]


def configs(hidden: tuple[int, ...], activation: str, batch: int, members: int) -> list[RunConfig]:
    """Members with learning rates of their own, from 0.001 to 0.1."""
    base = RunConfig(network=NetworkConfig(hidden, activation), batch_size=batch, engine="numpy")
    return [replace(base, optimizer=OptimizerConfig("sgd", 0.001 * 100 ** (k / members))) for k in range(members)]


def seconds(run: object, steps: int) -> float:
    """Time of some steps."""
    start = process_time()
    run.run(steps)  # type: ignore[attr-defined]
    return process_time() - start


def main() -> None:
    """Print a row for every case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--members", type=int, default=512)
    given = parser.parse_args()
    engines = ("numpy", "compiled") if side_by_side.installed() else ("numpy",)
    titles = "".join(f" {engine}: µs a step and member | ratio |" for engine in engines)
    print(f"| net, batch | one run: µs a step |{titles}\n| --- | --- |{' --- | --- |' * len(engines)}")
    for hidden, activation, batch in CASES:
        members = configs(hidden, activation, batch, given.members)
        trainer, ensembles = Trainer(members[0]), [Ensemble(members, engine) for engine in engines]
        rounds = [
            [seconds(trainer, 2000) / 2000, *(seconds(each, 30) / 30 / given.members for each in ensembles)]
            for _ in range(given.rounds)
        ]
        one, *together = (1e6 * min(times) for times in zip(*rounds, strict=True))
        shape = "-".join(map(str, (2, *hidden, 1)))
        cells = "".join(f" {each:.3g} | {one / each:.1f} |" for each in together)
        print(f"| {shape} {activation}, {batch} | {one:.1f} |{cells}", flush=True)


if __name__ == "__main__":
    main()
