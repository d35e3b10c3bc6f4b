"""One flat buffer per quantity, with a view for every layer.

Parameters and gradient are flat vectors: an optimizer sees one vector, a snapshot is one copy. A layer's block in them
is ``[W; b]``, shape (n_in + 1, n_out): column j holds the weights into neuron j, and its bias below them. The bias is
so the weight of an input fixed at 1: what a layer passes on ends in a row of ones, and one matrix product does both.
A normalized layer's γ and β follow its block.

Activations a, weighted inputs z, slopes f′ and errors δ are feature-major, (neurons, batch), layer below layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import DTypeLike

from .activations import Array


@dataclass(frozen=True, slots=True)
class Block:
    """Where a layer's parameters lie in a flat vector: ``[W; b]``, (rows, cols) from `offset`, row-major; then γ, β."""

    offset: int
    rows: int
    cols: int
    normalized: bool = False

    @property
    def end(self) -> int:
        """Where the next block begins."""
        return self.offset + (self.rows + 2 * self.normalized) * self.cols

    def view(self, vector: Array) -> Array:
        """Return ``[W; b]`` as a (rows, cols) view of `vector` (P,)."""
        return vector[self.offset : self.offset + self.rows * self.cols].reshape(self.rows, self.cols)

    def gamma(self, vector: Array) -> Array:
        """Return γ (cols,) of a normalized layer as a view of `vector` (P,)."""
        return vector[self.end - 2 * self.cols : self.end - self.cols]

    def beta(self, vector: Array) -> Array:
        """Return β (cols,) of a normalized layer as a view of `vector` (P,)."""
        return vector[self.end - self.cols : self.end]


def parameter_blocks(sizes: Sequence[int], bias: bool, normalized: Sequence[bool]) -> tuple[Block, ...]:
    """Return the blocks of all layers after the input, one after the other."""
    blocks: list[Block] = []
    for (n_in, n_out), extra in zip(pairwise(sizes), normalized, strict=True):
        blocks.append(Block(blocks[-1].end if blocks else 0, n_in + bias, n_out, extra))
    return tuple(blocks)


class Arena:
    """The buffers of one batch size.

    Parameters
    ----------
    sizes : sequence of int
        Neurons per layer, inputs included.
    bias : bool
        Whether hidden layers end in a row of ones.
    batch : int
        Samples per batch.
    dtype : dtype
        Of every buffer.

    Attributes
    ----------
    A, Z, F, D : array (rows, batch)
        Activations, weighted inputs, slopes and errors of all layers after the input. The rows of ones take part in
        all of them, so that neighbouring layers are one block in memory; in Z, F and D they are padding, zero at first.
    rows : tuple of slice
        Neurons of each layer after the input.
    hidden : slice
        All hidden layers with their rows of ones.
    """

    def __init__(self, sizes: Sequence[int], bias: bool, batch: int, dtype: DTypeLike) -> None:
        heights = [*(size + bias for size in sizes[1:-1]), sizes[-1]]
        starts = list(accumulate(heights, initial=0))
        self.rows = tuple(slice(start, start + size) for start, size in zip(starts, sizes[1:], strict=False))
        self.outgoing = tuple(slice(start, end) for start, end in pairwise(starts))
        self.hidden = slice(0, starts[-2])
        self._shape, self._dtype = (starts[-1], batch), dtype
        self._ones = [end - 1 for end in starts[1:-1]] if bias else []
        self.A, self.Z, self.F, self.D = self.buffer(ones=True), self.buffer(), self.buffer(), self.buffer()

    def buffer(self, ones: bool = False) -> Array:
        """Return another buffer with room for all layers, zero but for the rows of ones if asked for."""
        buffer = np.zeros(self._shape, self._dtype)
        if ones:
            buffer[self._ones] = 1.0
        return buffer

    def run(self, first: int, last: int) -> slice:
        """Return the rows of layers first…last, rows of ones between them included: one contiguous block."""
        return slice(self.rows[first].start, self.rows[last].stop)


def with_ones(X: Array, bias: bool, dtype: DTypeLike) -> Array:
    """Return samples (n, n_in) with a column of ones appended if the net has biases: the input layer's outgoing a."""
    rows = np.ones((X.shape[0], X.shape[1] + bias), dtype)
    rows[:, : X.shape[1]] = X
    return rows
