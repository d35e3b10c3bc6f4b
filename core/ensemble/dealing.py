"""Batches of several runs, each in the order of its own seed."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from ..config.config import RunConfig
from ..ground.streams import stream
from ..nets.activations import Array
from ..run.samples import Samples


class Deal:
    """Batches of several runs, each in the order of its own seed: see `run.batches`.

    Parameters
    ----------
    configs : sequence of RunConfig
        Of the same batch size.
    samples : sequence of Samples
        Of each, all with the same number of training samples.

    Attributes
    ----------
    sets : list of (rows, targets)
        The different sets of samples, (n, n_in + 1) and (n, n_out).
    set_of : array of int (k,)
        Which of them is whose.
    orders : array of int (E, n)
        The different orders of this epoch.
    order_of : array of int (k,)
        Which of them is whose.
    alike : bool
        Whether all have the same samples in the same order.
    """

    def __init__(self, configs: Sequence[RunConfig], samples: Sequence[Samples]) -> None:
        members = zip(configs, samples, strict=True)
        each = [(own.rows, own.targets(config.label_smoothing)[0]) for config, own in members]
        different = {(id(rows), id(targets)): (rows, targets) for rows, targets in each}
        self.sets = list(different.values())
        self.set_of = _places([(id(rows), id(targets)) for rows, targets in each])
        self._n = len(self.sets[0][0])
        self._size = min(configs[0].batch_size or self._n, self._n)
        seeds = [config.seed if self._size < self._n else 0 for config in configs]
        self.order_of = _places(seeds)
        self.orders = np.tile(np.arange(self._n), (max(self.order_of) + 1, 1))
        self._streams = [stream(seed, "batches") for seed in dict.fromkeys(seeds)]
        self.alike = len(self.sets) == len(self.orders) == 1
        self._at = self._n
        self._x, self._y = self.sets[0]
        self._targets: dict[int, Array] = {}

    def ahead(self, most: int) -> tuple[int, int, int]:
        """Return where the next batch begins, its size, and how many of this size follow in this epoch, `most` or less.

        Their samples are those that `orders` has there; `pass_by` says that they were taken.
        """
        if self._at >= self._n:
            self._at = 0
            if self._size < self._n:
                for order, rng in zip(self.orders, self._streams, strict=True):
                    order[:] = np.arange(self._n)
                    rng.shuffle(order)
        left = self._n - self._at
        return self._at, min(self._size, left), min(most, max(1, left // self._size))

    def pass_by(self, batches: int, size: int) -> None:
        """Go on behind so many batches of a size."""
        self._at += batches * size

    def next(self) -> tuple[Array, Array, int]:
        """Return inputs (k or 1, n_in + 1, batch), targets (n_out, k, batch), and the batch's size."""
        at, batch, _ = self.ahead(1)
        self.pass_by(1, batch)
        part = slice(at, at + batch)
        if not self.alike:
            owners = zip(self.set_of, self.order_of, strict=True)
            chosen = [(*self.sets[own], self.orders[order, part]) for own, order in owners]
            x = np.stack([rows[order].T for rows, _, order in chosen])
            return x, np.stack([targets[order].T for _, targets, order in chosen], axis=1), batch
        if at == 0 and batch < self._n:
            self._x, self._y = (whole[self.orders[0]] for whole in self.sets[0])
        if batch not in self._targets:
            self._targets[batch] = np.empty((self._y.shape[1], len(self.set_of), batch), self._y.dtype)
        targets = self._targets[batch]
        np.copyto(targets, self._y[part].T[:, None])
        return self._x[None, part].transpose(0, 2, 1), targets, batch


def _places(keys: Sequence[Hashable]) -> NDArray[np.int64]:
    """Return where each key (k,) stands among the different ones, which are counted as they come."""
    known = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return np.array([known[key] for key in keys], np.int64)
