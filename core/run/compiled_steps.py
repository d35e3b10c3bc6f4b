"""Training steps one after the other as one loop, to be turned into machine code.

Loaded when machine code is wanted: see `compiled`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..ground.machine_code import machine_code
from ..nets.activations import Array
from ..nets.compiled_pass import Table, at_, backward, evaluate, forward
from ..optimizers.compiled_rules import update

_VECTOR, _MATRIX, _TABLE = "float64[::1]", "float64[:, ::1]", "int64[:, ::1]"
_SIGNATURE = f"int64({_MATRIX}, {_VECTOR}, int64, int64, {_TABLE}, int64[::1]{17 * (', ' + _VECTOR)})"


@machine_code(_SIGNATURE)
def take_steps(
    rows: Array, targets: Array, position: int, t: int, layers: Table, kinds: NDArray[np.int64], numbers: Array,
    theta: Array, gradient: Array, step: Array, m: Array, v: Array, c: Array, d: Array, A: Array, Z: Array, F: Array,
    D: Array, x: Array, y: Array, own: Array, rates: Array, losses: Array,
) -> int:  # fmt: skip
    """Take steps until `losses` is full or one is no acceptable number, and return how many were taken.

    Parameters
    ----------
    rows : array (n, n_in + 1)
        Samples in the order of this epoch, each ending in a one if the net has biases.
    targets : array (n · n_out,)
        Batch by batch, each (n_out, batch).
    position : int
        The sample that the next batch begins with.
    t : int
        Steps that the rule has taken.
    layers : array (L, 6)
        See `nets.compiled_pass`.
    kinds : array (5,)
        Samples of a batch; numbers of the loss and the rule; whether the output is z itself, and whether the loss is
        taken from logits.
    numbers : array (5,)
        Slope of leaky ReLU, Huber's bound, what a summed loss is multiplied with, the same for its slope, the largest
        loss that is acceptable.
    theta, gradient, step : array (P,)
        Changed in place.
    m, v, c, d : array (P,)
        What the rule remembers.
    A, Z, F, D : array (rows · batch,)
        The arena.
    x, y : array ((n_in + 1) · batch,), (n_out · batch,)
        Where the last batch is left.
    own : array (6,)
        The rule's hyperparameters.
    rates : array (count,)
        Learning rates.
    losses : array (count,)
        Where the batch losses go; that of the first step that is not taken as well.
    """
    last, batch, count, parameters = len(layers) - 1, kinds[0], len(losses), len(theta)
    outputs, first, width = layers[last, 3], layers[last, 4] * batch, rows.shape[1]
    size = outputs * batch
    for k in range(count):
        for s in range(batch):
            for i in range(width):
                x[i * batch + s] = rows[position + s, i]
        for i in range(size):
            y[i] = targets[position * outputs + i]
        forward(layers, numbers[0], batch, theta, x, A, Z, F)
        taken_of = Z if kinds[3] else A
        total = evaluate(kinds[1], numbers[1], outputs, batch, taken_of, Z, A, D, first, y)
        for i in range(at_(first), at_(first + size)):
            D[i] *= numbers[3]
        if not kinds[3] and not kinds[4]:
            for i in range(at_(first), at_(first + size)):
                D[i] *= F[i]
        backward(layers, batch, theta, gradient, x, A, F, D)
        losses[k] = total * numbers[2]
        if not -numbers[4] <= losses[k] <= numbers[4]:
            return k
        update(kinds[2], t + k + 1, rates[k], own, theta, gradient, step, m, v, c, d)
        for i in range(parameters):
            theta[i] += step[i]
        position += batch
    return count
