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


@machine_code()
def product(
    rows: int, cols: int, depth: int, out: Array, o: int, o_row: int, o_col: int, left: Array, lead: int, l_row: int,
    l_depth: int, right: Array, r: int, r_depth: int, r_col: int,
) -> None:  # fmt: skip
    """Write a matrix product, four columns at a time, of matrices that lie anywhere in flat arrays.

    Parameters
    ----------
    rows, cols, depth : int
        Of what: (rows, depth) times (depth, cols).
    out, left, right : array
        Where the three lie.
    o, lead, r : int
        Where each begins.
    o_row, o_col, l_row, l_depth, r_depth, r_col : int
        How far it is to the next row, or column, of each.
    """
    i = 0
    if r_col == 1 and o_col == 1:
        while i + 2 <= rows:
            _two_rows(cols, depth, out, o + i * o_row, o_row, left, lead + i * l_row, l_row, l_depth, right, r, r_depth)
            i += 2
    while i < rows:
        begin, at = lead + i * l_row, o + i * o_row
        j = 0
        while j + 4 <= cols:
            c0 = c1 = c2 = c3 = 0.0
            for k in range(depth):
                x, n = left[at_(begin + k * l_depth)], r + k * r_depth + j * r_col
                c0 += x * right[at_(n)]
                c1 += x * right[at_(n + r_col)]
                c2 += x * right[at_(n + 2 * r_col)]
                c3 += x * right[at_(n + 3 * r_col)]
            out[at_(at + j * o_col)] = c0
            out[at_(at + (j + 1) * o_col)] = c1
            out[at_(at + (j + 2) * o_col)] = c2
            out[at_(at + (j + 3) * o_col)] = c3
            j += 4
        while j < cols:
            c0 = 0.0
            for k in range(depth):
                c0 += left[at_(begin + k * l_depth)] * right[at_(r + k * r_depth + j * r_col)]
            out[at_(at + j * o_col)] = c0
            j += 1
        i += 1


@machine_code()
def _two_rows(
    cols: int, depth: int, out: Array, o: int, o_row: int, left: Array, lead: int, l_row: int, l_depth: int,
    right: Array, r: int, r_depth: int,
) -> None:  # fmt: skip
    """Write two rows of a product, where columns lie side by side: eight sums that do not wait for each other."""
    j = 0
    while j + 4 <= cols:
        c0 = c1 = c2 = c3 = d0 = d1 = d2 = d3 = 0.0
        for k in range(depth):
            x, y, n = left[at_(lead + k * l_depth)], left[at_(lead + l_row + k * l_depth)], r + k * r_depth + j
            e0, e1, e2, e3 = right[at_(n)], right[at_(n + 1)], right[at_(n + 2)], right[at_(n + 3)]
            c0 += x * e0
            c1 += x * e1
            c2 += x * e2
            c3 += x * e3
            d0 += y * e0
            d1 += y * e1
            d2 += y * e2
            d3 += y * e3
        at = o + j
        out[at_(at)], out[at_(at + 1)], out[at_(at + 2)], out[at_(at + 3)] = c0, c1, c2, c3
        at = o + o_row + j
        out[at_(at)], out[at_(at + 1)], out[at_(at + 2)], out[at_(at + 3)] = d0, d1, d2, d3
        j += 4
    while j < cols:
        c0 = d0 = 0.0
        for k in range(depth):
            e0 = right[at_(r + k * r_depth + j)]
            c0 += left[at_(lead + k * l_depth)] * e0
            d0 += left[at_(lead + l_row + k * l_depth)] * e0
        out[at_(o + j)], out[at_(o + o_row + j)] = c0, d0
        j += 1


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
    for layer in range(len(layers)):
        block, rows, cols, z = layers[layer, 0], layers[layer, 2], layers[layer, 3], layers[layer, 4] * batch
        source, a = (A, layers[layer - 1, 4] * batch) if layer else (x, 0)
        if batch >= 4:
            product(cols, batch, rows, Z, z, batch, 1, theta, block, 1, cols, source, a, batch, 1)
        else:
            product(batch, cols, rows, Z, z, 1, batch, source, a, 1, batch, theta, block, cols, 1)
        if layers[layer, 5] >= 0:
            activate(layers[layer, 5], leaky, Z, A, F, at_(z), at_(z + cols * batch))


@machine_code()
def backward(
    layers: Table, batch: int, theta: Array, gradient: Array, x: Array, A: Array, F: Array, D: Array
) -> None:  # fmt: skip
    """Write the gradient (P,) and the δ of all layers below the output, whose δ is there: see `forward`."""
    for layer in range(len(layers) - 1, -1, -1):
        block, inputs, rows, cols, delta = (
            layers[layer, 0],
            layers[layer, 1],
            layers[layer, 2],
            layers[layer, 3],
            layers[layer, 4] * batch,
        )
        source, a = (A, layers[layer - 1, 4] * batch) if layer else (x, 0)
        if cols >= 4 or rows < 4:
            product(rows, cols, batch, gradient, block, cols, 1, source, a, batch, 1, D, delta, 1, batch)
        else:
            product(cols, rows, batch, gradient, block, 1, cols, D, delta, batch, 1, source, a, 1, batch)
        if layer:
            if batch >= 4:
                product(inputs, batch, cols, D, a, batch, 1, theta, block, cols, 1, D, delta, batch, 1)
            else:
                product(batch, inputs, cols, D, a, 1, batch, D, delta, 1, batch, theta, block, 1, cols)
            for i in range(at_(a), at_(a + inputs * batch)):
                D[i] *= F[i]


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


@machine_code()
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
        Targets.
    """
    total = 0.0
    if kind == 6:
        for s in range(batch):
            total += cross_entropy(outputs, batch, z, own, delta, first + s, y, s)
        return total
    for i in range(outputs * batch):
        at = first + i
        if kind == 5:
            loss, delta[at], own[at] = log_loss(z[at], y[i])
        else:
            loss, delta[at] = loss_of_one(kind, bound, a[at], y[i])
        total += loss
    return total
