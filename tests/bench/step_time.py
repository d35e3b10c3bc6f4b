"""Time of a training step: Backscope's arena, its machine code, and others that are installed, in one run.

The others: the bare NumPy calls of such a step, a plain JavaScript engine with the work of TensorFlow Playground's loop
(under node), textbook NumPy, and scikit-learn's MLP. All but the plain JavaScript compute the loss of every batch, and
reshuffle every epoch. The contestants take turns in short rounds, and the processor time of the least round counts, so
that others on the machine disturb little. Linear algebra runs on one thread.

    python tests/bench/step_time.py [--seconds 30]
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter, process_time

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"  # before NumPy is loaded

import numpy as np
from backscope.core.config.config import RunConfig
from backscope.core.run import compiled
from backscope.core.run.trainer import Trainer
from bare_arena import BareArena
from plain_loop import PlainLoop, plain_loop, unable
from sklearn.neural_network import MLPClassifier, MLPRegressor

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "core"))
from oracle import Textbook, TextbookBatchNorm

RATE = 0.01
#: Epochs of a round; of machine code's as many more, for a session's slice of a millisecond holds a thousand steps.
ROUND, MORE = 4, 10
#: How many times as long as our NumPy scikit-learn has to take.
AIM_SKLEARN = 4.0

#: Trains for so many epochs, and returns the microseconds of processor time that a step took.
Round = Callable[[int], float]


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
            "optimizer": {"name": "sgd", "learning_rate": RATE},
            "loss": self.loss,
            "batch_size": self.batch,
        })  # fmt: skip


CASES = [
    Case("2-4-2-1 tanh, batch 10", "plane", (4, 2), "tanh", 10, 2.5),
    Case("2-8×6-1 tanh, batch 1", "plane", (8,) * 6, "tanh", 1, 2.0),
    Case("2-8×6-1 tanh, batch 30", "plane", (8,) * 6, "tanh", 30, 2.0),
    Case("2-16×20-1 sigmoid, batch 32", "plane", (16,) * 20, "sigmoid", 32, 2.0),
    Case("64-30-10 sigmoid, softmax, batch 10", "digits", (30,), "sigmoid", 10, 1.6),
    Case("2-8-8-1 tanh, batch norm, batch 30", "plane", (8, 8), "tanh", 30, 1.8, normalization="batch", sklearn=False),
]


def timed(train: Callable[[int], object], epoch: int, more: int = 1) -> Round:
    """Return what trains with a contestant of this process: `more` times a number of epochs, each of `epoch` steps."""

    def measured(epochs: int) -> float:
        start = process_time()
        train(epochs * more)
        return (process_time() - start) / (epochs * more * epoch) * 1e6

    return measured


def arena(config: RunConfig, epoch: int) -> Round:
    """Backscope's trainer, past the first snapshots, which are close together."""
    trainer, machine = Trainer(config), config.engine == "compiled"
    trainer.run(300_000 if machine else 3000, perf_counter() + 2)
    return timed(lambda epochs: trainer.run(epochs * epoch), epoch, MORE if machine else 1)


def textbook(config: RunConfig, epoch: int) -> Round:
    """Textbook NumPy."""
    trainer = Trainer(config)
    data = trainer.dataset
    kind = TextbookBatchNorm if config.network.normalization else Textbook
    book = kind(trainer.network, trainer.theta, trainer.loss_name)
    batch, n, rng = config.batch_size or len(data.X_train), len(data.X_train), np.random.default_rng(0)

    def train(epochs: int) -> None:
        for _ in range(epochs):
            order = rng.permutation(n)
            for at in range(0, n, batch):
                rows = order[at : at + batch]
                book.step(data.X_train[rows], data.y_train[rows], RATE)

    return timed(train, epoch)


def sklearn(config: RunConfig, epoch: int) -> Round:
    """scikit-learn's MLP: whole epochs of `partial_fit`, which shuffles and batches."""
    data = Trainer(config).dataset
    activation = {"sigmoid": "logistic"}.get(str(config.network.activation), str(config.network.activation))
    options = {
        "hidden_layer_sizes": config.network.hidden, "activation": activation, "solver": "sgd", "alpha": 0.0,
        "momentum": 0.0, "nesterovs_momentum": False, "batch_size": config.batch_size, "learning_rate_init": RATE,
        "random_state": 0,
    }  # fmt: skip
    if data.kind == "regression":
        model, y = MLPRegressor(**options), data.y_train[:, 0]
    else:
        model, y = MLPClassifier(**options), data.y_train.argmax(axis=1)
        model.partial_fit(data.X_train, y, classes=np.arange(data.outputs))
    X = np.array(data.X_train)
    model.partial_fit(X, y)

    def train(epochs: int) -> None:
        for _ in range(epochs):
            model.partial_fit(X, y)

    return timed(train, epoch)


def textbook_epoch(trainer: Trainer, order: np.ndarray) -> list[np.ndarray]:
    """Return the weights (n_out, n_in + 1), biases last, that an epoch in some order leaves in textbook NumPy."""
    book, data = Textbook(trainer.network, trainer.theta, trainer.loss_name), trainer.dataset
    batch = trainer.config.batch_size or len(order)
    for at in range(0, len(order), batch):
        rows = order[at : at + batch]
        book.step(data.X_train[rows], data.y_train[rows], RATE)
    return [np.column_stack(pair) for pair in zip(book.W, book.b, strict=True)]


def check_plain(plain: PlainLoop, trainer: Trainer) -> None:
    """Fail unless plain JavaScript does in an epoch what textbook NumPy does in the given order."""
    plain.run(1)
    order = np.arange(len(trainer.dataset.X_train))
    for found, right in zip(plain.weights(), textbook_epoch(trainer, order), strict=True):
        np.testing.assert_allclose(found, right, rtol=1e-8, atol=1e-10)


def check_bare(bare: BareArena, trainer: Trainer) -> None:
    """Fail unless the bare calls do in an epoch what textbook NumPy does in their first order."""
    bare.run(1)
    order = np.random.default_rng(0).permutation(len(trainer.dataset.X_train))
    for layer, right in zip(trainer.network.unpack(bare.theta), textbook_epoch(trainer, order), strict=True):
        np.testing.assert_allclose(np.column_stack([layer.W, layer.b]), right, rtol=1e-8, atol=1e-10)


def contestants_of(case: Case, stack: ExitStack) -> dict[str, Round]:
    """Return those that can train a case; processes of theirs end with `stack`."""
    config = case.config()
    trainer = Trainer(config)
    n = len(trainer.dataset.X_train)
    epoch = -(-n // (config.batch_size or n))
    found = {"numpy": arena(config, epoch)}
    if compiled.missing_for(config, n) is None:
        found["compiled"] = arena(replace(config, engine="compiled"), epoch)
    if config.network.normalization is None:
        bare = BareArena(trainer, RATE)
        check_bare(bare, trainer)
        found["bare"] = timed(bare.run, epoch)
    if unable(config) is None:
        plain = stack.enter_context(plain_loop(trainer, RATE))
        check_plain(plain, trainer)
        found["plain"] = plain.run
    found["textbook"] = textbook(config, epoch)
    if case.sklearn:
        found["sklearn"] = sklearn(config, epoch)
    return found


def measure(case: Case, seconds: float) -> dict[str, float]:
    """Return the least time of a step in microseconds for each contestant."""
    with ExitStack() as stack:
        contestants = contestants_of(case, stack)
        least = dict.fromkeys(contestants, np.inf)
        end, rounds = perf_counter() + seconds, 0
        while perf_counter() < end or rounds < 5:
            for name, train in contestants.items():
                least[name] = min(least[name], train(ROUND))
            rounds += 1
    return least


def cells(case: Case, us: dict[str, float]) -> list[str]:
    """Return the cells of a row: times, and how many times as long as ours each takes."""
    ours = min(us["numpy"], us.get("compiled", np.inf))
    row = [case.title, f"{us['numpy']:.1f}"]
    for name, other in (("compiled", us["numpy"]), ("bare", us["numpy"])):
        row.append(f"{us[name]:.1f} ({other / us[name]:.2f}×)" if name in us else "–")
    row.append(f"{us['plain']:.1f} ({us['plain'] / ours:.1f}×)" if "plain" in us else "–")
    for name, aim in (("textbook", case.least), ("sklearn", AIM_SKLEARN)):
        row.append(f"{us[name]:.1f} ({us[name] / us['numpy']:.1f}×, aim {aim}×)" if name in us else "–")
    others = [us[name] for name in ("plain", "textbook", "sklearn") if name in us]
    return [*row, "yes" if ours < min(others) else "no"]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=30.0, help="for the whole table")
    return table(parser.parse_args().seconds)


def table(seconds: float) -> int:
    """Print the table; return 0 if all ratios are reached, else 1."""
    warnings.simplefilter("ignore")
    print("Microseconds of processor time per training step, float64, one thread, least of interleaved rounds.")
    print("In brackets: NumPy's time divided by that of machine code and of the bare calls; plain JavaScript's by that")
    print("of our quicker engine; the others' by that of NumPy.\n")
    if (why := unable(CASES[0].config())) is not None:
        print(f"Plain JavaScript is left out: {why}.\n")
    print("| net | NumPy | in machine code | bare calls | plain JavaScript | textbook NumPy | scikit-learn | first |")
    print("|" + " --- |" * 8)
    reached = True
    for case in CASES:
        us = measure(case, seconds / len(CASES))
        aims = {"textbook": case.least, "sklearn": AIM_SKLEARN}
        reached &= all(us[name] / us["numpy"] >= aim for name, aim in aims.items() if name in us)
        print(f"| {' | '.join(cells(case, us))} |", flush=True)
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
