"""The record of every step's loss: a ring of single steps and a table of buckets."""

import numpy as np
import pytest
from backscope.core.run.record import LossRecord


def loss(step):
    return np.float32((step * 7919 % 101) / 10)


def write(record, count):
    """Write the losses of the next steps, which are a function of the step."""
    while count:
        some = min(count, record.room(), 37)
        losses, rates = record.slots(some)
        losses[:] = [loss(record.steps + 1 + i) for i in range(some)]
        rates[:] = record.steps // 10
        record.advance(some)
        count -= some


def check(record, max_points=10**6):
    series = record.series(max_points)
    assert series.step_low[0] == 1
    assert series.step_high[-1] == record.steps
    np.testing.assert_array_equal(series.step_low[1:], series.step_high[:-1] + 1)
    for low, high, smallest, largest, last, _ in zip(*series, strict=True):
        losses = [loss(step) for step in range(low, high + 1)]
        assert (smallest, largest, last) == (min(losses), max(losses), losses[-1])
    return series


@pytest.mark.parametrize("steps", [1, 5, 16, 17, 64, 100, 255, 256, 1000, 3001])
def test_buckets_tell_the_whole_run(steps):
    record = LossRecord(ring=64, buckets=16)
    write(record, steps)
    series = check(record)
    assert len(series.low) <= (17 if steps <= 16 * 64 else steps // 64 + 1)
    assert len(check(record, max_points=4).low) <= 5


def test_tail_gives_single_steps():
    record = LossRecord(ring=64, buckets=16)
    write(record, 100)
    first, losses, rates = record.tail(90)
    assert first == 91
    np.testing.assert_array_equal(losses, [loss(step) for step in range(91, 101)])
    assert rates.shape == (10,)
    assert record.tail(100).losses.shape == (0,)
    assert record.tail(0).first_step == 37
    assert len(record.tail(0).losses) == 64


def test_the_present_can_be_moved_and_the_rest_is_kept():
    record = LossRecord(ring=64, buckets=16)
    write(record, 200)
    record.move(160)
    assert record.tail(158).losses.tolist() == [loss(159), loss(160)]
    check(record)
    record.move(192)
    check(record)
    record.move(16)
    check(record)
    assert len(record.tail(0).losses) == 0
    write(record, 184)
    check(record)
    write(record, 100)
    check(record)


def test_truncating_forgets_the_future():
    record = LossRecord(ring=64, buckets=16)
    write(record, 200)
    record.move(160)
    record.truncate()
    losses, rates = record.slots(1)
    losses[0], rates[0] = 99, 0.5
    record.advance(1)
    assert record.series().last[-1] == 99
    assert record.tail(160).rates.tolist() == [0.5]
    assert record.series(4).high[-1] == 99


@pytest.mark.parametrize("steps", [0, 1, 7, 10, 11, 64, 1000, 4097, 20_000])
def test_losses_at_milestones_are_kept_however_long_the_run_is(steps):
    record = LossRecord(ring=256, buckets=64)
    write(record, steps)
    told = record.milestones(10)
    assert told == sorted(set(told))
    assert told[-1:] == ([steps] if steps else [])
    assert min(steps, 5) <= len(told) <= 11
    np.testing.assert_array_equal(record.at(told), [loss(step) for step in told])
    assert np.isnan(record.at([0, steps + 1])).all()
    if steps > 1000:
        assert np.isnan(record.at([steps // 2 + 1 - steps // 2 % 2])).all()
    half = LossRecord.of(record.data(steps))
    np.testing.assert_array_equal(half.at(told), [loss(step) for step in told])
