"""Normalization between z and the activation: a = f(γẑ + β), with ẑ of mean 0 and variance 1.

Batch normalization (Ioffe & Szegedy 2015) takes mean and variance of each neuron over the batch, so the samples of a
batch depend on each other; layer normalization (Ba et al. 2016) takes them of each sample over the layer's neurons.
Both use the biased variance, and ε = 1e-5 beside it. γ and β are parameters like any other. A batch mean takes the
bias b off again, so in batch normalization it stays 0, and β stands in for it. Layer normalization keeps it: without b,
ẑ would not change when all inputs are scaled.

Going back, with N numbers that are normalized together and dy = ∂C/∂ẑ,
dz = (N dy − Σdy − ẑ Σ(dy ẑ)) / (N √(variance + ε)); dγ = Σ du ẑ and dβ = Σ du with u = γẑ + β, over the batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import DTypeLike

from .activations import Array

EPSILON = 1e-5
#: Weight of the newest batch in the running statistics.
NEWEST = 0.1


@dataclass(frozen=True, slots=True)
class Statistics:
    """Mean and variance (n,) of every neuron of a layer."""

    mean: Array
    variance: Array

    def copy(self) -> Statistics:
        """Return the same numbers in arrays of their own."""
        return Statistics(self.mean.copy(), self.variance.copy())

    def assign(self, other: Statistics) -> None:
        """Take over the numbers of another."""
        self.mean[...], self.variance[...] = other.mean, other.variance


#: One for every hidden layer with batch normalization, None for the others.
NetStatistics = tuple[Statistics | None, ...]


def fresh_statistics(kinds: Iterable[str | None], sizes: Iterable[int], dtype: DTypeLike) -> NetStatistics:
    """Return mean 0 and variance 1 for every neuron that is batch-normalized: where running statistics start."""
    return tuple(
        Statistics(np.zeros(size, dtype), np.ones(size, dtype)) if kind == "batch" else None
        for kind, size in zip(kinds, sizes, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Buffers:
    """What a normalized layer of n neurons works on.

    Attributes
    ----------
    z, z_hat, u : array (n, batch)
        Weighted inputs, normalized, and γẑ + β.
    gamma, beta, dgamma, dbeta : array (n,)
        Views of the parameters and of their gradient.
    delta : array (n, batch)
        ∂C/∂u on the way back, which `backward` turns into ∂C/∂z.
    """

    z: Array
    z_hat: Array
    u: Array
    gamma: Array
    beta: Array
    dgamma: Array
    dbeta: Array
    delta: Array


class Normalization:
    """Scaling by γ and β, which all kinds share.

    Parameters
    ----------
    buffers : Buffers
        The layer's.
    """

    def __init__(self, buffers: Buffers) -> None:
        n, batch = buffers.z.shape
        dtype = buffers.z.dtype
        self._b = buffers
        self._gamma, self._beta = buffers.gamma[:, None], buffers.beta[:, None]
        self._work, self._wide = np.empty((n, batch), dtype), np.empty((n, batch), dtype)
        self._ones, self._column, self._row = np.ones(batch, dtype), np.ones((n, 1), dtype), np.ones((1, batch), dtype)
        self._epsilon = np.array(EPSILON, dtype)

    def forward(self) -> None:
        """Write ẑ and u for the present z."""
        raise NotImplementedError

    def backward(self) -> None:
        """Turn ∂C/∂u into ∂C/∂z in place, and write ∂C/∂γ and ∂C/∂β."""
        raise NotImplementedError

    def _across(self, neurons: Array) -> Array:
        """Return one number per neuron (n, 1), repeated for every sample; broadcasting would allocate a buffer."""
        neurons.dot(self._row, self._wide)
        return self._wide

    def _down(self, samples: Array) -> Array:
        """Return one number per sample (1, batch), repeated for every neuron."""
        self._column.dot(samples, self._wide)
        return self._wide

    def _scale(self) -> None:
        np.multiply(self._b.z_hat, self._across(self._gamma), self._b.u)
        np.add(self._b.u, self._across(self._beta), self._b.u)

    def _parameter_gradient(self) -> None:
        b = self._b
        np.multiply(b.delta, b.z_hat, self._work)
        self._work.dot(self._ones, b.dgamma)
        b.delta.dot(self._ones, b.dbeta)


class FixedNormalization(Normalization):
    """With given statistics, as a batch-normalized net is used after training: samples are independent again.

    Parameters
    ----------
    buffers : Buffers
        The layer's.
    statistics : Statistics
        Mean and variance to use; a view, so its present numbers count.
    """

    def __init__(self, buffers: Buffers, statistics: Statistics) -> None:
        super().__init__(buffers)
        self.statistics = statistics
        self._mean_column, self._deviation = statistics.mean[:, None], np.empty_like(statistics.mean)
        self._deviation_column = self._deviation[:, None]

    def forward(self) -> None:
        """Write ẑ = (z − mean) / √(variance + ε), and u."""
        b = self._b
        np.add(self.statistics.variance, self._epsilon, self._deviation)
        np.sqrt(self._deviation, self._deviation)
        np.subtract(b.z, self._across(self._mean_column), b.z_hat)
        np.divide(b.z_hat, self._across(self._deviation_column), b.z_hat)
        self._scale()

    def backward(self) -> None:
        """Turn ∂C/∂u into ∂C/∂z = γ ∂C/∂u / √(variance + ε)."""
        self._parameter_gradient()
        np.multiply(self._b.delta, self._across(self._gamma), self._b.delta)
        np.divide(self._b.delta, self._across(self._deviation_column), self._b.delta)


class BatchNormalization(Normalization):
    """With mean and variance of each neuron over the batch.

    Parameters
    ----------
    buffers : Buffers
        The layer's.
    running : Statistics, optional
        Where to keep statistics for later use; None in passes that are not part of training.
    """

    def __init__(self, buffers: Buffers, running: Statistics | None) -> None:
        super().__init__(buffers)
        n, self._batch = buffers.z.shape
        dtype = buffers.z.dtype
        self._running = running
        self.statistics = Statistics(np.empty(n, dtype), np.empty(n, dtype))
        self._inverse, self._sum1, self._sum2 = np.empty(n, dtype), np.empty(n, dtype), np.empty(n, dtype)
        self._mean_column, self._inverse_column = self.statistics.mean[:, None], self._inverse[:, None]
        self._sum1_column, self._sum2_column = self._sum1[:, None], self._sum2[:, None]
        self._share = np.full(self._batch, 1 / self._batch, dtype)
        self._one_over_n = np.array(1 / self._batch, dtype)

    def forward(self) -> None:
        """Write ẑ = (z − mean) / √(variance + ε) over the batch, and u."""
        b, variance = self._b, self.statistics.variance
        b.z.dot(self._share, self.statistics.mean)
        np.subtract(b.z, self._across(self._mean_column), b.z_hat)
        np.multiply(b.z_hat, b.z_hat, self._work)
        self._work.dot(self._share, variance)
        np.add(variance, self._epsilon, self._inverse)
        np.sqrt(self._inverse, self._inverse)
        np.reciprocal(self._inverse, self._inverse)
        np.multiply(b.z_hat, self._across(self._inverse_column), b.z_hat)
        self._scale()
        if self._running is not None and self._batch > 1:
            self._follow(self._running.mean, self.statistics.mean, NEWEST)
            self._follow(self._running.variance, variance, NEWEST * self._batch / (self._batch - 1))

    def _follow(self, running: Array, newest: Array, weight: float) -> None:
        """Move running statistics towards a batch; of its variance the unbiased one counts, a batch of one has none."""
        np.multiply(running, 1 - NEWEST, running)
        np.multiply(newest, weight, self._sum1)
        np.add(running, self._sum1, running)

    def backward(self) -> None:
        """Turn ∂C/∂u into ∂C/∂z = γ / √(variance + ε) · (du − Σdu / N − ẑ Σ(du ẑ) / N)."""
        self._parameter_gradient()
        b, delta, work = self._b, self._b.delta, self._work
        np.multiply(b.dbeta, self._one_over_n, self._sum1)
        np.multiply(b.dgamma, self._one_over_n, self._sum2)
        np.multiply(b.z_hat, self._across(self._sum2_column), work)
        np.subtract(delta, work, delta)
        np.subtract(delta, self._across(self._sum1_column), delta)
        np.multiply(b.gamma, self._inverse, self._sum1)
        np.multiply(delta, self._across(self._sum1_column), delta)


class LayerNormalization(Normalization):
    """With mean and variance of each sample over the neurons of the layer: no statistics to keep."""

    def __init__(self, buffers: Buffers) -> None:
        super().__init__(buffers)
        n, batch = buffers.z.shape
        dtype = buffers.z.dtype
        self._share = np.full(n, 1 / n, dtype)
        self._mean, self._inverse, self._sum = (np.empty(batch, dtype) for _ in range(3))
        self._mean_row, self._inverse_row, self._sum_row = self._mean[None], self._inverse[None], self._sum[None]

    def forward(self) -> None:
        """Write ẑ = (z − mean) / √(variance + ε) over the neurons, and u."""
        b = self._b
        self._share.dot(b.z, self._mean)
        np.subtract(b.z, self._down(self._mean_row), b.z_hat)
        np.multiply(b.z_hat, b.z_hat, self._work)
        self._share.dot(self._work, self._inverse)
        np.add(self._inverse, self._epsilon, self._inverse)
        np.sqrt(self._inverse, self._inverse)
        np.reciprocal(self._inverse, self._inverse)
        np.multiply(b.z_hat, self._down(self._inverse_row), b.z_hat)
        self._scale()

    def backward(self) -> None:
        """Turn ∂C/∂u into ∂C/∂z = (dy − Σdy / n − ẑ Σ(dy ẑ) / n) / √(variance + ε), dy = γ du."""
        self._parameter_gradient()
        b, delta, work = self._b, self._b.delta, self._work
        np.multiply(delta, self._across(self._gamma), delta)
        np.multiply(delta, b.z_hat, work)
        self._share.dot(delta, self._mean)
        self._share.dot(work, self._sum)
        np.subtract(delta, self._down(self._mean_row), delta)
        np.multiply(b.z_hat, self._down(self._sum_row), work)
        np.subtract(delta, work, delta)
        np.multiply(delta, self._down(self._inverse_row), delta)


#: name -> what it is taken over; order is the order in which they are offered.
NORMALIZATIONS: Mapping[str, str] = MappingProxyType(
    {"batch": "each neuron over the batch", "layer": "each sample over the layer"}
)


def normalize(kind: str, buffers: Buffers, statistics: Statistics | None, running: Statistics | None) -> Normalization:
    """Return the normalization of one layer.

    Parameters
    ----------
    kind : str
        A name in `NORMALIZATIONS`.
    buffers : Buffers
        The layer's.
    statistics : Statistics, optional
        For batch normalization: given numbers instead of the batch's own.
    running : Statistics, optional
        For batch normalization in training: where to keep statistics for later use.
    """
    if kind == "layer":
        return LayerNormalization(buffers)
    return BatchNormalization(buffers, running) if statistics is None else FixedNormalization(buffers, statistics)
