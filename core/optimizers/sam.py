"""Sharpness-aware minimization: the gradient is taken again at the worst point near by, and the step follows that."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from ..ground.hyperparameters import Hyperparameter
from ..nets.activations import Array
from .formula import Line, known, term
from .optimizer import Matrices, Optimizer, UsualRate

#: The least that ‖g‖ is taken for, so that no gradient leads nowhere.
_LEAST = 1e-12


class SAM(Optimizer):
    """SAM (Foret et al. 2021, "Sharpness-Aware Minimization for Efficiently Improving Generalization", Algorithm 1).

    ε̂ = ρ g / ‖g‖ leads to where the loss of the batch is highest within a distance of ρ, to first order (equation 2);
    the step is −η times the gradient of the same batch there. A step costs two passes.
    """

    name = "sam"
    hyperparameters = (Hyperparameter("radius", 0.05, 0.0, 10.0),)
    asks = True
    told = ("norm", "there")
    told_source = MappingProxyType(
        {"norm": (f"max(np.linalg.norm(g), {_LEAST})", ""), "there": ("gradient_at(w + climb)", "")},
    )
    usual = UsualRate("slope", 0.1)
    symbols = MappingProxyType({"radius": "ρ", "norm": "‖g‖", "climb": "^ε", "there": "g_w+^ε"})
    radius: float
    norm: Array
    there: Array

    def lines(self) -> tuple[Line, ...]:
        return (
            known("norm", "norm"),
            term("climb", "radius * g / norm", gradient=True),
            known("there", "there", gradient=True),
            term("step", "-eta * there", gradient=True),
        )

    def start(self, theta: Array, matrices: Matrices | None = None) -> None:
        super().start(theta, matrices)
        self._size = np.empty((*theta.shape[:-1], 1), theta.dtype)

    def _rule(self, theta: Array, gradient: Array) -> None:
        size, point = self._size, self._work
        np.multiply(gradient, gradient, point)
        np.sum(point, axis=-1, keepdims=True, out=size)
        np.sqrt(size, size)
        np.maximum(size, _LEAST, out=size)
        np.copyto(self.norm, size)
        np.divide(self.radius, size, size)
        np.multiply(gradient, size, point)
        np.add(theta, point, point)
        np.copyto(self.there, self.gradient_at(point))
        np.multiply(self.there, self._minus_rate, self.update)
