"""How weights start: draws with a spread that keeps signals alive through the layers.

With independent weights of variance v, a layer of n_in inputs multiplies the variance of its signal by n_in·v going
forward, and by n_out·v going backward. Xavier (Glorot & Bengio 2010) compromises with v = 2 / (n_in + n_out); He
(He et al. 2015) takes v = 2 / n_in, because a ReLU passes half of the signal on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Draw = Callable[[np.random.Generator, int, int], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Initializer:
    """Draws one layer's weights.

    Attributes
    ----------
    name : str
        Its key in `INITIALIZERS`.
    weights : callable (rng, n_in, n_out) -> array (n_in, n_out)
        Column j holds the weights into neuron j. Biases start at 0.
    """

    name: str
    weights: Draw


def _uniform(limit: Callable[[int, int], float]) -> Draw:
    return lambda rng, n_in, n_out: rng.uniform(-limit(n_in, n_out), limit(n_in, n_out), (n_in, n_out))


def _normal(deviation: Callable[[int, int], float]) -> Draw:
    return lambda rng, n_in, n_out: rng.normal(0.0, deviation(n_in, n_out), (n_in, n_out))


#: name -> record; order is the order in which they are offered.
INITIALIZERS: Mapping[str, Initializer] = MappingProxyType(
    {
        entry.name: entry
        for entry in [
            Initializer("xavier_uniform", _uniform(lambda n_in, n_out: float(np.sqrt(6 / (n_in + n_out))))),
            Initializer("xavier_normal", _normal(lambda n_in, n_out: float(np.sqrt(2 / (n_in + n_out))))),
            Initializer("he_uniform", _uniform(lambda n_in, n_out: float(np.sqrt(6 / n_in)))),
            Initializer("he_normal", _normal(lambda n_in, n_out: float(np.sqrt(2 / n_in)))),
            Initializer("normal", _normal(lambda n_in, n_out: 1.0)),
        ]
    }
)
