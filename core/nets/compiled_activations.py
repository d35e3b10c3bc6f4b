"""Activations of one number at a time, value and slope together, to be turned into machine code.

They keep the digits that `activations` promises: slopes come from what is small. Their exponential has no branch and
calls nothing, so a loop over neurons is worked on in parallel lanes.
"""

from __future__ import annotations

import math

import numpy as np

from ..ground.machine_code import machine_code
from .activations import Array
from .elementwise import SELU_ALPHA, SELU_SCALE

Index = int | np.uint64

#: name -> number in `activate`.
KINDS = {
    "identity": 0, "sigmoid": 1, "tanh": 2, "relu": 3, "leaky_relu": 4, "elu": 5, "selu": 6, "gelu": 7, "silu": 8,
    "softplus": 9, "softsign": 10, "hard_sigmoid": 11, "mish": 12,
}  # fmt: skip

_LOG2_E = 1.4426950408889634
_LN2_HIGH, _LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10  # the first has so few bits that k times it is exact
_ROUND = 6755399441055744.0  # 1.5 · 2⁵²: added to a number, it leaves the nearest integer in the last bits
_ONE_BITS = 4607182418800017408  # of 1.0
_LEAST, _MOST = -708.0, 709.0
_LN2, _ROOT_2 = 0.6931471805599453, 1.4142135623730951
_ROOT_HALF, _ROOT_2_PI = 0.7071067811865476, 2.5066282746310002


@machine_code()
def exponential(x: float) -> tuple[float, float]:
    """Return exp(x) and exp(x) − 1, for x held between −708 and 709; NaN stays.

    x = k ln 2 + r: 2ᵏ is written into the exponent's bits, and exp(r) − 1 is Taylor's series, |r| ≤ 0.35.
    """
    x = -708.0 if x < _LEAST else x
    x = 709.0 if x > _MOST else x
    shifted = x * _LOG2_E + _ROUND
    k = shifted - _ROUND
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    p = 1 / 40320 + r * (1 / 362880 + r * (1 / 3628800 + r * (1 / 39916800 + r * (1 / 479001600))))
    p = 1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * p))))
    p = r + r * r * (0.5 + r * p)
    bits = (np.float64(shifted).view(np.int64) << 52) + _ONE_BITS
    power = np.int64(bits).view(np.float64)
    return power * p + power, power * p + (power - 1.0)


@machine_code()
def log_of_one_and(small: float) -> float:
    """Return ln(1 + small), for a number from 0 to 1, without a branch; NaN stays.

    It is 2 artanh s by Taylor's series, with s = small / (2 + small); above √2 − 1 that of (1 + small) / 2 and ln 2.
    """
    large = small > _ROOT_2 - 1.0
    s = (small - 1.0 if large else small) / (small + (3.0 if large else 2.0))
    q = s * s
    p = 1 / 13 + q * (1 / 15 + q * (1 / 17 + q * (1 / 19 + q * (1 / 21))))
    p = 1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q * p))))
    return (_LN2 if large else 0.0) + 2.0 * (s + s * q * p)


@machine_code()
def _identity(z: float) -> tuple[float, float]:
    return z, 1.0


@machine_code()
def _sigmoid(z: float) -> tuple[float, float]:
    small, _ = exponential(-abs(z))
    share = 1.0 / (1.0 + small)
    return (share if z > 0.0 else small * share), small * share * share


@machine_code()
def _tanh(z: float) -> tuple[float, float]:
    small, less = exponential(-2.0 * abs(z))
    share = 1.0 / (2.0 + less)
    return math.copysign(less * share, z), 4.0 * small * share * share


@machine_code()
def _relu(z: float) -> tuple[float, float]:
    return (0.0 if z < 0.0 else z), (1.0 if z > 0.0 else 0.0)


@machine_code()
def leaky_relu(z: float, slope: float) -> tuple[float, float]:
    return (slope * z if z < 0.0 else z), (1.0 if z > 0.0 else slope)


@machine_code()
def _elu(z: float) -> tuple[float, float]:
    whole, less = exponential(0.0 if z > 0.0 else z)
    return (z if z > 0.0 else less), (1.0 if z > 0.0 else whole)


@machine_code()
def _selu(z: float) -> tuple[float, float]:
    whole, less = exponential(0.0 if z > 0.0 else z)
    a = z if z > 0.0 else SELU_ALPHA * less
    return SELU_SCALE * a, SELU_SCALE * (1.0 if z > 0.0 else SELU_ALPHA * whole)


@machine_code()
def _gelu(z: float) -> tuple[float, float]:
    below = 0.5 * math.erfc(-z * _ROOT_HALF)
    density, _ = exponential(-0.5 * z * z)
    return z * below, below + z * density / _ROOT_2_PI


@machine_code()
def _silu(z: float) -> tuple[float, float]:
    small, _ = exponential(-abs(z))
    share = 1.0 / (1.0 + small)
    low = small * share
    a = z * (share if z > 0.0 else low)
    rest = low if z > 0.0 else share
    return a, (share if z > 0.0 else low) + a * rest


@machine_code()
def _softplus(z: float) -> tuple[float, float]:
    small, _ = exponential(-abs(z))
    share = 1.0 / (1.0 + small)
    return (0.0 if z < 0.0 else z) + log_of_one_and(small), (share if z > 0.0 else small * share)


@machine_code()
def _softsign(z: float) -> tuple[float, float]:
    share = 1.0 / (1.0 + abs(z))
    return z * share, share * share


@machine_code()
def _hard_sigmoid(z: float) -> tuple[float, float]:
    a = (z + 3.0) * (1 / 6)
    a = 0.0 if a < 0.0 else a
    a = 1.0 if a > 1.0 else a
    return a, (1 / 6 if 0.0 < a < 1.0 else 0.0)


@machine_code()
def _mish(z: float) -> tuple[float, float]:
    e, _ = exponential(40.0 if z > 40.0 else z)
    n = e * (e + 2.0)
    share = 1.0 / (n + 2.0)
    return z * n * share, (n + 4.0 * z * e * (1.0 + e) * share) * share


@machine_code(inline=True)
def activate(kind: int, leaky: float, Z: Array, A: Array, F: Array, first: Index, end: Index) -> None:
    """Write f(z) and f′(z) of a part of Z into the same part of A and F.

    Parameters
    ----------
    kind : int
        Of `KINDS`.
    leaky : float
        Slope of leaky ReLU below zero.
    Z, A, F : array (n,)
        Buffers of an arena.
    first, end : int
        Which part. Unsigned ones (`compiled_pass.at_`) are never counted from the end of: only then numbers that lie
        side by side are read and written together.
    """
    if kind == 0:
        for i in range(first, end):
            A[i], F[i] = _identity(Z[i])
    elif kind == 1:
        for i in range(first, end):
            A[i], F[i] = _sigmoid(Z[i])
    elif kind == 2:
        for i in range(first, end):
            A[i], F[i] = _tanh(Z[i])
    elif kind == 3:
        for i in range(first, end):
            A[i], F[i] = _relu(Z[i])
    elif kind == 4:
        for i in range(first, end):
            A[i], F[i] = leaky_relu(Z[i], leaky)
    elif kind == 5:
        for i in range(first, end):
            A[i], F[i] = _elu(Z[i])
    elif kind == 6:
        for i in range(first, end):
            A[i], F[i] = _selu(Z[i])
    else:
        _activate_more(kind, Z, A, F, first, end)


@machine_code()
def _activate_more(kind: int, Z: Array, A: Array, F: Array, first: Index, end: Index) -> None:
    if kind == 7:
        for i in range(first, end):
            A[i], F[i] = _gelu(Z[i])
    elif kind == 8:
        for i in range(first, end):
            A[i], F[i] = _silu(Z[i])
    elif kind == 9:
        for i in range(first, end):
            A[i], F[i] = _softplus(Z[i])
    elif kind == 10:
        for i in range(first, end):
            A[i], F[i] = _softsign(Z[i])
    elif kind == 11:
        for i in range(first, end):
            A[i], F[i] = _hard_sigmoid(Z[i])
    else:
        for i in range(first, end):
            A[i], F[i] = _mish(Z[i])
