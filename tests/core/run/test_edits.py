"""A run's edits by themselves: what is due when, branches, and where a cure goes back to."""

import sys

import pytest
from backscope.core import RunConfig
from backscope.core.run.edits import Edits
from backscope.core.run.log import Log
from backscope.core.run.stopping import Divergence

START = RunConfig()
RATE = START.optimizer.learning_rate


def edits_of(*changes):
    edits = Edits(START, Log())
    for step, change in changes:
        edits.note(step, change, leave=False)
    return edits


def test_each_change_is_due_once_at_its_step():
    edits = edits_of((3, {"learning_rate": 0.5}), (3, {"batch_size": 7}), (8, {"learning_rate": 0.1})).copy()
    assert (edits.applied, edits.until_next(0)) == (0, 3)
    assert list(edits.due(2)) == []
    assert list(edits.due(5)) == [{"learning_rate": 0.5}, {"batch_size": 7}]
    assert list(edits.due(5)) == []
    assert edits.until_next(5) == 3
    assert list(edits.due(8)) == [{"learning_rate": 0.1}]
    assert edits.until_next(8) == sys.maxsize


def test_the_config_at_a_step_has_what_was_changed_up_to_there():
    edits = edits_of((3, {"learning_rate": 0.5}), (8, {"batch_size": 7}))
    rates = [edits.config_at(step).optimizer.learning_rate for step in (0, 2, 3, 8)]
    assert rates == [RATE, RATE, 0.5, 0.5]
    assert [edits.config_at(step).batch_size for step in (7, 8)] == [START.batch_size, 7]


def test_leaving_the_present_branch_drops_what_lay_ahead_and_keeps_it_in_the_log():
    edits = edits_of((3, {"learning_rate": 0.5}), (8, {"learning_rate": 0.1}))
    edits.note(5, {"batch_size": 7}, leave=True)
    assert [entry.step for entry in edits.entries] == [3, 5]
    assert [entry.step for entry in edits.log] == [3, 8, 5]
    assert edits.branch == len(edits.branches) - 1 == 1
    assert edits.applied == 2


def test_a_copy_goes_its_own_way():
    edits = edits_of((3, {"learning_rate": 0.5}))
    other = edits.copy()
    other.note(4, {"batch_size": 7}, leave=False)
    assert len(edits.entries) == 1
    assert len(other.entries) == 2


def test_a_cure_goes_back_to_where_the_rate_was_last_raised():
    assert edits_of().good_step() == (0, RATE / 10)
    edits = edits_of((3, {"learning_rate": 2 * RATE}), (5, {"learning_rate": RATE}), (9, {"learning_rate": 50 * RATE}))
    assert edits.good_step() == (9, RATE)
    step, rate = edits.good_step(Divergence(12, "parameters", 50 * RATE, None, pull=500 * RATE))
    assert step == 9
    assert rate == pytest.approx(min(RATE, 50 * RATE / (500 * RATE)))
