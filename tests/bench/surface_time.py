"""How long a 48×48 loss surface takes on one core: ``python tests/bench/surface_time.py``.

Full batch, forward and loss at each of 2,304 points; best of several rounds, the problems taking turns. The largest
difference from the network's own loss, at points along the grid's diagonal, stands beside the times.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from backscope.core import Network, loss_grid, make_dataset, make_plane
from backscope.core.config.config import DataConfig
from threadpoolctl import threadpool_limits

RESOLUTION = 48
#: name, sizes, output, loss, data set, samples, milliseconds allowed in float64
PROBLEMS = [
    ("2-4-2-1 tanh, 250 samples", [2, 4, 2, 1], "identity", "mse", "plane", 250, 10),
    ("2-4-2-1 tanh, 250 samples", [2, 4, 2, 1], "sigmoid", "bce", "circle", 250, 10),
    ("2-8×6-1 tanh, 250 samples", [2] + [8] * 6 + [1], "identity", "mse", "plane", 250, 50),
    ("2-8×6-1 tanh, 250 samples", [2] + [8] * 6 + [1], "sigmoid", "bce", "spiral", 250, 50),
    ("64-30-10 tanh, 1,797 digits", [64, 30, 10], "softmax", "cross_entropy", "digits", 1797, 400),
]


def prepare(sizes, output, loss, data, samples):
    net = Network(sizes, "tanh", output)
    dataset = make_dataset(DataConfig(data, samples=samples, test_fraction=0.0), seed=0, output=output, loss=loss)
    plane = make_plane("random", net, net.initialize(seed=1))
    return net, dataset.X_train, dataset.y_train, plane


def milliseconds(net, X, y, plane, loss, dtype):
    start = time.perf_counter()
    loss_grid(net, X, y, plane, RESOLUTION, loss, dtype)
    return 1e3 * (time.perf_counter() - start)


def error(net, X, y, plane, loss):
    grid = loss_grid(net, X, y, plane, RESOLUTION, loss)
    alphas, betas = np.linspace(*plane.alpha, RESOLUTION), np.linspace(*plane.beta, RESOLUTION)
    diagonal = [net.backpropagate(plane.point(a, b), X, y, loss).loss for a, b in zip(alphas, betas, strict=True)]
    return np.abs(grid.diagonal() - diagonal).max()


def main(rounds=10):
    prepared = [(prepare(*problem[1:6]), problem[3]) for problem in PROBLEMS]
    best = np.full((len(PROBLEMS), 2), np.inf)
    for _ in range(rounds):
        for row, (arguments, loss) in enumerate(prepared):
            for column, dtype in enumerate((np.float64, np.float32)):
                best[row, column] = min(best[row, column], milliseconds(*arguments, loss, dtype))
    print(f"{'48×48 surface':30} {'loss':14} {'float64':>9} {'float32':>9} {'allowed':>9} {'difference':>11}")
    for (name, _, _, loss, _, _, allowed), (arguments, _), times in zip(PROBLEMS, prepared, best, strict=True):
        largest = error(*arguments, loss)
        print(f"{name:30} {loss:14} {times[0]:6.1f} ms {times[1]:6.1f} ms {allowed:6} ms {largest:11.1e}")


if __name__ == "__main__":
    with threadpool_limits(1, user_api="blas"):
        main(*map(int, sys.argv[1:]))
