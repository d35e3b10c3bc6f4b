"""What theory expects of the error signal at initialization: mean-field propagation through wide layers.

With independent weights of mean 0 and variance v, a wide layer's weighted inputs are Gaussian, with mean square
q = v Σ⟨a²⟩ + (variance of b) over the layer below; the errors of layer l follow from those above by

    ⟨δ²⟩ = ⟨f′(√q x)²⟩ · n v · ⟨δ²⟩ above,    x ~ N(0, 1), n and v of the layer above,

so that a layer passes on a share √(n v ⟨f′²⟩) of the error's size (Glorot & Bengio 2010; Poole et al. 2016; Schoenholz
et al. 2017). A skip adds what it hands on: in squares, for its parts are independent. Glorot's and He's variances are
chosen to bring the share near 1; a sigmoid's slope of at most 1/4 spoils it. The means over x are taken by quadrature,
in pieces: where weights are large, a slope is a peak so narrow that Gauss–Hermite nodes would miss it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..nets.activations import Activation, Array
from ..nets.initializers import INITIALIZERS, Initializer
from ..nets.network import Network

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)
#: Beyond so many standard deviations nothing counts.
_FAR = 9.0
#: Activation functions bend between these.
_BENDS = (-8.0, -3.0, 0.0, 3.0, 8.0)


@dataclass(frozen=True, slots=True, eq=False)
class Expectation:
    """What theory expects of every hidden layer; NaN where it has no answer.

    Attributes
    ----------
    spread : array (H,)
        Root mean square of what the activation is taken of.
    factors : array (H,)
        By what the root mean square of δ grows on its way from the layer above.
    """

    spread: NDArray[np.float64]
    factors: NDArray[np.float64]

    @property
    def factor(self) -> float:
        """The geometric mean over the hidden layers below the last: what their fitted factor is compared with."""
        between = self.factors[:-1] if len(self.factors) > 1 else self.factors
        if not len(between) or np.isnan(between).any():
            return math.nan
        return float(np.exp(np.log(between).mean())) if (between > 0).all() else 0.0


def moments(function: Activation, q: float) -> tuple[float, float, float]:
    """Return ⟨f(z)⟩, ⟨f(z)²⟩ and ⟨f′(z)²⟩ over Gaussian z of mean 0.

    Parameters
    ----------
    function : Activation
        The f.
    q : float
        Variance of z.
    """
    deviation = math.sqrt(q)
    bends = np.array([*_BENDS, *function.kinks]) / deviation if q else np.zeros(1)
    ends = np.unique(np.clip([-_FAR, *bends, _FAR], -_FAR, _FAR))
    half, middle = np.diff(ends)[:, None] / 2, (ends[:-1] + ends[1:])[:, None] / 2
    x = (middle + half * _NODES).ravel()
    weights = (half * _WEIGHTS).ravel() * np.exp(-x * x / 2)
    weights /= weights.sum()
    value, slope = function.apply(deviation * x), function.slope(deviation * x)
    return float(weights @ value), float(weights @ value**2), float(weights @ slope**2)


def expect(network: Network, initializer: str, square: float, scale: float | None = None) -> Expectation:
    """Return what theory expects of a network's hidden layers at the start.

    Batch normalization couples the samples: from the first layer that has it on there is no answer. Layer
    normalization makes q equal to 1, and divides the error by what it divided z by. Dropout is left out.

    Parameters
    ----------
    network : Network
        The shape.
    initializer : str
        A name in `INITIALIZERS`.
    square : float
        Mean over the samples of Σ x², the inputs' squares.
    scale : float, optional
        The initializer's; its own default if None.
    """
    record = INITIALIZERS[initializer]
    layers = len(network.blocks)
    spread, factors = np.full(layers - 1, math.nan), np.full(layers - 1, math.nan)
    if record.variance is None:
        return Expectation(spread, factors)
    scale = record.scale if scale is None else scale
    variances = [record.variance(n_in, n_out) * scale**2 for n_in, n_out in _shapes(network)]
    slopes = _forward(network, record, variances, square, spread)
    for layer in range(layers - 1):
        through = network.sizes[layer + 2] * variances[layer + 1]
        if layer + 1 < layers - 1 and network.residual[layer + 1] and slopes[layer + 1]:
            through += 1 / slopes[layer + 1]
        factors[layer] = math.sqrt(slopes[layer] * through)
    return Expectation(spread, factors)


def _forward(
    network: Network, record: Initializer, variances: list[float], square: float, spread: NDArray[np.float64]
) -> list[float]:
    """Write the spread of every hidden layer, and return ⟨δ²⟩ / ⟨(∂C/∂a)²⟩ there; NaN from batch normalization on."""
    slopes = [math.nan] * len(network.normalization)
    mean = activity = 0.0  # of what the layer before passes on
    for layer, kind in enumerate(network.normalization):
        bias = 0.0 if record.bias_variance is None or not network.bias else record.bias_variance(network.sizes[layer])
        q = variances[layer] * square + bias
        if kind == "batch" or not math.isfinite(q):
            break
        u = 1.0 if kind == "layer" else q
        spread[layer] = math.sqrt(u)
        value, passed, slope = moments(network.functions[layer], u)
        slopes[layer] = slope / q if kind == "layer" and q > 0 else slope
        if network.residual[layer]:
            passed += 2 * value * mean + activity
            value += mean
        mean, activity = value, passed
        square = network.sizes[layer + 1] * activity
    return slopes


def _shapes(network: Network) -> list[tuple[int, int]]:
    return list(zip(network.sizes[:-1], network.sizes[1:], strict=True))


def fitted_factor(delta: Array) -> float:
    """Return by what the error grows per layer on its way back, from a straight line through log ‖δ‖ of hidden layers.

    Parameters
    ----------
    delta : array (L,)
        Root mean square of δ in every layer after the input. The output's does not count, nor what is 0.

    Returns
    -------
    float
        NaN where fewer than three hidden layers carry any error.
    """
    sizes = np.asarray(delta, np.float64)[:-1]
    carrying = np.isfinite(sizes) & (sizes > 0)
    if np.count_nonzero(carrying) < 3:
        return math.nan
    slope = np.polyfit(np.flatnonzero(carrying), np.log(sizes[carrying]), 1)[0]
    return float(np.exp(-slope))
