"""`lesson.json`: what a lesson sets, looks at, asks and waits for, checked, and the line of whatever is wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

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
        json.loads(text, parse_constant=_no_number)  # tells the place of what is no JSON
    except json.JSONDecodeError as error:
        raise LessonError(FILE, error.lineno, "json", column=error.colno, found=error.msg) from None
    except (ValueError, RecursionError) as error:  # NaN, numbers of thousands of digits, brackets without an end
        raise LessonError(FILE, 1, "json", column=1, found=str(error)[:80]) from None
    try:
        lesson = Lesson.model_validate_json(text)
    except ValidationError as error:
        raise _fault_of(error.errors(include_url=False)[0], text) from None
    if lesson.steps[0].state is None:
        raise LessonError(FILE, line_of(text, ("steps", 0)), "first_state", where="steps.0")
    configs = [_config(step.state, text, number) for number, step in enumerate(lesson.steps)]
    return Steps(lesson, configs, text)


def _config(state: State | None, text: str, number: int) -> RunConfig | None:
    if state is None:
        return None
    preset = preset_name(state.preset)
    if preset is None:
        line = line_of(text, ("steps", number, "state", "preset"))
        params = {"known": ", ".join(PRESETS), "found": repr(state.preset[:40])}
        raise LessonError(FILE, line, "preset", where=f"steps.{number}.state.preset", **params)
    try:
        for name, value in state.config.items():
            if name in CONFIG_FIELDS:
                CONFIG_FIELDS[name].check(name, value)
        config = patched(PRESETS[preset], state.config)
    except (ConfigError, CommandError) as error:
        line = line_of(text, ("steps", number, "state", "config"))
        known = error if isinstance(error, CommandError) else CommandError.of(error)
        refusal = {"code": known.code, "message": str(known), "params": known.params}
        where = f"steps.{number}.state.config"
        raise LessonError(FILE, line, "config", refusal, where=where, words=str(known)) from None
    return config


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


#: What pydantic says is wrong with an entry -> our code for it, and what of its context the words need.
_LENGTHS = {
    "greater_than_equal": ("entry_low", "ge"),
    "greater_than": ("entry_above", "gt"),
    "less_than_equal": ("entry_high", "le"),
    "less_than": ("entry_high", "lt"),
    "string_too_short": ("entry_short", "min_length"),
    "too_short": ("entry_short", "min_length"),
    "string_too_long": ("entry_long", "max_length"),
    "too_long": ("entry_long", "max_length"),
}


def _fault_of(error: ErrorDetails, text: str) -> LessonError:
    """Return what pydantic says of an entry as a fault, with its line."""
    path, kind, context = error["loc"], error["type"], error.get("ctx", {})
    where = ".".join(map(str, path)) or FILE
    found = json.dumps(error["input"], ensure_ascii=False, default=str)[:60]

    def fault(code: str, **params: str | int) -> LessonError:
        return LessonError(FILE, line_of(text, path), code, where=where, **params)

    if kind in _LENGTHS:
        code, name = _LENGTHS[kind]
        return fault(code, found=found, bound=f"{context[name]:g}")
    if kind == "missing":
        return fault("entry_missing")
    if kind == "extra_forbidden":
        return fault("entry_unknown")
    if kind == "literal_error":
        return fault("entry_choice", found=found, known=str(context["expected"]))
    if kind == "value_error":
        return fault("entry_selection", found=found)
    if kind.endswith("_type") or kind in ("int_from_float", "int_parsing"):
        return fault("entry_kind", found=found, kind=kind.split("_")[0])
    return fault("entry_other", found=found, words=error["msg"])


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
