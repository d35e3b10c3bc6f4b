"""How parameters start: draws with a spread that keeps signals alive through the layers.

With independent weights of variance v, a layer of n_in inputs multiplies the variance of its signal by n_in·v going
forward, and by n_out·v going backward. LeCun (LeCun et al. 1998) takes v = 1 / n_in; Xavier (Glorot & Bengio 2010)
compromises with v = 2 / (n_in + n_out); He (He et al. 2015) takes v = 2 / n_in, because a ReLU passes half of the
signal on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Draw = Callable[[np.random.Generator, int, int, float], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Initializer:
    """Draws one layer's parameters.

    Attributes
    ----------
    name : str
        Its key in `INITIALIZERS`.
    weights : callable (rng, n_in, n_out, scale) -> array (n_in, n_out)
        Column j holds the weights into neuron j.
    scale : float
        The default of what the weights are multiplied with: the gain of Xavier, He, LeCun and orthogonal; half the
        width of `uniform`; the standard deviation of `normal`; the value of `constant`.
    biases : callable (rng, n_in, n_out) -> array (n_out,), optional
        None: they start at 0.
    variance : callable (n_in, n_out) -> float, optional
        Of one weight, with a scale of 1; None where weights are not drawn around 0.
    bias_variance : callable (n_in) -> float, optional
        Of one bias; None where they start at 0.
    """

    name: str
    weights: Draw
    scale: float = 1.0
    biases: Callable[[np.random.Generator, int, int], NDArray[np.float64]] | None = None
    variance: Callable[[int, int], float] | None = None
    bias_variance: Callable[[int], float] | None = None


#: Gains that keep the variance of a signal through an activation, as PyTorch recommends them.
GAINS: Mapping[str, float] = MappingProxyType(
    {
        "identity": 1.0,
        "sigmoid": 1.0,
        "tanh": 5 / 3,
        "relu": math.sqrt(2),
        "leaky_relu": math.sqrt(2 / (1 + 0.01**2)),
        "selu": 3 / 4,
    }
)


def _uniform(limit: Callable[[int, int], float]) -> Draw:
    def draw(rng: np.random.Generator, n_in: int, n_out: int, scale: float) -> NDArray[np.float64]:
        high = scale * limit(n_in, n_out)
        return rng.uniform(-high, high, (n_in, n_out))

    return draw


def _normal(deviation: Callable[[int, int], float]) -> Draw:
    def draw(rng: np.random.Generator, n_in: int, n_out: int, scale: float) -> NDArray[np.float64]:
        return rng.normal(0.0, scale * deviation(n_in, n_out), (n_in, n_out))

    return draw


def _constant(value: float) -> Draw:
    return lambda rng, n_in, n_out, scale: np.full((n_in, n_out), scale * value)


def _orthogonal(rng: np.random.Generator, n_in: int, n_out: int, scale: float) -> NDArray[np.float64]:
    """Return a matrix whose columns, or rows if they are fewer, are orthonormal (Saxe et al. 2014)."""
    tall = rng.normal(size=(max(n_in, n_out), min(n_in, n_out)))
    q, r = np.linalg.qr(tall)
    q *= np.sign(np.diag(r))  # else the decomposition, not the draw, would choose the signs
    return scale * (q if n_in >= n_out else q.T)


def _glorot(n_in: int, n_out: int) -> float:
    return 2 / (n_in + n_out)


def _he(n_in: int, n_out: int) -> float:
    return 2 / n_in


def _lecun(n_in: int, n_out: int) -> float:
    return 1 / n_in


#: name -> record; order is the order in which they are offered.
INITIALIZERS: Mapping[str, Initializer] = MappingProxyType(
    {
        entry.name: entry
        for entry in [
            Initializer(
                "xavier_uniform", _uniform(lambda n_in, n_out: math.sqrt(6 / (n_in + n_out))), variance=_glorot
            ),
            Initializer("xavier_normal", _normal(lambda n_in, n_out: math.sqrt(2 / (n_in + n_out))), variance=_glorot),
            Initializer("he_uniform", _uniform(lambda n_in, n_out: math.sqrt(6 / n_in)), variance=_he),
            Initializer("he_normal", _normal(lambda n_in, n_out: math.sqrt(2 / n_in)), variance=_he),
            Initializer("lecun_uniform", _uniform(lambda n_in, n_out: math.sqrt(3 / n_in)), variance=_lecun),
            Initializer("lecun_normal", _normal(lambda n_in, n_out: math.sqrt(1 / n_in)), variance=_lecun),
            Initializer("orthogonal", _orthogonal, variance=lambda n_in, n_out: 1 / max(n_in, n_out)),
            Initializer("uniform", _uniform(lambda n_in, n_out: 1.0), scale=0.5, variance=lambda n_in, n_out: 1 / 3),
            Initializer("normal", _normal(lambda n_in, n_out: 1.0), variance=lambda n_in, n_out: 1.0),
            Initializer(
                "nielsen",  # Neural Networks and Deep Learning, chapter 3
                _normal(lambda n_in, n_out: math.sqrt(1 / n_in)),
                biases=lambda rng, n_in, n_out: rng.normal(size=n_out),
                variance=_lecun,
                bias_variance=lambda n_in: 1.0,
            ),
            Initializer(
                "pytorch",  # the default of nn.Linear
                _uniform(lambda n_in, n_out: math.sqrt(1 / n_in)),
                biases=lambda rng, n_in, n_out: rng.uniform(-(n_in**-0.5), n_in**-0.5, n_out),
                variance=lambda n_in, n_out: 1 / (3 * n_in),
                bias_variance=lambda n_in: 1 / (3 * n_in),
            ),
            Initializer("zeros", _constant(0.0), variance=lambda n_in, n_out: 0.0),
            Initializer("constant", _constant(1.0), scale=0.1),
        ]
    }
)
