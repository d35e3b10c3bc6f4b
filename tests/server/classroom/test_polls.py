"""Questions: asked whole, answered in their own kind, seen only when they are revealed, and taken away as a table."""

import csv
import io
from typing import Any

import pytest
from backscope.server.classroom.polls import ANSWERS, OF_THE_RUN, Polls
from backscope.server.wire.commands import CommandError

WHOLE: dict[str, dict[str, Any]] = {
    "converge": {"step": 100},
    "lane": {"step": 100},
    "loss": {"step": 100},
    "rate": {"step": 100, "rate": 1.0},
    "choice": {"text": "Which?", "choices": ["left", "right"], "right": 1},
    "words": {"text": "Why?"},
}
GIVEN: dict[str, tuple[Any, ...]] = {"loss": (0.5, 0.25), "words": ("too fast", "TOO  fast")}


def asked(kind: str) -> Polls:
    polls = Polls()
    polls.ask(kind, 10, WHOLE[kind], [0, 1, 2])
    return polls


@pytest.mark.parametrize("kind", ANSWERS)
def test_nothing_of_an_answer_is_told_before_it_is_revealed(kind: str) -> None:
    polls = asked(kind)
    given = GIVEN.get(kind, (1, 0))
    for member, value in enumerate(given):
        polls.answer(1, member, f"name {member}", value)
    polls.answer(1, 0, "name 0", given[0])  # once more: in place of the first
    told = polls.told()
    assert told is not None
    assert told["count"] == 2
    assert not {"histogram", "outcome", "answers"} & set(told)
    assert polls.told_to(0) == (given[0] if kind != "loss" else 0.5)
    assert polls.told_to(7) is None
    poll = polls.get(1)
    poll.outcome, poll.revealed = {"value": 0.125 if kind == "loss" else 1}, True
    told = polls.told()
    assert told is not None
    assert sum(told["histogram"]["counts"]) == 2
    assert "answers" not in told
    poll.named = True
    assert [name for name, _ in (polls.told() or {})["answers"]] == ["name 0", "name 1"]
    if kind == "loss":
        edges = told["histogram"]["edges"]
        assert (edges[0], edges[-1]) == (0.125, 0.5)  # the real one lies in the picture too


@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize("value", [None, True, [], {}, "", "x" * 201, float("nan"), float("inf"), -1, 1.5, 99])
def test_an_answer_of_another_kind_is_refused(kind: str, value: Any) -> None:
    good = (
        kind == "loss" and isinstance(value, int | float) and value is not True and abs(value) < 1e300
    ) and value == value
    if good:
        return
    with pytest.raises(CommandError, match="answer"):
        asked(kind).answer(1, 1, "Ada", value)


@pytest.mark.parametrize("kind", sorted(OF_THE_RUN))
def test_a_question_about_the_run_is_about_a_later_step(kind: str) -> None:
    for step in (None, 10, 3):
        with pytest.raises(CommandError, match="step must be later than 10"):
            Polls().ask(kind, 10, {**WHOLE[kind], "step": step}, [0, 1])


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("choice", {"text": "Which?"}),
        ("choice", {"choices": ["a", "b"]}),
        ("choice", {**WHOLE["choice"], "right": 2}),
        ("words", {"text": "  "}),
        ("rate", {"step": 100}),
    ],
)
def test_what_is_half_asked_is_refused(kind: str, fields: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        Polls().ask(kind, 10, fields, [0, 1])
    with pytest.raises(CommandError, match="2 to 8 choices"):
        Polls().ask("lane", 10, {"step": 100}, [0])


def test_a_new_question_closes_the_old_one_and_a_hidden_one_keeps_its_answers() -> None:
    polls = asked("words")
    polls.answer(1, 1, "Ada", "because")
    polls.ask("choice", 10, WHOLE["choice"], [0])
    with pytest.raises(CommandError, match="no answers any more"):
        polls.answer(1, 1, "Ada", "late")
    polls.answer(2, 1, "Ada", 1)
    polls.hide()
    assert polls.told() is None
    assert "because" in polls.csv(named=True)
    with pytest.raises(CommandError, match="no question 3"):
        polls.get(3)


def test_the_table_says_choices_in_words_and_holds_no_formula() -> None:
    polls = asked("choice")
    polls.answer(1, 1, "=cmd()", 1)
    polls.get(1).outcome = {"value": 0}
    polls.ask("words", 10, WHOLE["words"], [0])
    polls.answer(2, 1, "Ada", "@SUM(A1)")
    rows = list(csv.reader(io.StringIO(polls.csv(named=True))))
    assert rows[1] == ["1", "choice", "Which?", "10", "", "'=cmd()", "right", "left"]
    assert rows[2][5:7] == ["Ada", "'@SUM(A1)"]
    unnamed = list(csv.reader(io.StringIO(polls.csv(named=False))))
    assert [row[5] for row in unnamed[1:]] == ["1", "1"]
