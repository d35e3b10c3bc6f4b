"""What `watch` costs a training: two like models train in turns of a tenth of a second, and one of them is watched.

    python tests/bench/watching.py [--seconds 12] [--share 0.02]

Prints a row for each net: a step alone, what watching adds to the whole, what it adds to a step that is not looked at,
and how often and how long it looked. The promise is less than 5 %. PyTorch trains where it is installed, on one thread;
else the stand-in of the tests, which has the same hooks over NumPy.

Time is the processor's, and the hooks' own clock runs only in the turns of the model that is watched: so other programs
slow both alike, and looks are as frequent as if it trained alone on a quiet machine.
"""

import argparse
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from backscope.server.notebook import hooks
from backscope.server.notebook.torch_numbers import TorchNumbers
from backscope.server.notebook.watched_run import WatchedRun

#: Inputs and width, layers, samples of a batch.
NETS = [(2, 2, 10), (16, 3, 32), (64, 12, 128), (512, 6, 256)]
TURN = 0.1

Step = Callable[[], None]


def with_torch(width: int, depth: int, batch: int) -> tuple[Any, Any, Any, Any, Step]:
    """Return model, optimizer, loss, numbers and a step of a training in PyTorch."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(1)
    parts = [part for _ in range(depth) for part in (torch.nn.Linear(width, width), torch.nn.Sigmoid())]
    model, criterion = torch.nn.Sequential(*parts), torch.nn.MSELoss()
    X, y = torch.randn(batch, width), torch.randn(batch, width)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

    def step() -> None:
        optimizer.zero_grad()
        criterion(model(X), y).backward()
        optimizer.step()

    return model, optimizer, criterion, TorchNumbers(), step


def with_stand_in(width: int, depth: int, batch: int) -> tuple[Any, Any, Any, Any, Step]:
    """Return the same of the stand-in."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "server"))
    import little_torch as little
    import threadpoolctl

    threadpoolctl.threadpool_limits(1)
    rng = np.random.default_rng(1)
    layers = [little.Linear(rng.normal(size=(width, width)) / width**0.5, np.zeros(width)) for _ in range(depth)]
    model, criterion = little.Sequential(*(part for each in layers for part in (each, little.Sigmoid()))), None
    X, y = little.Tensor(rng.normal(size=(batch, width))), rng.normal(size=(batch, width))
    optimizer, squared = little.SGD(model, 0.01), little.SquaredError()

    def step() -> None:
        optimizer.zero_grad()
        squared(model(X), y).backward()
        optimizer.step()

    return model, optimizer, criterion, little.LittleNumbers(), step


class Clock:
    """The hooks' clock: the processor's time of the watched model's steps, and within a step as clocks go.

    Asking for the processor's time takes longer than a hook does.
    """

    def __init__(self) -> None:
        self.passed, self._mark = 0.0, time.perf_counter()

    def went(self, seconds: float) -> None:
        """A step has taken so long; the next one begins, in this turn or in a later one."""
        self.passed += seconds
        self._mark = time.perf_counter()

    def perf_counter(self) -> float:
        """Return how long the steps were until now."""
        return self.passed + time.perf_counter() - self._mark


def steps_of(step: Step, times: list[float], went: Callable[[float], None] = lambda seconds: None) -> None:
    """Train for a turn, and note how long each step took."""
    went(0.0)
    before = time.process_time()
    end = before + TURN
    while before < end:
        step()
        now = time.process_time()
        times.append(now - before)
        went(now - before)
        before = now


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=12, help="of the processor, for each of the two models")
    parser.add_argument("--share", type=float, default=0.02, help="as `watch` takes it")
    options = parser.parse_args()
    try:
        import torch
    except ImportError:
        make, name = with_stand_in, "the stand-in"
    else:
        make, name = with_torch, f"PyTorch {torch.__version__}"
    print(f"{name}, one thread, share {options.share:g}\n")
    print("| width, layers, batch | a step alone | watching adds | to a step between looks | looks a second | a look |")
    print("| --- | --- | --- | --- | --- | --- |")
    for width, depth, batch in NETS:
        alone, watched = [], []
        clock, run = Clock(), WatchedRun(True, {})
        hooks.time = SimpleNamespace(perf_counter=clock.perf_counter)  # type: ignore[assignment]
        plain = make(width, depth, batch)[-1]
        model, optimizer, criterion, numbers, step = make(width, depth, batch)
        looks: list[int] = []

        def take(seen: Any, run: WatchedRun = run, looks: list[int] = looks, watched: list[float] = watched) -> None:
            looks.append(len(watched))
            run.take(seen)

        seen = hooks.Hooks(model, optimizer, numbers, take, criterion, options.share)
        steps_of(plain, [])
        for one in cycle(("alone", "watched")):
            if one == "alone":
                steps_of(plain, alone)
            else:
                steps_of(step, watched, clock.went)
                if clock.passed >= options.seconds:
                    break
        seen.remove()
        times = np.array(watched)
        looked = np.zeros(len(times), bool)
        looked[looks] = True
        usual = float(np.mean(alone))
        between = float(np.median(times[~looked]) / np.median(alone)) - 1
        cells = [
            f"{width}, {depth}, {batch}",
            f"{1e6 * usual:,.0f} µs",
            f"{100 * (float(times.mean()) / usual - 1):.1f} %",
            f"{100 * between:.1f} %",
            f"{len(looks) / clock.passed:.1f}",
            f"{1e3 * (float(times[looked].mean()) - usual):.1f} ms",
        ]
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
