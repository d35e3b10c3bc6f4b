"""Nets per second of a trainability map: NumPy, compiled, and processes; and when its first picture is there.

    python tests/bench/maps.py [--width 16] [--steps 500] [--side 12] [--processes 2]

A map of 256×256 pixels is measured by some of its pixels, spread evenly over it, because all take minutes.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from time import perf_counter

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"  # before NumPy is loaded

import numpy as np
from backscope.core import gaussian_net
from backscope.core.ensemble.trainability import MapTask, map_measures

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
    for engine in ("numpy", *(["compiled"] if find_spec("numba") else [])):
        measure(given, engine)


def measure(given: argparse.Namespace, engine: str) -> None:
    """Print the rows of an engine."""
    count, fewer = given.side**2, FIRST**2
    task = task_of(given.width, given.steps, given.side, engine)
    first = task_of(given.width, given.steps, FIRST, engine)
    map_measures(task, 0, 1)
    row(engine, count / seconds(lambda: map_measures(task, 0, count)), seconds(lambda: map_measures(first, 0, fewer)))
    with ProcessPoolExecutor(given.processes) as pool:
        list(pool.map(map_measures, [first] * 4, range(4), range(1, 5)))  # they are there
        rate = count / seconds(lambda: shared(pool, task, count))
        row(f"{engine}, {given.processes} processes", rate, seconds(lambda: shared(pool, first, fewer)))


def shared(pool: ProcessPoolExecutor, task: MapTask, count: int) -> None:
    """Train all pixels in tiles of 8."""
    starts = range(0, count, 8)
    list(pool.map(map_measures, [task] * len(starts), starts, [min(start + 8, count) for start in starts]))


def row(name: str, rate: float, first: float) -> None:
    """Print a row."""
    print(f"| {name} | {rate:.1f} | {WHOLE**2 / rate / 60:.0f} | {first:.2f} |", flush=True)


if __name__ == "__main__":
    main()
