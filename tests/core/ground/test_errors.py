"""Refusals: each names what was set, its value and its range, in words and as fields; and ends of ranges."""

import math
import pickle

import pytest
from backscope.core.ground.errors import (
    BackscopeError,
    ConfigError,
    check_choice,
    check_flag,
    check_integer,
    check_number,
)


@pytest.mark.parametrize("value", [-0.1, 2.1, math.nan, math.inf, "1", None, True, 10**400])
def test_a_number_outside_its_range_is_refused_with_name_value_and_range(value):
    with pytest.raises(ConfigError, match=r"^rate must lie in \[0, 2\], got ") as caught:
        check_number("rate", value, 0, 2)
    error = caught.value
    assert (error.name, error.low, error.high) == ("rate", 0, 2)
    assert error.value is value
    assert isinstance(error, BackscopeError)
    assert isinstance(error, ValueError)


def test_the_ends_belong_to_a_range_unless_it_is_open():
    assert [check_number("rate", end, 0, 2) for end in (0, 2)] == [0.0, 2.0]
    with pytest.raises(ConfigError, match=r"rate must lie in \[0, 2\), got 2"):
        check_number("rate", 2, 0, 2, open_high=True)
    assert check_integer("size", 3.0, 1, 3) == 3
    for value in (0, 4, 2.5, True, "2", math.nan):
        with pytest.raises(ConfigError, match=r"size must be a whole number in \[1, 3\], got "):
            check_integer("size", value, 1, 3)


def test_an_error_tells_what_a_value_within_the_ends_is_refused_for():
    for check, bound in (
        (lambda: check_number("β", 1, 0, 1, open_high=True), "below"),
        (lambda: check_number("rate", 3, 0, 2), ""),
        (lambda: check_integer("size", 2.5, 1, 3), "whole"),
        (lambda: check_integer("size", 4, 1, 3), ""),
    ):
        with pytest.raises(ConfigError) as caught:
            check()
        assert caught.value.bound == bound


def test_choices_and_flags_are_told():
    assert check_choice("kind", "b", ["a", "b"]) == "b"
    with pytest.raises(ConfigError, match="kind must be one of a, b, got 'c'"):
        check_choice("kind", "c", ["a", "b"])
    assert check_flag("on", False) is False
    with pytest.raises(ConfigError, match="on must be true or false, got 1"):
        check_flag("on", 1)


def test_an_error_crosses_to_another_process_with_all_it_holds():
    error = pickle.loads(pickle.dumps(ConfigError("words", "rate", 3, 0, 2, "below")))
    told = (str(error), error.name, error.value, error.low, error.high, error.bound)
    assert told == ("words", "rate", 3, 0, 2, "below")
