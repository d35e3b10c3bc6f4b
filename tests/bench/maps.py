"""Nets per second of a trainability map: NumPy, compiled, processes, Ray; and when its first picture is there.

    python tests/bench/maps.py [--width 16] [--steps 500] [--side 12] [--processes 2] [--whole 0] [--engines numpy ...]

A map of 256×256 pixels is measured by some of its pixels, spread evenly over it, because all take minutes; or whole, in
the rows for which it would take at most so many minutes (`--whole`). Where Ray is installed, as many nodes of one
processor each are started on this machine as there are processes. Where one process trains, nets per second of
processor time are told too, which other programs on the machine change less.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack
from importlib.util import find_spec
from time import perf_counter, process_time

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"  # before NumPy is loaded

import numpy as np
from backscope.core import gaussian_net
from backscope.core.ensemble.trainability import MapTask, map_measures
from backscope.server.cluster.ray_cluster import Cluster

WHOLE, FIRST = 256, (4, 8)


def task_of(width: int, steps: int, side: int, engine: str) -> MapTask:
    """Pixels spread evenly over the whole map."""
    places = np.linspace(-3, 6, side)
    x, y = (grid.ravel() for grid in np.meshgrid(places, places))
    return MapTask(gaussian_net(width, "tanh", steps), x, y, "rates", engine)


def seconds(run: Callable[[], object]) -> tuple[float, float]:
    """Seconds that a call takes, and of this process's processor time."""
    start, worked = perf_counter(), process_time()
    run()
    return perf_counter() - start, process_time() - worked


def main() -> None:
    """Print a row for every engine, in one process and in several."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("width", 16), ("steps", 500), ("side", 12), ("processes", 2), ("whole", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    there = ["numpy", *(["compiled"] if find_spec("numba") else [])]
    parser.add_argument("--engines", nargs="+", choices=there, default=there)
    given = parser.parse_args()
    print(f"tanh, {given.width} wide, {given.steps} steps\n")
    firsts = " | ".join(f"first {side}×{side}, s" for side in FIRST)
    print(f"| engine | nets measured | a second | a second of processor | {WHOLE}×{WHOLE}, minutes | {firsts} |")
    print("| --- " * (5 + len(FIRST)) + "|")
    with ExitStack() as stack:
        executors: dict[str, Executor] = {"processes": stack.enter_context(ProcessPoolExecutor(given.processes))}
        if find_spec("ray"):
            try:
                executors["Ray nodes"] = ray_nodes(given.processes, stack)
            except Exception as error:  # a bare one: a node must be up within half a minute
                print(f"Ray did not start: {error}", file=sys.stderr)
        for engine in given.engines:
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
    first = task_of(given.width, given.steps, FIRST[0], engine)
    row(given, f"{engine}, 1 process", engine, alone)
    for name, executor in executors.items():
        shared(executor, first, 4)  # they are there, and have loaded what they need
        row(
            given, f"{engine}, {given.processes} {name}", engine, lambda task, executor=executor: shared(executor, task)
        )


def alone(task: MapTask) -> None:
    """Train all pixels here."""
    tiles(lambda starts, stops: [map_measures(task, *ends) for ends in zip(starts, stops, strict=True)], task, 1024)


def shared(executor: Executor, task: MapTask, least: int = 8) -> None:
    """Train all pixels in tiles, elsewhere."""
    count = len(task.x)
    tiles(
        lambda *ends: list(executor.map(map_measures, [task] * len(ends[0]), *ends)),
        task,
        max(least, min(count // 16, 256)),
    )


def tiles(run: Callable[[list[int], list[int]], object], task: MapTask, tile: int) -> None:
    """Have all pixels of a task trained in tiles of so many."""
    starts = list(range(0, len(task.x), tile))
    run(starts, [min(start + tile, len(task.x)) for start in starts])


def row(given: argparse.Namespace, name: str, engine: str, train: Callable[[MapTask], object]) -> None:
    """Measure and print a row: by some of the pixels, and by all where that does not take too long."""
    train(task_of(given.width, given.steps, 2, engine))  # machine code is there, and all is loaded
    firsts = [seconds(lambda side=side: train(task_of(given.width, given.steps, side, engine)))[0] for side in FIRST]
    count = given.side**2
    took, worked = seconds(lambda: train(task_of(given.width, given.steps, given.side, engine)))
    if took / count * WHOLE**2 <= 60 * given.whole:
        count = WHOLE**2
        took, worked = seconds(lambda: train(task_of(given.width, given.steps, WHOLE, engine)))
    rate = f"{count / worked:.0f}" if train is alone else "–"
    begun = " | ".join(f"{first:.2f}" for first in firsts)
    print(
        f"| {name} | {count} | {count / took:.1f} | {rate} | {took / count * WHOLE**2 / 60:.1f} | {begun} |", flush=True
    )


if __name__ == "__main__":
    main()
