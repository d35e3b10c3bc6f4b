"""Epochs dealt by loops, in plain Python where there is no numba: NumPy's orders and its stream, to the bit."""

import numpy as np
import pytest
from backscope.core.ground.streams import state_of, stream, words_of
from backscope.core.run.batches import Batches
from backscope.core.run.compiled_deal import as_numpy, deal, shuffle


@pytest.fixture(autouse=True)
def _quiet():
    with np.errstate(over="ignore"):
        yield


@pytest.mark.parametrize("seed", range(5))
def test_an_order_is_that_of_numpy_and_so_is_the_stream_after_it(seed):
    rng, sizes = stream(seed, "batches"), np.random.default_rng(seed)
    words = words_of(rng.bit_generator.state)
    for n in [1, 2, 3, 4, 5, *sizes.integers(1, 140, 8).tolist()]:
        order, other = np.arange(n), np.arange(n)
        rng.shuffle(order)
        shuffle(words, other)
        np.testing.assert_array_equal(other, order)
        assert state_of(words) == rng.bit_generator.state


def test_whether_numpy_shuffles_so_is_asked(monkeypatch):
    assert as_numpy()
    as_numpy.cache_clear()
    monkeypatch.setattr("backscope.core.run.compiled_deal.shuffle", lambda words, order: None)
    assert not as_numpy()
    as_numpy.cache_clear()


@pytest.mark.parametrize("size", [1, 3, 5, 9])
def test_an_epoch_is_dealt_as_batches_deal_it(size):
    values = np.random.default_rng(size).normal(size=(10, 5))
    rows, targets = values[:, :3].copy(), values[:, 3:].copy()
    one, other = (Batches(rows, targets, stream(4, "batches"), size) for _ in range(2))
    for _ in range(3):
        one.begin_epoch()
        one.advance(one.left)
        stock = other.stock()
        deal(stock.rows, stock.targets, size, stock.words, stock.order, stock.dealt, stock.aims, stock.y)
        other.went_on(10, 1, 1)
        for (x, y, batch), (x_too, y_too, batch_too) in zip(one.views, other.views, strict=True):
            np.testing.assert_array_equal(x, x_too)
            np.testing.assert_array_equal(y, y_too)
            assert batch == batch_too
        np.testing.assert_array_equal(one.rows_of_last(10), other.rows_of_last(10))
        assert one.place() == other.place()
