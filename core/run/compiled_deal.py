"""Epochs dealt by loops, to be turned into machine code: with the bits of NumPy's generator and of its shuffle.

The generator is PCG64: a state of 128 bits is multiplied and added to, and a word of 64 is made of it (O'Neill 2014,
PCG: A family of simple fast space-efficient statistically good algorithms, XSL RR). Orders are shuffled as by Fisher
and Yates: a place for each number comes from the last bits of half a word, drawn again where it is too large.
NumPy promises the words of a bit generator for good, but not its shuffle: `as_numpy` asks whether it is still this one.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..ground.machine_code import machine_code
from ..ground.streams import Words, stream, words_of
from ..nets.activations import Array
from ..nets.compiled_pass import at_

_HALF, _LOWER, _WHOLE = np.uint64(32), np.uint64(2**32 - 1), np.uint64(2**32)
_FACTOR_HIGH, _FACTOR_LOW = np.uint64(0x2360ED051FC65DA4), np.uint64(0x4385DF649FCCF645)
_LOW_HIGH, _LOW_LOW = np.uint64(0x4385DF64), np.uint64(0x9FCCF645)  # the halves of the latter
_NONE, _ONE, _TURN, _WORD = np.uint64(0), np.uint64(1), np.uint64(58), np.uint64(63)


@machine_code(inline=True)
def _next(high: np.uint64, low: np.uint64, up: np.uint64, down: np.uint64) -> tuple[np.uint64, np.uint64, np.uint64]:
    """Return the next state of PCG64, in two halves, and its word."""
    first, second = low & _LOWER, low >> _HALF
    middle = second * _LOW_LOW + (first * _LOW_LOW >> _HALF)
    other = first * _LOW_HIGH + (middle & _LOWER)
    carried = second * _LOW_HIGH + (middle >> _HALF) + (other >> _HALF)
    high = carried + high * _FACTOR_LOW + low * _FACTOR_HIGH + up
    low = low * _FACTOR_LOW + down
    high += _ONE if low < down else _NONE
    word, turn = high ^ low, high >> _TURN
    return high, low, word >> turn | word << (_WHOLE - turn & _WORD)


@machine_code()
def shuffle(words: Words, order: NDArray[np.int64]) -> None:
    """Shuffle an order (n,) by the next numbers of a stream in words (6,), which go on: see `streams.words_of`."""
    high, low, up, down, kept, half = words[0], words[1], words[2], words[3], words[4], words[5]
    last, mask = at_(len(order) - 1), _LOWER
    while mask >> _ONE >= last and last > _NONE:
        mask >>= _ONE
    while last > _NONE:
        if kept == _NONE:
            high, low, word = _next(high, low, up, down)
            number, half, kept = word & _LOWER, word >> _HALF, _ONE
        else:
            number, kept = half, _NONE
        mask = mask if mask >> _ONE < last else mask >> _ONE
        other = number & mask
        fits = other <= last  # else one more is drawn, so that all are equally likely; a branch could not be foretold
        other = other if fits else last
        order[last], order[other] = order[other], order[last]
        last -= _ONE if fits else _NONE
    words[0], words[1], words[4], words[5] = high, low, kept, half


@machine_code()
def deal(
    rows: Array, targets: Array, size: int, words: Words, order: NDArray[np.int64], dealt: Array, aims: Array, y: Array
) -> None:  # fmt: skip
    """Draw the order of an epoch and put its samples into it: what `Batches.begin_epoch` does.

    Parameters
    ----------
    rows, targets : array (n, n_in + 1), (n, n_out)
        Samples in their given order.
    size : int
        Of a batch.
    words : array (12,)
        The stream before this epoch's order is drawn, which is written, and the stream as it goes on.
    order : array (n,)
        The order.
    dealt, aims : array (n, n_in + 1), (n, n_out)
        The samples in it.
    y : array (n · n_out,)
        Their targets batch by batch, each (n_out, batch).
    """
    for i in range(6):
        words[i] = words[6 + i]
    n, width, outputs = len(order), rows.shape[1], targets.shape[1]
    for i in range(n):
        order[i] = i
    shuffle(words[6:], order)
    for i in range(n):
        at = at_(order[i])
        for k in range(width):
            dealt[i, k] = rows[at, k]
        for k in range(outputs):
            aims[i, k] = targets[at, k]
    for begin in range(0, n, size):
        batch = min(size, n - begin)
        for i in range(batch):
            for k in range(outputs):
                y[begin * outputs + k * batch + i] = aims[begin + i, k]


@lru_cache(maxsize=1)
def as_numpy() -> bool:
    """Whether NumPy's shuffle is this one."""
    rng = stream(0, "batches")
    with np.errstate(over="ignore"):  # in plain Python
        for n in (2, 3, 100, 401):
            order, other, words = np.arange(n), np.arange(n), words_of(rng.bit_generator.state)
            rng.shuffle(order)
            shuffle(words, other)
            if not np.array_equal(order, other) or not np.array_equal(words, words_of(rng.bit_generator.state)):
                return False
    return True
