"""One flat buffer per quantity, with a view for every layer.

Parameters and gradient are flat vectors: an optimizer sees one vector, a snapshot is one copy. A layer's block in them
is ``[W; b]``, shape (n_in + 1, n_out): column j holds the weights into neuron j, and its bias below them. The bias is
so the weight of an input fixed at 1: what a layer passes on ends in a row of ones, and one matrix product does both.

Activations a, weighted inputs z, slopes f′(z) and errors δ are feature-major, (neurons, batch), layer below layer.
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
    """Where a layer's ``[W; b]`` lies in a flat parameter vector: (rows, cols) from `offset`, row-major."""

    offset: int
    rows: int
    cols: int

    def view(self, vector: Array) -> Array:
        """Return the block as a (rows, cols) view of `vector` (P,)."""
        return vector[self.offset : self.offset + self.rows * self.cols].reshape(self.rows, self.cols)


def parameter_blocks(sizes: Sequence[int], bias: bool) -> tuple[Block, ...]:
    """Return the blocks of all layers after the input, one after the other."""
    shapes = [(n_in + bias, n_out) for n_in, n_out in pairwise(sizes)]
    offsets = accumulate((rows * cols for rows, cols in shapes), initial=0)
    return tuple(Block(offset, *shape) for offset, shape in zip(offsets, shapes, strict=False))


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
        all four, so that neighbouring layers are one block in memory; in Z, F and D they are padding, zero at first.
    rows : tuple of slice
        Neurons of each layer after the input.
    """

    def __init__(self, sizes: Sequence[int], bias: bool, batch: int, dtype: DTypeLike) -> None:
        heights = [*(size + bias for size in sizes[1:-1]), sizes[-1]]
        starts = list(accumulate(heights, initial=0))
        self.A, self.Z, self.F, self.D = (np.zeros((starts[-1], batch), dtype) for _ in range(4))
        self.rows = tuple(slice(start, start + size) for start, size in zip(starts, sizes[1:], strict=False))
        self._outgoing = tuple(slice(start, end) for start, end in pairwise(starts))
        if bias:
            self.A[[end - 1 for end in starts[1:-1]]] = 1.0

    def outgoing(self, layer: int) -> Array:
        """Return what layer (0 is the first after the input) passes on: its activations, then the row of ones."""
        return self.A[self._outgoing[layer]]

    def run(self, first: int, last: int) -> slice:
        """Return the rows of layers first…last, rows of ones between them included: one contiguous block."""
        return slice(self.rows[first].start, self.rows[last].stop)


def with_ones(X: Array, bias: bool, dtype: DTypeLike) -> Array:
    """Return samples (n, n_in) with a column of ones appended if the net has biases: the input layer's outgoing a."""
    rows = np.ones((X.shape[0], X.shape[1] + bias), dtype)
    rows[:, : X.shape[1]] = X
    return rows
