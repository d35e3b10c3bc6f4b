"""The loss as a function of the parameters, for many parameter vectors at a time.

On a plane θ = centre + αd₁ + βd₂, the first layer's weighted inputs are linear in (α, β): they are computed for the
three vectors alone and combined for all points of a chunk at once. From there on each layer is one stack of matrix
products, and what a chunk needs stays in the processor's cache.

Batch normalization takes the statistics of all samples at each point (as Li et al. 2018 do), so they go through the
net together: the loss is then a function of the parameters alone, the one that a trainer's `evaluate` shows.

Losses too large for a number stay infinite or NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ..ground.geometry import Plane
from ..nets.activations import Array, Call
from ..nets.arena import Block, with_ones
from ..nets.losses import LOSSES, Loss, check_fit, check_targets, find_loss
from ..nets.network import Network, Pass
from ..nets.normalization import EPSILON

Float64 = NDArray[np.float64]
Totals = Callable[[Array, Array], Array]

CACHE_BYTES = 600_000
"""What the buffers of a chunk may take: they have to stay in the processor's second-level cache."""

SAMPLES_PER_PART = 256
"""Samples that go through the net together; larger data sets go in parts, for the same reason, unless batch
normalization needs them all at once."""


def _squared(a: Array, y: Array) -> Array:
    np.subtract(a, y[:, None], a)
    return np.asarray(np.einsum("okn,okn->k", a, a))


def _absolute(a: Array, y: Array) -> Array:
    np.subtract(a, y[:, None], a)
    return np.asarray(np.abs(a, a).sum(axis=(0, 2)))


def _huber(a: Array, y: Array) -> Array:
    """Σ cd − ½c², with c the error d held between −1 and 1."""
    np.subtract(a, y[:, None], a)
    held = np.clip(a, -1.0, 1.0)
    return np.asarray(np.einsum("okn,okn->k", held, a - 0.5 * held))


def _hinge(a: Array, y: Array) -> Array:
    np.multiply(a, y[:, None], a)
    np.subtract(1.0, a, a)
    return np.asarray(np.maximum(a, 0.0, out=a).sum(axis=(0, 2)))


def _bce(z: Array, y: Array) -> Array:
    """Σ max(z, 0) − yz + ln(1 + exp(−|z|)), where max(z, 0) is (z + |z|) / 2."""
    linear = (z @ (0.5 - y)[:, :, None]).sum(axis=(0, 2))
    np.copysign(z, -1, z)
    linear -= 0.5 * z.sum(axis=(0, 2))
    np.exp(z, z)
    np.log1p(z, z)
    return np.asarray(linear + z.sum(axis=(0, 2)))


def _cross_entropy(z: Array, y: Array) -> Array:
    """Σ y (ln Σ exp(z − m) − (z − m)), with m the largest z of the sample."""
    np.subtract(z, z.max(axis=0), z)
    picked = (z @ y[:, :, None]).sum(axis=(0, 2))
    np.exp(z, z)
    return np.asarray(np.log(z.sum(axis=0)) @ y.sum(axis=0) - picked)


_TOTALS: Mapping[str, Totals] = {
    "mse": _squared,
    "half_squared_error": lambda a, y: 0.5 * _squared(a, y),
    "mae": _absolute,
    "huber": _huber,
    "hinge": _hinge,
    "bce": _bce,
    "cross_entropy": _cross_entropy,
}
"""Per loss of `LOSSES`: its sums (k,) over samples and outputs for a stack of outputs (n_out, k, n), which it may
overwrite; of the activations, or for losses from logits of the weighted inputs. Others are taken point by point."""


class _Views(NamedTuple):
    """Where k parameter vectors meet n samples: views of the buffers of a `_Forward`.

    `upper` (k, …) holds the parameters of all layers but the first, whose weighted inputs are `first`.
    """

    upper: Array
    first: Array
    layers: tuple[tuple[Array, Array, Array], ...]
    functions: tuple[Callable[[], object], ...]
    output: Array


class _Forward:
    """The forward pass for up to `k` parameter vectors and `n` samples at a time, in buffers that stay.

    A layer's buffer is (n_out + 1, k, n): with the points behind the neurons, neurons and row of ones are each in one
    piece, where elementwise functions are fastest. Layers of one height take turns in two buffers, so that a deep net
    needs no more cache than a flat one, and the rows of ones are written once; the output, which has none, lies apart.
    """

    def __init__(self, net: Network, loss: Loss, k: int, n: int, dtype: DTypeLike) -> None:
        self._net, self._elementwise = net, loss.output is None
        self._lowest = net.blocks[0].rows * net.blocks[0].cols
        self._upper = np.empty((k, net.parameter_count - self._lowest), dtype)
        last = len(net.blocks) - 1
        ones = [net.bias and layer < last for layer in range(last + 1)]
        self._places = [(layer % 2, size + ones[layer], ones[layer]) for layer, size in enumerate(net.sizes[1:])]
        self._memory = {place: np.ones((place[1], k, n), dtype) for place in self._places}
        self._views: dict[tuple[int, int], _Views] = {}

    def views(self, k: int, n: int) -> _Views:
        """Return the views for `k` parameter vectors and `n` samples."""
        if (k, n) not in self._views:
            self._views[k, n] = self._make_views(k, n)
        return self._views[k, n]

    def _make_views(self, k: int, n: int) -> _Views:
        net, upper = self._net, self._upper[:k]
        stacks = [self._memory[place][:, :k, :n] for place in self._places]
        z = [stack[:size] for stack, size in zip(stacks, net.sizes[1:], strict=True)]
        layers = tuple(
            (
                _matrices(upper, net.blocks[layer], self._lowest),
                stacks[layer - 1].transpose(1, 0, 2),
                z[layer].transpose(1, 0, 2),
            )
            for layer in range(1, len(z))
        )
        names = net.activations if self._elementwise else net.activations[:-1]
        bound = {
            (place, name): function.bind(part, part)
            for place, name, function, part in zip(self._places, names, net.functions, z, strict=False)
        }
        functions = [bound[which] for which in zip(self._places, names, strict=False)]
        for layer, kind in enumerate(net.normalization):
            if kind is not None:
                gamma, beta = (part(upper).T for part in self._scales(layer))
                functions[layer] = _normalized(kind, z[layer], gamma, beta, functions[layer])
            if net.residual[layer]:  # the layer before still has its numbers: neighbours lie in different buffers
                functions[layer] = _with_skip(functions[layer], z[layer], z[layer - 1])
        return _Views(upper, z[0], layers, tuple(functions), z[-1])

    def _scales(self, layer: int) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
        """Return what takes γ and what takes β (k, n_out) of a layer out of `upper` (k, …)."""
        block = self._net.blocks[layer]
        end, cols = block.end - self._lowest, block.cols
        return lambda upper: upper[:, end - 2 * cols : end - cols], lambda upper: upper[:, end - cols : end]


def _normalized(kind: str, z: Array, gamma: Array, beta: Array, activate: Call) -> Call:
    """Return a call that turns z (n_out, k, n) into γẑ + β in place, with γ and β (n_out, k), and activates it.

    Mean and variance are those of a neuron over the samples (``"batch"``), or of a sample over the neurons.
    """
    axis, sums = (2, "okn,okn->ok") if kind == "batch" else (0, "okn,okn->kn")
    count = z.shape[axis]

    def call() -> None:
        np.subtract(z, np.expand_dims(np.add.reduce(z, axis=axis) / count, axis), z)
        inverse = 1.0 / np.sqrt(np.einsum(sums, z, z) / count + EPSILON)
        if kind == "batch":
            np.multiply(z, (inverse * gamma)[:, :, None], z)
        else:
            np.multiply(z, inverse[None], z)
            np.multiply(z, gamma[:, :, None], z)
        np.add(z, beta[:, :, None], z)
        activate()

    return call


def _with_skip(activate: Call, a: Array, before: Array) -> Call:
    """Return a call that activates a (n_out, k, n) in place and adds what the layer before passed on."""

    def call() -> None:
        activate()
        np.add(a, before, a)

    return call


class LossFunction:
    """The loss as a function of the parameters, for many parameter vectors at a time.

    Parameters
    ----------
    net : Network
        The shape.
    X : array (n, n_in)
        Inputs.
    y : array (n, n_out)
        Targets.
    loss : str or Loss
        A name in `LOSSES`, or a record of one's own.
    dtype : dtype
        float64, or float32 where only a picture depends on it.

    Raises
    ------
    ConfigError
        If the loss does not fit the output.
    """

    def __init__(
        self, net: Network, X: ArrayLike, y: ArrayLike, loss: str | Loss = "mse", dtype: DTypeLike = np.float64
    ) -> None:
        check_fit(net.output, loss)
        check_targets(loss, y)
        self.net, self.loss, self.dtype = net, find_loss(loss), np.dtype(dtype)
        inputs, targets = with_ones(np.asarray(X), net.bias, self.dtype), np.asarray(y, dtype=self.dtype)
        self.samples = len(inputs)
        together = self.samples if "batch" in net.normalization else SAMPLES_PER_PART
        size = -(-self.samples // -(-self.samples // together))
        self._parts = [
            (
                np.ascontiguousarray(inputs[start : start + size].T),
                np.ascontiguousarray(targets[start : start + size].T),
            )
            for start in range(0, self.samples, size)
        ]
        widths = sorted(net.sizes[1:])[-2:]
        self.chunk = max(1, CACHE_BYTES // ((sum(widths) + len(widths)) * size * self.dtype.itemsize))
        self._forward = _Forward(net, self.loss, self.chunk, size, self.dtype)

    def at(self, thetas: Array) -> Float64:
        """Return the losses (k,) at the parameter vectors `thetas` (k, P)."""
        thetas = np.ascontiguousarray(thetas, dtype=self.dtype)
        if not self._known:
            return self._one_by_one(thetas)
        block = self.net.blocks[0]
        upper = thetas[:, block.rows * block.cols :]

        def first(points: slice, part: int, z: Array) -> None:
            np.matmul(_matrices(thetas[points], block), self._parts[part][0], out=z.transpose(1, 0, 2))

        return self._losses(len(thetas), lambda points, out: np.copyto(out, upper[points]), first)

    def on(self, plane: Plane, alpha: Array, beta: Array) -> Float64:
        """Return the losses (k,) at the coordinates `alpha` (k,) and `beta` (k,) of a plane."""
        coordinates = np.column_stack([np.ones_like(alpha), alpha, beta]).astype(self.dtype)
        basis = np.stack([plane.centre, plane.d1, plane.d2]).astype(self.dtype)
        if not self._known:
            return self._one_by_one(coordinates @ basis)
        block = self.net.blocks[0]
        lower, upper = _matrices(basis, block), np.ascontiguousarray(basis[:, block.rows * block.cols :])
        weighted = [np.ascontiguousarray((lower @ x).transpose(1, 0, 2)) for x, _ in self._parts]

        def first(points: slice, part: int, z: Array) -> None:
            np.matmul(coordinates[points], weighted[part], out=z)

        return self._losses(len(coordinates), lambda points, out: np.matmul(coordinates[points], upper, out=out), first)

    @property
    def _known(self) -> bool:
        return self.loss.totals is not None or (self.loss.name in _TOTALS and self.loss is LOSSES.get(self.loss.name))

    def _losses(
        self, count: int, parameters: Callable[[slice, Array], object], first: Callable[[slice, int, Array], object]
    ) -> Float64:
        """Mean losses (count,) at points for which `parameters` writes those of the upper layers (k, …).

        `first` writes the first layer's weighted inputs (n_out, k, n) for some points and a part of the samples.
        """
        losses = np.zeros(count)
        with np.errstate(all="ignore"):
            for part, (_, y) in enumerate(self._parts):
                for start in range(0, count, self.chunk):
                    points = slice(start, min(start + self.chunk, count))
                    views = self._forward.views(points.stop - start, y.shape[1])
                    parameters(points, views.upper)
                    first(points, part, views.first)
                    losses[points] += self._totals(views, y)
        mean: Float64 = losses / self.loss.count(self.net.sizes[-1], self.samples)
        return mean

    def _totals(self, views: _Views, y: Array) -> Array:
        """Go on from the first layer's weighted inputs to the sums of the losses (k,)."""
        functions = iter(views.functions)
        for weights, incoming, z in views.layers:
            next(functions)()
            np.matmul(weights, incoming, out=z)
        for function in functions:
            function()
        return (self.loss.totals or _TOTALS[self.loss.name])(views.output, y)

    def _one_by_one(self, thetas: Array) -> Float64:
        theta = np.empty(self.net.parameter_count, self.dtype)
        losses = np.zeros(len(thetas))
        with np.errstate(all="ignore"):
            for x, y in self._parts:
                run = Pass(self.net, self.loss, theta, np.empty_like(theta), y.shape[1])
                for i, position in enumerate(thetas):
                    theta[:] = position
                    losses[i] += run.loss(x, y) * (y.shape[1] / self.samples)
        return losses


def _matrices(thetas: Array, block: Block, skipped: int = 0) -> Array:
    """The matrices [W b] of a layer, one for each parameter vector: (k, n_out, n_in + 1).

    The first `skipped` parameters are not in `thetas`.
    """
    start = block.offset - skipped
    flat = thetas[:, start : start + block.rows * block.cols]
    return flat.reshape(len(thetas), block.rows, block.cols).transpose(0, 2, 1)
