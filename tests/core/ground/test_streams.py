"""Random streams: one seed gives each purpose its own, for ever the same, and lanes differ in dropout alone."""

import itertools

import numpy as np
import pytest
from backscope.core.ground.streams import STREAMS, stream


def test_purposes_and_seeds_have_streams_of_their_own():
    drawn = {(seed, purpose): stream(seed, purpose).random(4) for seed in (0, 1) for purpose in STREAMS}
    for one, other in itertools.combinations(drawn.values(), 2):
        assert not np.isin(one, other).any()
    for (seed, purpose), numbers in drawn.items():
        np.testing.assert_array_equal(stream(seed, purpose).random(4), numbers)


def test_a_stream_is_the_child_of_one_seed_at_its_place_in_the_list():
    """Runs that were stored depend on it: a new purpose goes to the end."""
    children = np.random.SeedSequence(7).spawn(len(STREAMS))
    for child, purpose in zip(children, STREAMS, strict=True):
        expected = np.random.Generator(np.random.PCG64(child)).random(3)
        np.testing.assert_array_equal(stream(7, purpose).random(3), expected)
    assert STREAMS[:4] == ("data", "split", "batches", "initialization")


def test_another_lane_draws_other_numbers_and_an_unknown_purpose_none():
    assert not np.isin(stream(3, "dropout", 1).random(4), stream(3, "dropout").random(4)).any()
    with pytest.raises(ValueError, match="not in tuple"):
        stream(0, "luck")
