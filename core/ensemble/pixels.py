"""Training the pixels of a trainability map: some nets at a time, on stacked arrays that stay in the cache.

A pixel's bits do not depend on the pixels that are trained with it: every net has matrix products of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..ground.errors import ConfigError
from ..nets.activations import ACTIVATIONS, Array, Call

Float64 = NDArray[np.float64]

#: What can train a map; "auto" is compiled where that can be.
ENGINES = ("auto", "numpy", "compiled")

#: Losses that a pixel is judged by, and what a loss divided by the first is held at.
LAST, LARGEST = 20, 1e6

_CACHE_BYTES = 600_000
_MOST_AT_ONCE = 64
#: Steps between two looks at which runs have come to no number, whose work is then spared.
_LOOK = 8


@dataclass(frozen=True, slots=True, eq=False)
class MapNet:
    """The net of a map with its samples.

    Attributes
    ----------
    W0, W1 : array (n_in, n), (n, n_out)
        First weights.
    X, Y : array (samples, n_in), (samples, n_out)
        Inputs and targets.
    activation : str
        Of the hidden layer.
    steps : int
        How long it is trained.
    """

    W0: Float64
    W1: Float64
    X: Float64
    Y: Float64
    activation: str
    steps: int

    @property
    def scaled_inputs(self) -> Float64:
        """X · √2 / √n (samples, n_in), so that W0 alone is left to multiply with; without √2 for the identity."""
        gain = 1.0 if self.activation == "identity" else np.sqrt(2.0)
        return np.ascontiguousarray(self.X * (gain / np.sqrt(self.W0.shape[1])))

    @property
    def pixels_at_once(self) -> int:
        """How many nets the processor's cache has room for."""
        each = 3 * int(self.W0.shape[1]) * len(self.X) * 8
        return max(1, min(_MOST_AT_ONCE, _CACHE_BYTES // each))


def measured(losses: Float64) -> tuple[NDArray[np.bool_], Float64]:
    """Return whether runs converged, and what colours them (k,), from their losses (steps, k).

    With v the losses divided by the first, held at 10⁶, as is one that is no number: a run converged if the mean of its
    last 20 v is below 1; the measure is −Σv if it did, else Σ1/v (Sohl-Dickstein's notebook).
    """
    with np.errstate(all="ignore"):
        v = np.ascontiguousarray((losses / losses[0]).T)  # sums of a row do not depend on how many rows there are
        v = np.where(v <= LARGEST, v, LARGEST)  # NaN is no smaller
        converged = v[:, -LAST:].mean(axis=1) < 1.0
        return converged, np.where(converged, -v.sum(axis=1), np.minimum((1.0 / v).sum(axis=1), 1e300))


def engine_of(net: MapNet, engine: str) -> str:
    """Return what trains a map: ``"numpy"`` or ``"compiled"``.

    Raises
    ------
    ConfigError
        If the compiled engine is asked for and cannot be had.
    """
    if engine == "numpy":
        return engine
    from . import compiled

    missing = compiled.missing_for(net)
    if missing is None:
        return "compiled"
    if engine == "compiled":
        raise ConfigError(f"the compiled engine {missing}", "engine", engine)
    return "numpy"


def losses_of(net: MapNet, rates0: Float64, rates1: Float64, scales: Float64, engine: str = "auto") -> Float64:
    """Train some pixels, and return their loss before every step.

    Parameters
    ----------
    net : MapNet
        What is trained.
    rates0, rates1 : array (k,)
        Learning rates of W0 and of W1, above 0.
    scales : array (k,)
        What the first weights are multiplied with.
    engine : str
        Of `ENGINES`.

    Returns
    -------
    array (steps, k)
        NaN or infinity where a loss is no number.
    """
    if engine_of(net, engine) == "compiled":
        from . import compiled

        return compiled.losses(net, rates0, rates1, scales)
    found = np.full((net.steps, len(rates0)), np.nan)
    with np.errstate(all="ignore"):
        for part in np.array_split(np.arange(len(rates0)), -(-len(rates0) // net.pixels_at_once)):
            each = slice(part[0], part[-1] + 1)
            _Stack(net, rates0[each], rates1[each], scales[each]).train(found[:, each])
    return found


class _Stack:
    """k nets in training. Inside, samples come last: hidden layers are (k, n, samples), outputs (k, n_out, samples)."""

    def __init__(self, net: MapNet, rates0: Float64, rates1: Float64, scales: Float64) -> None:
        k, (samples, outputs), n = len(rates0), net.Y.shape, net.W0.shape[1]
        self._net, self._x = net, net.scaled_inputs
        self._x_T, self._y = np.ascontiguousarray(self._x.T), np.ascontiguousarray(net.Y.T)
        self._each = np.arange(k)  # numbers of the pixels that are still trained
        self._rates0, self._rates1 = rates0[:, None, None], rates1[:, None, None]
        W0, W1 = (np.ascontiguousarray(scales[:, None, None] * W.T) for W in (net.W0, net.W1))
        self._W0, self._W1 = W0, W1  # (k, n, n_in), (k, n_out, n)
        self._hidden = [np.empty((k, n, samples)) for _ in range(3)]
        self._output = np.empty((k, outputs, samples))
        self._bind()

    def _bind(self) -> None:
        """Take views for as many nets as there are still in training."""
        k = len(self._each)
        self._z, self._a, self._slope = (buffer[:k] for buffer in self._hidden)
        self._error = self._output[:k]
        self._activate, self._find_slopes = _functions(self._net.activation, self._z, self._a, self._slope)

    def train(self, losses: Float64) -> None:
        """Take all steps and write the losses (steps, k) before each."""
        for t in range(self._net.steps):
            losses[t, self._each] = self._step()
            if t % _LOOK == _LOOK - 1:
                self._keep(~np.isnan(losses[t, self._each]))
                if np.isnan(losses[t, self._each]).all():
                    return

    def _step(self) -> Float64:
        """Take a step and return the losses (k,) before it."""
        samples, outputs = self._net.Y.shape
        n, error, slope = self._net.W0.shape[1], self._error, self._slope
        np.matmul(self._W0, self._x_T, out=self._z)
        self._activate()
        self._find_slopes()
        W1 = self._W1 / n
        np.matmul(W1, self._a, out=error)
        np.subtract(error, self._y, error)
        loss: Float64 = np.einsum("kos,kos->k", error, error) / (samples * outputs)
        np.multiply(error, 2.0 / (samples * outputs), error)  # ∂C/∂out
        gradient1 = np.matmul(error, self._a.transpose(0, 2, 1)) / n
        np.matmul(W1.transpose(0, 2, 1), error, out=self._z)
        np.multiply(slope, self._z, slope)  # δ of the hidden layer
        self._W0 -= self._rates0 * np.matmul(slope, self._x)
        self._W1 -= self._rates1 * gradient1
        return loss

    def _keep(self, kept: NDArray[np.bool_]) -> None:
        """Go on with some of the nets: once a loss is NaN, all later ones are."""
        if kept.all():
            return
        self._each, self._rates0, self._rates1 = self._each[kept], self._rates0[kept], self._rates1[kept]
        self._W0, self._W1 = self._W0[kept], self._W1[kept]
        self._bind()


def _functions(name: str, z: Array, a: Array, slope: Array) -> tuple[Call, Call]:
    """Return calls that write f(z) into `a`, and after that f′(z) into `slope`."""
    if name == "tanh":  # 1 − a² takes a ninth of the time that 1 / cosh² does, and is short of digits only near 0
        return lambda: np.tanh(z, a), _one_minus_square(a, slope)
    function = ACTIVATIONS[name]
    return function.bind_before_slope(z, a, slope), function.bind_slope_after(z, a, slope)


def _one_minus_square(a: Array, slope: Array) -> Callable[[], object]:
    def call() -> None:
        np.multiply(a, a, slope)
        np.subtract(1.0, slope, slope)

    return call
