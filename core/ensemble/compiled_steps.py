"""Training steps of many nets, eight side by side, as one loop to be turned into machine code.

Loaded when machine code is wanted: see `side_by_side`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..ground.machine_code import machine_code
from ..nets.activations import Array
from ..nets.compiled_many import NETS, backward_many, evaluate_many, forward_many
from ..nets.compiled_pass import Table, at_
from ..optimizers.compiled_rules import update_many

Whole = NDArray[np.int64]

_CUBE, _MATRIX, _VECTOR = "float64[:, :, ::1]", "float64[:, ::1]", "float64[::1]"
_WHOLES, _WHOLE = "int64[:, ::1]", "int64[::1]"
_SIGNATURE = (
    f"void({_CUBE}, {_CUBE}, {_WHOLES}, {_WHOLES}, {_WHOLES}, int64, int64, {_WHOLES}, {_WHOLE}, {_VECTOR}, {_VECTOR}, "
    f"{_CUBE}, {_MATRIX}, {_VECTOR}, {_VECTOR}, {_MATRIX}, {_MATRIX}, {_MATRIX}, {_MATRIX}, {_MATRIX}, {_VECTOR}, "
    f"{_VECTOR}, {_MATRIX}, {_WHOLES}, {_VECTOR}, {_CUBE})"
)


@machine_code()
def _deal(
    rows: Array, targets: Array, sets: Whole, orders: Whole, ordered: Whole, position: int, batch: int, alike: int,
    x: Array, y: Array,
) -> None:  # fmt: skip
    """Put every net's batch where the passes read it."""
    width, outputs, wide = rows.shape[2], targets.shape[2], batch * NETS
    for s in range(batch):
        if alike:
            at = orders[0, position + s]
            for i in range(width):
                begin = at_(i * wide + s * NETS)
                for k in range(at_(NETS)):
                    x[begin + k] = rows[0, at, i]
            for j in range(outputs):
                begin = at_(j * wide + s * NETS)
                for k in range(at_(NETS)):
                    y[begin + k] = targets[0, at, j]
            continue
        for k in range(NETS):
            at, own = orders[ordered[k], position + s], sets[k]
            for i in range(width):
                x[i * wide + s * NETS + k] = rows[own, at, i]
            for j in range(outputs):
                y[j * wide + s * NETS + k] = targets[own, at, j]


@machine_code()
def _fill_ones(layers: Table, batch: int, A: Array) -> None:
    """Write the rows of ones that biases are multiplied with, below those of each hidden layer."""
    for layer in range(1, len(layers)):
        begin = (layers[layer - 1, 4] + layers[layer, 1]) * batch * NETS
        for i in range(begin, begin + (layers[layer, 2] - layers[layer, 1]) * batch * NETS):
            A[i] = 1.0


@machine_code()
def _penalize(l1: Array, l2: Array, weights: Array, theta: Array, gradient: Array) -> None:
    """Add λ₂ w + λ₁ sign(w) to the gradients, for weights only."""
    for p in range(len(weights)):
        if weights[p] > 0.0:
            for k in range(at_(NETS)):
                w = theta[at_(p * NETS) + k]
                sign = 1.0 if w > 0.0 else (-1.0 if w < 0.0 else w)
                gradient[at_(p * NETS) + k] += l2[k] * w
                gradient[at_(p * NETS) + k] += l1[k] * sign


@machine_code()
def _judge(t: int, mean: float, most: float, totals: Array, over: Whole) -> int:
    """Make means of sums, and return how many nets diverged with this step, number `t` from 0."""
    count = 0
    for k in range(NETS):
        totals[k] *= mean
        if over[k] < 0 and not -most <= totals[k] <= most:
            over[k] = t
            count += 1
        if over[k] >= 0:
            totals[k] = np.nan
    return count


@machine_code()
def _train(
    rows: Array, targets: Array, sets: Whole, orders: Whole, ordered: Whole, position: int, t: int, layers: Table,
    kinds: Whole, numbers: Array, weights: Array, each: Array, theta: Array, gradient: Array, step: Array, m: Array,
    v: Array, c: Array, d: Array, buffers: Array, x: Array, y: Array, own: Array, over: Whole, factors: Array,
    losses: Array,
) -> None:  # fmt: skip
    """Take steps with eight nets: see `take_steps_of_many`."""
    batch, straight, logits, outputs = kinds[0], kinds[3], kinds[4], targets.shape[2]
    first = layers[len(layers) - 1, 4] * batch * NETS
    end, there = first + outputs * batch * NETS, NETS
    A, Z, F, D = buffers[0], buffers[1], buffers[2], buffers[3]
    taken_of, slopes, l1, l2, rates, now = (Z if straight else A), each[0], each[1], each[2], each[3], each[4]
    for k in range(NETS):
        there -= over[k] >= 0
    for s in range(len(factors)):
        totals = losses[s]
        if not there:
            totals[:] = np.nan
            continue
        _deal(rows, targets, sets, orders, ordered, position, batch, kinds[6], x, y)
        forward_many(layers, slopes, batch, theta, x, A, Z, F)
        evaluate_many(kinds[1], numbers[0], outputs, batch, taken_of, Z, A, D, first, y, totals)
        for i in range(at_(first), at_(end)):
            D[i] *= numbers[2]
        if not straight and not logits:
            for i in range(at_(first), at_(end)):
                D[i] *= F[i]
        backward_many(layers, batch, theta, gradient, x, A, F, D)
        if kinds[5]:
            _penalize(l1, l2, weights, theta, gradient)
        for k in range(NETS):
            now[k] = rates[k] * factors[s]
        update_many(kinds[2], t + s + 1, NETS, now, own, theta, gradient, step, m, v, c, d)
        there -= _judge(t + s, numbers[1], numbers[3], totals, over)
        if there == NETS:
            for i in range(at_(len(theta))):
                theta[i] += step[i]
        else:
            for i in range(at_(len(theta))):
                theta[i] += step[i] if over[i % at_(NETS)] < 0 else 0.0
        position += batch


@machine_code(_SIGNATURE)
def take_steps_of_many(
    rows: Array, targets: Array, sets: Whole, orders: Whole, ordered: Whole, position: int, t: int, layers: Table,
    kinds: Whole, numbers: Array, weights: Array, each: Array, theta: Array, gradient: Array, step: Array, m: Array,
    v: Array, c: Array, d: Array, buffers: Array, x: Array, y: Array, own: Array, over: Whole, factors: Array,
    losses: Array,
) -> None:  # fmt: skip
    """Take a step for every factor, of every net that has not diverged. Nets come in G groups of eight.

    Parameters
    ----------
    rows, targets : array (S, n, n_in + 1), (S, n, n_out)
        The different sets of samples, each sample ending in a one if the nets have biases.
    sets : array (G, 8)
        Which of them is whose.
    orders : array (E, n)
        The different orders of this epoch.
    ordered : array (G, 8)
        Which of them is whose.
    position : int
        The sample that the next batch begins with.
    t : int
        Steps that have been taken.
    layers : array (L, 6)
        See `nets.compiled_pass`.
    kinds : array (7,)
        Samples of a batch; numbers of the loss and the rule; whether the output is z itself, whether the loss is taken
        from logits, whether there are penalties, whether all nets have the same samples in the same order.
    numbers : array (4,)
        Huber's bound, what a summed loss is multiplied with, the same for its slope, the largest loss that is
        acceptable.
    weights : array (P,)
        1 where a parameter is a weight, 0 where it is a bias.
    each : array (G, 5, 8)
        Slopes of leaky ReLU below zero, L1 and L2 penalties, learning rates, and room for them times a factor.
    theta, m, v, c, d : array (G, P · 8)
        Parameters and the rule's memory, changed in place; of the rule's numbers (G, 8).
    gradient, step : array (P · 8,)
        Where those of the last group are left.
    buffers : array (4, rows · batch · 8)
        Where activations, z, slopes and errors of the last group are left.
    x, y : array ((n_in + 1) · batch · 8,), (n_out · batch · 8,)
        Where its last batch is left.
    own : array (G, 10 · 8)
        See `optimizers.compiled_rules.update_many`.
    over : array (G, 8)
        The step at which a net diverged, −1 if it has not: written when it does.
    factors : array (count,)
        What learning rates are multiplied with.
    losses : array (G, count, 8)
        Where the batch losses go, NaN from the step on at which a net diverged.
    """
    _fill_ones(layers, kinds[0], buffers[0])
    for g in range(len(theta)):
        _train(
            rows, targets, sets[g], orders, ordered[g], position, t, layers, kinds, numbers, weights, each[g],
            theta[g], gradient, step, m[g], v[g], c[g], d[g], buffers, x, y, own[g], over[g], factors, losses[g],
        )  # fmt: skip
