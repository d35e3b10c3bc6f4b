"""Forward and backward pass of eight small nets of one shape side by side, to be turned into machine code.

Every number of a net lies beside the same number of the seven others: the first weight of all, then the second. So all
is done for eight neighbours alike, which the processor takes together, and no sum runs across them. Buffers are those
of `compiled_pass`, with eight numbers in the place of one.
"""

from __future__ import annotations

from ..ground.machine_code import machine_code
from .activations import Array
from .compiled_activations import activate, leaky_relu
from .compiled_pass import Table, at_, cross_entropy, log_losses, loss_of_one

#: How many nets are side by side.
NETS = 8

_LEAKY = 4


@machine_code()
def _sum(count: int, out: Array, o: int, left: Array, at: int, ahead: int, right: Array, r: int, apart: int) -> None:
    """Write Σ left · right of every net.

    Parameters
    ----------
    count : int
        Of how many products.
    out, left, right : array
        Where the three lie.
    o, at, r : int
        Where each begins.
    ahead, apart : int
        How far it is to the next factor on the left, and on the right.
    """
    c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = 0.0
    for _ in range(count):
        c0 += left[at_(at)] * right[at_(r)]
        c1 += left[at_(at + 1)] * right[at_(r + 1)]
        c2 += left[at_(at + 2)] * right[at_(r + 2)]
        c3 += left[at_(at + 3)] * right[at_(r + 3)]
        c4 += left[at_(at + 4)] * right[at_(r + 4)]
        c5 += left[at_(at + 5)] * right[at_(r + 5)]
        c6 += left[at_(at + 6)] * right[at_(r + 6)]
        c7 += left[at_(at + 7)] * right[at_(r + 7)]
        at += ahead
        r += apart
    out[at_(o)], out[at_(o + 1)], out[at_(o + 2)], out[at_(o + 3)] = c0, c1, c2, c3
    out[at_(o + 4)], out[at_(o + 5)], out[at_(o + 6)], out[at_(o + 7)] = c4, c5, c6, c7


@machine_code()
def _two_sums(
    count: int, out: Array, o: int, o_apart: int, left: Array, at: int, ahead: int, right: Array, r: int, apart: int,
    r_apart: int,
) -> None:  # fmt: skip
    """Write two sums with the same factors on the left: see `_sum`; the second is `…_apart` from the first."""
    c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = d0 = d1 = d2 = d3 = d4 = d5 = d6 = d7 = 0.0
    s = r + r_apart
    for _ in range(count):
        x0, x1, x2, x3 = left[at_(at)], left[at_(at + 1)], left[at_(at + 2)], left[at_(at + 3)]
        x4, x5, x6, x7 = left[at_(at + 4)], left[at_(at + 5)], left[at_(at + 6)], left[at_(at + 7)]
        c0 += x0 * right[at_(r)]
        c1 += x1 * right[at_(r + 1)]
        c2 += x2 * right[at_(r + 2)]
        c3 += x3 * right[at_(r + 3)]
        c4 += x4 * right[at_(r + 4)]
        c5 += x5 * right[at_(r + 5)]
        c6 += x6 * right[at_(r + 6)]
        c7 += x7 * right[at_(r + 7)]
        d0 += x0 * right[at_(s)]
        d1 += x1 * right[at_(s + 1)]
        d2 += x2 * right[at_(s + 2)]
        d3 += x3 * right[at_(s + 3)]
        d4 += x4 * right[at_(s + 4)]
        d5 += x5 * right[at_(s + 5)]
        d6 += x6 * right[at_(s + 6)]
        d7 += x7 * right[at_(s + 7)]
        at += ahead
        r += apart
        s += apart
    out[at_(o)], out[at_(o + 1)], out[at_(o + 2)], out[at_(o + 3)] = c0, c1, c2, c3
    out[at_(o + 4)], out[at_(o + 5)], out[at_(o + 6)], out[at_(o + 7)] = c4, c5, c6, c7
    p = o + o_apart
    out[at_(p)], out[at_(p + 1)], out[at_(p + 2)], out[at_(p + 3)] = d0, d1, d2, d3
    out[at_(p + 4)], out[at_(p + 5)], out[at_(p + 6)], out[at_(p + 7)] = d4, d5, d6, d7


@machine_code()
def _sums(
    how_many: int, count: int, out: Array, o: int, o_apart: int, left: Array, at: int, ahead: int, right: Array, r: int,
    apart: int, r_apart: int,
) -> None:  # fmt: skip
    """Write sums that have the factors on the left in common, two at a time."""
    k = 0
    while k + 2 <= how_many:
        _two_sums(count, out, o + k * o_apart, o_apart, left, at, ahead, right, r + k * r_apart, apart, r_apart)
        k += 2
    if k < how_many:
        _sum(count, out, o + k * o_apart, left, at, ahead, right, r + k * r_apart, apart)


@machine_code()
def forward_many(
    layers: Table, slopes: Array, batch: int, theta: Array, x: Array, A: Array, Z: Array, F: Array
) -> None:  # fmt: skip
    """Write z, a and f′ of all layers for a batch of every net.

    Parameters
    ----------
    layers : array (L, 6)
        See `compiled_pass`.
    slopes : array (8,)
        Of leaky ReLU below zero.
    batch : int
        Samples.
    theta : array (P · 8,)
        Parameters.
    x : array ((n_in + 1) · batch · 8,)
        Inputs, at last a row of ones if the nets have biases.
    A, Z, F : array (rows · batch · 8,)
        Buffers.
    """
    wide = batch * NETS
    for layer in range(len(layers)):
        block, rows, cols, z = layers[layer, 0] * NETS, layers[layer, 2], layers[layer, 3], layers[layer, 4] * wide
        source, a = (A, layers[layer - 1, 4] * wide) if layer else (x, 0)
        for j in range(cols):
            to, weights = z + j * wide, block + j * NETS
            _sums(batch, rows, Z, to, NETS, theta, weights, cols * NETS, source, a, wide, NETS)
        if layers[layer, 5] == _LEAKY:
            for i in range(at_(z), at_(z + cols * wide)):
                A[i], F[i] = leaky_relu(Z[i], slopes[i % at_(NETS)])
        elif layers[layer, 5] >= 0:
            activate(layers[layer, 5], 0.0, Z, A, F, at_(z), at_(z + cols * wide))


@machine_code()
def backward_many(
    layers: Table, batch: int, theta: Array, gradient: Array, x: Array, A: Array, F: Array, D: Array
) -> None:  # fmt: skip
    """Write the gradients (P · 8,) and the δ of all layers below the output, whose δ is there: see `forward_many`."""
    wide = batch * NETS
    for layer in range(len(layers) - 1, -1, -1):
        block, inputs, rows, cols = layers[layer, 0] * NETS, layers[layer, 1], layers[layer, 2], layers[layer, 3]
        delta = layers[layer, 4] * wide
        source, a = (A, layers[layer - 1, 4] * wide) if layer else (x, 0)
        for i in range(rows):
            to = block + i * cols * NETS
            _sums(cols, batch, gradient, to, NETS, source, a + i * wide, NETS, D, delta, NETS, wide)
        if layer:
            for i in range(inputs):
                weights = block + i * cols * NETS
                _sums(batch, cols, D, a + i * wide, NETS, theta, weights, NETS, D, delta, wide, NETS)
            for i in range(at_(a), at_(a + inputs * wide)):
                D[i] *= F[i]


@machine_code()
def evaluate_many(
    kind: int, bound: float, outputs: int, batch: int, a: Array, z: Array, own: Array, delta: Array, first: int,
    y: Array, totals: Array,
) -> None:  # fmt: skip
    """Write every net's loss summed over its batch (8,), and its slope: see `compiled_pass.evaluate`."""
    wide = batch * NETS
    totals[:] = 0.0
    if kind == 6:
        for i in range(wide):
            totals[i % NETS] += cross_entropy(outputs, wide, z, own, delta, first + i, y, i)
        return
    if kind == 5:
        log_losses(outputs * wide, z, own, delta, first, y)
    for i in range(0, outputs * wide, NETS):
        for k in range(at_(NETS)):
            at = at_(first + i) + k
            loss = y[at_(i) + k]
            if kind != 5:
                loss, delta[at] = loss_of_one(kind, bound, a[at], loss)
            totals[k] += loss
