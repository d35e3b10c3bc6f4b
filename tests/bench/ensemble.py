"""Steps per second of an ensemble beside single runs, in one run: 2-8-8-1 and 2-4-2-1, members of their own rates.

Both take turns in short rounds, and the median round counts.

    python tests/bench/ensemble.py [--rounds 7] [--members 512]
"""

from __future__ import annotations

import argparse
import os
import statistics
from dataclasses import replace
from time import perf_counter

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"  # before NumPy is loaded

from backscope.core import Ensemble, NetworkConfig, OptimizerConfig, RunConfig, Trainer

CASES = [((8, 8), "tanh", 10), ((8, 8), "relu", 10), ((8, 8), "tanh", 1), ((4, 2), "tanh", 10)]


def configs(hidden: tuple[int, ...], activation: str, batch: int, members: int) -> list[RunConfig]:
    """Members with learning rates of their own, from 0.001 to 0.1."""
    base = RunConfig(network=NetworkConfig(hidden, activation), batch_size=batch)
    return [replace(base, optimizer=OptimizerConfig("sgd", 0.001 * 100 ** (k / members))) for k in range(members)]


def seconds(run: object, steps: int) -> float:
    """Time of some steps."""
    start = perf_counter()
    run.run(steps)  # type: ignore[attr-defined]
    return perf_counter() - start


def main() -> None:
    """Print a row for every case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--members", type=int, default=512)
    given = parser.parse_args()
    print("| net, batch | one run: µs a step | ensemble: µs a step and member | ratio |\n| --- | --- | --- | --- |")
    for hidden, activation, batch in CASES:
        members = configs(hidden, activation, batch, given.members)
        ensemble, trainer = Ensemble(members), Trainer(members[0])
        rounds = [
            (seconds(trainer, 2000) / 2000, seconds(ensemble, 20) / 20 / given.members) for _ in range(given.rounds)
        ]
        one, each = (1e6 * statistics.median(times) for times in zip(*rounds, strict=True))
        ratio = statistics.median(first / second for first, second in rounds)
        shape = "-".join(map(str, (2, *hidden, 1)))
        print(f"| {shape} {activation}, {batch} | {one:.1f} | {each:.2f} | {ratio:.1f} |", flush=True)


if __name__ == "__main__":
    main()
