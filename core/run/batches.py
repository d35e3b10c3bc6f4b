"""The order in which a run sees its training samples.

Every epoch draws a new order from the run's stream, and mini-batches are cut from it one after the other; what is left
at the end is a shorter batch of its own. A full batch has nothing to shuffle and keeps the given order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..ground.streams import Words, state_of, words_of
from ..nets.activations import Array


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its data a run is: enough to deal the same batches again.

    Attributes
    ----------
    epoch : int
        Epochs completed.
    position : int
        Samples of the present epoch already dealt.
    drawn_from : dict, optional
        State of the stream before this epoch's order was drawn; None for the given order.
    stream : dict
        State of the stream now.
    """

    epoch: int
    position: int
    drawn_from: Mapping[str, Any] | None
    stream: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stock:
    """What whole epochs are dealt from, and where they lie then: see `compiled_deal.deal`.

    Attributes
    ----------
    rows, targets : array (n, n_in + 1), (n, n_out)
        Samples in their given order.
    order : array of int (n,)
        The order of the present epoch.
    dealt, aims : array (n, n_in + 1), (n, n_out)
        The samples in it.
    y : array (n · n_out,)
        Their targets, batch by batch.
    words : array (12,)
        The stream before this order was drawn, and now: see `streams.words_of`.
    """

    rows: Array
    targets: Array
    order: NDArray[np.int64]
    dealt: Array
    aims: Array
    y: Array
    words: Words


class Batches:
    """Training samples, dealt out in mini-batches.

    Samples are gathered once per epoch, and batches are views made beforehand: they cost a step nothing.

    Parameters
    ----------
    rows : array (n, width)
        Inputs of the training samples, each ending in a one if the net has biases.
    targets : array (n, n_out)
        Their targets.
    rng : Generator
        Where orders are drawn from.
    batch_size : int or None
        Samples per batch; None, or n and more, is the full batch.

    Attributes
    ----------
    epoch : int
        Epochs completed.
    views : list of (x, y, batch)
        Batches of this epoch: x (width, batch), y (n_out, batch), the first `index` of them dealt. An epoch that was
        entered in its middle begins there. The next epoch is written to the same arrays.
    """

    def __init__(self, rows: Array, targets: Array, rng: np.random.Generator, batch_size: int | None) -> None:
        self._rows, self._targets, self._rng = rows, targets, rng
        self.n, self._n_out = len(targets), int(targets.shape[1])
        self._dealt_rows, self._dealt_targets = rows.copy(), targets.copy()
        self._y = np.empty(targets.size, targets.dtype)
        self._given = np.arange(self.n)
        self._order = self._given.copy()
        self._drawn_from: Mapping[str, Any] | None = None
        self._stock: Stock | None = None  # once epochs are dealt from it, with the state of the stream in words
        self._behind = False  # the stream's generator, behind those words
        self.epoch = 0
        self._first = self.index = 0
        self._cut_at = (-1, -1)
        self._size = min(batch_size or self.n, self.n)
        self._cut(self.n)

    @property
    def left(self) -> int:
        """Batches left in this epoch."""
        return len(self.views) - self.index

    @property
    def coming(self) -> int:
        """Batches up to the end of an epoch, from here: of the next one where nothing is left of this."""
        return self.left or -(-self.n // self._size)

    @property
    def position(self) -> int:
        """Samples of this epoch that are dealt."""
        return min(self._first + self.index * self._size, self.n)

    @property
    def sizes(self) -> tuple[int, int]:
        """The size of a batch, and of the last one of this epoch, or of the next where nothing is left of this."""
        rest = (self.n - (self._first if self.left else 0)) % self._size
        return self._size, rest or self._size

    @property
    def even(self) -> bool:
        """Whether epochs follow this one that others can begin: cut like it, and drawn alike."""
        if self._size == self.n:
            return self._drawn_from is None and not self._behind and self._cut_at == (0, self.n)
        return not self.left or self._first % self._size == 0

    def advance(self, batches: int) -> None:
        """Note that the next `batches` of this epoch have been dealt."""
        self.index += batches
        if self.index == len(self.views):
            self.epoch += 1

    def stock(self) -> Stock:
        """Return what others deal whole epochs from, in the very places; `went_on` says what they did."""
        if self._stock is None:
            now = self._rng.bit_generator.state
            words = np.concatenate([words_of(self._drawn_from or now), words_of(now)])
            rows, targets = (np.require(given, requirements=("C", "W")) for given in (self._rows, self._targets))
            dealt = self._dealt_rows, self._dealt_targets
            self._stock = Stock(rows, targets, self._order, *dealt, self._y, words)
        return self._stock

    def went_on(self, position: int, begun: int, ended: int) -> None:
        """Note that samples up to number `position` are dealt, and so many epochs begun and ended on the way."""
        self.epoch += ended
        if begun:
            self._behind |= self._size < self.n
            if self._cut_at != (0, self._size):
                self._cut(0)
        self.index = -(-(position - self._first) // self._size)

    def _catch_up(self) -> None:
        """Bring the generator where the words are."""
        if self._behind and self._stock is not None:
            self._drawn_from = state_of(self._stock.words[:6])
            self._rng.bit_generator.state = state_of(self._stock.words[6:])
            self._behind = False

    def begin_epoch(self) -> None:
        """Draw a new order and cut it; to be called when nothing is left."""
        self._catch_up()
        self._stock = None
        if self._size < self.n:
            self._drawn_from = self._rng.bit_generator.state
            self._draw()
        elif self._drawn_from is not None:
            self._drawn_from = None
            np.copyto(self._order, self._given)
            self._gather()
        self._cut(0)

    def resize(self, batch_size: int | None) -> None:
        """Deal what is left of this epoch, and all that follows, in batches of another size."""
        position = self.position
        self._size = min(batch_size or self.n, self.n)
        self._cut(position)

    def deal_from(self, rows: Array, targets: Array) -> bool:
        """Whether these very arrays are what is dealt."""
        return rows is self._rows and targets is self._targets

    def replace(self, rows: Array, targets: Array) -> None:
        """Deal other samples, as many, in the places of those there were from now on."""
        self._catch_up()
        self._rows, self._targets, self._stock = rows, targets, None
        self._gather()
        self._transpose()

    def others(self, rows: Array, targets: Array, batch_size: int | None) -> Batches:
        """Return what deals samples of another number from now on: the epoch ends, and the next order is of these."""
        self._catch_up()
        other = Batches(rows, targets, self._rng, batch_size)
        other.epoch = self.epoch
        return other

    def rows_of_last(self, count: int, dealt: bool = True) -> NDArray[np.int64]:
        """Return the row numbers (count,) of the samples that were dealt last, or of those that come next."""
        end = self.position + (0 if dealt else count)
        return self._order[end - count : end].copy()

    def place(self) -> Place:
        """Return where the run is."""
        self._catch_up()
        return Place(self.epoch, self.position, self._drawn_from, self._rng.bit_generator.state)

    def restore(self, place: Place, batch_size: int | None) -> None:
        """Go back to a place, with the batch size that was in use there."""
        self._stock, self._behind = None, False
        self.epoch, self._drawn_from = place.epoch, place.drawn_from
        self._size = min(batch_size or self.n, self.n)
        if place.drawn_from is None:
            np.copyto(self._order, self._given)
            self._gather()
        else:
            self._rng.bit_generator.state = place.drawn_from
            self._draw()
        self._rng.bit_generator.state = place.stream
        self._cut(place.position)

    def _draw(self) -> None:
        np.copyto(self._order, self._given)
        self._rng.shuffle(self._order)
        self._gather()

    def _gather(self) -> None:
        """Put the samples in the order of this epoch."""
        self._rows.take(self._order, 0, self._dealt_rows, "clip")  # "raise" would buffer the output
        self._targets.take(self._order, 0, self._dealt_targets, "clip")

    def _cut(self, first: int) -> None:
        """Cut what follows sample number `first` of this epoch into batches."""
        if self._cut_at != (first, self._size):
            self._cut_at = (first, self._size)
            self._first, size, n_out = first, self._size, self._n_out
            bounds = [*range(first, self.n, size), self.n]
            blocks = [self._y[low * n_out : high * n_out].reshape(n_out, high - low) for low, high in pairwise(bounds)]
            self.views = [
                (self._dealt_rows[low:high].T, y, high - low)
                for (low, high), y in zip(pairwise(bounds), blocks, strict=True)
            ]
            full = (self.n - first) // size
            end = first + full * size
            whole = self._y[first * n_out : end * n_out].reshape(full, n_out, size)
            rest = self._y[end * n_out :].reshape(n_out, self.n - end)
            dealt = self._dealt_targets
            self._transposed = (
                (whole, dealt[first:end].reshape(full, size, n_out).transpose(0, 2, 1)),
                (rest, dealt[end:].T),
            )
        self._transpose()
        self.index = 0

    def _transpose(self) -> None:
        """Lay the targets of every batch out feature-major."""
        for destination, source in self._transposed:
            np.copyto(destination, source)
