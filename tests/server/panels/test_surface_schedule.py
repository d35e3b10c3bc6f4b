"""When a surface is computed anew, and how fine: for any resolution, clock and cost."""

import math

import pytest
from backscope.server.panels.surface_choice import LEAST_RESOLUTION, MOST_RESOLUTION, SurfaceChoice
from backscope.server.panels.surface_schedule import LADDER, Schedule, first_resolution, next_resolution
from hypothesis import given
from hypothesis import strategies as st

RESOLUTIONS = st.integers(LEAST_RESOLUTION, MOST_RESOLUTION)


@given(RESOLUTIONS, st.booleans(), st.booleans(), st.booleans())
def test_pictures_become_finer_up_to_what_is_wanted_and_no_further(
    wanted: int, fresh: bool, cheap: bool, still: bool
) -> None:
    choice = SurfaceChoice(resolution=wanted)
    pictures = [first_resolution(choice, fresh=fresh, cheap=cheap)]
    while (finer := next_resolution(choice, pictures[-1], still=still)) is not None:
        assert finer > pictures[-1]
        pictures.append(finer)
    assert len(pictures) <= len(LADDER)
    assert pictures[-1] == (wanted if still or cheap else min(64, wanted))


def begun(now: float, cost: float) -> Schedule:
    schedule = Schedule()
    schedule.stale = False
    schedule.begin(now)
    schedule.end(now + cost, first=True)
    return schedule


@given(st.floats(0, 1e6), st.floats(0, 100), st.booleans())
def test_a_run_that_goes_on_is_followed_the_later_the_more_a_picture_costs_but_never_later_than_eight_seconds(
    now: float, cost: float, quick: bool
) -> None:
    schedule = begun(now, cost)
    wait = schedule.due(schedule.step + 1, quick=quick, finer=False) - now
    assert (0.1 if quick else 1.5) - 1e-6 <= wait <= 8 + 1e-6
    assert wait >= min(8, 4 * cost) - 1e-6


@pytest.mark.parametrize("finer", [False, True])
def test_a_run_that_stands_is_due_only_where_there_is_a_finer_picture(finer: bool) -> None:
    schedule = begun(5.0, 1.0)
    assert schedule.due(schedule.step, quick=True, finer=finer) == (6.0 if finer else math.inf)
    schedule.resting = True
    assert schedule.due(schedule.step, quick=True, finer=finer) == math.inf
    schedule.keep(9.0, moved=False)
    assert schedule.resting
    schedule.keep(9.0, moved=True)
    assert not schedule.resting


def test_another_surface_is_due_at_once() -> None:
    schedule = begun(5.0, 1.0)
    schedule.stale = True
    assert schedule.due(schedule.step, quick=False, finer=False) == -math.inf
