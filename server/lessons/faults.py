"""What is wrong with a lesson's file, and in which line: in words here, and by code for the page's languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

#: code -> what is said; the page has the same words in each of its languages, as `lesson_fault.CODE`.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        # the files themselves
        "words_file": "expected a file {known}",
        "steps_file": "expected a file lesson.json, got {found}",
        "stray_file": "expected only lesson.json, {known}, got {found}",
        "zip": "expected a .zip with one lesson in it ({found})",
        "large": "expected at most {high} bytes, got {value}",
        "utf8": "expected UTF-8",
        # lesson.json
        "json": "expected JSON, got an error at column {column}: {found}",
        "first_state": "{where}: expected a state in the first step",
        "preset": "{where}: expected one of {known}, got {found}",
        "config": "{where}: {words}",
        "entry_missing": "{where}: expected an entry of this name, got none",
        "entry_unknown": "{where}: expected no entry of this name",
        "entry_kind": "{where}: expected another kind of value ({kind}), got {found}",
        "entry_low": "{where}: expected at least {bound}, got {found}",
        "entry_above": "{where}: expected more than {bound}, got {found}",
        "entry_high": "{where}: expected at most {bound}, got {found}",
        "entry_short": "{where}: expected a length of at least {bound}, got {found}",
        "entry_long": "{where}: expected a length of at most {bound}, got {found}",
        "entry_choice": "{where}: expected {known}, got {found}",
        "entry_selection": "{where}: expected a neuron or a weight, got {found}",
        "entry_other": "{where}: {words}, got {found}",
        # the words of a language
        "title": "expected the title, as in '# The learning rate'",
        "summary": "expected a paragraph below the title that says what the lesson is about",
        "part": "expected ### followed by one of {known}, once in a step, got '{found}'",
        "heading": "expected ## for a step or ### for a part of it, got a heading of level {level}",
        "html": "expected text, lists, tables, links and formulas, got HTML: '{found}'",
        "block": "expected text, lists, tables, links and formulas, got a {kind}: '{found}'",
        "link": "a link must begin with https:// or graph:, got '{found}'",
        "graph": "expected formulas after graph:, got '{found}' ({words})",
        "tex": "expected a formula in TeX, got '{found}'",
        "tex_sign": "expected a formula without {sign}, got '{found}'",
        "tex_argument": "expected a formula in TeX, got '{found}': an argument is missing",
        # both together
        "sections": "expected {wanted} sections, one a step, got {got}",
        "pair": "expected {part} in lesson.json and ### {part} in the text, or neither",
        "answers": "expected a list of 2 to 6 answers, at least {low}, got {got}",
        "slips": "expected a list of {wanted} slips, as in lesson.json, got {got}",
    }
)


class LessonError(Exception):
    """A file of a lesson that cannot be used.

    Parameters
    ----------
    file : str
        Its name.
    line : int
        From 1.
    code : str
        What was expected there: a key of `WORDS`.
    of : mapping, optional
        The refusal that stands behind it, as it is told of commands: code, message and params.
    params
        What the words are made of: texts and numbers.
    """

    def __init__(
        self, file: str, line: int, code: str, of: Mapping[str, Any] | None = None, /, **params: str | int
    ) -> None:
        super().__init__(f"{file}, line {line}: {WORDS[code].format(**params)}")
        self.file, self.line, self.code, self.of, self.params = file, line, code, of, params

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data, for a page that says it in its own language."""
        fault = {"file": self.file, "line": self.line, "code": self.code, "params": self.params}
        return fault if self.of is None else {**fault, "of": dict(self.of)}
