"""The order in which samples are dealt."""

from itertools import chain

import numpy as np
import pytest
from backscope.core.ground.streams import STREAMS, stream
from backscope.core.run.batches import Batches


def make(n=10, batch_size=3, n_out=2, seed=0):
    rows = np.column_stack([np.arange(n, dtype=float), np.ones(n)])
    targets = np.column_stack([np.arange(n, dtype=float) + 100 * k for k in range(n_out)])
    return Batches(rows, targets, stream(seed, "batches"), batch_size)


def deal(batches):
    """Deal one batch and return the numbers of its samples."""
    if not batches.left:
        batches.begin_epoch()
    x, y, size = batches.views[batches.index]
    assert x.shape[1] == y.shape[1] == size
    np.testing.assert_array_equal(x[1], 1)
    for k, row in enumerate(y):
        np.testing.assert_array_equal(row, x[0] + 100 * k)
    batches.advance(1)
    return x[0].astype(int).tolist()


def epoch(batches):
    done = batches.epoch
    dealt = []
    while batches.epoch == done:
        dealt.append(deal(batches))
    return dealt


def flat(batches):
    """Return the samples of several batches as one list."""
    return list(chain.from_iterable(batches))


def test_every_epoch_deals_each_sample_once_in_a_new_order():
    batches = make()
    first, second = epoch(batches), epoch(batches)
    assert [len(batch) for batch in first] == [3, 3, 3, 1]
    assert sorted(flat(first)) == sorted(flat(second)) == list(range(10))
    assert first != second
    assert batches.epoch == 2


def test_the_seed_decides_the_order():
    assert epoch(make(seed=1)) == epoch(make(seed=1)) != epoch(make(seed=2))


@pytest.mark.parametrize("batch_size", [None, 10, 5000])
def test_a_full_batch_keeps_the_given_order(batch_size):
    batches = make(batch_size=batch_size)
    assert epoch(batches) == epoch(batches) == [list(range(10))]


def test_a_new_size_deals_what_is_left_first():
    batches = make()
    start = deal(batches)
    batches.resize(4)
    rest = epoch(batches)
    assert [len(batch) for batch in rest] == [4, 3]
    assert sorted(start + flat(rest)) == list(range(10))
    assert [len(batch) for batch in epoch(batches)] == [4, 4, 2]
    batches.resize(None)
    assert epoch(batches) == [list(range(10))]
    batches.resize(3)
    assert flat(epoch(batches)) != list(range(10))


@pytest.mark.parametrize("dealt", range(9))
def test_a_place_can_be_returned_to(dealt):
    batches = make()
    for _ in range(dealt):
        deal(batches)
    place = batches.place()
    first = [deal(batches) for _ in range(12)]
    batches.resize(7)
    deal(batches)
    batches.restore(place, 3)
    assert [deal(batches) for _ in range(12)] == first


def test_streams_are_independent_of_each_other():
    draws = {stream(0, purpose).random() for purpose in STREAMS}
    assert len(draws) == len(STREAMS)
    assert stream(0, "dropout", lane=1).random() != stream(0, "dropout").random() == stream(0, "dropout").random()
