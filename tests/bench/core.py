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
import step_time
from backscope.core import ACTIVATIONS, LOSSES, NORMALIZATIONS, Network, RunConfig, Trainer
from backscope.core.differences import compare_gradient


def worst_gradient() -> tuple[float, int]:
    """Return the largest error of a gradient over all activations × losses × normalizations, and how many those are."""
    worst, count = 0.0, 0
    for activation in ACTIVATIONS:
        for loss, record in LOSSES.items():
            for normalization in (None, *NORMALIZATIONS):
                rng = np.random.default_rng(3)
                output = record.output or "identity"
                net = Network([2, 3, 2], activation, output, normalization=normalization)
                theta = net.initialize("nielsen", rng) + 0.1 * rng.normal(size=net.parameter_count)
                X, y = rng.normal(size=(4, 2)), rng.normal(size=(4, 2))
                if record.output:
                    y = np.eye(2)[rng.integers(2, size=4)]
                elif loss == "hinge":
                    y = np.sign(y)
                trained = [index for index in range(net.parameter_count) if not net.is_fixed(index)]
                worst = max(worst, compare_gradient(net, theta, X, y, loss, trained).error)
                count += 1
    return worst, count


def mazur() -> float:
    """Return the error after Mazur's step: .291027774."""
    net = Network([2, 2, 2], "sigmoid", "sigmoid")
    theta = net.pack([([[0.15, 0.20], [0.25, 0.30]], [0.35, 0.35]), ([[0.40, 0.45], [0.50, 0.55]], [0.60, 0.60])])
    gradient = net.backpropagate(theta, [[0.05, 0.10]], [[0.01, 0.99]], "half_squared_error").gradient
    for layer in net.unpack(gradient):
        layer.b[...] = 0
    return net.backpropagate(theta - 0.5 * gradient, [[0.05, 0.10]], [[0.01, 0.99]], "half_squared_error").loss


def tutorial() -> np.ndarray:
    """Return the weights of the tutorials' neuron after 10,000 steps: 7.2704, −.2254, −3.4153."""
    trainer = Trainer(RunConfig.from_json({
        "data": {"name": "truth_table_column"}, "network": {"hidden": [], "bias": False}, "batch_size": None,
        "loss": "half_squared_error", "initial": np.random.RandomState(1).randn(3).tolist(),
        "optimizer": {"learning_rate": 0.4},
    }))  # fmt: skip
    trainer.run(10_000)
    return trainer.theta


def accuracy(steps: int, **values: object) -> float:
    """Return the test accuracy after some steps."""
    trainer = Trainer(RunConfig.from_json(values))
    trainer.run(steps)
    return trainer.evaluate().test_accuracy


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
        "gap": trainer._keyframes.gap,
    }


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=30.0, help="for the step times")
    parser.add_argument("--steps", type=int, default=1_000_000, help="of the long run")
    options = parser.parse_args()
    error, count = worst_gradient()
    print("| what | found | published or asked for |\n| --- | --- | --- |")
    print(f"| worst gradient of {count} activations × losses × normalizations | {error:.1e} | < 1e-6 |")
    print(f"| Mazur's worked step, error after it | {mazur():.9f} | .291027774 |")
    print(f"| the tutorials' neuron | {', '.join(f'{w:.4f}' for w in tutorial())} | 7.2704, −.2254, −3.4153 |")
    adam = {"name": "adam", "learning_rate": 0.03}
    spiral = accuracy(6000, data={"name": "spiral", "noise": 0}, network={"hidden": [8, 8]}, optimizer=adam)
    print(f"| spiral 2-8-8-1 tanh, Adam, test accuracy | {spiral:.1%} | ≥ 97 % |")
    shape = {"hidden": [30], "activation": "sigmoid"}
    digits = accuracy(5000, data={"name": "digits"}, network=shape, optimizer={"learning_rate": 0.5})
    print(f"| digits 64-30-10, test accuracy | {digits:.1%} | ≥ 95 % |")
    run = long_run(options.steps)
    print(f"| {options.steps:,} steps of 2-4-2-1 with Adam, µs each | {run['microseconds']:.1f} | |")
    print(f"| … peak memory after a tenth, and in the end | {run['early']:.0f}, {run['late']:.0f} MB | flat |")
    print(f"| … slowest of 30 seeks, keyframes every {run['gap']} steps | {run['seek']:.0f} ms | < 200 ms |\n")
    return step_time.table(options.seconds)


if __name__ == "__main__":
    sys.exit(main())
