"""Logs and their branches."""

import pytest
from backscope.core import Branch, ConfigError, LogEntry
from backscope.core.run.log import Log


def test_a_branch_keeps_what_came_before_it_left():
    log = Log()
    log.append(10, {"learning_rate": 0.1})
    log.append(20, {"learning_rate": 0.2})
    log.leave(15)
    log.append(15, {"learning_rate": 0.3})
    assert [entry.step for entry in log.effective] == [10, 15]
    log.leave(12)
    log.append(30, {"batch_size": 3})
    assert [(entry.branch, entry.step) for entry in log.effective] == [(0, 10), (2, 30)]
    assert [(entry.branch, entry.step) for entry in log.entries] == [(0, 10), (0, 20), (1, 15), (2, 30)]
    assert log.branches == [Branch(), Branch(0, 15), Branch(1, 12)]


def test_a_log_can_be_rebuilt():
    log = Log()
    log.append(10, {"learning_rate": 0.1})
    log.leave(10)
    log.append(10, {"learning_rate": 0.2})
    log.leave(5)
    log.append(7, {"learning_rate": 0.3})
    again = Log([LogEntry.from_json(entry.to_json()) for entry in log.entries], log.branches)
    assert again.effective == log.effective


@pytest.mark.parametrize(
    "values",
    [3, {}, {"step": 1}, {"step": -1, "change": {}}, {"step": 1, "change": 3}, {"step": 1, "change": {}, "more": 1}],
)
def test_bad_entries_are_refused(values):
    with pytest.raises(ConfigError):
        LogEntry.from_json(values)


def test_steps_must_not_decrease_along_a_branch():
    with pytest.raises(ConfigError, match="must not decrease"):
        Log([LogEntry(0, 5, 0, {}), LogEntry(0, 4, 0, {})])


def test_a_branch_must_leave_from_an_earlier_one():
    with pytest.raises(ConfigError, match="branch 1 must leave from an earlier one"):
        Log([], [Branch(), Branch(1, 3)])
    with pytest.raises(ConfigError, match="branch"):
        Log([LogEntry(1, 5, 0, {})])
