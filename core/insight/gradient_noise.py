"""The gradient noise scale: how many samples a batch needs before its gradient is more than noise.

The gradient of a batch of B samples is that of the whole set, G, and noise of the variance tr(Σ)/B, where Σ is the
covariance of the gradients of single samples. So its square has the mean |G|² (1 + 𝓑/B), with the simple noise scale

    𝓑 = tr(Σ) / |G|²

(McCandlish, Kaplan, Amodei et al. 2018, "An Empirical Model of Large-Batch Training", equation 2.9). Batches that are
small against 𝓑 give steps that are mostly noise, and twice the batch is worth twice the steps; batches that are large
against it give nearly the same step over and over.

A sample's gradient of a layer's weights is δaᵀ, its squared length |δ|²|a|²: one pass over the samples gives tr(Σ)
exactly, without any sample's gradient being written down. Where layers are normalized, samples are passed one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..config.problem import Problem
from ..nets.activations import Array
from ..nets.arena import with_ones
from ..nets.passes import Pass

#: Samples that are passed, at most: every second, third, … of a larger set; of large nets fewer, so that samples ×
#: parameters stay below this, but so many at least. Samples that are passed one by one cost more.
_MOST_SAMPLES, _MOST_WORK, _LEAST_SAMPLES, _MOST_SINGLE = 4096, 20_000_000, 64, 256
#: Samples of one pass.
_CHUNK = 256


@dataclass(frozen=True, slots=True)
class GradientNoise:
    """What is signal and what is noise in gradients.

    Attributes
    ----------
    signal : float
        |G|², the squared length of the gradient of the whole set; an estimate of it may come out below 0.
    noise : float
        tr(Σ), the variance of the gradient of one sample.
    """

    signal: float
    noise: float

    @property
    def scale(self) -> float:
        """The noise scale in samples; infinite where there is noise alone, NaN where there is neither."""
        if self.signal > 0:
            return self.noise / self.signal
        return float("inf") if self.noise > 0 else float("nan")


class NoiseMeter:
    """Measures the noise of gradients over the training set, or over evenly spaced samples of a large one.

    Over the whole set |G|² and tr(Σ) are exact; over m samples of it they are estimated without bias, as McCandlish's
    appendix A.1 has it with batches of 1 and m.

    Parameters
    ----------
    problem : Problem
        No batch normalization: there the samples of a batch have no gradients of their own.

    Attributes
    ----------
    samples : int
        How many are passed.
    exact : bool
        Whether they are the whole set.
    """

    def __init__(self, problem: Problem) -> None:
        net, count = problem.net, len(problem.X)
        if "batch" in net.normalization:
            raise ValueError("batch normalization couples the samples of a batch: none has a gradient of its own")
        most = min(_MOST_SAMPLES, max(_LEAST_SAMPLES, _MOST_WORK // net.parameter_count))
        self._single = any(net.normalization)
        every = -(-count // (min(most, _MOST_SINGLE) if self._single else most))
        self._problem = problem
        self._x = np.ascontiguousarray(with_ones(problem.X[::every], net.bias, np.float64).T)
        self._y = np.ascontiguousarray(problem.y[::every].T)
        self.samples, self.exact = self._x.shape[1], every == 1
        self._theta = np.zeros(net.parameter_count)
        self._gradient = np.zeros_like(self._theta)
        self._passes: dict[int, Pass] = {}

    def measure(self, theta: Array) -> GradientNoise:
        """Return signal and noise at parameters θ (P,)."""
        self._theta[...] = theta
        total, squares = np.zeros_like(self._theta), 0.0
        size = 1 if self._single else _CHUNK
        with np.errstate(all="ignore"):
            for start in range(0, self.samples, size):
                x, y = (np.ascontiguousarray(rows[:, start : start + size]) for rows in (self._x, self._y))
                run = self._pass_of(x.shape[1])
                run(x, y)
                total += self._gradient * x.shape[1]
                squares += float(self._gradient @ self._gradient) if self._single else self._squares(run, x)
            mean = total / self.samples
            signal, square = float(mean @ mean), squares / self.samples
        if self.exact or self.samples == 1:
            return GradientNoise(signal, max(0.0, square - signal))
        noise = max(0.0, square - signal) * self.samples / (self.samples - 1)
        return GradientNoise(signal - noise / self.samples, noise)

    def _pass_of(self, batch: int) -> Pass:
        if batch not in self._passes:
            problem = self._problem
            self._passes[batch] = Pass(problem.net, problem.loss, self._theta, self._gradient, batch)
        return self._passes[batch]

    def _squares(self, run: Pass, x: Array) -> float:
        """Return the sum of the squared lengths of the samples' gradients: Σ |δ|² |a|² over layers and samples."""
        arena, passed, total = run.arena, run.passed, 0.0
        incoming = [x, *(passed[rows] for rows in arena.outgoing[:-1])]
        for rows, a in zip(arena.rows, incoming, strict=True):
            delta = arena.D[rows] * run.batch
            total += float(np.einsum("ij,ij->j", delta, delta) @ np.einsum("ij,ij->j", a, a))
        return total
