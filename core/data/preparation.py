"""From samples to what a network is fed with: labels, split, wrong labels, targets, standard units."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]


def labels_in_proportion(count: int, classes: int, balance: float = 1.0) -> Labels:
    """Deal `count` labels in turn, so that every beginning of them holds the classes in proportion.

    Parameters
    ----------
    count, classes : int
        How many labels, and of how many classes.
    balance : float
        Size of the last class divided by that of the first, in (0, 1]; the classes between fall off evenly.
    """
    weights = balance ** (np.arange(classes) / (classes - 1))
    turns = (np.arange(count)[:, None] + 0.5) / weights
    order = np.argsort(turns.ravel(), kind="stable")[:count]
    return order % classes


def split(strata: Labels, test_fraction: float, rng: np.random.Generator) -> tuple[Labels, Labels]:
    """Draw a test set in which every class has its share.

    All samples are put into one random sequence, each beginning of which holds the classes in proportion; the test
    set is the beginning of it.

    Parameters
    ----------
    strata : ndarray of shape (n,)
        The class of each sample.
    test_fraction : float
        In [0, 1).
    rng : numpy.random.Generator
        Draws the sequence.

    Returns
    -------
    train, test : ndarray of int
        Rows, ascending; together all of them.
    """
    keys = rng.random(len(strata))
    place = np.empty(len(strata))
    for label in np.unique(strata):
        members = np.flatnonzero(strata == label)
        order = np.argsort(keys[members])
        place[members[order]] = (np.arange(len(members)) + 0.5) / len(members)
    sequence = np.lexsort((keys, place))
    count = min(round(test_fraction * len(strata)), len(strata) - 1)
    return np.sort(sequence[count:]), np.sort(sequence[:count])


def mislabel(labels: Labels, classes: int, share: float, rng: np.random.Generator) -> Labels:
    """Return `labels` (n,) with a random share of them replaced by another class, drawn evenly from the others."""
    u, other = rng.random((len(labels), 2)).T
    wrong = (labels + 1 + np.floor(other * (classes - 1)).astype(np.int64)) % classes
    return np.where(u < share, wrong, labels)


def encode(
    labels: Labels, classes: int, output: str | None = None, loss: str | None = None
) -> tuple[Array, tuple[float, float]]:
    """Turn labels (n,) into targets (n, 1) for two classes or one-hot (n, classes) for more.

    Also returns the numbers that stand for no and yes: 0 and 1, or −1 and 1 for a tanh output and for hinge.
    """
    low = -1.0 if output == "tanh" or loss == "hinge" else 0.0
    yes = labels[:, None] == (1 if classes == 2 else np.arange(classes))
    return np.where(yes, 1.0, low), (low, 1.0)


class Scaling(NamedTuple):
    """Standard units: ``(values − shift) / scale``, one shift and scale per column."""

    shift: Array
    scale: Array

    @classmethod
    def none(cls, columns: int) -> Scaling:
        """Values as they are."""
        return cls(np.zeros(columns), np.ones(columns))

    @classmethod
    def learnt(cls, values: Array) -> Scaling:
        """Mean 0 and standard deviation 1 on `values` (n, columns); a column that never changes is only shifted.

        Each column is divided by a power of two of its own size first, which changes no digit: so squares of tiny and
        of huge numbers are numbers too.
        """
        unit = np.ldexp(1.0, np.maximum(np.frexp(np.abs(values).max(axis=0, initial=0.0))[1] - 1, -1000))
        scaled = values / unit
        deviation = scaled.std(axis=0) * unit
        return cls(scaled.mean(axis=0) * unit, np.where(np.ptp(scaled, axis=0) > 0, deviation, 1.0))

    def __call__(self, values: Array) -> Array:
        """Return `values` (n, columns) in standard units."""
        scaled: Array = (values - self.shift) / self.scale
        return scaled
