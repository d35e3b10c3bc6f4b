"""Steps by the clock: a clock of our own."""

import math

import pytest
from backscope.server.run.pace import Pace
from hypothesis import given
from hypothesis import strategies as st


def test_the_first_step_is_due_at_once() -> None:
    pace = Pace(10)
    pace.start(5.0)
    assert pace.due(5.0) == 1
    pace.count(1)
    assert pace.due(5.0) == 0
    assert pace.next() == pytest.approx(5.1)


@given(st.floats(1, 1000), st.lists(st.floats(0.0001, 0.1), min_size=1, max_size=60))
def test_steps_neither_drift_nor_get_lost(speed: float, pauses: list[float]) -> None:
    pace, now, done = Pace(speed), 100.0, 0
    pace.start(now)
    for pause in pauses:
        now += pause
        steps = pace.due(now)
        assert steps is not None
        pace.count(steps)
        done += steps
    assert abs(done - ((now - 100.0) * speed + 1)) < 1 + 1e-6


def test_what_a_standstill_left_undone_is_not_made_up_for() -> None:
    pace = Pace(60)
    pace.start(0.0)
    pace.count(1)
    assert pace.due(3600.0) == 1
    pace.count(1)
    assert pace.due(3600.0) == 0
    assert pace.next() == pytest.approx(3600.0 + 1 / 60)


def test_zero_is_as_fast_as_possible() -> None:
    pace = Pace(0)
    pace.start(1.0)
    assert pace.due(1.0) is None
    assert pace.next() == -math.inf


def test_a_slow_pace_waits_its_time() -> None:
    pace = Pace(0.5)
    pace.start(10.0)
    pace.count(1)
    assert pace.due(11.9) == 0
    assert pace.due(12.0) == 1
