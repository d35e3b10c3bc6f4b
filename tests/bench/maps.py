"""Nets per second of a trainability map: NumPy, compiled, processes, Ray; and when its first picture is there.

    python tests/bench/maps.py [--width 16] [--steps 500] [--side 12] [--processes 2]

A map of 256×256 pixels is measured by some of its pixels, spread evenly over it, because all take minutes. Where Ray is
installed, as many nodes of one processor each are started on this machine as there are processes.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack
from importlib.util import find_spec
from time import perf_counter

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"  # before NumPy is loaded

import numpy as np
from backscope.core import gaussian_net
from backscope.core.ensemble.trainability import MapTask, map_measures
from backscope.server.cluster.ray_cluster import Cluster

WHOLE, FIRST = 256, 8


def task_of(width: int, steps: int, side: int, engine: str) -> MapTask:
    """Pixels spread evenly over the whole map."""
    places = np.linspace(-3, 6, side)
    x, y = (grid.ravel() for grid in np.meshgrid(places, places))
    return MapTask(gaussian_net(width, "tanh", steps), x, y, "rates", engine)


def seconds(run: Callable[[], object]) -> float:
    """Time of a call."""
    start = perf_counter()
    run()
    return perf_counter() - start


def main() -> None:
    """Print a row for every engine, in one process and in several."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("width", 16), ("steps", 500), ("side", 12), ("processes", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    print(f"tanh, {given.width} wide, {given.steps} steps, {given.side}×{given.side} pixels\n")
    print("| engine | nets per second | 256×256 pixels, minutes | first 8×8 pixels, s |\n| --- | --- | --- | --- |")
    with ExitStack() as stack:
        executors: dict[str, Executor] = {"processes": stack.enter_context(ProcessPoolExecutor(given.processes))}
        if find_spec("ray"):
            executors["Ray nodes"] = ray_nodes(given.processes, stack)
        for engine in ("numpy", *(["compiled"] if find_spec("numba") else [])):
            measure(given, engine, executors)


def ray_nodes(count: int, stack: ExitStack) -> Cluster:
    """Start a Ray cluster on this machine, and return a connection to it."""
    from ray.cluster_utils import Cluster as Local

    node = {"num_cpus": 1, "object_store_memory": 80_000_000}
    local = Local(initialize_head=True, head_node_args={**node, "include_dashboard": False})
    stack.callback(local.shutdown)
    for _ in range(count - 1):
        local.add_node(**node)
    return stack.enter_context(Cluster(local.address))


def measure(given: argparse.Namespace, engine: str, executors: dict[str, Executor]) -> None:
    """Print the rows of an engine."""
    count, fewer = given.side**2, FIRST**2
    task = task_of(given.width, given.steps, given.side, engine)
    first = task_of(given.width, given.steps, FIRST, engine)
    map_measures(task, 0, 1)
    row(engine, count / seconds(lambda: map_measures(task, 0, count)), seconds(lambda: map_measures(first, 0, fewer)))
    for name, executor in executors.items():
        shared(executor, first, fewer, 4)  # they are there, and have loaded what they need
        rate = count / seconds(lambda executor=executor: shared(executor, task, count, max(8, count // 16)))
        begun = seconds(lambda executor=executor: shared(executor, first, fewer, 8))
        row(f"{engine}, {given.processes} {name}", rate, begun)


def shared(executor: Executor, task: MapTask, count: int, tile: int) -> None:
    """Train all pixels in tiles."""
    starts = range(0, count, tile)
    list(executor.map(map_measures, [task] * len(starts), starts, [min(start + tile, count) for start in starts]))


def row(name: str, rate: float, first: float) -> None:
    """Print a row."""
    print(f"| {name} | {rate:.1f} | {WHOLE**2 / rate / 60:.0f} | {first:.2f} |", flush=True)


if __name__ == "__main__":
    main()
