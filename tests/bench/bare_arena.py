"""The NumPy calls of a training step and nothing around them: what our trainer is measured against.

One buffer per quantity as in `backscope.core.nets.arena`, plain gradient descent, the batch's loss, batches cut
beforehand. It knows no other rule, no edit, no history, and does not notice divergence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np
from backscope.core.run.trainer import Trainer

Array = np.ndarray


class BareArena:
    """A net that begins where a run does; `theta` (P,) are its parameters."""

    def __init__(self, trainer: Trainer, rate: float) -> None:
        net, data = trainer.network, trainer.dataset
        self._net, self.theta = net, np.array(trainer.theta)
        self._gradient, self._update = np.empty_like(self.theta), np.empty_like(self.theta)
        self._rate, self._softmax = np.array(-rate), net.output == "softmax"
        self._X, self._y = np.column_stack([data.X_train, np.ones(len(data.X_train))]), data.y_train
        self._size = min(trainer.config.batch_size or len(self._X), len(self._X))
        self._rng, self._steps = np.random.default_rng(0), {}

    def run(self, epochs: int) -> float:
        """Train in a new order every epoch, and return the last loss."""
        theta, gradient, update, rate = self.theta, self._gradient, self._update, self._rate
        multiply, add, loss = np.multiply, np.add, 0.0
        for _ in range(epochs):
            order = self._rng.permutation(len(self._X))
            X, y = self._X[order], self._y[order]
            for first in range(0, len(X), self._size):
                x, target = X[first : first + self._size].T, np.ascontiguousarray(y[first : first + self._size].T)
                loss = self._step_of(x.shape[1])(x, target)
                multiply(gradient, rate, update)
                add(theta, update, theta)
        return loss

    def _step_of(self, batch: int) -> Callable[[Array, Array], float]:
        if batch not in self._steps:
            self._steps[batch] = self._bound(batch)
        return self._steps[batch]

    def _bound(self, batch: int) -> Callable[[Array, Array], float]:
        """Return the forward and backward pass of a batch size, on views bound beforehand."""
        sizes, blocks = self._net.sizes[1:], self._net.blocks
        ends = np.cumsum([size + 1 for size in sizes])
        A, Z, F, D = (np.zeros((ends[-1], batch)) for _ in range(4))
        starts = [end - size - 1 for end, size in zip(ends, sizes, strict=True)]
        for start, size in zip(starts, sizes, strict=True):
            A[start + size] = 1.0
        rows = [slice(start, start + size) for start, size in zip(starts, sizes, strict=True)]
        onward = [slice(start, start + size + 1) for start, size in zip(starts, sizes, strict=True)]
        W, dW = ([block.view(vector) for block in blocks] for vector in (self.theta, self._gradient))
        kinds = self._net.activations[:-1]
        ahead = [
            (w.T.dot, Z[row], FORWARD[kind], A[row], A[on])
            for w, row, on, kind in zip(W, rows, onward, kinds, strict=False)
        ]
        back = [
            (A[onward[k - 1]].dot, D[rows[k]], D[rows[k]].T, dW[k], W[k][: sizes[k - 1]].dot, D[rows[k - 1]],
             F[rows[k - 1]])
            for k in range(len(sizes) - 1, 0, -1)
        ]  # fmt: skip
        slopes = _slopes(kinds, starts, ends, A, F)
        logits, z, delta, first = W[-1].T.dot, Z[rows[-1]], D[rows[-1]], D[rows[0]].T
        flat, finish = delta.reshape(-1), self._output(z, A[rows[-1]], delta, batch)

        def step(x: Array, y: Array) -> float:
            a = x
            for dot, into, activate, out, passed in ahead:
                dot(a, into)
                activate(into, out)
                a = passed
            logits(a, z)
            loss = finish(y, flat)
            for slope, activations, into in slopes:
                slope(activations, into)
            for dot, error, error_T, gradient, through, below, slope in back:
                dot(error_T, gradient)
                through(error, below)
                np.multiply(below, slope, below)
            x.dot(first, dW[0])
            return loss

        return step

    def _output(self, z: Array, a: Array, delta: Array, batch: int) -> Callable[[Array, Array], float]:
        scale = np.array((1.0 if self._softmax else 2.0 / len(z)) / batch)

        def squared(y: Array, flat: Array) -> float:
            np.subtract(z, y, delta)
            loss = float(flat.dot(flat)) / z.size
            np.multiply(delta, scale, delta)
            return loss

        def cross_entropy(y: Array, flat: Array) -> float:
            np.subtract(z, z.max(axis=0), a)
            logits = float(np.vdot(a, y))
            np.exp(a, a)
            sums = a.sum(axis=0)
            np.divide(a, sums, a)
            np.subtract(a, y, delta)
            np.multiply(delta, scale, delta)
            return (float(np.log(sums).sum()) - logits) / batch

        return cross_entropy if self._softmax else squared


def _slopes(
    kinds: Sequence[str], starts: Sequence[int], ends: Sequence[int], A: Array, F: Array
) -> list[tuple[Callable[[Array, Array], object], Array, Array]]:
    """Return the slopes of all hidden layers: one call for neighbours that are alike."""
    calls = []
    for kind, run in groupby(range(len(kinds)), key=kinds.__getitem__):
        layers = list(run)
        part = slice(starts[layers[0]], ends[layers[-1]])
        calls.append((SLOPES[kind], A[part], F[part]))
    return calls


def _sigmoid(z: Array, a: Array) -> None:
    np.negative(z, a)
    np.exp(a, a)
    np.add(a, 1.0, a)
    np.reciprocal(a, a)


def _sigmoid_slope(a: Array, f: Array) -> None:
    np.subtract(1.0, a, f)
    np.multiply(a, f, f)


def _tanh_slope(a: Array, f: Array) -> None:
    np.multiply(a, a, f)
    np.subtract(1.0, f, f)


FORWARD = {"tanh": np.tanh, "sigmoid": _sigmoid}
SLOPES = {"tanh": _tanh_slope, "sigmoid": _sigmoid_slope}
