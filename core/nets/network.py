"""The network: its shape, and its mathematics on public, sample-major arrays.

`Network` holds no numbers: parameters are a flat vector θ that is given to every operation. The work itself is done by
a `Pass` in buffers of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ..ground.errors import check_choice, check_number
from .activations import ACTIVATIONS, Activation, Array, leaky_relu
from .arena import parameter_blocks, with_ones
from .initializers import INITIALIZERS
from .losses import OUTPUTS, Loss, check_fit, check_targets
from .normalization import NORMALIZATIONS, NetStatistics
from .passes import Pass
from .skips import skips_of

__all__ = ["Layer", "LayerResult", "Network", "Pass", "Result"]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer's parameters, as views of a flat vector.

    Attributes
    ----------
    W : array (n_out, n_in)
        Weights; row j holds those into neuron j.
    b : array (n_out,) or None
        Biases, if the net has them.
    gamma, beta : array (n_out,) or None
        Of the normalization, if the layer has one; with batch normalization, b is 0 and not trained.
    """

    W: Array
    b: Array | None
    gamma: Array | None = None
    beta: Array | None = None


@dataclass(frozen=True, slots=True)
class LayerResult:
    """What one layer computed for n samples: z, a, δ = ∂C/∂z, each (n, n_out), and ∂C/∂W, ∂C/∂b, ∂C/∂γ, ∂C/∂β.

    a is what the layer passes on: with a skip, f(z) and what the layer before passes on.
    """

    z: Array
    a: Array
    delta: Array
    dW: Array
    db: Array | None
    dgamma: Array | None = None
    dbeta: Array | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """Loss, its gradient (P,) and what every layer computed on the way."""

    loss: float
    gradient: Array
    layers: tuple[LayerResult, ...]


class Network:
    """The shape of a fully connected net, and what can be computed with it.

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
    normalization : str or sequence of (str or None), optional
        A name in `NORMALIZATIONS` for all hidden layers, or one or None for each.
    dropout : float
        Share of the hidden neurons that a training step leaves out; nothing else drops any.
    leaky_slope : float
        Slope of leaky ReLU where z < 0.
    residual : bool or sequence of bool
        Whether a hidden layer has a skip: it passes on a = f(z) + a of the layer before (behind any normalization and
        the mask of dropout). True gives one to every hidden layer that is as wide as the hidden layer before it; a
        sequence says it of each hidden layer, and is refused where widths differ.

    Attributes
    ----------
    activations : tuple of str
        Per layer after the input, the output included.
    functions : tuple of Activation
        Their records; a softmax output, which is not elementwise, has none.
    normalization : tuple of (str or None)
        Per hidden layer.
    residual : tuple of bool
        Per hidden layer; the first has none.
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
        *,
        normalization: str | Sequence[str | None] | None = None,
        dropout: float = 0.0,
        leaky_slope: float = 0.01,
        residual: bool | Sequence[bool] = False,
    ) -> None:
        self.sizes = tuple(int(size) for size in sizes)
        if len(self.sizes) < 2 or min(self.sizes) < 1:
            raise ValueError(f"sizes must be two layers or more of one neuron or more, got {list(sizes)}")
        hidden = _per_layer("activation", activation, len(self.sizes) - 2, ACTIVATIONS)
        self.output = check_choice("output", output, OUTPUTS)
        self.activations = (*(str(name) for name in hidden), self.output)
        self.leaky_slope = check_number("leaky_slope", leaky_slope, 0, 1)
        table = {**ACTIVATIONS, "leaky_relu": leaky_relu(self.leaky_slope)}
        self.functions: tuple[Activation, ...] = tuple(table[name] for name in self.activations if name in table)
        self.normalization = _per_layer("normalization", normalization, len(self.sizes) - 2, NORMALIZATIONS)
        self.residual = skips_of(residual, self.sizes[1:-1])
        self.bias = bool(bias)
        self.dropout = check_number("dropout", dropout, 0, 1, open_high=True)
        normalized = [*(kind is not None for kind in self.normalization), False]
        self.blocks = parameter_blocks(self.sizes, self.bias, normalized)
        self.parameter_count = self.blocks[-1].end

    @property
    def matrices(self) -> tuple[tuple[int, int, int], ...]:
        """Where the matrices lie in θ: start, rows, columns of each W (n_in, n_out), and of b, γ and β as one row."""
        found = []
        for block, n_in in zip(self.blocks, self.sizes, strict=False):
            whole = n_in * block.cols
            found.append((block.offset, n_in, block.cols))
            rows = range(block.offset + whole, block.end, block.cols)
            found += [(start, 1, block.cols) for start in rows]
        return tuple(found)

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
        for block, n_in, kind in zip(self.blocks, self.sizes, (*self.normalization, None), strict=False):
            view = block.view(theta)
            view[:n_in] = record.weights(rng, n_in, block.cols, record.scale if scale is None else scale)
            if self.bias and record.biases is not None:
                view[n_in] = record.biases(rng, n_in, block.cols) if kind != "batch" else 0.0
            if block.normalized:
                block.gamma(theta)[:] = 1.0
        return theta

    def pack(self, layers: Sequence[tuple[ArrayLike | None, ...]]) -> NDArray[np.float64]:
        """Return θ (P,) from one (W, b), or (W, b, γ, β), per layer.

        Parameters
        ----------
        layers : sequence of tuple
            W (n_out, n_in); b (n_out,), or None for zeros; of a normalized layer γ and β (n_out,), 1 and 0 if left out.
        """
        if len(layers) != len(self.blocks):
            raise ValueError(f"layers must be {len(self.blocks)} tuples (W, b), got {len(layers)}")
        theta = np.zeros(self.parameter_count)
        for layer, given in zip(self.unpack(theta), layers, strict=True):
            W, b, gamma, beta = (*given, None, None, None)[:4]
            layer.W[...] = _shaped("W", [] if W is None else W, layer.W.shape)
            for name, view, values, default in (
                ("b", layer.b, b, 0.0), ("gamma", layer.gamma, gamma, 1.0), ("beta", layer.beta, beta, 0.0)
            ):  # fmt: skip
                if view is not None:
                    view[...] = default if values is None else _shaped(name, values, view.shape)
        return theta

    def weight_marks(self, dtype: DTypeLike = np.float64) -> Array:
        """Return 1 for each parameter that is a weight and 0 for biases, γ, β (P,), as `dtype`: where penalties act."""
        marks = np.zeros(self.parameter_count, dtype)
        for layer in self.unpack(marks):
            layer.W[...] = 1.0
        return marks

    def unpack(self, theta: Array) -> tuple[Layer, ...]:
        """Return the parameters of every layer as views of θ (P,): writing to them writes to θ."""
        layers = []
        for block, n_in in zip(self.blocks, self.sizes, strict=False):
            view = block.view(theta)
            scale = (block.gamma(theta), block.beta(theta)) if block.normalized else (None, None)
            layers.append(Layer(view[:n_in].T, view[n_in] if self.bias else None, *scale))
        return tuple(layers)

    def is_fixed(self, index: int) -> bool:
        """Whether the parameter at `index` is a batch-normalized layer's bias: it stays 0, for β does its work."""
        return any(
            self.bias and kind == "batch" and 0 <= index - block.offset - n_in * block.cols < block.cols
            for block, n_in, kind in zip(self.blocks, self.sizes, self.normalization, strict=False)
        )

    @property
    def free_count(self) -> int:
        """How many parameters can move: all but the biases before batch normalization."""
        batch = [self.bias and kind == "batch" for kind in self.normalization]
        return self.parameter_count - sum(size for size, fixed in zip(self.sizes[1:], batch, strict=False) if fixed)

    def predict(self, theta: Array, X: ArrayLike, statistics: NetStatistics | None = None) -> Array:
        """Return the outputs (n, n_out) for samples X (n, n_in).

        Parameters
        ----------
        theta : array (P,)
            Parameters.
        X : array (n, n_in)
            Samples.
        statistics : tuple, optional
            For batch normalization, e.g. a trainer's running statistics; None takes those of X itself.
        """
        theta, x = self._inputs(theta, X)
        loss = "cross_entropy" if self.output == "softmax" else "mse"
        run = Pass(self, loss, theta, np.empty_like(theta), x.shape[1], statistics=statistics)
        return run.predict(x).T.copy()

    def backpropagate(self, theta: Array, X: ArrayLike, y: ArrayLike, loss: str | Loss = "mse") -> Result:
        """Return loss, gradient and everything between at θ (P,), for samples X (n, n_in) with targets y (n, n_out).

        Batch normalization takes the statistics of X, and no neuron drops out.

        Raises
        ------
        ConfigError
            If the loss does not fit the output.
        ValueError
            If a shape is wrong.
        """
        check_fit(self.output, loss)
        check_targets(loss, y)
        theta, x, targets = self.arguments(theta, X, y)
        gradient = np.empty_like(theta)
        run = Pass(self, loss, theta, gradient, x.shape[1])
        with np.errstate(over="ignore"):  # a slope beyond all numbers' reach is 0
            value = run(x, targets)
        arena, A = run.arena, run.passed
        layers = tuple(
            LayerResult(arena.Z[rows].T, A[rows].T, arena.D[rows].T, layer.W, layer.b, layer.gamma, layer.beta)
            for rows, layer in zip(arena.rows, self.unpack(gradient), strict=True)
        )
        return Result(value, gradient, layers)

    def arguments(self, theta: Array, X: ArrayLike, y: ArrayLike) -> tuple[Array, Array, Array]:
        """Return θ (P,), X as x (n_in + 1, n) and y (n_out, n) as a `Pass` takes them; ValueError for a wrong shape."""
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


def _per_layer(
    name: str, value: str | Sequence[str | None] | None, layers: int, choices: Mapping[str, object]
) -> tuple[str | None, ...]:
    """Return one name for each hidden layer, from one for all or one for each."""
    names = [value] * layers if value is None or isinstance(value, str) else list(value)
    if len(names) != layers:
        raise ValueError(f"{name} must name {layers} hidden layers, got {len(names)}")
    return tuple(None if entry is None else check_choice(name, entry, choices) for entry in names)


def _shaped(name: str, values: ArrayLike, shape: tuple[int, ...]) -> Array:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got {array.shape}")
    return array
