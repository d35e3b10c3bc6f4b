"""Modes of deep linear nets: how strongly a net carries each direction of its task, and Saxe's closed form of it.

A net of linear layers is one linear map. Where the inputs are white, Σ xxᵀ/n = c·1, the map that it should become has
singular values s and directions u, v; the strength of a mode is a = uᵀ W₂W₁ v. From small weights whose directions are
those of the modes, gradient descent moves each strength for itself (Saxe, McClelland & Ganguli 2014, "Exact solutions
to the nonlinear dynamics of learning in deep linear neural networks"):

    a(t) = s e^(2st/τ) / (e^(2st/τ) − 1 + s/a₀),    t/τ = g c Σ η,

with g the slope of the loss by the error, 1 for ½ Σ (a − y)². Strong modes are learnt first, each after a plateau, in a
rise that is short beside it. A net without a hidden layer learns them all at once, s − (s − a₀) e^(−t/τ).
From weights of any directions, what grows of a mode at first is half the sum of its two halves, W₁v and W₂ᵀu; its
square takes the place of a₀.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..config.problem import Problem
from ..nets.activations import Array
from ..nets.network import Network

Flat = NDArray[np.float64]

#: Modes that are told of, at most: the strongest.
MOST_MODES = 8
#: Inputs count as white where no entry of Σ xxᵀ/n is farther from c·1, as a share of c.
_WHITE = 1e-6
#: Singular values below this share of the largest are none.
_NONE = 1e-9

#: Why a net has no modes: a layer that is not linear, another loss than the squared error, inputs that are not white.
Obstacle = Literal["bends", "loss", "inputs"]


def obstacle_of(problem: Problem) -> Obstacle | None:
    """Return what keeps a problem from having modes, or None."""
    net = problem.net
    if set(net.activations) != {"identity"} or any(net.normalization) or any(net.residual):
        return "bends"
    if problem.loss.name not in _SLOPES:
        return "loss"
    return None if _whiteness(problem.X) else "inputs"


#: By the loss, g of so many outputs.
_SLOPES: Mapping[str, Callable[[int], float]] = {
    "half_squared_error": lambda outputs: 1.0,
    "mse": lambda outputs: 2.0 / outputs,
}


def _whiteness(X: Array) -> float:
    """Return c where Σ xxᵀ/n = c·1, else 0."""
    square = X.T @ X / len(X)
    c = float(np.mean(np.diag(square)))
    return c if np.abs(square - c * np.eye(len(square))).max() <= _WHITE * c else 0.0


class LinearModes:
    """The modes of a task that a linear net learns.

    Parameters
    ----------
    problem : Problem
        One of which `obstacle_of` says None.

    Attributes
    ----------
    values : array (k,)
        Their singular values, the strongest first.
    """

    def __init__(self, problem: Problem) -> None:
        self._net = problem.net
        self._speed = _SLOPES[problem.loss.name](problem.y.shape[1]) * _whiteness(problem.X)
        wanted = problem.y.T @ problem.X / len(problem.X) / _whiteness(problem.X)
        left, values, right = np.linalg.svd(wanted, full_matrices=False)
        count = min(MOST_MODES, int(np.count_nonzero(values > _NONE * values[0])))
        self.values: Flat = values[:count]
        self._left, self._right = left[:, :count], right[:count]

    def strengths(self, theta: Array) -> Flat:
        """Return uᵀ W_L … W₁ v of each mode (k,) at parameters θ (P,)."""
        through = self._right
        for W in _weights(self._net, theta):
            through = through @ W
        found: Flat = np.einsum("ij,ji->i", through, self._left)
        return found

    @property
    def solved(self) -> bool:
        """Whether there is a closed form: for one hidden layer or none, without biases."""
        return len(self._net.blocks) <= 2 and not self._net.bias

    def closed_form(self, start: Array, time: Array) -> Flat:
        """Return what the strengths are in theory (m, k).

        Parameters
        ----------
        start : array (P,)
            Parameters at the start.
        time : array (m,)
            Σ η of the steps so far.
        """
        if not self.solved:
            words = "there is a closed form for one hidden layer or none, without biases"
            raise ValueError(f"{words}, got {self._net.sizes}")
        s, weights = self.values, _weights(self._net, start)
        elapsed = self._speed * np.asarray(time, np.float64)[:, None]
        if len(weights) == 1:
            straight: Flat = s - (s - self.strengths(start)) * np.exp(-elapsed)
            return straight
        grows = (self._right @ weights[0] + self._left.T @ weights[1].T) / 2
        first = np.sum(np.square(grows), axis=1)
        left = (s - first) * np.exp(-2 * s * elapsed)
        found: Flat = np.where(
            first > 0, s * first / np.where(first > 0, first + left, 1.0), 0.0
        )  # from 0 nothing grows
        return found


def _weights(net: Network, theta: Array) -> list[Flat]:
    """Return every layer's W (n_in, n_out)."""
    pairs = zip(net.blocks, net.sizes, strict=False)
    return [np.asarray(block.view(theta)[:n_in], np.float64) for block, n_in in pairs]
