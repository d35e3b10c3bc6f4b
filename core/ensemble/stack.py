"""Forward and backward pass of many nets of one shape at once, on stacked arrays: `nets.passes` with one axis more.

A layer's buffers are (neurons, k, batch), k nets: so neurons, and the row of ones below them, are each in one piece,
where elementwise functions are fastest, and a layer is one stack of matrix products.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ..nets.activations import Activation, Array, Call
from ..nets.arena import Block
from ..nets.batch_losses import softmax
from ..nets.losses import Loss
from ..nets.network import Network


def _squared(z: Array, a: Array, slope: Array, y: Array) -> Array:
    return np.asarray(np.einsum("okn,okn->k", slope, slope))


def _bce(z: Array, a: Array, slope: Array, y: Array) -> Array:
    """Σ (h − y)z + ln(1 + exp(−|z|)), with h = 1 where z > 0, else 0."""
    return np.asarray(((np.heaviside(z, 0.5) - y) * z + np.log1p(np.exp(-np.abs(z)))).sum(axis=(0, 2)))


def _cross_entropy(z: Array, a: Array, slope: Array, y: Array) -> Array:
    """Σ y (ln Σ exp(z − m) − (z − m)), with m the largest z of the sample."""
    shifted = z - z.max(axis=0)
    return np.asarray((y * (np.log(np.exp(shifted).sum(axis=0)) - shifted)).sum(axis=(0, 2)))


def _huber(z: Array, a: Array, slope: Array, y: Array) -> Array:
    return np.asarray((slope * (a - y - 0.5 * slope)).sum(axis=(0, 2)))


#: Per loss: its sums (k,) over samples and outputs, from z, a, what `Loss.bind` wrote, and y (n_out, k, batch). Others
#: are reckoned from the formula that is shown.
_TOTALS: Mapping[str, Callable[[Array, Array, Array, Array], Array]] = {
    "mse": _squared,
    "half_squared_error": lambda z, a, slope, y: 0.5 * _squared(z, a, slope, y),
    "mae": lambda z, a, slope, y: np.asarray(np.abs(a - y).sum(axis=(0, 2))),
    "huber": _huber,
    "hinge": lambda z, a, slope, y: np.asarray(np.maximum(1.0 - y * a, 0.0).sum(axis=(0, 2))),
    "bce": _bce,
    "cross_entropy": _cross_entropy,
}


class Stack:
    """The passes of k nets and batches of one size.

    Parameters
    ----------
    network : Network
        Their shape, without normalization, residuals and dropout.
    functions : sequence of Activation
        Of all layers; numbers of their own are (k, 1).
    loss : Loss
        That fits the output.
    theta, gradient : array (k, P)
        Parameters to read and gradients to write, of which it keeps views.
    batch : int
        Samples per batch.
    """

    def __init__(
        self, network: Network, functions: Sequence[Activation], loss: Loss, theta: Array, gradient: Array, batch: int
    ) -> None:
        self._loss, k, dtype = loss, len(theta), theta.dtype
        ones = [network.bias] * (len(network.blocks) - 1) + [False]
        shapes = [(size + extra, k, batch) for size, extra in zip(network.sizes[1:], ones, strict=True)]
        whole = [np.ones(shape, dtype) for shape in shapes]
        self._a = [buffer[:size] for buffer, size in zip(whole, network.sizes[1:], strict=True)]
        self._passed = [buffer.transpose(1, 0, 2) for buffer in whole]  # (k, neurons + 1, batch)
        self._z, self._slope, self._delta = ([np.empty_like(a) for a in self._a] for _ in range(3))
        self._W = [_matrices(block, theta) for block in network.blocks]
        self._dW = [_matrices(block, gradient) for block in network.blocks]
        self._sizes = network.sizes
        self._bind(network, functions, batch)

    def _bind(self, network: Network, functions: Sequence[Activation], batch: int) -> None:
        hidden = list(zip(functions, self._z, self._a, self._slope, strict=False))[: len(network.blocks) - 1]
        self._activate = [f.bind_before_slope(z, a, slope) for f, z, a, slope in hidden]
        self._find_slopes = [f.bind_slope_after(z, a, slope) for f, z, a, slope in hidden]
        z, a, slope, delta = self._z[-1], self._a[-1], self._slope[-1], self._delta[-1]
        self._output: Call | None = None
        self._output_slope: Call | None = None
        if network.output == "identity":
            self._a[-1] = a = z
        elif self._loss.output is None:
            self._output = functions[-1].bind_before_slope(z, a, slope)
            self._output_slope = functions[-1].bind_slope_after(z, a, slope)
        n_out = network.sizes[-1]
        self._evaluate = self._loss.bind(*(part.reshape(n_out, -1) for part in (z, a, delta)))
        count = self._loss.count(n_out, batch)
        self._mean, self._scale = 1.0 / count, self._loss.factor / count

    def __call__(self, x: Array, y: Array) -> NDArray[np.float64]:
        """Return the mean losses (k,) and write the gradients.

        Parameters
        ----------
        x : array (k or 1, n_in + 1, batch)
            Inputs, ending in a row of ones where there are biases; one batch alone is everybody's.
        y : array (n_out, k, batch)
            Targets.
        """
        losses = self.losses(x, y)
        last, delta = len(self._W) - 1, self._delta[-1]
        np.multiply(delta, self._scale, delta)
        if self._output_slope is not None:
            self._output_slope()
            np.multiply(delta, self._slope[-1], delta)
        for layer in range(last, -1, -1):
            delta = self._delta[layer]
            incoming = self._passed[layer - 1] if layer else x
            np.matmul(incoming, delta.transpose(1, 2, 0), out=self._dW[layer])
            if layer:
                below, size = self._delta[layer - 1], self._sizes[layer]
                np.matmul(self._W[layer][:, :size], delta.transpose(1, 0, 2), out=below.transpose(1, 0, 2))
                self._find_slopes[layer - 1]()
                np.multiply(below, self._slope[layer - 1], below)
        return losses

    def losses(self, x: Array, y: Array) -> NDArray[np.float64]:
        """Return the mean losses (k,) of a batch."""
        for layer, (W, z) in enumerate(zip(self._W, self._z, strict=True)):
            np.matmul(W.transpose(0, 2, 1), self._passed[layer - 1] if layer else x, out=z.transpose(1, 0, 2))
            if layer < len(self._activate):
                self._activate[layer]()
        if self._output is not None:
            self._output()
        self._evaluate(y.reshape(len(y), -1))
        find = _TOTALS.get(self._loss.name, self._as_written)
        totals = find(self._z[-1], self._a[-1], self._delta[-1], y)
        return np.asarray(totals * self._mean, np.float64)

    def _as_written(self, z: Array, a: Array, slope: Array, y: Array) -> Array:
        """Return the sums (k,) of a loss as its formula has it."""
        n_out = len(y)
        if self._loss.output == "softmax":
            softmax(z, a)
        found, _ = self._loss.written.values(a=a, y=y, outputs=n_out)
        return np.asarray(found.sum(axis=-1) * self._loss.count(n_out, 1))

    def outputs(self, x: Array) -> Array:
        """Return the outputs (k, batch, n_out) for inputs like those of a call, after `losses` was taken of them."""
        if self._loss.output == "softmax":
            softmax(self._z[-1], self._a[-1])
        return self._a[-1].transpose(1, 2, 0)


def _matrices(block: Block, vectors: Array) -> Array:
    """Return ``[W; b]`` of a layer for every net, (k, rows, cols), as a view of `vectors` (k, P)."""
    flat = vectors[:, block.offset : block.offset + block.rows * block.cols]
    return flat.reshape(len(vectors), block.rows, block.cols)
