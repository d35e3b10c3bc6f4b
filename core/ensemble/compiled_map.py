"""The training of trainability maps as one loop, to be turned into machine code.

Loaded when machine code is wanted: see `compiled`.
"""

from __future__ import annotations

import numpy as np

from ..ground.machine_code import machine_code
from .pixels import Float64

_MATRIX, _VECTOR = "float64[:, ::1]", "float64[::1]"
_SIGNATURE = f"void({4 * f'{_MATRIX}, '}{3 * f'{_VECTOR}, '}int64, {_MATRIX})"


# What makes arrays is marked so, and so is what goes into it: otherwise it takes 2 to 9 % longer.
@machine_code(sums=True, inline=True, arrays=True)
def _tanh(z: float) -> float:
    """Return tanh(z) to 15 decimal places of its own size, without a branch: loops over it run in parallel lanes.

    Of y = z / 32 by Lambert's continued fraction, as p / q, and then five times tanh 2y = 2pq / (p² + q²).
    """
    y = 20.0 if z > 20.0 else (-20.0 if z < -20.0 else z)  # NaN stays
    y = y * 0.03125
    s = y * y
    p = y * (1.0 + s * (5.0 / 39.0 + s * (2.0 / 715.0 + s / 135135.0)))
    q = 1.0 + s * (6.0 / 13.0 + s * (10.0 / 429.0 + s * (4.0 / 19305.0)))
    p, q = 2.0 * p * q, p * p + q * q
    p, q = 2.0 * p * q, p * p + q * q
    p, q = 2.0 * p * q, p * p + q * q
    p, q = 2.0 * p * q, p * p + q * q
    return 2.0 * p * q / (p * p + q * q)


@machine_code(sums=True, inline=True, arrays=True)
def _forward(
    w0: Float64, w1: Float64, x: Float64, y: Float64, kind: int, a: Float64, error: Float64
) -> float:  # fmt: skip
    """Write the activations (n, samples) and the errors (n_out, samples), and return the sum of the errors' squares."""
    n, n_in = w0.shape
    n_out, samples = error.shape
    for o in range(n_out):
        for s in range(samples):
            error[o, s] = -y[o, s]
    fours = n_in - n_in % 4  # of four inputs at a time, a sample's sum is read and written once
    for j in range(n):
        for s in range(samples):
            a[j, s] = 0.0
        for i in range(0, fours, 4):
            u0, u1, u2, u3 = w0[j, i], w0[j, i + 1], w0[j, i + 2], w0[j, i + 3]
            for s in range(samples):
                a[j, s] += u0 * x[i, s] + u1 * x[i + 1, s] + u2 * x[i + 2, s] + u3 * x[i + 3, s]
        for i in range(fours, n_in):
            w = w0[j, i]
            for s in range(samples):
                a[j, s] += w * x[i, s]
        if kind == 1:
            for s in range(samples):
                z = a[j, s]
                a[j, s] = 0.0 if z < 0.0 else z  # NaN stays
        elif kind == 2:
            for s in range(samples):
                a[j, s] = _tanh(a[j, s])
        for o in range(n_out):
            w = w1[o, j] / n
            for s in range(samples):
                error[o, s] += w * a[j, s]
    loss = 0.0
    for o in range(n_out):
        for s in range(samples):
            loss += error[o, s] * error[o, s]
    return loss


@machine_code(sums=True, inline=True, arrays=True)
def _backward(
    w0: Float64, w1: Float64, x: Float64, kind: int, rate0: float, rate1: float,
    a: Float64, error: Float64, delta: Float64,
) -> None:  # fmt: skip
    """Take a step from what `_forward` wrote; the errors and `delta` (samples,) are worked in."""
    n, n_in = w0.shape
    n_out, samples = error.shape
    share = 2.0 / (samples * n_out)
    fours = n_in - n_in % 4
    for o in range(n_out):
        for s in range(samples):
            error[o, s] *= share
    for j in range(n):
        for s in range(samples):
            delta[s] = 0.0
        for o in range(n_out):
            w = w1[o, j] / n
            slope = 0.0
            for s in range(samples):
                delta[s] += w * error[o, s]
                slope += error[o, s] * a[j, s]
            w1[o, j] -= rate1 * (slope / n)
        if kind == 1:
            for s in range(samples):
                delta[s] *= 1.0 if a[j, s] > 0.0 else 0.0
        elif kind == 2:
            for s in range(samples):
                delta[s] *= 1.0 - a[j, s] * a[j, s]
        for i in range(0, fours, 4):
            g0 = g1 = g2 = g3 = 0.0
            for s in range(samples):
                g0 += delta[s] * x[i, s]
                g1 += delta[s] * x[i + 1, s]
                g2 += delta[s] * x[i + 2, s]
                g3 += delta[s] * x[i + 3, s]
            w0[j, i] -= rate0 * g0
            w0[j, i + 1] -= rate0 * g1
            w0[j, i + 2] -= rate0 * g2
            w0[j, i + 3] -= rate0 * g3
        for i in range(fours, n_in):
            slope = 0.0
            for s in range(samples):
                slope += delta[s] * x[i, s]
            w0[j, i] -= rate0 * slope


@machine_code(_SIGNATURE, sums=True, arrays=True)
def train_all(
    W0: Float64, W1: Float64, x: Float64, y: Float64, rates0: Float64, rates1: Float64, scales: Float64,
    kind: int, losses: Float64,
) -> None:  # fmt: skip
    """Train one net after the other; W0 (n, n_in), W1 (n_out, n), x (n_in, samples), y (n_out, samples)."""
    n, n_in = W0.shape
    n_out, samples = y.shape
    a, delta, error = np.empty((n, samples)), np.empty(samples), np.empty((n_out, samples))
    w0, w1 = np.empty((n, n_in)), np.empty((n_out, n))
    for p in range(len(rates0)):
        for j in range(n):
            for i in range(n_in):
                w0[j, i] = scales[p] * W0[j, i]
            for o in range(n_out):
                w1[o, j] = scales[p] * W1[o, j]
        for t in range(losses.shape[1]):
            loss = _forward(w0, w1, x, y, kind, a, error)
            losses[p, t] = loss / (samples * n_out)
            if np.isnan(loss):
                break
            _backward(w0, w1, x, kind, rates0[p], rates1[p], a, error, delta)
