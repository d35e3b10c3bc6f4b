"""What the core shows for itself, in one table: right gradients, published numbers, speed, memory, time travel.

python tests/bench/core.py [--seconds 30] [--steps 1000000]
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from time import perf_counter

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"  # before NumPy is loaded

import numpy as np
import reference
import step_time
from backscope.core import RunConfig, Trainer


def accuracy(steps: int, **values: object) -> float:
    """Return the worst test accuracy after some steps, of ten seeds."""
    reached = []
    for seed in range(10):
        trainer = Trainer(RunConfig.from_json({**values, "seed": seed}))
        trainer.run(steps)
        reached.append(trainer.evaluate().test_accuracy)
    return min(reached)


def long_run(steps: int) -> dict[str, float]:
    """Return time and memory of a long run, and the time of seeks in it, checked to the bit."""
    trainer = Trainer(RunConfig.from_json({"optimizer": {"name": "adam"}}))
    trainer.run(steps // 10)
    early, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, perf_counter()
    trainer.run(steps - steps // 10)
    seconds, late = perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rng, end = np.random.default_rng(0), trainer.theta.tobytes()
    times: list[float] = []
    for step in rng.integers(steps, size=30):
        start = perf_counter()
        trainer.seek(int(step))
        times.append(perf_counter() - start)
    trainer.seek(steps)
    assert trainer.theta.tobytes() == end
    return {
        "microseconds": 1e6 * seconds / (0.9 * steps),
        "early": early / 1024,
        "late": late / 1024,
        "seek": 1e3 * max(times),
        "gap": trainer._past.keyframes.gap,
    }


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=30.0, help="for the step times")
    parser.add_argument("--steps", type=int, default=1_000_000, help="of the long run")
    options = parser.parse_args()
    run = long_run(options.steps)  # first, for its peak of memory is that of the process
    reference.main()
    adam = {"name": "adam", "learning_rate": 0.03}
    spiral = accuracy(6000, data={"name": "spiral", "noise": 0}, network={"hidden": [8, 8]}, optimizer=adam)
    print(f"| spiral 2-8-8-1 tanh, Adam, test accuracy, worst of ten seeds | {spiral:.1%} | ≥ 97 % |")
    shape = {"hidden": [30], "activation": "sigmoid"}
    digits = accuracy(5000, data={"name": "digits"}, network=shape, optimizer={"learning_rate": 0.5})
    print(f"| digits 64-30-10, test accuracy, worst of ten seeds | {digits:.1%} | ≥ 95 % |")
    print(f"| {options.steps:,} steps of 2-4-2-1 with Adam, µs each | {run['microseconds']:.1f} | |")
    print(f"| … peak memory after a tenth, and in the end | {run['early']:.0f}, {run['late']:.0f} MB | flat |")
    print(f"| … slowest of 30 seeks, keyframes every {run['gap']} steps | {run['seek']:.0f} ms | < 200 ms |\n")
    return step_time.table(options.seconds)


if __name__ == "__main__":
    sys.exit(main())
