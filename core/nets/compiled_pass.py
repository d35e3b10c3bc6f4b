"""Forward and backward pass of a plain net as loops, to be turned into machine code: what `passes` does in NumPy.

They fill the same arena: z, a, f′ and δ of all layers, and the gradient. Sums are taken in another order, so results
agree in all that a change of one unit in the last place leaves as it is.

Layers come as a table (L, 6), a row for each layer after the input: where its ``[W; b]`` begins in θ, its inputs, its
rows (inputs and bias), its neurons, its first row in the arena, and the number of its activation, −1 for an output that
is z itself or that the loss makes.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..ground.machine_code import machine_code
from .activations import Array
from .compiled_activations import KINDS, activate, exponential, log_of_one_and
from .losses import Loss
from .network import Network

Table = NDArray[np.int64]

#: Makes an index that is never counted from the end of: what is compiled then does not ask, and works in lanes.
at_ = np.uint64

#: name -> number in `evaluate`.
LOSSES = {
    "mse": 0, "half_squared_error": 1, "mae": 2, "huber": 3, "hinge": 4, "bce": 5, "cross_entropy": 6
}  # fmt: skip


def table_of(network: Network, loss: Loss) -> Table:
    """Return the layers of a plain net as the loops take them: see above."""
    table, start = [], 0
    for inputs, block, name in zip(network.sizes, network.blocks, network.activations, strict=False):
        table.append((block.offset, inputs, block.rows, block.cols, start, KINDS.get(name, -1)))
        start += block.cols + network.bias
    if loss.output is not None or network.output == "identity":
        table[-1] = (*table[-1][:-1], -1)
    return np.array(table, np.int64)


@machine_code(inline=True)
def product(
    rows: int, cols: int, depth: int, out: Array, o: int, o_row: int, left: Array, lead: int, l_row: int,
    l_depth: int, right: Array, r: int, r_depth: int,
) -> None:  # fmt: skip
    """Write a matrix product whose columns, four or more, lie side by side: sixteen sums that do not wait for others.

    Where fewer than four rows or columns are left, some are written once more, with the same sums.

    Parameters
    ----------
    rows, cols, depth : int
        Of what: (rows, depth) times (depth, cols).
    out, left, right : array
        Where the three lie.
    o, lead, r : int
        Where each begins.
    o_row, l_row, l_depth, r_depth : int
        How far it is to the next row, or column, of each.
    """
    for i in range(0, rows, 4):
        i1, i2, i3 = min(i + 1, rows - 1), min(i + 2, rows - 1), min(i + 3, rows - 1)
        begin, to1, to2, to3 = lead + i * l_row, (i1 - i) * l_row, (i2 - i) * l_row, (i3 - i) * l_row
        for block in range(0, cols, 4):
            j = min(block, cols - 4)
            a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = c0 = c1 = c2 = c3 = d0 = d1 = d2 = d3 = 0.0
            m, n = begin, r + j
            for _ in range(depth):
                x0, x1, x2, x3 = right[at_(n)], right[at_(n + 1)], right[at_(n + 2)], right[at_(n + 3)]
                w = left[at_(m)]
                a0 += w * x0
                a1 += w * x1
                a2 += w * x2
                a3 += w * x3
                w = left[at_(m + to1)]
                b0 += w * x0
                b1 += w * x1
                b2 += w * x2
                b3 += w * x3
                w = left[at_(m + to2)]
                c0 += w * x0
                c1 += w * x1
                c2 += w * x2
                c3 += w * x3
                w = left[at_(m + to3)]
                d0 += w * x0
                d1 += w * x1
                d2 += w * x2
                d3 += w * x3
                m += l_depth
                n += r_depth
            at = o + i * o_row + j
            out[at_(at)], out[at_(at + 1)], out[at_(at + 2)], out[at_(at + 3)] = a0, a1, a2, a3
            at = o + i1 * o_row + j
            out[at_(at)], out[at_(at + 1)], out[at_(at + 2)], out[at_(at + 3)] = b0, b1, b2, b3
            at = o + i2 * o_row + j
            out[at_(at)], out[at_(at + 1)], out[at_(at + 2)], out[at_(at + 3)] = c0, c1, c2, c3
            at = o + i3 * o_row + j
            out[at_(at)], out[at_(at + 1)], out[at_(at + 2)], out[at_(at + 3)] = d0, d1, d2, d3


@machine_code(inline=True)
def dots(
    rows: int, cols: int, depth: int, out: Array, o: int, o_row: int, left: Array, lead: int, l_row: int,
    right: Array, r: int, r_col: int,
) -> None:  # fmt: skip
    """Write the product of two matrices whose depth lies side by side in both: dot products, four rows at a time.

    Parameters
    ----------
    rows, cols, depth : int
        Of what: (rows, depth) times (depth, cols).
    out, left, right : array
        Where the three lie; columns of `out` lie side by side.
    o, lead, r : int
        Where each begins.
    o_row, l_row, r_col : int
        How far it is to the next row of `out` and `left`, and to the next column of `right`.
    """
    whole = depth - depth % 4
    for i in range(0, rows, 4):
        i1, i2, i3 = min(i + 1, rows - 1), min(i + 2, rows - 1), min(i + 3, rows - 1)
        m0, m1, m2, m3 = lead + i * l_row, lead + i1 * l_row, lead + i2 * l_row, lead + i3 * l_row
        for j in range(cols):
            a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = c0 = c1 = c2 = c3 = d0 = d1 = d2 = d3 = 0.0
            n = r + j * r_col
            for k in range(0, whole, 4):
                x0, x1 = right[at_(n + k)], right[at_(n + k + 1)]
                x2, x3 = right[at_(n + k + 2)], right[at_(n + k + 3)]
                a0 += left[at_(m0 + k)] * x0
                a1 += left[at_(m0 + k + 1)] * x1
                a2 += left[at_(m0 + k + 2)] * x2
                a3 += left[at_(m0 + k + 3)] * x3
                b0 += left[at_(m1 + k)] * x0
                b1 += left[at_(m1 + k + 1)] * x1
                b2 += left[at_(m1 + k + 2)] * x2
                b3 += left[at_(m1 + k + 3)] * x3
                c0 += left[at_(m2 + k)] * x0
                c1 += left[at_(m2 + k + 1)] * x1
                c2 += left[at_(m2 + k + 2)] * x2
                c3 += left[at_(m2 + k + 3)] * x3
                d0 += left[at_(m3 + k)] * x0
                d1 += left[at_(m3 + k + 1)] * x1
                d2 += left[at_(m3 + k + 2)] * x2
                d3 += left[at_(m3 + k + 3)] * x3
            a0, b0, c0, d0 = (a0 + a2) + (a1 + a3), (b0 + b2) + (b1 + b3), (c0 + c2) + (c1 + c3), (d0 + d2) + (d1 + d3)
            for k in range(whole, depth):
                x = right[at_(n + k)]
                a0 += left[at_(m0 + k)] * x
                b0 += left[at_(m1 + k)] * x
                c0 += left[at_(m2 + k)] * x
                d0 += left[at_(m3 + k)] * x
            at = o + j
            out[at_(at + i * o_row)], out[at_(at + i1 * o_row)] = a0, b0
            out[at_(at + i2 * o_row)], out[at_(at + i3 * o_row)] = c0, d0


@machine_code(inline=True)
def few(
    rows: int, cols: int, depth: int, out: Array, o: int, o_row: int, o_col: int, left: Array, lead: int, l_row: int,
    l_depth: int, right: Array, r: int, r_depth: int, r_col: int,
) -> None:  # fmt: skip
    """Write a product of small matrices that lie anyhow: as `product`, with the steps to columns as well."""
    for i in range(rows):
        for j in range(cols):
            total = 0.0
            for k in range(depth):
                total += left[at_(lead + i * l_row + k * l_depth)] * right[at_(r + k * r_depth + j * r_col)]
            out[at_(o + i * o_row + j * o_col)] = total


@machine_code()
def forward(
    layers: Table, leaky: float, batch: int, theta: Array, x: Array, A: Array, Z: Array, F: Array
) -> None:  # fmt: skip
    """Write z, a and f′ of all layers.

    Parameters
    ----------
    layers : array (L, 6)
        See the module.
    leaky : float
        Slope of leaky ReLU below zero.
    batch : int
        Samples.
    theta : array (P,)
        Parameters.
    x : array ((n_in + 1) · batch,)
        Inputs, feature after feature, at last a row of ones if the net has biases.
    A, Z, F : array (rows · batch,)
        The arena's buffers.
    """
    _forward(layers, 0, leaky, batch, theta, x, 0, A, Z, F)
    for layer in range(1, len(layers)):
        _forward(layers, layer, leaky, batch, theta, A, layers[layer - 1, 4] * batch, A, Z, F)


@machine_code(inline=True)
def _forward(
    layers: Table, layer: int, leaky: float, batch: int, theta: Array, source: Array, a: int, A: Array, Z: Array,
    F: Array,
) -> None:  # fmt: skip
    """Of one layer, whose inputs begin at `a` in `source`."""
    block, rows, cols, z = layers[layer, 0], layers[layer, 2], layers[layer, 3], layers[layer, 4] * batch
    if batch >= 4:
        product(cols, batch, rows, Z, z, batch, theta, block, 1, cols, source, a, batch)
    elif batch == 1 and cols >= 4:
        product(1, cols, rows, Z, z, cols, source, a, 1, 1, theta, block, cols)
    else:
        few(cols, batch, rows, Z, z, batch, 1, theta, block, 1, cols, source, a, batch, 1)
    if layers[layer, 5] >= 0:
        activate(layers[layer, 5], leaky, Z, A, F, at_(z), at_(z + cols * batch))


@machine_code()
def backward(
    layers: Table, batch: int, theta: Array, gradient: Array, x: Array, A: Array, F: Array, D: Array
) -> None:  # fmt: skip
    """Write the gradient (P,) and the δ of all layers below the output, whose δ is there: see `forward`."""
    for layer in range(len(layers) - 1, 0, -1):
        cols, delta, before = layers[layer, 3], layers[layer, 4] * batch, layers[layer - 1, 4] * batch
        _gradient(layers, layer, batch, gradient, A, before, D)
        inputs, block = layers[layer, 1], layers[layer, 0]
        if batch >= 4:
            product(inputs, batch, cols, D, before, batch, theta, block, cols, 1, D, delta, batch)
        elif batch == 1:
            dots(inputs, 1, cols, D, before, 1, theta, block, cols, D, delta, 1)
        else:
            few(inputs, batch, cols, D, before, batch, 1, theta, block, cols, 1, D, delta, batch, 1)
        for i in range(at_(before), at_(before + inputs * batch)):
            D[i] *= F[i]
    _gradient(layers, 0, batch, gradient, x, 0, D)


@machine_code(inline=True)
def _gradient(layers: Table, layer: int, batch: int, gradient: Array, source: Array, a: int, D: Array) -> None:
    """Of one layer, whose inputs begin at `a` in `source`."""
    block, rows, cols, delta = layers[layer, 0], layers[layer, 2], layers[layer, 3], layers[layer, 4] * batch
    if batch == 1 and cols >= 4:
        product(rows, cols, 1, gradient, block, cols, source, a, 1, 1, D, delta, cols)
    else:
        dots(rows, cols, batch, gradient, block, cols, source, a, batch, D, delta, batch)


@machine_code()
def _sign(x: float) -> float:
    return 1.0 if x > 0.0 else (-1.0 if x < 0.0 else x)


@machine_code()
def loss_of_one(kind: int, bound: float, a: float, y: float) -> tuple[float, float]:
    """Return the loss of one output of one sample, and its slope, for losses that are not from logits."""
    error = a - y
    if kind == 0:
        return error * error, error
    if kind == 1:
        return 0.5 * error * error, error
    if kind == 2:
        return abs(error), _sign(error)
    if kind == 3:
        held = bound if error > bound else (-bound if error < -bound else error)
        return held * error - 0.5 * held * held, held
    margin = 1.0 - y * a
    margin = 0.0 if margin < 0.0 else margin
    return margin, -y * _sign(margin)


@machine_code(inline=True)
def log_loss(z: float, y: float) -> tuple[float, float, float]:
    """Return the loss of one logit, its slope, and a.

    With h = 1 where z > 0, else 0, and e = exp(−|z|), a is h ∓ e / (1 + e): see `batch_losses.bce`.
    """
    small, _ = exponential(-abs(z))
    side = 1.0 if z > 0.0 else (0.0 if z < 0.0 else 0.5)
    tail = _sign(z) * small / (1.0 + small)
    wrong = side - y
    return wrong * z + log_of_one_and(small), wrong - tail, side - tail


@machine_code()
def log_losses(count: int, z: Array, own: Array, delta: Array, first: int, y: Array) -> None:
    """Write the losses of logits in the place of their targets, so that no sum keeps them out of lanes; slopes, a."""
    for i in range(at_(count)):
        at = at_(first) + i
        y[i], delta[at], own[at] = log_loss(z[at], y[i])


@machine_code()
def cross_entropy(
    outputs: int, batch: int, Z: Array, A: Array, D: Array, first: int, y: Array, s: int
) -> float:  # fmt: skip
    """Of one sample. With e = exp(z − largest z) and r the sum of all others' e, −ln a of the largest is ln(1 + r).

    What is left over for an output, r for the largest and 1 + r − e for the others, is at least as large as what was
    taken off: no digits are lost.
    """
    total, best, targets, rest = 0.0, first, 0.0, 0.0
    for j in range(outputs):
        at = first + j * batch
        if Z[at] > Z[best] or Z[at] != Z[at]:
            best = at
        targets += y[s + j * batch]
    for j in range(outputs):
        at = first + j * batch
        small, _ = exponential(Z[at] - Z[best])
        D[at] = small
        total -= y[s + j * batch] * (Z[at] - Z[best])
        if at != best:
            rest += small
    share = 1.0 / (1.0 + rest)
    for j in range(outputs):
        at = first + j * batch
        small, target = D[at], y[s + j * batch]
        others = rest if at == best else (1.0 + rest) - small
        A[at] = small * share
        D[at] = ((targets - target) * small - target * others) * share
    return total + targets * math.log1p(rest)


@machine_code()
def evaluate(
    kind: int, bound: float, outputs: int, batch: int, a: Array, z: Array, own: Array, delta: Array, first: int,
    y: Array,
) -> float:  # fmt: skip
    """Return a loss summed over a batch, and write its slope.

    Parameters
    ----------
    kind : int
        Of `LOSSES`.
    bound : float
        Huber's.
    outputs, batch : int
        Output neurons and samples.
    a, z, own, delta : array (rows · batch,)
        What the loss is taken of, a or, for an output without an activation, z; the buffers Z, A and D of the arena.
        A loss from logits writes the output's part of A.
    first : int
        Where the output's part begins in each.
    y : array (outputs · batch,)
        Targets, which may be written over.
    """
    total = 0.0
    if kind == 6:
        for s in range(batch):
            total += cross_entropy(outputs, batch, z, own, delta, first + s, y, s)
        return total
    if kind == 5:
        log_losses(outputs * batch, z, own, delta, first, y)
        for i in range(outputs * batch):
            total += y[i]
        return total
    for i in range(outputs * batch):
        at = first + i
        loss, delta[at] = loss_of_one(kind, bound, a[at], y[i])
        total += loss
    return total
