"""What a screen owes its audience: when a frame is due, what it may cost, and what it carries for whom."""

import itertools
import math
from typing import Any

import pytest
from backscope.server.panels.surface_choice import SurfaceChoice
from backscope.server.panels.surfaces import SurfaceView
from backscope.server.run.pace import Pace
from backscope.server.run.run import Run
from backscope.server.session import screen as screens
from backscope.server.session.screen import Screen
from backscope.server.wire.edits import Edits
from backscope.server.wire.messages import Frame, Position, Publish, ToFront
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.protocol import decode


class Show:
    """A screen by itself."""

    def __init__(self, preset: str = "circle", crowd: int = 1) -> None:
        self.said: list[ToFront] = []
        self.run = Run({0: (PRESETS[preset], Edits())}, 0, Pace(60))
        surface = SurfaceView(SurfaceChoice(off=True))
        surface.show(0, self.run.trainer, {})
        self.screen = Screen("r", self.run, surface, self.said.append, crowd=lambda: crowd)
        self.screen.introduce()

    def frame(self, *positions: Position | None, now: float = 0.0) -> Frame:
        self.screen.want(positions)
        self.screen.show(now, "paused")
        found = [message for message in self.said if isinstance(message, Frame)]
        self.said.clear()
        return found[-1]


def message(frame: Frame, index: int = 0) -> tuple[dict[str, Any], dict[str, Any]]:
    part = frame.parts[index]
    return decode(part.head + frame.body + part.tail)


@pytest.mark.parametrize("crowd", [1, 2, 15, 200])
@pytest.mark.parametrize("cost", [0.0001, 0.003, 0.2])
def test_frames_of_all_sessions_of_a_host_leave_time_for_training_and_are_never_rare_for_it(
    crowd: int, cost: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = Show(crowd=crowd)
    seen = show.frame(None).position
    show.run.version += 1
    show.screen.want((seen,))
    ticks = itertools.count()
    monkeypatch.setattr(screens, "spent", lambda: next(ticks) * cost)
    show.screen.show(10.0, "running")
    show.run.version += 1
    show.screen.want((show_position(show),))
    rest = show.screen.due() - 10.0
    assert rest >= 1 / 125 - 1e-9
    spent = (next(ticks) - 1) * cost  # by the clock, which goes on whenever it is asked
    assert rest >= max(3 * cost, min(1 / 25, 3 * crowd * cost)) - 1e-9
    assert rest <= max(1 / 125, 3 * spent, min(1 / 25, 3 * crowd * spent)) + 1e-9


def show_position(show: Show) -> Position:
    return next(m for m in reversed(show.said) if isinstance(m, Frame)).position


@pytest.mark.parametrize("crowd", [1, 200])
def test_a_hand_does_not_wait_for_the_share_of_others(crowd: int) -> None:
    show = Show(crowd=crowd)
    seen = show.frame(None, now=5.0).position
    show.run.version += 1
    show.screen.want((seen,))
    assert show.screen.due() > 5.0
    show.screen.hurry()
    assert show.screen.due() == -math.inf


def test_nothing_is_due_for_nobody_and_for_who_has_seen_it_all() -> None:
    show = Show()
    assert show.screen.due() == math.inf
    seen = show.frame(None).position
    show.screen.want((seen,))
    assert show.screen.due() == math.inf
    show.run.version += 1
    assert show.screen.due() < math.inf


@pytest.mark.parametrize("preset", ["circle", "digits", "beale", "deep_sigmoid"])
def test_all_who_wait_share_one_body_and_each_gets_the_tail_of_its_own_place(preset: str) -> None:
    show = Show(preset)
    early = show.frame(None).position
    show.run.trainer.run(3)
    show.run.version += 1
    late = show.frame(early).position
    show.run.trainer.run(4)
    show.run.version += 1
    frame = show.frame(None, early, late)
    step = show.run.trainer.step_count
    assert [part.position for part in frame.parts] == [None, early, late]
    tails = [message(frame, index)[0]["tail"] for index in range(3)]
    assert [(tail["from"], tail["to"]) for tail in tails] == [(step, step), (0, step), (late.step, step)]
    assert [[kind for kind, _ in part.before] for part in frame.parts] == [["history"], [], []]
    assert frame.seq == show.screen.seq


@pytest.mark.parametrize("preset", ["circle", "digits", "regression"])
def test_an_introduction_tells_layout_before_data_and_no_layout_twice(preset: str) -> None:
    show = Show(preset)
    assert [m.kind for m in show.said if isinstance(m, Publish)] == ["layout", "data"]
    show.said.clear()
    show.screen.introduce()
    assert [m.kind for m in show.said if isinstance(m, Publish)] == ["data"]
