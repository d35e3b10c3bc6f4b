"""Time of a training step: Backscope's arena, its machine code, textbook NumPy, and scikit-learn's MLP, in one run.

Each computes the loss of every batch, and reshuffles every epoch. The contestants take turns in short rounds, and the
median round counts, so that a busy moment of the machine falls on all of them. Linear algebra runs on one thread.

    python tests/bench/step_time.py [--seconds 20]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"  # before NumPy is loaded

import numpy as np
from backscope.core.config.config import RunConfig
from backscope.core.run import compiled
from backscope.core.run.trainer import Trainer
from sklearn.neural_network import MLPClassifier, MLPRegressor

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "core"))
from oracle import Textbook, TextbookBatchNorm

Steps = Callable[[int], None]


@dataclass(frozen=True)
class Case:
    """A row of the table: a net with its data, and how much faster than textbook NumPy it has to be."""

    title: str
    data: str
    hidden: tuple[int, ...]
    activation: str
    batch: int
    least: float
    output: str | None = None
    loss: str | None = None
    normalization: str | None = None
    sklearn: bool = True

    def config(self) -> RunConfig:
        """Return the run that all contestants train."""
        return RunConfig.from_json({
            "data": {"name": self.data},
            "network": {
                "hidden": list(self.hidden), "activation": self.activation, "output": self.output,
                "normalization": self.normalization,
            },
            "optimizer": {"name": "sgd", "learning_rate": 0.01},
            "loss": self.loss,
            "batch_size": self.batch,
        })  # fmt: skip


CASES = [
    Case("2-4-2-1 tanh, batch 10", "plane", (4, 2), "tanh", 10, 2.5),
    Case("2-8×6-1 tanh, batch 30", "plane", (8,) * 6, "tanh", 30, 2.0),
    Case("2-16×20-1 sigmoid, batch 32", "plane", (16,) * 20, "sigmoid", 32, 2.0),
    Case("64-30-10 sigmoid, softmax, batch 10", "digits", (30,), "sigmoid", 10, 1.6),
    Case("2-8-8-1 tanh, batch norm, batch 30", "plane", (8, 8), "tanh", 30, 1.8, normalization="batch", sklearn=False),
]


def arena_steps(config: RunConfig) -> Steps:
    """Return what takes steps with Backscope's trainer."""
    trainer = Trainer(config)
    trainer.run(3000)  # past the first snapshots, which are close together

    def steps(count: int) -> None:
        trainer.run(count)

    return steps


def textbook_steps(config: RunConfig) -> Steps:
    """Return what takes steps with textbook NumPy."""
    trainer = Trainer(config)
    data = trainer.dataset
    kind = TextbookBatchNorm if config.network.normalization else Textbook
    book = kind(trainer.network, trainer.theta, trainer.loss_name)
    batch, n = config.batch_size or len(data.X_train), len(data.X_train)
    rng = np.random.default_rng(0)
    state: dict[str, np.ndarray | int] = {"order": rng.permutation(n), "at": 0}

    def steps(count: int) -> None:
        order, at = state["order"], state["at"]
        for _ in range(count):
            if at >= n:
                order, at = rng.permutation(n), 0
            rows = order[at : at + batch]
            book.step(data.X_train[rows], data.y_train[rows], 0.01)
            at += batch
        state["order"], state["at"] = order, at

    return steps


def sklearn_steps(config: RunConfig) -> Steps:
    """Return what takes steps with scikit-learn's MLP: whole epochs of `partial_fit`, which shuffles and batches."""
    data = Trainer(config).dataset
    activation = {"sigmoid": "logistic"}.get(str(config.network.activation), str(config.network.activation))
    options = {
        "hidden_layer_sizes": config.network.hidden, "activation": activation, "solver": "sgd", "alpha": 0.0,
        "momentum": 0.0, "nesterovs_momentum": False, "batch_size": config.batch_size, "learning_rate_init": 0.01,
        "random_state": 0,
    }  # fmt: skip
    if data.kind == "regression":
        model, y = MLPRegressor(**options), data.y_train[:, 0]
        fit = model.partial_fit
    else:
        model, y = MLPClassifier(**options), data.y_train.argmax(axis=1)
        model.partial_fit(data.X_train, y, classes=np.arange(data.outputs))
        fit = model.partial_fit
    X = np.array(data.X_train)
    fit(X, y)

    def steps(count: int) -> None:
        for _ in range(max(count // epoch_steps(config, len(X)), 1)):
            fit(X, y)

    return steps


def epoch_steps(config: RunConfig, n: int) -> int:
    """Return how many steps an epoch has."""
    return -(-n // (config.batch_size or n))


def measure(case: Case, seconds: float) -> dict[str, float]:
    """Return the median time of a step in microseconds for each contestant."""
    config = case.config()
    n = len(Trainer(config).dataset.X_train)
    epoch = epoch_steps(config, n)
    contestants = {
        "backscope": arena_steps(config),
        "textbook": textbook_steps(config),
    }
    if compiled.missing_for(config, n) is None:
        contestants["compiled"] = arena_steps(replace(config, engine="compiled"))
    if case.sklearn:
        contestants["sklearn"] = sklearn_steps(config)
    times: dict[str, list[float]] = {name: [] for name in contestants}
    end = perf_counter() + seconds
    while perf_counter() < end or len(times["textbook"]) < 5:
        for name, steps in contestants.items():
            start = perf_counter()
            steps(4 * epoch)
            times[name].append((perf_counter() - start) / (4 * epoch) * 1e6)
    return {name: statistics.median(rounds) for name, rounds in times.items()}


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="for the whole table")
    return table(parser.parse_args().seconds)


def table(seconds: float) -> int:
    """Print the table; return 0 if all ratios are reached, else 1."""
    warnings.simplefilter("ignore")
    print("Microseconds per training step, float64, one thread, medians of interleaved rounds\n")
    print("| net | Backscope | in machine code | textbook NumPy | scikit-learn |\n| --- | --- | --- | --- | --- |")
    reached = True
    for case in CASES:
        us = measure(case, seconds / len(CASES))
        cells = [case.title, f"{us['backscope']:.1f}"]
        machine = us.get("compiled")
        cells.append("–" if machine is None else f"{machine:.1f} ({us['backscope'] / machine:.1f}×)")
        for name, aim in (("textbook", case.least), ("sklearn", 4.0)):
            if name in us:
                ratio = us[name] / us["backscope"]
                reached &= ratio >= aim
                cells.append(f"{us[name]:.1f} ({ratio:.1f}×, aim {aim}×)")
        print(f"| {' | '.join(cells)} |")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
