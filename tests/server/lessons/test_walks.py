"""Every lesson that comes with Backscope, walked in a real session by doing what it says."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
from backscope.server.lessons.shelf import LANGUAGES
from walking import LESSONS, NAMES, SHELF, Judge, Student, judging
from walks import WALKS


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with judging() as one:
        yield one


def test_every_lesson_has_a_walk() -> None:
    assert sorted(WALKS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_steps(name: str, judge: Judge) -> None:
    """The same formulas, live numbers and answers in the same places, and nothing that only the page could refuse."""

    def shape(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: shape(value) for key, value in part.items() if key not in ("file", "line", "lines")}
        if isinstance(part, list) and part and part[0] in ("math", "live"):
            return part
        return [found for found in map(shape, part) if found] if isinstance(part, list) else None

    one, other = (SHELF.lesson(name, language) for language in LANGUAGES)
    assert (one["language"], other["language"]) == LANGUAGES
    assert 5 <= one["minutes"] <= 10
    for lesson in (one, other):
        assert judge.ask(faults=lesson) == []
    for step, same in zip(one["steps"], other["steps"], strict=True):
        assert set(step) == set(same)
        formulas = [sorted(map(str, leaves(part["text"]))) for part in (step, same)]
        assert formulas[0] == formulas[1], step["title"]
    text = (LESSONS / name / "zh.md").read_text("utf-8")
    assert not re.findall(r"\.\.\.|最小值|种子(?<!随机种子)|惩罚|斜率", text)


def leaves(part: Any) -> list[Any]:
    """Formulas and live expressions of words, without where they stand."""
    if not isinstance(part, list):
        return []
    if part and part[0] == "live":
        return [part[1]["text"]]
    return [part] if part and part[0] == "math" else [leaf for child in part for leaf in leaves(child)]


def walk(name: str, student: Student, judge: Judge) -> None:
    steps = SHELF.lesson(name, "en")["steps"]
    for number, (step, actions) in enumerate(zip(steps, WALKS[name], strict=True), 1):
        where = f"{name}, step {number}"
        student.own = {}
        if "state" in step:
            student.begin(step["state"])
        until = step["until"]["text"] if "until" in step else None
        if until:
            assert not student.values(until)[0], f"{where} is done before it begins: {until}"
        for action in actions:
            student.act(action)
        if student.seed is None:
            relied, strayed = judge.ask(strayed={"steps": steps, "at": number - 1})
            assert not strayed, f"{where}: who does what it says is taken to have wandered off, by one of {relied}"
            assert {"data.name", "network.hidden"} & set(relied), where
        if until:
            assert student.values(until)[0], f"{where} is not done by doing what it says: {until}"
        if "check" in step:
            check(student, step["check"], where)
        if "question" in step:
            assert ("answer", step["question"]["right"]) in actions, where
        numbers = [leaf for leaf in leaves(step["text"]) if isinstance(leaf, str)]
        assert all(value is not None for value in student.values(*numbers)), f"{where}: a number in it is not known"


def check(student: Student, asked: dict[str, Any], where: str) -> None:
    right, *slips = student.values(asked["value"]["text"], *(slip["value"]["text"] for slip in asked["slips"]))
    assert isinstance(right, int | float), where
    assert math.isfinite(right), where
    for slip in slips:
        assert slip is not None, where
        assert abs(slip - right) > 2 * asked["tolerance"] * abs(right), f"{where}: the slip {slip} is near {right}"


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_is_walked_by_doing_what_it_says(name: str, judge: Judge) -> None:
    walk(name, Student(judge), judge)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 7))
@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_is_walked_with_any_seed(name: str, seed: int, judge: Judge) -> None:
    walk(name, Student(judge, seed), judge)
