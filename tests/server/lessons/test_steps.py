"""`lesson.json`: the runs that its states mean, and the line of whatever is wrong."""

import json
from typing import Any

import pytest
from backscope.server.lessons.faults import LessonError
from backscope.server.lessons.steps import line_of, read_steps
from backscope.server.wire.presets import PRESETS


def lesson(*steps: dict[str, Any]) -> str:
    return json.dumps({"minutes": 5, "steps": steps}, indent=1)


def fault_in(text: str) -> tuple[str, str]:
    """What is told of a broken lesson, and the line that is named."""
    with pytest.raises(LessonError) as caught:
        read_steps(text)
    return str(caught.value), text.split("\n")[caught.value.line - 1].strip()


def test_a_state_is_a_preset_with_changes_and_a_step_without_one_stays_where_it_is() -> None:
    read = read_steps(lesson({"state": {"preset": "xor", "config": {"seed": 4}, "step": 9}}, {"until": "loss < 1"}))
    config, none = read.configs
    assert none is None
    assert config is not None
    assert (config.data, config.seed) == (PRESETS["xor"].data, 4)
    assert (read.lesson.order, read.lesson.steps[0].hint_after) == (999, 40)
    assert read.text.split("\n")[read.line("steps", 1, "until") - 1].strip() == '"until": "loss < 1"'


def test_what_cannot_be_is_told_by_its_line() -> None:
    first = {"state": {"preset": "xor"}}
    words, line = fault_in(lesson({"look": ["network"]}))
    assert "expected a state in the first step" in words
    words, line = fault_in(lesson(first, {"state": {"preset": "xoor"}}))
    assert "steps.1.state.preset: expected one of circle" in words
    assert line == '"preset": "xoor"'
    words, line = fault_in(lesson({"state": {"preset": "xor", "select": {"neuron": [1, 2], "weight": [1, 1, 1]}}}))
    assert "expected a neuron or a weight" in words
    assert line == '"select": {'
    assert "another kind of value (int), got" in fault_in(lesson({**first, "question": {"right": "1"}}))[0]


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths to all entries of a JSON value."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, part in parts for place in places(part, (*path, key)))]


@pytest.mark.parametrize("indent", [0, 3])
def test_every_entry_is_found_in_its_line(indent: int) -> None:
    value = {"a": [1, {'ü"{': [[], {}, "]}"]}, "x, y"], "b": {"c": None, "d": -1.5e3}}
    text = json.dumps(value, indent=indent)
    lines = [line_of(text, path) for path in places(value)]
    assert lines == sorted(lines)
    assert line_of(text, ("a", 1, 'ü"{', 2)) == next(n for n, line in enumerate(text.split("\n"), 1) if "]}" in line)
    assert line_of(text, ("b", "nothing")) == line_of(text, ("b",))
