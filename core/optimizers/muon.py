"""Muon: momentum whose matrices are made orthogonal, so that a step moves all directions of a layer equally far."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from ..ground.hyperparameters import Hyperparameter
from ..nets.activations import Array
from .formula import Line, known, memory, term
from .optimizer import Matrices, Optimizer, UsualRate

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

    def start(self, theta: Array, matrices: Matrices | None = None) -> None:
        super().start(theta, matrices)
        self._orthogonalize = []
        for start, rows, cols in self.matrices:
            u, o = (
                vector[..., start : start + rows * cols].reshape(*theta.shape[:-1], rows, cols)
                for vector in (self._work, self.o)
            )
            self._orthogonalize.append(_Orthogonal(u, o))

    def _prepare(self) -> None:
        self._prepare_rate()
        self._momentum = self._scalar(self.momentum)

    def _rule(self, theta: Array, gradient: Array) -> None:
        v, u = self.v, self._work
        np.multiply(v, self._momentum, v)
        np.add(v, gradient, v)
        np.multiply(v, self._momentum, u)
        np.add(u, gradient, u)
        for orthogonalize in self._orthogonalize:
            orthogonalize()
        np.multiply(self.o, self._minus_rate, self.update)


class _Orthogonal:
    """Writes a matrix `u` (…, rows, cols) into `o` with its singular values pushed towards √max(1, cols / rows)."""

    def __init__(self, u: Array, o: Array) -> None:
        rows, cols = u.shape[-2:]
        self._stretch = max(1.0, cols / rows) ** 0.5
        if rows > cols:  # the products of the shorter side's vectors are fewer
            u, o = u.swapaxes(-1, -2), o.swapaxes(-1, -2)
        self._u, self._o = u, o
        self._X, self._work = np.empty_like(u, order="C"), np.empty_like(u, order="C")
        self._A, self._B = (np.empty((*u.shape[:-1], u.shape[-2]), u.dtype) for _ in range(2))
        self._size = np.empty((*u.shape[:-2], 1, 1), u.dtype)

    def __call__(self) -> None:
        X, A, B, work, size = self._X, self._A, self._B, self._work, self._size
        np.multiply(self._u, self._u, work)
        np.sum(work, axis=(-1, -2), keepdims=True, out=size)
        np.sqrt(size, size)
        np.add(size, _EPSILON, size)
        np.divide(self._u, size, X)
        a, b, c = NEWTON_SCHULZ
        for _ in range(ITERATIONS):
            np.matmul(X, X.swapaxes(-1, -2), out=A)
            np.matmul(A, A, out=B)
            np.multiply(B, c, B)
            np.multiply(A, b, A)
            np.add(A, B, A)
            np.matmul(A, X, out=work)
            np.multiply(X, a, X)
            np.add(X, work, X)
        np.multiply(X, self._stretch, self._o)
