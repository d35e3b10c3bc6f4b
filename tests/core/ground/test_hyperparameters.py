"""Numbers that belong to a choice: defaults, ranges, and names that are not known."""

import pytest
from backscope.core.ground.errors import ConfigError
from backscope.core.ground.hyperparameters import Hyperparameter, checked

BETA = Hyperparameter("beta", 0.9, 0.0, 1.0, open_high=True)
COUNT = Hyperparameter("count", 3, 1, 6, integer=True)
SWITCH = Hyperparameter("centered", 0, 0, 1, integer=True)


def test_what_is_given_is_checked_and_the_rest_takes_its_default():
    values = checked([BETA, COUNT], {"count": 5.0}, "optimizer")
    assert dict(values) == {"beta": 0.9, "count": 5}
    assert isinstance(values["count"], int)
    with pytest.raises(TypeError):
        values["beta"] = 0.1  # type: ignore[index]
    with pytest.raises(ConfigError, match="unknown key 'gamma' in optimizer; known are beta, count"):
        checked([BETA, COUNT], {"gamma": 1}, "optimizer")


@pytest.mark.parametrize(
    ("entry", "value", "words"),
    [
        (BETA, 1, r"beta must lie in \[0, 1\), got 1"),
        (BETA, True, "beta must lie in"),
        (COUNT, 2.5, r"count must be a whole number in \[1, 6\], got 2.5"),
        (COUNT, True, "count must be a whole number"),
        (SWITCH, 2, r"centered must be a whole number in \[0, 1\], got 2"),
    ],
)
def test_what_is_out_of_range_is_refused(entry, value, words):
    with pytest.raises(ConfigError, match=words):
        entry.check(value)


def test_what_is_0_or_1_may_be_said_as_no_or_yes():
    assert [SWITCH.check(value) for value in (True, False)] == [1, 0]
