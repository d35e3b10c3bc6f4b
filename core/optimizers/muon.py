"""Muon: momentum whose matrices are made orthogonal, so that a step moves all directions of a layer equally far."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from ..ground.hyperparameters import Hyperparameter
from ..nets.activations import Array
from .formula import Line, known, memory, term
from .optimizer import Optimizer, UsualRate

#: Of the quintic iteration X ← aX + b(XXᵀ)X + c(XXᵀ)²X, whose slope at 0 is steep, and how often it is taken.
NEWTON_SCHULZ, ITERATIONS = (3.4445, -4.7750, 2.0315), 5
#: Beside the norm that a matrix is divided by first.
_EPSILON = 1e-7

_SOURCE = f'''
def orthogonal(u):
    """u with each matrix made nearly orthogonal: its singular values pushed towards 1 by a quintic iteration."""
    out = np.zeros_like(u)
    for start, rows, cols in matrices:
        X = u[start : start + rows * cols].reshape(rows, cols)
        X = X.T if rows > cols else X
        X = X / (np.sqrt(np.sum(X * X)) + {_EPSILON})
        for _ in range({ITERATIONS}):
            A = X @ X.T
            X = {NEWTON_SCHULZ[0]} * X + ({NEWTON_SCHULZ[1]} * A + {NEWTON_SCHULZ[2]} * (A @ A)) @ X
        X = math.sqrt(max(1, cols / rows)) * X
        out[start : start + rows * cols] = (X.T if rows > cols else X).reshape(-1)
    return out
'''.strip()


class Muon(Optimizer):
    """Muon (Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks").

    v ← μv + g, u = g + μv (Nesterov's form), step −η O, where O is u with the matrix W (n_in, n_out) of each layer made
    nearly orthogonal by five Newton-Schulz iterations, times √max(1, n_out / n_in). Biases and scales, which the paper
    leaves to another rule, are matrices of one row here: of such, the iteration keeps the direction alone.
    """

    name = "muon"
    hyperparameters = (Hyperparameter("momentum", 0.95, 0.0, 1.0),)
    memory = ("v",)
    told = ("o",)
    told_source = MappingProxyType({"o": ("orthogonal(u)", _SOURCE)})
    usual = UsualRate("rate", 0.02)
    symbols = MappingProxyType({"o": "O"})
    momentum_part = "u"
    momentum: float
    v: Array
    o: Array

    def lines(self) -> tuple[Line, ...]:
        return (
            memory("v", "momentum * v + g", gradient=True),
            term("u", "g + momentum * v", gradient=True),
            known("o", "o", gradient=True),
            term("step", "-eta * o", gradient=True),
        )

    def _prepare(self) -> None:
        self._prepare_rate()
        self._momentum = self._scalar(self.momentum)

    def _rule(self, theta: Array, gradient: Array) -> None:
        v, work = self.v, self._work
        np.multiply(v, self._momentum, v)
        np.add(v, gradient, v)
        np.multiply(v, self._momentum, work)
        np.add(work, gradient, work)
        for start, rows, cols in self.matrices:
            piece = slice(start, start + rows * cols)
            matrix = work[..., piece].reshape(*work.shape[:-1], rows, cols)
            self.o[..., piece] = _orthogonal(matrix).reshape(*work.shape[:-1], -1)
        np.multiply(self.o, self._minus_rate, self.update)


def _orthogonal(matrix: Array) -> Array:
    """Return a matrix (…, rows, cols) with its singular values pushed towards √max(1, cols / rows)."""
    rows, cols = matrix.shape[-2:]
    tall = rows > cols
    X = matrix.swapaxes(-1, -2) if tall else matrix
    X = X / (np.sqrt(np.sum(X * X, axis=(-1, -2), keepdims=True)) + _EPSILON)
    a, b, c = NEWTON_SCHULZ
    for _ in range(ITERATIONS):
        A = X @ X.swapaxes(-1, -2)
        X = a * X + (b * A + c * (A @ A)) @ X
    X = max(1.0, cols / rows) ** 0.5 * X
    return np.asarray(X.swapaxes(-1, -2) if tall else X)
