"""Questions: asked whole, answered in their own kind, seen only when they are revealed, and taken away as a table."""

import csv
import io
import json
import math
from itertools import pairwise
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
ODD: tuple[Any, ...] = (
    *(None, True, -1, 2.5, 2**63, 10**400, -(10**400), 1e308, math.nan, math.inf),
    *([], {}, "", "x" * 201),
)


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
def test_an_answer_is_taken_or_refused_in_words_whatever_it_is(kind: str) -> None:
    for odd in ODD:
        polls = asked(kind)
        fits = kind == "loss" and type(odd) in (int, float) and abs(odd) <= 1e308
        if fits:
            assert polls.answer(1, 0, "somebody", odd) == odd
        else:
            with pytest.raises(CommandError) as refused:
                polls.answer(1, 0, "somebody", odd)
            assert refused.value.code in ("answer_words", "answer_number", "answer_choice")
        json.dumps([polls.told(), polls.get(1).histogram()], allow_nan=False)
        assert len(polls.get(1).answers) == fits


@pytest.mark.parametrize("jokes", [(), (1e300, -1e308, 1e308), (0.0,), (-5.0, 1e9)])
@pytest.mark.parametrize("real", [None, 0.0, 0.21, 1e-7, 1e6, 1.7e308])
def test_a_joke_leaves_the_other_answers_apart_and_every_number_has_its_bin(jokes: Any, real: float | None) -> None:
    polls = asked("loss")
    honest = [0.1 + 0.01 * member for member in range(20)]
    for member, value in enumerate((*honest, *jokes)):
        polls.answer(1, member, "somebody", value)
    polls.get(1).outcome = {"value": real}
    told = polls.get(1).histogram()
    edges, counts = told["edges"], told["counts"]
    inner = [edge for edge in edges if edge is not None]
    assert len(edges) == len(counts) + 1
    assert None not in edges[1:-1]
    assert sum(counts) == len(honest) + len(jokes)
    assert all(a < b for a, b in pairwise(inner))
    if real in (None, 0.21):
        assert sum(count > 0 for count in counts) >= 5
        assert inner[-1] <= 1
    if real is not None:  # the run's own answer lies in the picture, whatever was guessed
        low, high = edges[0], edges[-1]
        assert low is None or low <= real
        assert high is None or min(real, 1e150) <= high


def test_few_and_equal_answers_make_few_and_wide_bins() -> None:
    polls = asked("loss")
    for member, value in enumerate((0.5, 0.5, 0.5 * (1 + 1e-15))):
        polls.answer(1, member, "somebody", value)
    told = polls.get(1).histogram()
    assert (len(told["counts"]), sum(told["counts"])) == (4, 3)
    assert told["edges"][-1] - told["edges"][0] > 0.09


def test_words_are_shown_as_they_were_written_first_and_those_without_room_are_counted() -> None:
    polls = asked("words")
    for member in range(50):
        polls.answer(1, member, "somebody", ("Too Fast", "too fast")[member % 2] if member < 5 else f"Because {member}")
    told = polls.get(1).histogram()
    assert told["words"][0] == "Too Fast"
    assert (told["counts"][0], len(told["words"]), told["more"]) == (5, 40, 6)


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
    for sign in "=+-@＝＋－＠":
        polls.answer(2, 1, f"{sign}name", f" {sign}1+1")
        (row,) = [row for row in csv.reader(io.StringIO(polls.csv(named=True))) if row[0] == "2"]
        assert row[5:7] == [f"'{sign}name", f"'{sign}1+1"]


def test_the_table_has_questions_that_nobody_answered_lanes_by_letter_and_runs_that_diverged() -> None:
    polls = asked("loss")
    polls.get(1).outcome = {"value": None, "losses": [None]}
    polls.ask("lane", 10, WHOLE["lane"], [0, 2])
    polls.answer(2, 1, "Ada", 1)
    polls.get(2).outcome = {"value": 0}
    rows = list(csv.reader(io.StringIO(polls.csv(named=True))))
    assert rows[1] == ["1", "loss", "", "10", "100", "", "", "diverged"]
    assert rows[2] == ["2", "lane", "", "10", "100", "Ada", "C", "A"]
