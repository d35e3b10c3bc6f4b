"""A plain JavaScript engine under node, to be timed beside ours: `plain_loop.mjs` says what it does."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from backscope.core.config.config import RunConfig
from backscope.core.run.trainer import Trainer

SCRIPT = Path(__file__).with_name("plain_loop.mjs")


def unable(config: RunConfig) -> str | None:
    """Return why it cannot train a run, or None."""
    if shutil.which("node") is None:
        return "node is not installed"
    if config.network.normalization:
        return "it has no normalization"
    return None


class PlainLoop:
    """A net in plain JavaScript that begins where a run does."""

    def __init__(self, node: subprocess.Popen[str], trainer: Trainer, rate: float) -> None:
        self._node = node
        net, config, data = trainer.network, trainer.config, trainer.dataset
        softmax = net.output == "softmax"
        task = {
            "sizes": net.sizes,
            "activations": net.activations,
            "weights": [np.column_stack([layer.W, layer.b]).tolist() for layer in net.unpack(np.array(trainer.theta))],
            "X": data.X_train.tolist(),
            "y": data.y_train.tolist(),
            "batch": config.batch_size or len(data.X_train),
            "rate": rate,
            "softmax": softmax,
            "factor": 1.0 if softmax else 2.0 / net.sizes[-1],
        }
        self._ask(json.dumps(task))

    def run(self, epochs: int) -> float:
        """Train, and return the microseconds of processor time that a step took."""
        return float(self._ask(str(epochs)))

    def weights(self) -> list[np.ndarray]:
        """Return the weights (n_out, n_in + 1) of every layer, biases last."""
        return [np.array(rows) for rows in json.loads(self._ask("weights"))]

    def _ask(self, line: str) -> str:
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._node.stdin.write(f"{line}\n")
        self._node.stdin.flush()
        return self._node.stdout.readline()


@contextmanager
def plain_loop(trainer: Trainer, rate: float) -> Iterator[PlainLoop]:
    """Yield a net in plain JavaScript, in a process of its own."""
    command = [str(shutil.which("node")), str(SCRIPT)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:
        yield PlainLoop(node, trainer, rate)
        assert node.stdin is not None
        node.stdin.close()
