"""Messages in: what is refused, and in which words."""

import json
from typing import Any

import pytest
from backscope.server.front.commands import COMMANDS
from backscope.server.wire.commands import Command, CommandError, Field, Operations, joined, plain
from backscope.server.wire.commands import parse as parse_with
from backscope.server.wire.presets import PRESETS
from hypothesis import given
from hypothesis import strategies as st

SECRET = "0123456789abcdef"


def parse(message: str, **options: int) -> Command:
    return parse_with(message, COMMANDS, **options)


def refused(message: object, **options: int) -> CommandError:
    with pytest.raises(CommandError) as caught:
        parse(message if isinstance(message, str) else json.dumps(message), **options)
    return caught.value


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        ({"learning_rate": -1}, "out_of_range", "learning_rate must lie in [0, 100], got -1"),
        ({"learning_rate": "1e999"}, "out_of_range", "learning_rate must lie in [0, 100]"),
        ({"learning_rate": True}, "out_of_range", "learning_rate must lie in [0, 100], got True"),
        ({"batch_size": 0}, "out_of_range", "batch_size must be a whole number in [1, 5000], got 0"),
        ({"batch_size": 1.5}, "not_whole", "batch_size must be a whole number in [1, 5000], got 1.5"),
        ({"optimizer": "magic"}, "unknown_choice", "optimizer must be one of sgd, momentum, "),
        ({"beta1": 1}, "not_below", "beta1 must lie in [0, 1), got 1"),
        ({"momentun": 0.9}, "unknown_field", "set has no field 'momentun'"),
        ({}, "missing_field", "set needs at least one of learning_rate"),
    ],
)
def test_a_wrong_edit_is_named_with_its_range(fields: dict[str, object], code: str, words: str) -> None:
    error = refused({"id": 4, "op": "set", **fields})
    assert error.code == code
    assert words in str(error)
    assert error.number == 4


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("", "bad_json"),
        ("{", "bad_json"),
        ("[" * 100_000, "bad_json"),
        ('{"op":"set","learning_rate":NaN}', "bad_json"),
        ('{"op":"seek","step":' + "9" * 5000 + "}", "bad_json"),
        ('{"op":"hello","secret":"0123456789abcdef","token":"\\ud800"}', "bad_json"),
        ('{"op":"configure","data":{"name":["\\uDFFF"]}}', "bad_json"),
        ('{"op":"play","\\udc00":1}', "bad_json"),
        ('{"op":"\\ud83d\\ude00"}', "unknown_op"),
        ([1, 2], "bad_message"),
        ("null", "bad_message"),
        ({"op": "play", "id": "one"}, "bad_message"),
        ({"op": "play", "id": 1.0}, "bad_message"),
        ({"op": "play", "id": 2**60}, "bad_message"),
        ({}, "unknown_op"),
        ({"op": "go_on"}, "unknown_op"),
        ({"op": ["play"]}, "unknown_op"),
        ({"op": "play", "now": True}, "unknown_field"),
        ({"op": "seek"}, "missing_field"),
        ({"op": "seek", "step": -1}, "out_of_range"),
        ({"op": "step", "count": 0}, "out_of_range"),
        ({"op": "speed", "steps_per_second": 100_001}, "out_of_range"),
        ({"op": "hello"}, "missing_field"),
        ({"op": "hello", "secret": "short"}, "wrong_type"),
        ({"op": "hello", "secret": SECRET, "config": []}, "wrong_type"),
        ({"op": "hello", "secret": SECRET, "playing": 1}, "wrong_type"),
        ({"op": "hello", "secret": SECRET, "preset": "nothing"}, "unknown_choice"),
        ({"op": "preset", "name": 7}, "unknown_choice"),
        ({"op": "surface", "plane": "flat"}, "unknown_choice"),
        ({"op": "surface", "weights": [3, 3]}, "wrong_type"),
        ({"op": "surface", "weights": [3, -1]}, "out_of_range"),
        ({"op": "surface", "resolution": 4}, "out_of_range"),
        ({"op": "configure", "network": 5}, "wrong_type"),
        ({"op": "configure", "colour": 5}, "unknown_field"),
        ({"op": "reseed", "seed": 2**32}, "out_of_range"),
    ],
)
def test_a_message_of_wrong_form_is_refused(message: object, code: str) -> None:
    assert refused(message).code == code


def test_a_long_message_is_refused_before_it_is_read() -> None:
    error = refused('{"op":"play"' + " " * 2000 + "}", most_bytes=1000)
    assert error.code == "too_large"
    assert refused('"' + "学" * 400 + '"', most_bytes=1000).code == "too_large"


@pytest.mark.parametrize("op", COMMANDS)
def test_every_command_with_required_fields_names_those_that_are_missing(op: str) -> None:
    required = [name for name, field in COMMANDS[op].fields.items() if field.required]
    if required:
        assert refused({"op": op}).code == "missing_field"
        assert required[0] in str(refused({"op": op}))
    else:
        assert COMMANDS[op].needs_field or parse(json.dumps({"op": op})).op == op


@pytest.mark.parametrize("spelling", ["deep_sigmoid", "deep-sigmoid", "Deep Sigmoid"])
def test_presets_are_found_in_any_spelling(spelling: str) -> None:
    assert parse(json.dumps({"op": "preset", "name": spelling})).fields["name"] == "deep_sigmoid"


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_found_by_its_name(name: str) -> None:
    assert parse(json.dumps({"op": "preset", "name": name})).fields["name"] == name


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
NAMES = sorted({name for operation in COMMANDS.values() for name in operation.fields})


def outcome(message: str) -> tuple[str, str]:
    """What becomes of a message: its operation, or code and words of the refusal."""
    try:
        return parse(message).op, ""
    except CommandError as error:
        json.dumps(error.params, allow_nan=False).encode()
        return error.code, str(error)


@given(st.sampled_from(sorted(COMMANDS)), st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=4))
def test_whatever_comes_is_a_command_or_a_refusal_that_json_can_carry(op: str, fields: dict[str, object]) -> None:
    found, words = outcome(json.dumps({"op": op, **fields}))
    assert words or found == op


@given(st.text())
def test_any_text_is_refused_in_words_or_is_a_command(message: str) -> None:
    found, words = outcome(message)
    assert words or found in COMMANDS


@given(ANYTHING)
def test_values_in_a_refusal_are_short(value: object) -> None:
    assert len(str(plain(value))) <= 80


# Tables: what is half described is no operation.


def enter(op: str = "jump", fields: Any = None, words: str | None = "Jump.", **flags: bool) -> Operations[Any]:
    def action() -> None: ...

    action.__doc__ = words
    table: Operations[Any] = Operations()
    table.operation(op, fields or {}, **flags)(action)
    return table


@pytest.mark.parametrize(
    "wrong",
    [
        {"op": "Jump"},
        {"op": ""},
        {"words": None},
        {"words": " "},
        {"fields": {"height": int}},
        {"fields": {"height": Field(None)}},
        {"read_only": True, "exact": True},
        {"read_only": True, "picture_first": True},
        {"needs_field": True},
        {"needs_wings": True},
    ],
)
def test_what_is_half_described_is_refused_when_it_is_entered(wrong: dict[str, Any]) -> None:
    assert set(enter()) == {"jump"}
    with pytest.raises(TypeError):
        enter(**wrong)


def test_an_operation_stands_in_one_place_only() -> None:
    table = enter()
    with pytest.raises(TypeError, match="two operations jump"):
        table.operation("jump")(lambda: None)
    with pytest.raises(TypeError, match="two operations jump"):
        joined(table, enter())


def test_what_a_session_tells_itself_no_client_can_ask_for() -> None:
    assert set(joined(enter(), enter("fall", internal=True))) == {"jump"}
