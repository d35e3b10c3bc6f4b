"""Training steps one after the other as one loop, over epochs, to be turned into machine code.

Loaded when machine code is wanted: see `compiled`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..ground.machine_code import machine_code
from ..ground.streams import Words
from ..nets.activations import Array
from ..nets.compiled_pass import Table, at_, backward, evaluate, forward
from ..optimizers.compiled_rules import update
from .compiled_deal import deal

Whole = NDArray[np.int64]
Two = tuple[Array, Array]

_VECTOR, _MATRIX, _TABLE, _WHOLE = "float64[::1]", "float64[:, ::1]", "int64[:, ::1]", "int64[::1]"
_TWO = f"UniTuple({_VECTOR}, 2)"
_SIGNATURE = (
    f"int64({_MATRIX}, {_MATRIX}, {_WHOLE}, {_MATRIX}, {_MATRIX}, {_VECTOR}, uint64[::1], {_WHOLE}, int64, {_TABLE}, "
    f"{_WHOLE}, {_MATRIX}{8 * (', ' + _VECTOR)}{6 * (', ' + _TWO)}, {_WHOLE}, {_MATRIX}, {_VECTOR}, float32[::1])"
)


@machine_code()
def _take_steps(
    rows: Array, targets: Array, position: int, batch: int, t: int, layers: Table, kinds: Whole, numbers: Array,
    theta: Array, gradient: Array, step: Array, m: Array, v: Array, c: Array, d: Array, own: Array, A: Array, Z: Array,
    F: Array, D: Array, x: Array, y: Array, rates: Array, losses: Array, begin: int, end: int,
) -> int:  # fmt: skip
    """Take the steps from `begin` up to `end`, with batches of one size: see `take_epochs`. `numbers` has the loss."""
    last, parameters = len(layers) - 1, len(theta)
    outputs, first, width = layers[last, 3], layers[last, 4] * batch, rows.shape[1]
    size = outputs * batch
    for k in range(begin, end):
        for s in range(batch):
            for i in range(width):
                x[i * batch + s] = rows[position + s, i]
        for i in range(size):
            y[i] = targets[position * outputs + i]
        forward(layers, numbers[0], batch, theta, x, A, Z, F)
        taken_of = Z if kinds[2] else A
        total = evaluate(kinds[0], numbers[1], outputs, batch, taken_of, Z, A, D, first, y)
        for i in range(at_(first), at_(first + size)):
            D[i] *= numbers[3]
        if not kinds[2] and not kinds[3]:
            for i in range(at_(first), at_(first + size)):
                D[i] *= F[i]
        backward(layers, batch, theta, gradient, x, A, F, D)
        numbers[6] = total * numbers[2]
        if not -numbers[4] <= numbers[6] <= numbers[4]:
            return k
        losses[k] = numbers[6]
        update(kinds[1], t + k + 1, rates[k], own, theta, gradient, step, m, v, c, d)
        for i in range(parameters):
            theta[i] += step[i]
        position += batch
    return end


@machine_code()
def _is_long(theta: Array, bound: float) -> bool:
    """Return whether θ is longer than a bound whose square is given, or no number."""
    square = 0.0
    for i in range(len(theta)):
        square += theta[i] * theta[i]
    return not square <= bound


@machine_code(_SIGNATURE)
def take_epochs(
    rows: Array, targets: Array, order: Whole, dealt: Array, aims: Array, of_batches: Array, words: Words,
    place: Whole, t: int, layers: Table, kinds: Whole, numbers: Array, theta: Array, gradient: Array, step: Array,
    m: Array, v: Array, c: Array, d: Array, own: Array, A: Two, Z: Two, F: Two, D: Two, x: Two, y: Two,
    notes: Whole, positions: Array, rates: Array, losses: Array,
) -> int:  # fmt: skip
    """Take steps, over the ends of epochs, and return how many were taken.

    It ends where `losses` is full, where a loss is no acceptable number, where an epoch ends after which none may be
    begun, where there is no room for a position, and where parameters are long.

    Parameters
    ----------
    rows, targets, order, dealt, aims, of_batches, words : array
        See `batches.Stock`.
    place : array (6,)
        Samples of this epoch that are dealt; samples of a batch, and of the last of an epoch; whether epochs may be
        begun; how many were begun, and ended: written.
    t : int
        Steps that the rule has taken.
    layers : array (L, 6)
        See `nets.compiled_pass`.
    kinds : array (4,)
        Numbers of the loss and the rule; whether the output is z itself, and whether the loss is taken from logits.
    numbers : array (2, 7)
        For a batch, and for the last of an epoch: slope of leaky ReLU, Huber's bound, what a summed loss is multiplied
        with, the same for its slope, the largest loss that is acceptable, the square of the length from which on
        parameters are long. The last loss is written behind them.
    theta, gradient, step : array (P,)
        Changed in place.
    m, v, c, d : array (P,)
        What the rule remembers.
    own : array (6,)
        The rule's hyperparameters.
    A, Z, F, D : two arrays (rows · batch,)
        The arenas.
    x, y : two arrays ((n_in + 1) · batch,), (n_out · batch,)
        Where the last batch of that size is left.
    notes : array (5,)
        The steps taken before; after which one a position is written next, and how many lie between two; how many were
        written; the multiples of what it is asked at whether parameters are long. 0: never.
    positions : array (k, P)
        Where positions go.
    rates : array (count,)
        Learning rates.
    losses : array (count,)
        Where the batch losses go.
    """
    samples, count, taken = len(order), len(losses), 0
    while taken < count:
        if place[0] == samples:
            if not place[3]:
                break
            if place[1] < samples:
                deal(rows, targets, place[1], words, order, dealt, aims, of_batches)
            place[0] = 0
            place[4] += 1
        left = samples - place[0]
        k = 0 if left >= place[1] else 1
        end = min(count, taken + max(1, left // place[1]))
        if notes[2]:
            end = min(end, notes[1] - notes[0])
        if notes[4]:
            end = min(end, taken + notes[4] - (notes[0] + taken) % notes[4])
        done = _take_steps(
            dealt, of_batches, place[0], place[1 + k], t, layers, kinds, numbers[k], theta, gradient, step, m, v, c, d,
            own, A[k], Z[k], F[k], D[k], x[k], y[k], rates, losses, taken, end,
        )  # fmt: skip
        place[0] += (done - taken) * place[1 + k]
        place[5] += place[0] == samples and done > taken
        numbers[0, 6] = numbers[k, 6]
        taken = done
        if done < end:
            break
        now = notes[0] + taken
        if notes[2] and now == notes[1]:
            if notes[3] == len(positions):
                break
            for i in range(len(theta)):
                positions[notes[3], i] = theta[i]
            notes[3] += 1
            notes[1] += notes[2]
        if notes[4] and now % notes[4] == 0 and _is_long(theta, numbers[0, 5]):
            break
    return taken
