"""Questions to a class: asked before the run goes on, answered unseen, and revealed beside what the run really did."""

from __future__ import annotations

import csv
import io
import math
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..wire.commands import CommandError, params_of

#: What can be asked, and the answers to choose from where the question says them itself.
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "converge": ("settles", "falls", "diverges"),  # what will the run be doing at step n?
    "lane": (),  # which lane will have the smallest loss at step n? The choices are its lanes
    "loss": (),  # what will the loss be at step n? The answer is a number
    "rate": ("lower", "higher", "diverges"),  # at step n, with another learning rate from here: against the present one
    "choice": (),  # the teacher's own question, with choices
    "words": (),  # the teacher's own question, answered in a few words
}
#: Those that the run itself answers.
OF_THE_RUN = frozenset({"converge", "lane", "loss", "rate"})
_NUMBERS, _WORDS = frozenset({"loss"}), frozenset({"words"})
MOST_CHOICES, MOST_LETTERS, MOST_QUESTIONS = 8, 200, 100
#: What a spreadsheet takes a formula by, at the beginning of a cell.
_FORMULAS = tuple("=+-@＝＋－＠")
_BINS, _FEWEST_BINS, _MOST_WORDS = 12, 4, 40
#: A number that is so many times larger or smaller than the middle one stands at the end of the picture: one joke
#: must not press all other answers into one bin. What is larger than `_HUGE` is counted as that.
_FAR, _HUGE = 1000.0, 1e150
#: The share of itself by which a range of numbers is wide at least.
_NARROW = 1e-3
#: The share of numbers above 0 from which one that is not lies far away.
_POSITIVE = 0.75

Answer = int | float | str


@dataclass(eq=False)
class Poll:
    """A question, and what was answered.

    Parameters
    ----------
    number : int
        From 1, in the order of asking.
    kind : str
        A key of `ANSWERS`.
    text : str
        The teacher's own words; empty where the kind says it all.
    choices : tuple of str
        What can be chosen; empty where the answer is a number or words.
    step : int or None
        The step that it is about.
    asked_at : int
        The step at which the run stood.
    rate : float or None
        The learning rate that it is about.
    right : int or None
        The choice that the teacher holds for right, of a question of their own.
    lane, runs : int, dict
        The lane that was in focus, and what told each lane's run from another one.
    """

    number: int
    kind: str
    text: str
    choices: tuple[str, ...]
    step: int | None
    asked_at: int
    rate: float | None = None
    right: int | None = None
    lane: int = 0
    runs: dict[str, str] = field(default_factory=dict)
    open: bool = True
    revealed: bool = False
    named: bool = False
    answers: dict[int, tuple[str, Answer]] = field(default_factory=dict)  # by member: the name then, and the answer
    outcome: dict[str, Any] | None = None

    def checked(self, value: object) -> Answer:
        """Return an answer of the kind that is asked for.

        Raises
        ------
        CommandError
            If it is of another.
        """
        if self.kind in _WORDS:
            if isinstance(value, str) and 0 < len(words := " ".join(value.split())) <= MOST_LETTERS:
                return words
            words = f"an answer is a text of 1 to {MOST_LETTERS} letters"
            raise CommandError("answer_words", words, {**params_of("value", value), "high": MOST_LETTERS})
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
            raise CommandError("answer_number", "an answer to this question is a number", params_of("value", value))
        if self.kind in _NUMBERS:
            return float(value)
        if int(value) != value or not 0 <= value < len(self.choices):
            words = f"an answer is the number of a choice, 0 to {len(self.choices) - 1}, got {value}"
            high = len(self.choices) - 1
            raise CommandError("answer_choice", words, {**params_of("value", value), "low": 0, "high": high})
        return int(value)

    def histogram(self) -> dict[str, Any]:
        """Return how often each answer was given: counts of choices, of bins between edges, or of words."""
        values = [answer for _, answer in self.answers.values()]
        if self.kind in _WORDS:
            written = {str(value).casefold(): str(value) for value in reversed(values)}  # as it was written first
            words = Counter(str(value).casefold() for value in values).most_common()
            shown, rest = words[:_MOST_WORDS], words[_MOST_WORDS:]
            told = {"words": [written[word] for word, _ in shown], "counts": [count for _, count in shown]}
            return {**told, "more": sum(count for _, count in rest)}
        if self.kind not in _NUMBERS:
            counts = Counter(values)
            return {"counts": [counts[choice] for choice in range(len(self.choices))]}
        real = (self.outcome or {}).get("value")
        numbers = np.array([float(value) for value in values])
        seen = np.append(numbers, real) if isinstance(real, int | float) else numbers
        return {"edges": [], "counts": []} if not len(seen) else _binned(numbers, seen, real or 0.0)

    def outcome_words(self) -> Any:
        """Return what the run answered, as a table says it; empty where that was not revealed, or there is none."""
        if self.outcome is None:
            return ""
        value = self.outcome.get("value")
        if value is None:
            return "diverged" if self.kind in OF_THE_RUN and not self.outcome.get("gone") else ""
        return _worded(self, value)

    def told(self) -> dict[str, Any]:
        """Return what everybody sees of it: of the answers only how many there are, until they are revealed."""
        shown: dict[str, Any] = {
            "number": self.number,
            "kind": self.kind,
            "text": self.text,
            "choices": list(self.choices),
            "step": self.step,
            "rate": self.rate,
            "asked_at": self.asked_at,
            "open": self.open,
            "count": len(self.answers),
            "revealed": self.revealed,
        }
        if self.revealed:
            shown |= {"histogram": self.histogram(), "outcome": self.outcome}
            if self.named:
                shown["answers"] = [[name, answer] for name, answer in self.answers.values()]
        return shown


def _binned(numbers: np.ndarray[Any, Any], seen: np.ndarray[Any, Any], real: float) -> dict[str, Any]:
    """Counts of numbers in bins over all that is seen; of equal width in the logarithm where all are above 0.

    What lies far from the middle is counted in a bin of its own at either end, whose outer edge is None.
    """
    numbers, seen = np.clip(numbers, -_HUGE, _HUGE), np.clip(seen, -_HUGE, _HUGE)
    below, above = _fences(seen, real)
    kept = seen[(seen >= below) & (seen <= above)]
    low, high = float(kept.min()), float(kept.max())
    spread = max(abs(low), abs(high))
    if high - low <= _NARROW * spread or low == high:
        middle, spread = (low + high) / 2, spread / 10 or 1.0
        low, high = middle - spread, middle + spread
    bins = int(np.clip(math.ceil(2 * math.sqrt(len(seen))), _FEWEST_BINS, _BINS))
    if low > 0 and high / low > 4:
        edges = np.geomspace(low, high, bins + 1)
        edges[0], edges[-1] = low, high
    else:
        edges = np.linspace(low, high, bins + 1)
    counts = np.histogram(numbers, edges)[0].tolist()
    told: list[float | None] = edges.tolist()
    smaller, larger = int((numbers < low).sum()), int((numbers > high).sum())
    if smaller or low > seen.min():
        told, counts = [None, *told], [smaller, *counts]
    if larger or high < seen.max():
        told, counts = [*told, None], [*counts, larger]
    return {"edges": told, "counts": counts}


def _fences(seen: np.ndarray[Any, Any], real: float) -> tuple[float, float]:
    """Return between which numbers none is far from the middle one or the run's own; all are where both are 0."""
    marks = [abs(mark) for mark in (float(np.median(seen)), real) if mark]
    if not marks:
        return -math.inf, math.inf
    high = max(marks) * _FAR
    return (min(marks) / _FAR, high) if (seen > 0).mean() > _POSITIVE else (-high, high)


class Polls:
    """The questions of a room; at most one is open."""

    def __init__(self) -> None:
        self._polls: list[Poll] = []

    @property
    def newest(self) -> Poll | None:
        """The question that was asked last, and not taken away since."""
        return self._polls[-1] if self._polls and not self._hidden else None

    _hidden = False

    def ask(self, kind: str, at: int, fields: Mapping[str, Any], lanes: list[int]) -> Poll:
        """Ask a question of a kind; one that was open is closed.

        Parameters
        ----------
        kind : str
            A key of `ANSWERS`.
        at : int
            The step at which the run stands.
        fields : mapping
            `text`, `choices`, `step`, `rate`, `right`.
        lanes : list of int
            The lanes that there are.

        Raises
        ------
        CommandError
            If it is half asked.
        """
        if len(self._polls) >= MOST_QUESTIONS:
            words = f"a room has at most {MOST_QUESTIONS} questions: take the answers away, and open another one"
            raise CommandError("too_many_questions", words, {"name": "questions", "high": MOST_QUESTIONS})
        choices = tuple(fields.get("choices", ())) if kind == "choice" else ANSWERS[kind]
        if kind == "lane":
            choices = tuple(map(str, lanes))
        if kind in ("choice", "lane") and len(choices) < 2:
            words = f"a question of this kind needs 2 to {MOST_CHOICES} choices"
            raise CommandError("question_choices", words, {"value": len(choices), "low": 2, "high": MOST_CHOICES})
        text = " ".join(str(fields.get("text", "")).split())
        if kind not in OF_THE_RUN and not text:
            raise CommandError("question_words", "a question of one's own needs words", {"name": "text"})
        step, rate, right = fields.get("step"), fields.get("rate"), fields.get("right")
        if kind in OF_THE_RUN and (step is None or step <= at):
            words = f"step must be later than {at}, where the run stands"
            raise CommandError("question_step", words, {**params_of("step", step), "low": at})
        if kind == "rate" and rate is None:
            raise CommandError("question_rate", "a question about a learning rate needs one", {"name": "rate"})
        if right is not None and not (kind == "choice" and right < len(choices)):
            raise CommandError("question_right", "right must be the number of a choice", params_of("right", right))
        self.close()
        of_run = kind in OF_THE_RUN
        poll = Poll(
            len(self._polls) + 1, kind, text, choices, step if of_run else None, at, rate if of_run else None, right
        )
        self._polls.append(poll)
        self._hidden = False
        return poll

    def get(self, number: int) -> Poll:
        """Return a question by its number; CommandError if there is none."""
        if not 1 <= number <= len(self._polls):
            raise CommandError("no_such_question", f"there is no question {number} in this room", {"value": number})
        return self._polls[number - 1]

    def answer(self, number: int, member: int, name: str, value: object) -> Answer:
        """Take somebody's answer, in place of an earlier one, and return it as it is kept.

        Raises
        ------
        CommandError
            If the question is closed, or the answer is none to it.
        """
        poll = self.get(number)
        if not poll.open:
            raise CommandError("question_closed", "this question takes no answers any more", {"value": number})
        answer = poll.checked(value)
        poll.answers[member] = name, answer
        return answer

    def close(self) -> bool:
        """Take no more answers; return whether a question was open."""
        was_open = any(poll.open for poll in self._polls)
        for poll in self._polls:
            poll.open = False
        return was_open

    def hide(self) -> None:
        """Take the newest question off the pages; its answers stay."""
        self.close()
        self._hidden = True

    def told(self) -> dict[str, Any] | None:
        """Return what everybody sees of the newest question; None if there is none."""
        return None if self.newest is None else self.newest.told()

    def told_to(self, member: int) -> Answer | None:
        """Return what somebody has answered to the newest question."""
        found = self.newest and self.newest.answers.get(member)
        return found[1] if found else None

    def csv(self, *, named: bool) -> str:
        """Return all questions and answers as CSV, with names if wanted; no cell can be taken for a formula."""
        file = io.StringIO()
        table = csv.writer(file)
        table.writerow(["question", "kind", "text", "asked at step", "about step", "name", "answer", "outcome"])
        for poll in self._polls:
            about = [poll.number, poll.kind, poll.text, poll.asked_at, poll.step]
            given = [(name if named else place, _worded(poll, answer)) for place, (name, answer) in _numbered(poll)]
            for answer in given or [("", "")]:  # nobody has answered: it was asked all the same
                table.writerow([_plain(cell) for cell in (*about, *answer, poll.outcome_words())])
        return file.getvalue()

    # What outlives the server

    def to_json(self) -> dict[str, Any]:
        """Return all questions and answers as plain data."""
        names = Poll.__dataclass_fields__
        polls = [{name: getattr(poll, name) for name in names if name != "answers"} for poll in self._polls]
        answers = [[[number, *given] for number, given in poll.answers.items()] for poll in self._polls]
        return {"polls": polls, "answers": answers, "hidden": self._hidden}

    def take_json(self, values: dict[str, Any]) -> None:
        """Be the questions of `to_json`."""
        for told, answers in zip(values["polls"], values["answers"], strict=True):
            poll = Poll(**{**told, "choices": tuple(told["choices"])})
            poll.answers = {int(number): (str(name), answer) for number, name, answer in answers}
            self._polls.append(poll)
        self._hidden = bool(values["hidden"])


def _numbered(poll: Poll) -> Iterable[tuple[int, tuple[str, Answer]]]:
    return enumerate(poll.answers.values(), 1)


def _worded(poll: Poll, value: Any) -> Any:
    """An answer as a table says it: a choice in its words, a lane by the letter that the page has for it."""
    if not (poll.choices and isinstance(value, int) and 0 <= value < len(poll.choices)):
        return value
    return chr(ord("A") + int(poll.choices[value])) if poll.kind == "lane" else poll.choices[value]


def _plain(cell: object) -> object:
    """A cell that a spreadsheet takes for text, the wide signs of East Asian ones included."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip()[:1] in _FORMULAS else cell
