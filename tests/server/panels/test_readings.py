"""The past of the laboratory's readings: numbered rows, thinned as a run grows long."""

import numpy as np
from backscope.server.panels.readings import MOST_ROWS, ROWS_AT_ONCE, Past

ROW = np.ones((2, 3))


def test_a_client_names_the_last_row_it_has_and_gets_what_came_after() -> None:
    past = Past()
    for step in (0, 10, 20):
        past.add(step, ROW * step)
    first = past.since(-1)
    assert [step for step, _ in first.rows] == [0, 10, 20]
    past.add(5, ROW)
    later = past.since(first.serial)
    assert ([step for step, _ in later.rows], later.more) == ([5], False)
    assert past.since(later.serial).rows == []


def test_a_step_that_is_known_or_too_near_is_left_out() -> None:
    past = Past()
    past.add(0, ROW)
    past.add(0, 2 * ROW)
    past.add(3, ROW, gap=5)
    past.add(5, ROW, gap=5)
    assert len(past) == 2
    assert 5 in past
    assert past.since(-1).rows[0][1] is ROW
    past.cut(4)
    assert 5 not in past


def test_it_stays_small_and_keeps_the_newest() -> None:
    past = Past()
    for step in range(MOST_ROWS + 1):
        past.add(step, ROW)
    past.thin()
    assert len(past) <= MOST_ROWS // 2 + 1
    assert MOST_ROWS in past
    assert past.since(-1).more
    assert len(past.since(-1).rows) == ROWS_AT_ONCE
    past.clear()
    assert len(past) == 0
