"""Checks of fields: what passes comes out as it went in, and all else is refused by name, value and range."""

import json
from typing import Any

import pytest
from backscope.core.ground.errors import ConfigError
from backscope.server.wire import fields, run_fields
from backscope.server.wire.commands import MOST_EXACT, Check, CommandError
from hypothesis import given
from hypothesis import strategies as st

#: name -> check, values that pass, values that do not
CHECKS: dict[str, tuple[Check, list[Any], list[Any]]] = {
    "integer": (fields.integer(2, 5), [2, 5], [1, 6, 2.5, "3", True, None]),
    "number": (fields.number(-1, 1), [-1, 0.5, 1], [1.01, "0", None, True]),
    "text": (fields.text("a+", "a's"), ["a", "aaa"], ["", "b", "a\n", 1, None]),
    "record": (fields.record, [{}, {"a": 1}], [[], "x", None]),
    "some_text": (fields.some_text, ["", "学"], [1, None, []]),
    "some_list": (fields.some_list, [[], [1]], [{}, "x", None]),
    "maybe": (fields.maybe(fields.integer(0, 3)), [None, 3], [4, "x"]),
    "flag": (fields.flag, [True, False], [1, 0, "true", None]),
    "choice": (fields.choice(lambda: ("b", "c")), ["b", "c"], ["a", 1, None, []]),
    "preset": (fields.preset, ["xor", "deep_sigmoid"], ["nothing", 3, None]),
    "list_of": (fields.list_of(fields.integer(1, 9), 2, "digits", least=1), [[1], [1, 9]], [[], [0], [1, 2, 3], "12"]),
    "lane_records": (
        run_fields.lane_records,
        [[{"id": 0, "config": {}}], [{"id": 1, "config": {}, "log": []}, {"id": 0, "config": {}}]],
        [
            [],
            [{"id": 0}],
            [{"id": 9, "config": {}}],
            [{"id": 0, "config": {}}] * 2,
            [{"id": 0, "config": {}, "log": 1}],
        ],
    ),
}


@pytest.mark.parametrize("name", CHECKS)
def test_what_is_right_passes_unchanged(name: str) -> None:
    check, right, _ = CHECKS[name]
    for value in right:
        assert check("field", value) == value


@pytest.mark.parametrize("name", CHECKS)
def test_what_is_wrong_is_refused_in_words_that_json_can_carry(name: str) -> None:
    check, _, wrong = CHECKS[name]
    for value in wrong:
        with pytest.raises((CommandError, ConfigError)) as refused:
            check("field", value)
        error = refused.value if isinstance(refused.value, CommandError) else CommandError.of(refused.value)
        assert str(error)
        json.dumps(error.params, allow_nan=False)


@given(st.lists(st.integers(-3, MOST_EXACT), max_size=4))
def test_two_indices_are_two_and_different(given_: list[int]) -> None:
    right = len(given_) == 2 and given_[0] != given_[1] and min(given_) >= 0
    if right:
        assert fields.two_indices("weights", given_) == tuple(given_)
    else:
        with pytest.raises((CommandError, ConfigError)):
            fields.two_indices("weights", given_)


def test_every_field_of_a_run_has_a_check_and_live_ones_are_those_of_the_core() -> None:
    from backscope.core.config.config import LIVE_NAMES

    assert set(LIVE_NAMES) <= set(run_fields.LIVE_FIELDS)
    assert not any(field.required for field in (*run_fields.LIVE_FIELDS.values(), *run_fields.CONFIG_FIELDS.values()))
