"""What a run remembers of every step: the batch loss and the learning rate, in bounded memory.

The latest steps are kept one by one in a ring; the whole run is kept as buckets of smallest, largest and last loss.
When there are too many buckets, neighbours are merged, so a bucket stands for 1, 2, 4, … steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]


class Tail(NamedTuple):
    """The steps first_step, first_step + 1, … one by one."""

    first_step: int
    losses: Float32
    rates: Float32


class Series(NamedTuple):
    """The run in buckets: steps step_low…step_high each, with the smallest, largest and last batch loss."""

    step_low: NDArray[np.int64]
    step_high: NDArray[np.int64]
    low: Float32
    high: Float32
    last: Float32
    rate: Float32


class LossRecord:
    """Batch loss and learning rate of the steps 1, 2, … of a run, on which the present can be moved.

    Parameters
    ----------
    ring : int
        How many steps are kept one by one at most; a power of two.
    buckets : int
        How many buckets the whole run may take; a power of two, not above `ring`.

    Attributes
    ----------
    steps : int
        The present: what is told ends here. What was recorded beyond it is kept, since a replay gives the same.
    """

    def __init__(self, ring: int = 2**17, buckets: int = 2**12) -> None:
        self.steps = 0
        self._ring = ring
        self._losses, self._rates = np.empty(ring, np.float32), np.empty(ring, np.float32)
        self._oldest, self._newest = 1, 0  # the steps that the ring holds
        self._buckets = np.empty((4, buckets), np.float32)
        self._width, self._full = 1, 0

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        return self._losses.nbytes + self._rates.nbytes + self._buckets.nbytes

    def holds(self, step: int) -> bool:
        """Whether the present can be moved to any step from this one on."""
        return self._oldest - 1 <= step <= self._newest

    def data(self, step: int, most: int = 4096) -> dict[str, Any]:
        """Return what is told up to `step`, to which the present could be moved, as plain data.

        Of the steps one by one, those go with it that fill no bucket, and about the `most` newest.
        """
        self._fill()
        full = min(self._full, step // self._width)
        first = max(self._oldest, min(full * self._width, max(0, step - most)) + 1)
        index = np.arange(first - 1, step) % self._ring
        return {
            "step": step,
            "first": min(first, step + 1),
            "losses": self._losses[index],
            "rates": self._rates[index],
            "width": self._width,
            "buckets": self._buckets[:, :full].copy(),
        }

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Return what was told, from `data`.

        Raises
        ------
        ValueError
            If that cannot be.
        """
        self = cls()
        step, first, width = int(values["step"]), int(values["first"]), int(values["width"])
        losses, rates, buckets = (np.asarray(values[name], np.float32) for name in ("losses", "rates", "buckets"))
        full, ring = buckets.shape[1], self._ring
        sizes = buckets.shape[0] == 4 and losses.shape == rates.shape == (step + 1 - first,)
        powers = 1 <= width <= ring and width & (width - 1) == 0
        if not (sizes and powers and len(losses) <= ring and first - 1 <= full * width <= step):
            raise ValueError(f"losses of the steps {first} to {step}, {full} buckets of {width}")
        capacity = max(full, self._buckets.shape[1])
        self._buckets = np.empty((4, capacity), np.float32)
        self._buckets[:, :full] = buckets
        index = np.arange(first - 1, step) % ring
        self._losses[index], self._rates[index] = losses, rates
        self.steps = self._newest = step
        self._oldest, self._width, self._full = first, width, full
        return self

    def room(self) -> int:
        """Return how many steps can be written before the ring begins again."""
        return self._ring - self.steps % self._ring

    def slots(self, count: int) -> tuple[Float32, Float32]:
        """Return where losses and learning rates of the next `count` ≤ `room` steps go; `advance` then counts them."""
        start = self.steps % self._ring
        return self._losses[start : start + count], self._rates[start : start + count]

    def advance(self, count: int) -> None:
        """Count `count` steps that have been written to `slots`."""
        start = self.steps % self._ring
        self.steps += count
        self._newest = max(self._newest, self.steps)
        self._oldest = max(self._oldest, self._newest - self._ring + 1)
        if start + count == self._ring:
            self._fill()

    def move(self, step: int) -> None:
        """Make `step` the present: one that the ring holds, or a multiple of the width of the buckets."""
        self._fill()
        self.steps = step
        if not self._oldest - 1 <= step <= self._newest:
            self._oldest, self._newest = step + 1, step

    def truncate(self) -> None:
        """Forget what was recorded beyond the present."""
        self._fill()
        self._newest = self.steps
        self._full = min(self._full, self.steps // self._width)

    def milestones(self, count: int) -> list[int]:
        """Return about `count` steps, even ones and the present, whose losses `at` tells however long the run is."""
        gap = 1
        while gap * count < self.steps:
            gap *= 2
        even = list(range(gap, self.steps + 1, gap))
        return even if not self.steps or self.steps % gap == 0 else [*even, self.steps]

    def at(self, steps: Sequence[int]) -> Float32:
        """Return the batch losses (k,) of steps; NaN of one that is not reached, or not kept by itself any more."""
        self._fill()
        found = np.full(len(steps), np.nan, np.float32)
        for k, step in enumerate(steps):
            bucket, rest = divmod(step, self._width)
            if max(self._oldest, 1) <= step <= self.steps:
                found[k] = self._losses[(step - 1) % self._ring]
            elif 0 < step <= self.steps and not rest and bucket <= self._full:
                found[k] = self._buckets[2, bucket - 1]
        return found

    def tail(self, since: int) -> Tail:
        """Return the steps after `since` up to the present one by one, or the last of them that the ring holds."""
        first = min(max(since + 1, self._oldest), self.steps + 1)
        index = np.arange(first - 1, self.steps) % self._ring  # step s stands at s − 1
        return Tail(first, self._losses[index], self._rates[index])

    def series(self, max_points: int = 2000) -> Series:
        """Return the whole run in at most `max_points` buckets (and one more for the steps that fill none)."""
        self._fill()
        width, count = self._width, min(self._full, self.steps // self._width)
        table, end = self._buckets[:, :count], count * width
        while count > max(max_points, 1):
            table, count, width = _merge(table), (count + 1) // 2, width * 2
        high = np.minimum((np.arange(count) + 1) * width, end)
        low = np.arange(count) * width + 1
        rest = self.tail(end)
        if len(rest.losses):
            table = np.column_stack([table, _bucket(rest.losses, rest.rates)])
            low, high = np.append(low, rest.first_step), np.append(high, self.steps)
        return Series(low, high, *table)

    def _fill(self) -> None:
        """Put finished buckets of the ring into the table."""
        while (count := self._newest // self._width - self._full) > 0:
            capacity = self._buckets.shape[1]
            if self._full == capacity and self._width < self._ring:
                self._buckets[:, : capacity // 2] = _merge(self._buckets)
                self._full, self._width = capacity // 2, self._width * 2
                continue
            if self._full == capacity:  # a bucket must not outlast the ring: after 2²⁹ steps the table grows
                self._buckets = np.concatenate([self._buckets, np.empty_like(self._buckets)], axis=1)
                continue
            count = min(count, capacity - self._full)
            index = (self._full * self._width + np.arange(count * self._width)) % self._ring
            losses, rates = (values[index].reshape(count, -1) for values in (self._losses, self._rates))
            done = np.stack([losses.min(axis=1), losses.max(axis=1), losses[:, -1], rates[:, -1]])
            self._buckets[:, self._full : self._full + count] = done
            self._full += count


def _merge(table: Float32) -> Float32:
    """Merge neighbours of buckets (4, n) into (4, ⌈n / 2⌉)."""
    first, second = table[:, ::2], table[:, 1::2]
    if second.shape[1] < first.shape[1]:
        second = np.column_stack([second, first[:, -1]])
    return np.stack([np.minimum(first[0], second[0]), np.maximum(first[1], second[1]), second[2], second[3]])


def _bucket(losses: Float32, rates: Float32) -> Float32:
    return np.array([losses.min(), losses.max(), losses[-1], rates[-1]], np.float32)
