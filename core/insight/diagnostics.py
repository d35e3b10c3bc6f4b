"""What the numbers of a run say, layer by layer: why it learns, or why it does not.

A layer's error is δ = f′(u) ⊙ (Wᵀδ of the layer above), so each layer multiplies the error's size by two factors, one
of the weights and one of the slopes. With sigmoid slopes of at most 1/4 the second is small, layer after layer: that is
the vanishing gradient (Nielsen, chapter 5).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..data.dataset import Dataset
from ..ground.lengths import length, quick_length
from ..nets.activations import Array
from ..nets.losses import Loss
from ..nets.network import Network
from ..nets.passes import Pass
from .evaluation import classes_of
from .health import DEAD, flat_ends

#: Rows that a diagnosis looks at, at most: of a larger set, every second, third, … one.
MOST_ROWS = 4096


def layer_norms(
    network: Network, run: Pass | None, gradient: Array, theta: Array, update: Array
) -> NDArray[np.float64]:
    """Return norms of δ, ∂W, W and ΔW (4, L) per layer after the input; see `Trainer.norms`."""
    columns = []
    with np.errstate(over="ignore"):
        for layer, (block, n_in) in enumerate(zip(network.blocks, network.sizes, strict=False)):
            delta = 0.0
            if run is not None:
                errors = run.arena.D[run.arena.rows[layer]]
                delta = run.batch * quick_length(errors) / math.sqrt(errors.size)
            weights = slice(block.offset, block.offset + n_in * block.cols)
            columns.append((delta, *(quick_length(vector[weights]) for vector in (gradient, theta, update))))
    return np.array(columns).T


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """How values are distributed.

    Attributes
    ----------
    edges : array (k + 1,)
        Of the bins: of the values, or of log₁₀ of their sizes.
    counts : array (k,)
        Values in each bin.
    logarithmic : bool
        Whether the edges are of log₁₀ of sizes.
    zeros : int
        Values that are 0, which a logarithmic histogram cannot place.
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    logarithmic: bool
    zeros: int

    @classmethod
    def of(cls, values: Array, bins: int, logarithmic: bool = False) -> Histogram:
        """Count values; those that are no numbers are left out."""
        numbers = values[np.isfinite(values)].astype(np.float64)
        zeros = int(np.count_nonzero(numbers == 0))
        if logarithmic:
            numbers = np.log10(np.abs(numbers[numbers != 0]))
        if not len(numbers):
            return cls(np.linspace(-1.0, 1.0, bins + 1), np.zeros(bins, np.int64), logarithmic, zeros)
        counts, edges = np.histogram(numbers, bins)
        return cls(edges, counts.astype(np.int64), logarithmic, zeros)


@dataclass(frozen=True, slots=True, eq=False)
class LayerDiagnosis:
    """One layer, over many samples. NaN stands for what does not exist there.

    Attributes
    ----------
    delta : float
        Root mean square of ∂C_x/∂z over neurons and samples.
    gradient, weight, update : float
        Euclidean norms of ∂W, W, and of what the last step added to W.
    ratio : float
        Update to weight: healthy runs have about 1e-3 (Karpathy, CS231n).
    slope : float
        Mean |f′|.
    saturated : float
        Share of neurons and samples on a flat end of a bounded activation.
    dead : float
        Share of neurons whose slope is 0 for every sample.
    weights_factor, slope_factor, normalization_factor : float
        By what the error grows on its way from the layer above: through its weights (and its skip, if it has one),
        through this layer's slopes, and back through its normalization; NaN for the output layer.
    z, a, delta_sizes, gradient_sizes : Histogram
        Of weighted inputs and activations, and of log₁₀ of |∂C_x/∂z| and |∂W|.
    """

    delta: float
    gradient: float
    weight: float
    update: float
    ratio: float
    slope: float
    saturated: float
    dead: float
    weights_factor: float
    slope_factor: float
    normalization_factor: float
    z: Histogram
    a: Histogram
    delta_sizes: Histogram
    gradient_sizes: Histogram

    @property
    def factor(self) -> float:
        """By what the error grows in all: the product of the three factors."""
        return self.weights_factor * self.slope_factor * self.normalization_factor


def diagnose(
    network: Network,
    theta: Array,
    X: ArrayLike,
    y: ArrayLike,
    loss: str | Loss = "mse",
    update: Array | None = None,
    bins: int = 24,
) -> tuple[LayerDiagnosis, ...]:
    """Return a diagnosis of every layer after the input.

    Parameters
    ----------
    network : Network
        The shape.
    theta : array (P,)
        Parameters.
    X : array (n, n_in)
        Samples; of more than 4096, evenly spaced ones are taken. Batch normalization takes their statistics.
    y : array (n, n_out)
        Their targets.
    loss : str or Loss
        One that fits the output.
    update : array (P,), optional
        What the last step added to θ.
    bins : int
        Of the histograms.
    """
    X, y = np.asarray(X), np.asarray(y)
    every = -(-len(X) // MOST_ROWS)
    theta, x, targets = network.arguments(theta, X[::every], y[::every])
    gradient = np.zeros_like(theta)
    run = Pass(network, loss, theta, gradient, x.shape[1])
    with np.errstate(all="ignore"):
        run(x, targets)
        A, arena = run.passed, run.arena
        found = []
        for layer, (block, n_in, rows) in enumerate(zip(network.blocks, network.sizes, arena.rows, strict=False)):
            dW, W = block.view(gradient)[:n_in], block.view(theta)[:n_in]
            step = math.nan if update is None else length(block.view(update)[:n_in])
            size, delta = length(W), arena.D[rows] * run.batch
            found.append(
                LayerDiagnosis(
                    _rms(delta), length(dW), size, step, step / size if size else math.nan,
                    *_flatness(network, run, layer), *_factors(network, run, layer),
                    Histogram.of(arena.Z[rows], bins), Histogram.of(A[rows], bins),
                    Histogram.of(delta, bins, logarithmic=True), Histogram.of(dW, bins, logarithmic=True),
                )
            )  # fmt: skip
    return tuple(found)


def _flatness(network: Network, run: Pass, layer: int) -> tuple[float, float, float]:
    """Return mean |f′|, the share of saturated neurons and samples, and the share of dead neurons."""
    if layer >= len(network.functions):
        return math.nan, math.nan, math.nan  # softmax is not elementwise
    function = network.functions[layer]
    size = np.abs(function.slope(np.ascontiguousarray(run.inputs[layer])))
    saturated = float(np.mean(flat_ends(function, size))) if function.bounded else math.nan
    return float(size.mean()), saturated, float(np.mean((size < DEAD).all(axis=1)))


def _factors(network: Network, run: Pass, layer: int) -> tuple[float, float, float]:
    """Return by what weights, slopes and normalization multiply the size of the error on its way to a hidden layer."""
    if layer == len(network.blocks) - 1:
        return math.nan, math.nan, math.nan
    arena = run.arena
    above, here = arena.D[arena.rows[layer + 1]], arena.D[arena.rows[layer]]
    weighted = run.reaching(layer)
    sloped = weighted * arena.F[arena.rows[layer]]
    sizes = [length(part) for part in (above, weighted, sloped, here)]
    through_weights, through_slopes, through_norm = (
        after / before if before else math.nan for before, after in pairwise(sizes)
    )
    return through_weights, through_slopes, through_norm if network.normalization[layer] else 1.0


#: Samples of a layer that are looked at first: where one neuron answers to one of them, the layer is not flat.
_FIRST = 256


def flatness(network: Network, passes: Sequence[Pass], layer: int) -> tuple[bool, float]:
    """Return whether every neuron of a hidden layer has the slope 0 for all samples, and the share that is saturated.

    Parameters
    ----------
    network : Network
        The shape.
    passes : sequence of Pass
        That together have passed all samples forward.
    layer : int
        Counted from 0.

    Returns
    -------
    (bool, float)
        The share of neurons and samples on a flat end, of some samples where there are many; 0 where the activation
        has no two flat ends.
    """
    function = network.functions[layer]

    def slopes(run: Pass, every: int) -> Array:
        size: Array = np.abs(function.slope(np.ascontiguousarray(run.inputs[layer][:, ::every])))
        return size

    some = slopes(passes[0], -(-passes[0].batch // _FIRST))
    saturated = float(np.mean(flat_ends(function, some)))
    flat = bool((some < DEAD).all()) and all(bool((slopes(run, 1) < DEAD).all()) for run in passes)
    return flat, saturated


def confusion(outputs: Array, targets: Array, dataset: Dataset) -> NDArray[np.int64]:
    """Return how many samples of each class (rows) were taken for each class (columns); ties as in `classes_of`.

    Parameters
    ----------
    outputs, targets : array (n, n_out)
        What the net says, and what is right.
    dataset : Dataset
        Says what the targets mean; one that has classes.
    """
    if dataset.kind in ("regression", "landscape"):
        raise ValueError(f"there are no classes to confuse in a {dataset.kind}")
    count = max(targets.shape[1], 2)
    true, said = (classes_of(values, dataset.target_range) for values in (targets, outputs))
    table, known = np.zeros((count, count), np.int64), said >= 0
    np.add.at(table, (true[known], said[known]), 1)
    return table


def _rms(values: Array) -> float:
    return float(np.sqrt(np.mean(np.square(values))))
