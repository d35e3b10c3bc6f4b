"""The network: forward pass, loss, backward pass.

Forward, layer by layer: z = Wa + b, a = f(z). Backward, from the loss: δ = ∂C/∂z of the output, and for every layer
below δ ← (Wᵀδ) · f′(z), ∂C/∂W = δaᵀ, ∂C/∂b = δ (Nielsen, chapter 2, BP1 to BP4). `Pass` does this for one batch size
in buffers of its own and allocates nothing; `Network` is the shape of a net and the same operations with public,
sample-major arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .activations import ACTIVATIONS, Array, Call
from .arena import Arena, parameter_blocks, with_ones
from .errors import check_choice
from .initializers import INITIALIZERS
from .losses import OUTPUTS, Loss, check_fit, find_loss, softmax


class Pass:
    """Forward and backward pass of batches of one size: what a training step spends its time in.

    Parameters
    ----------
    network : Network
        The shape.
    loss : str or Loss
        That fits the output.
    theta, gradient : array (P,)
        Parameters to read and gradient to write; the pass keeps views of both.
    batch : int
        Samples per batch.

    Attributes
    ----------
    arena : Arena
        Activations, weighted inputs, slopes and errors of the last batch. δ is ∂C/∂z with C the mean over the batch.
    output : array (n_out, batch)
        Activations of the output layer.
    """

    _logits: Callable[[Array, Array], object]

    def __init__(self, network: Network, loss: str | Loss, theta: Array, gradient: Array, batch: int) -> None:
        self.batch = batch
        self.arena = arena = Arena(network.sizes, network.bias, batch, theta.dtype)
        last = len(network.blocks) - 1
        W = [block.view(theta) for block in network.blocks]
        dW = [block.view(gradient) for block in network.blocks]
        a, z, delta, slope = (
            [buffer[rows] for rows in arena.rows] for buffer in (arena.A, arena.Z, arena.D, arena.F)
        )
        if network.output == "identity":
            a[last] = z[last]
        outgoing = [arena.outgoing(layer) for layer in range(last)]

        self.output = a[last]
        self._z, self._delta = z[last], delta[last]
        functions = [ACTIVATIONS[name] for name in network.activations[:-1]]
        self._output: tuple[Call, Call] | None = None
        self._hidden = tuple(
            (W[layer].T.dot, z[layer], functions[layer].bind(z[layer], a[layer]), outgoing[layer])
            for layer in range(last)
        )
        self._logits = W[last].T.dot
        self._backward = tuple(
            (outgoing[layer - 1].dot, delta[layer], delta[layer].T, dW[layer], W[layer][: network.sizes[layer]].dot,
             delta[layer - 1], slope[layer - 1])
            for layer in range(last, 0, -1)
        )  # fmt: skip
        self._first = delta[0].T, dW[0]
        runs = [(name, list(layers)) for name, layers in groupby(range(last), key=network.activations.__getitem__)]
        blocks = [(ACTIVATIONS[name], arena.run(layers[0], layers[-1])) for name, layers in runs]
        self._slopes = tuple(f.bind_slope(arena.Z[rows], arena.A[rows], arena.F[rows]) for f, rows in blocks)

        record = find_loss(loss)
        count = record.count(network.sizes[-1], batch)
        self._mean = 1.0 / count
        self._scale = np.array(record.factor / count, theta.dtype)
        self._evaluate = record.bind(self._z, self.output, self._delta)
        if network.output not in ("identity", "softmax"):
            f = ACTIVATIONS[network.output]
            self._output = f.bind(self._z, self.output), f.bind_slope(self._z, self.output, slope[last])
        self._from_logits = record.output is not None
        self._output_slope = slope[last]
        self._softmax = network.output == "softmax"

    def forward(self, x: Array) -> None:
        """Compute z and a of all layers up to the logits; `x` (n_in + 1, batch) ends in a row of ones."""
        for dot, z, f, outgoing in self._hidden:
            dot(x, z)
            f()
            x = outgoing
        self._logits(x, self._z)

    def predict(self, x: Array) -> Array:
        """Return the outputs (n_out, batch) for `x` (n_in + 1, batch); the buffer is the pass's own."""
        self.forward(x)
        if self._softmax:
            softmax(self._z, self.output)
        elif self._output is not None:
            self._output[0]()
        return self.output

    def loss(self, x: Array, y: Array) -> float:
        """Return the mean loss of a batch; `y` is (n_out, batch)."""
        self.forward(x)
        if self._output is not None and not self._from_logits:
            self._output[0]()
        return self._evaluate(y) * self._mean

    def activations(self) -> Array:
        """Return a of all layers after the input (rows, batch), rows of ones included."""
        self.arena.A[self.arena.rows[-1]] = self.output
        return self.arena.A

    def __call__(self, x: Array, y: Array) -> float:
        """Return the mean loss of a batch and write its gradient.

        Parameters
        ----------
        x : array (n_in + 1, batch)
            Inputs, ending in a row of ones if the net has biases.
        y : array (n_out, batch)
            Targets.
        """
        loss = self.loss(x, y)
        np.multiply(self._delta, self._scale, self._delta)
        if self._output is not None and not self._from_logits:
            self._output[1]()
            np.multiply(self._delta, self._output_slope, self._delta)
        for df in self._slopes:
            df()
        for a_dot, delta, delta_T, dW, W_dot, below, slope in self._backward:
            a_dot(delta_T, dW)
            W_dot(delta, below)
            np.multiply(below, slope, below)
        delta_T, dW = self._first
        x.dot(delta_T, dW)
        return loss


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer's parameters, as views of a flat vector: W (n_out, n_in), b (n_out,) or None without biases."""

    W: Array
    b: Array | None


@dataclass(frozen=True, slots=True)
class LayerResult:
    """What one layer computed for n samples: z, a, δ = ∂C/∂z, each (n, n_out), and ∂C/∂W, ∂C/∂b."""

    z: Array
    a: Array
    delta: Array
    dW: Array
    db: Array | None


@dataclass(frozen=True, slots=True)
class Result:
    """Loss, its gradient (P,) and what every layer computed on the way."""

    loss: float
    gradient: Array
    layers: tuple[LayerResult, ...]


class Network:
    """The shape of a fully connected net, and its mathematics on public, sample-major arrays.

    Parameters
    ----------
    sizes : sequence of int
        Neurons per layer, inputs included: ``[2, 4, 2, 1]``.
    activation : str or sequence of str
        Of the hidden layers: one for all, or one for each.
    output : str
        Activation of the output layer, ``"softmax"`` included.
    bias : bool
        Whether neurons have a bias.

    Attributes
    ----------
    activations : tuple of str
        Per layer after the input, the output included.
    blocks : tuple of Block
        Where the layers' ``[W; b]`` lie in θ.
    parameter_count : int
        P, the length of θ.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str | Sequence[str] = "tanh",
        output: str = "identity",
        bias: bool = True,
    ) -> None:
        self.sizes = tuple(int(size) for size in sizes)
        if len(self.sizes) < 2 or min(self.sizes) < 1:
            raise ValueError(f"sizes must be two layers or more of one neuron or more, got {list(sizes)}")
        hidden = [activation] * (len(self.sizes) - 2) if isinstance(activation, str) else list(activation)
        if len(hidden) != len(self.sizes) - 2:
            raise ValueError(f"activation must name {len(self.sizes) - 2} hidden layers, got {len(hidden)}")
        for name in hidden:
            check_choice("activation", name, ACTIVATIONS)
        self.output = check_choice("output", output, OUTPUTS)
        self.activations = (*hidden, output)
        self.bias = bool(bias)
        self.blocks = parameter_blocks(self.sizes, self.bias)
        self.parameter_count = self.blocks[-1].offset + self.blocks[-1].rows * self.blocks[-1].cols

    def initialize(
        self,
        initializer: str = "xavier_uniform",
        seed: int | np.random.Generator = 0,
        scale: float | None = None,
    ) -> NDArray[np.float64]:
        """Return start parameters θ (P,), drawn by an initializer, layer after layer.

        Parameters
        ----------
        initializer : str
            A name in `INITIALIZERS`.
        seed : int or Generator
            Where the draws come from.
        scale : float, optional
            The initializer's gain, width, deviation or value; its own default if None.
        """
        record = INITIALIZERS[check_choice("initializer", initializer, INITIALIZERS)]
        rng = np.random.default_rng(seed)
        theta = np.zeros(self.parameter_count)
        for block, n_in in zip(self.blocks, self.sizes, strict=False):
            view = block.view(theta)
            view[:n_in] = record.weights(rng, n_in, block.cols, record.scale if scale is None else scale)
            if self.bias and record.biases is not None:
                view[n_in] = record.biases(rng, n_in, block.cols)
        return theta

    def pack(self, layers: Sequence[tuple[ArrayLike, ArrayLike | None]]) -> NDArray[np.float64]:
        """Return θ (P,) from one (W, b) per layer, W (n_out, n_in), b (n_out,) or None without biases."""
        if len(layers) != len(self.blocks):
            raise ValueError(f"layers must be {len(self.blocks)} pairs (W, b), got {len(layers)}")
        theta = np.zeros(self.parameter_count)
        for layer, (W, b) in zip(self.unpack(theta), layers, strict=True):
            layer.W[...] = _shaped("W", W, layer.W.shape)
            if layer.b is not None:
                layer.b[...] = _shaped("b", 0.0 if b is None else b, layer.b.shape)
        return theta

    def unpack(self, theta: Array) -> tuple[Layer, ...]:
        """Return W and b of every layer as views of θ (P,): writing to them writes to θ."""
        views = [block.view(theta) for block in self.blocks]
        return tuple(
            Layer(view[:n_in].T, view[n_in] if self.bias else None)
            for view, n_in in zip(views, self.sizes, strict=False)
        )

    def predict(self, theta: Array, X: ArrayLike) -> Array:
        """Return the outputs (n, n_out) for samples X (n, n_in)."""
        theta, x = self._inputs(theta, X)
        loss = "cross_entropy" if self.output == "softmax" else "mse"
        run = Pass(self, loss, theta, np.empty_like(theta), x.shape[1])
        return run.predict(x).T.copy()

    def backpropagate(self, theta: Array, X: ArrayLike, y: ArrayLike, loss: str | Loss = "mse") -> Result:
        """Return loss, gradient and everything between for samples X (n, n_in) with targets y (n, n_out).

        Raises
        ------
        ConfigError
            If the loss does not fit the output.
        ValueError
            If a shape is wrong.
        """
        check_fit(self.output, loss)
        theta, x, targets = self.arguments(theta, X, y)
        gradient = np.empty_like(theta)
        run = Pass(self, loss, theta, gradient, x.shape[1])
        value = run(x, targets)
        arena, A = run.arena, run.activations()
        layers = tuple(
            LayerResult(arena.Z[rows].T, A[rows].T, arena.D[rows].T, layer.W, layer.b)
            for rows, layer in zip(arena.rows, self.unpack(gradient), strict=True)
        )
        return Result(value, gradient, layers)

    def arguments(self, theta: Array, X: ArrayLike, y: ArrayLike) -> tuple[Array, Array, Array]:
        """Return θ (P,), x (n_in + 1, n) and y (n_out, n) as a `Pass` takes them; ValueError for a wrong shape."""
        theta, x = self._inputs(theta, X)
        targets = _shaped("y", y, (x.shape[1], self.sizes[-1])).astype(theta.dtype)
        return theta, x, np.ascontiguousarray(targets.T)

    def _inputs(self, theta: Array, X: ArrayLike) -> tuple[Array, Array]:
        theta = np.ascontiguousarray(theta)
        if theta.dtype not in (np.float32, np.float64):
            theta = theta.astype(np.float64)
        if theta.shape != (self.parameter_count,):
            raise ValueError(f"theta must have shape ({self.parameter_count},), got {theta.shape}")
        X = np.asarray(X)
        if X.ndim != 2 or X.shape[1] != self.sizes[0] or not len(X):
            raise ValueError(f"X must have shape (n, {self.sizes[0]}) with n ≥ 1, got {X.shape}")
        return theta, with_ones(X, self.bias, theta.dtype).T


def _shaped(name: str, values: ArrayLike, shape: tuple[int, ...]) -> Array:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got {array.shape}")
    return array
