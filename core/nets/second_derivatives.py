"""Second derivatives f″(z) of the activations: what an exact product with the Hessian of the loss is made of.

They are asked for far less often than slopes, so they return new arrays. No exponential overflows, for each is taken of
−|z|. At a kink, where there is no f″, it is 0.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def flat(z: Array) -> Array:
    """Return 0 everywhere: f is made of straight lines."""
    return np.zeros_like(z)


def sigmoid(z: Array) -> Array:
    """Return σ′(z) (1 − 2σ(z)), where 1 − 2σ = −tanh(z/2)."""
    return np.asarray(_sigmoid_slope(z) * -np.tanh(0.5 * z))


def tanh(z: Array) -> Array:
    """Return −2a times the slope, a the value: the slope is 4σ′(2z)."""
    return np.asarray(-2.0 * np.tanh(z) * 4.0 * _sigmoid_slope(2.0 * np.clip(z, -400, 400)))


def elu(z: Array) -> Array:
    """Return exp(z) where z < 0."""
    return np.where(z < 0, np.exp(np.minimum(z, 0)), 0).astype(z.dtype)


def selu(z: Array) -> Array:
    """Return λα exp(z) where z < 0."""
    return np.asarray(elu(z) * (1.6732632423543772 * 1.0507009873554805))


def gelu(z: Array) -> Array:
    """Return φ(z) (2 − z²), φ the normal density."""
    near = np.clip(z, -40, 40)  # beyond it φ is 0
    return np.asarray(np.exp(-0.5 * near * near) / math.sqrt(2 * math.pi) * (2.0 - near * near))


def silu(z: Array) -> Array:
    """Return σ′(z) (2 − z tanh(z/2))."""
    near = np.clip(z, -800, 800)
    return np.asarray(_sigmoid_slope(near) * (2.0 - near * np.tanh(0.5 * near)))


def softplus(z: Array) -> Array:
    """Return σ′(z)."""
    return _sigmoid_slope(z)


def softsign(z: Array) -> Array:
    """Return −2 sign(z) / (1 + |z|)³."""
    inverse = 1.0 / (1.0 + np.abs(z))
    return np.asarray(-2.0 * np.sign(z) * inverse * inverse * inverse)


def mish(z: Array) -> Array:
    """Return 2t′ + z t″ with t = tanh(s), s = ln(1 + exp(z)): t′ = (1 − t²) σ, t″ = (1 − t²) (σ′ − 2tσ²)."""
    near = np.clip(z, -800, 40)
    e = np.exp(near)
    d = e * e + 2.0 * e + 2.0
    t, rest, s = (d - 2.0) / d, 4.0 * (1.0 + e) ** 2 / (d * d), e / (1.0 + e)
    return np.asarray(rest * (2.0 * s + near * (_sigmoid_slope(near) - 2.0 * t * s * s)))


def _sigmoid_slope(z: Array) -> Array:
    """Return σ′(z) = e / (1 + e)² with e = exp(−|z|)."""
    e = np.exp(-np.abs(z))
    return np.asarray(e / ((1.0 + e) * (1.0 + e)))
