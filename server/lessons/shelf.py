"""The lessons of a server: found in folders, read when they are asked for, and again when a file has changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..wire.presets import preset_name
from .faults import LessonError
from .steps import FILE, Step, Steps, read_steps
from .texts import PARTS, Item, Section, Text, read_text

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
#: The page's languages; a lesson that lacks one is shown in another.
LANGUAGES = ("en", "zh")
#: Of a file of a lesson.
MOST_BYTES = 1 << 18
_MOST_LESSONS = 200

Json = dict[str, Any]


class Shelf:
    """All lessons below some folders.

    Parameters
    ----------
    folders : sequence of Path
        Each holds a folder per lesson; of two lessons with one name the first counts.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._read: dict[tuple[Path, str], tuple[tuple[int, ...], Json]] = {}

    def entries(self, language: str) -> list[Json]:
        """Return what a list of lessons says of each, in their order; of a broken one, what is wrong with it."""
        found = [self._entry(name, path, language) for name, path in self._paths().items()]
        return sorted(found, key=lambda entry: (entry["order"], entry["name"]))

    def lesson(self, name: str, language: str) -> Json:
        """Return a lesson as plain data.

        Raises
        ------
        KeyError
            If there is none of this name.
        LessonError
            If a file of it is broken.
        """
        path = self._paths()[name]
        words = _words_file(path, language)
        files = (path / FILE, words)
        seen = tuple(file.stat().st_mtime_ns for file in files)
        known = self._read.get((path, language))
        if known is None or known[0] != seen:
            text = read_text(_content(words), words.name)
            known = seen, assembled(name, words.stem, read_steps(_content(files[0])), text, words.name)
            self._read[path, language] = known
        return known[1]

    def _paths(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for folder in self._folders:
            for path in sorted(folder.iterdir()) if folder.is_dir() else ():
                if NAME.fullmatch(path.name) and (path / FILE).is_file() and len(found) < _MOST_LESSONS:
                    found.setdefault(path.name, path)
        return found

    def _entry(self, name: str, path: Path, language: str) -> Json:
        try:
            lesson = self.lesson(name, language)
        except LessonError as error:
            return {"name": name, "order": 1000, "error": str(error), "fault": error.to_json()}
        kept = ("name", "order", "minutes", "title", "summary", "language")
        return {**{key: lesson[key] for key in kept}, "steps": len(lesson["steps"])}


def _words_file(path: Path, language: str) -> Path:
    for name in (language, *LANGUAGES):
        words = path / f"{name}.md"
        if name in LANGUAGES and words.is_file():
            return words
    raise LessonError(f"{LANGUAGES[0]}.md", 1, "words_file", known=" / ".join(f"{name}.md" for name in LANGUAGES))


def _content(file: Path) -> str:
    if file.stat().st_size > MOST_BYTES:
        raise LessonError(file.name, 1, "large", high=MOST_BYTES, value=file.stat().st_size)
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        line = file.read_bytes().count(b"\n", 0, error.start) + 1
        raise LessonError(file.name, line, "utf8") from None


def assembled(name: str, language: str, steps: Steps, text: Text, file: str) -> Json:
    """Return a lesson as the page gets it: the steps, each with its words.

    Raises
    ------
    LessonError
        If steps and words do not fit together.
    """
    lesson = steps.lesson
    if len(text.sections) != len(lesson.steps):
        last = text.sections[-1].line if text.sections else 1
        raise LessonError(file, last, "sections", wanted=len(lesson.steps), got=len(text.sections))
    joined = [
        _step(number, step, steps, section, file)
        for number, (step, section) in enumerate(zip(lesson.steps, text.sections, strict=True))
    ]
    head = {"name": name, "language": language, "order": lesson.order, "minutes": lesson.minutes}
    return {**head, "title": text.title, "summary": text.summary, "steps": joined}


def _step(number: int, step: Step, steps: Steps, section: Section, file: str) -> Json:
    wanted = {"question": step.question, "check": step.check}
    for name, entry in wanted.items():
        if (entry is None) != (name not in section.parts):
            line = section.parts[name].line if entry is None else section.line
            raise LessonError(file, line, "pair", part=name)
    values: Json = {"title": section.title, "text": section.nodes, "look": step.look, "hint_after": step.hint_after}
    values["lines"] = {"look": steps.line("steps", number, "look"), "words": section.line}
    values.update({part: section.parts[part].nodes for part in PARTS if part in section.parts and part not in wanted})
    if step.state is not None:
        values["state"] = _state(number, step, steps)
    if step.until is not None:
        values["until"] = _expression(step.until, steps, "steps", number, "until")
    if step.question is not None:
        part = section.parts["question"]
        if not 2 <= len(part.items) <= 6 or step.question.right > len(part.items):
            raise LessonError(file, part.line, "answers", low=step.question.right, got=len(part.items))
        values["question"] = {"nodes": part.nodes, "answers": _items(part.items), "right": step.question.right}
    if step.check is not None:
        part, check = section.parts["check"], step.check
        if len(part.items) != len(check.slips):
            raise LessonError(file, part.line, "slips", wanted=len(check.slips), got=len(part.items))
        at = ("steps", number, "check")
        slips = [_expression(slip, steps, *at, "slips", place) for place, slip in enumerate(check.slips)]
        values["check"] = {
            "nodes": part.nodes,
            "value": _expression(check.value, steps, *at, "value"),
            "tolerance": check.tolerance,
            "slips": [{"value": slip, **item} for slip, item in zip(slips, _items(part.items), strict=True)],
        }
    return values


def _state(number: int, step: Step, steps: Steps) -> Json:
    state, config = step.state, steps.configs[number]
    assert state is not None
    assert config is not None
    values = state.model_dump(exclude={"config", "preset"}, exclude_none=True)
    made = {"config": config.to_json(), "patched": bool(state.config), "set": sorted(_leaves(state.config))}
    return {**values, "preset": preset_name(state.preset), **made}


def _leaves(part: Json, above: str = "") -> list[str]:
    """Return which parts of a config a lesson names: ``optimizer.learning_rate``."""
    found: list[str] = []
    for name, value in part.items():
        found += _leaves(value, f"{above}{name}.") if isinstance(value, dict) else [f"{above}{name}"]
    return found


def _expression(text: str, steps: Steps, *path: str | int) -> Json:
    return {"text": text, "file": FILE, "line": steps.line(*path)}


def _items(items: list[Item]) -> list[Json]:
    return [{"head": item.head, "rest": item.rest} for item in items]
