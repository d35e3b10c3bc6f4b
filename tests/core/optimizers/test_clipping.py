"""The account of what clipping did: steps are counted, and those that were cut."""

import math

from backscope.core.optimizers.clipping import Clipping


def test_only_a_gradient_that_became_shorter_counts_as_clipped():
    start = Clipping()
    assert math.isnan(start.before)
    assert math.isnan(start.after)
    told = start.then(3.0, 1.0).then(0.5, 0.5).then(2.0, 1.0)
    assert told == Clipping(steps=3, clipped=2, before=2.0, after=1.0)
    assert (start.steps, start.clipped) == (0, 0)


def test_a_gradient_that_is_no_number_was_not_cut():
    assert Clipping().then(math.nan, math.nan).clipped == 0
