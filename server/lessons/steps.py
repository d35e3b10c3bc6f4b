"""`lesson.json`: what a lesson sets, looks at, asks and waits for, checked, and the line of whatever is wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ...core.config.config import RunConfig
from ...core.ground.errors import ConfigError
from ..wire.commands import CommandError
from ..wire.edits import patched
from ..wire.presets import DEFAULT, PRESETS, preset_name
from ..wire.run_fields import CONFIG_FIELDS
from .faults import LessonError

FILE = "lesson.json"

_Count = Annotated[int, Field(ge=1, le=10_000)]
_Expression = Annotated[str, Field(min_length=1, max_length=400)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Selection(_Record):
    """A neuron (layer, number) or a weight (layer, neuron that it leads to, that it comes from), as formulas write it.

    All are counted from 1; layer 0 are the inputs.
    """

    neuron: tuple[Annotated[int, Field(ge=0)], _Count] | None = None
    weight: tuple[_Count, _Count, _Count] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.neuron is None) == (self.weight is None):
            raise ValueError("expected a neuron or a weight")
        return self


class State(_Record):
    """What the page is brought to when a step begins: a run that has not begun, or has taken `step` steps."""

    preset: str = DEFAULT
    config: dict[str, Any] = {}
    step: Annotated[int, Field(ge=0, le=5000)] = 0
    lanes: Annotated[list[dict[str, Any]], Field(max_length=5)] = []
    surface: dict[str, Any] = {}
    open: list[Literal["laboratory", "microscope", "race"]] = []
    select: Selection | None = None


class Question(_Record):
    """Answers are in the text: `right` is the number of the right one, from 1."""

    right: _Count


class Check(_Record):
    """A number that the student works out: `slips` are what usual mistakes come to."""

    value: _Expression
    tolerance: Annotated[float, Field(gt=0, le=0.5, strict=False)] = 0.02
    slips: list[_Expression] = []


class Step(_Record):
    """One step of a lesson."""

    state: State | None = None
    look: list[str] = []
    question: Question | None = None
    check: Check | None = None
    until: _Expression | None = None
    hint_after: Annotated[int, Field(ge=5, le=600)] = 40


class Lesson(_Record):
    """A whole `lesson.json`."""

    order: Annotated[int, Field(ge=0, le=999)] = 999
    minutes: Annotated[int, Field(ge=1, le=60)]
    steps: Annotated[list[Step], Field(min_length=1, max_length=40)]


@dataclass(frozen=True, slots=True)
class Steps:
    """A checked `lesson.json`, the runs that its states mean, and its text to find lines in."""

    lesson: Lesson
    configs: Sequence[RunConfig | None]
    text: str

    def line(self, *path: str | int) -> int:
        """Return the line of an entry."""
        return line_of(self.text, path)


def read_steps(text: str) -> Steps:
    """Read `lesson.json`.

    Raises
    ------
    LessonError
        With the line, and what was expected there.
    """
    try:
        json.loads(text)  # tells the place of what is no JSON
    except json.JSONDecodeError as error:
        words = f"expected JSON, got an error at column {error.colno}: {error.msg}"
        raise LessonError(FILE, error.lineno, words) from None
    try:
        lesson = Lesson.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = first["loc"]
        where = ".".join(map(str, path)) or "the file"
        got = f", got {json.dumps(first['input'])[:60]}" if first["type"] != "missing" else ""
        raise LessonError(FILE, line_of(text, path), f"{where}: {first['msg']}{got}") from None
    if lesson.steps[0].state is None:
        raise LessonError(FILE, line_of(text, ("steps", 0)), "steps.0: expected a state in the first step")
    configs = [_config(step.state, text, number) for number, step in enumerate(lesson.steps)]
    return Steps(lesson, configs, text)


def _config(state: State | None, text: str, number: int) -> RunConfig | None:
    if state is None:
        return None
    preset = preset_name(state.preset)
    if preset is None:
        known = ", ".join(PRESETS)
        line = line_of(text, ("steps", number, "state", "preset"))
        raise LessonError(FILE, line, f"steps.{number}.state.preset: expected one of {known}, got {state.preset!r}")
    try:
        for name, value in state.config.items():
            if name in CONFIG_FIELDS:
                CONFIG_FIELDS[name].check(name, value)
        config = patched(PRESETS[preset], state.config)
    except (ConfigError, CommandError) as error:
        line = line_of(text, ("steps", number, "state", "config"))
        raise LessonError(FILE, line, f"steps.{number}.state.config: {error}") from None
    return config


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the line in which an entry of a JSON text begins, from 1; that of what lacks it where it is missing."""
    decoder, at = json.JSONDecoder(), _past_space(text, 0)
    for key in path:
        found = _member(text, at, key, decoder)
        if found is None:
            break
        at = found
    return text.count("\n", 0, at) + 1


def _member(text: str, at: int, key: str | int, decoder: json.JSONDecoder) -> int | None:
    """Return where the entry `key` of the object or list at `at` begins."""
    named = text[at] == "{"
    if text[at] not in "{[":
        return None
    at, count = _past_space(text, at + 1), 0
    while text[at] not in "}]":
        name: str | int = count
        if named:
            name, at = scanstring(text, at + 1, True)
            at = _past_space(text, _past_space(text, at) + 1)
        if name == key:
            return at
        at = _past_space(text, decoder.raw_decode(text, at)[1])
        if text[at] == ",":
            at = _past_space(text, at + 1)
        count += 1
    return None


def _past_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at
