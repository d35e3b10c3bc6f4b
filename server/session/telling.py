"""What is said of a session as a whole: its state to clients, and to the front what it is built again from."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from ...core.run.lanes import suiting_rates
from ..panels.surfaces import SurfaceView
from ..run.cost import cost_of
from ..run.run import Run
from ..wire.messages import Progress, Publish, Record, Saved, ToFront
from ..wire.protocol import text
from .history import History
from .screen import Screen

#: Seconds between two reports of the step, and between two states per edit in the log: a long log is long to send.
_REPORT_REST = 0.2
_STATE_REST_PER_EDIT = 0.0002


class Telling:
    """Says how a session stands, and knows when it has to be said again.

    Parameters
    ----------
    name : str
        The session.
    run : Run
    screen : Screen
    surface : SurfaceView
    history : History
    emit : callable
        Takes what is for the front.
    clock : callable
        Seconds.
    reported : int
        The step that the front knows of.
    """

    def __init__(
        self,
        name: str,
        run: Run,
        screen: Screen,
        surface: SurfaceView,
        history: History,
        emit: Callable[[ToFront], None],
        clock: Callable[[], float],
        reported: int,
    ) -> None:
        self._name, self._run, self._screen, self._surface = name, run, screen, surface
        self._history, self._emit, self._clock = history, emit, clock
        self._reason: str | None = None
        self._changed, self._next_state = True, -math.inf
        self._reported, self._next_report = reported, -math.inf

    # The state

    def due(self) -> float:
        """Return when the state has to be told; infinity where nothing of it has changed."""
        return self._next_state if self._changed else math.inf

    def note(self) -> None:
        """The state has changed: tell it in its turn."""
        self._changed = True

    def urge(self) -> None:
        """Have the state told at once."""
        self._changed, self._next_state = True, -math.inf

    def explain(self, reason: str) -> None:
        """Say in the next state, which does not wait, why the run is another."""
        self._reason = reason
        self.urge()

    def tell(self, *, bound_to_play: bool) -> None:
        """Tell clients the state, and the front what it is to keep.

        Parameters
        ----------
        bound_to_play : bool
            Whether a command waits that will have it play.
        """
        playing = self._run.playing or bound_to_play
        state = self._state(playing)
        words = later = text("state", state)
        if self._reason is not None:
            words, self._reason = text("state", {**state, "reason": {"code": self._reason}}), None
        self._emit(Publish(self._name, "state", words, later))
        # A run that has diverged plays on when it is built again: it will diverge at the same step.
        self._emit(Saved(self._name, self._record(playing or self._run.stuck)))
        self._changed = False
        self._next_state = self._clock() + _STATE_REST_PER_EDIT * self._run.edit_count

    def _state(self, playing: bool) -> dict[str, Any]:
        run, trainer = self._run, self._run.trainer
        return {
            "config": trainer.config.to_json(),
            "playing": playing,
            "speed": run.pace.speed,
            "status": run.status(),
            "step": trainer.step_count,
            "log": run.edits.to_json(),
            "furthest": run.furthest,
            "sample": self._screen.sample,
            "surface": asdict(self._surface.choice),
            "lane": run.focus,
            "lanes": [self._lane(number) for number in run.lanes],
            "rates": suiting_rates(trainer.config),
            "engine": run.lane.engine(),
            **self._history.told(),
        }

    def _lane(self, number: int) -> dict[str, Any]:
        lane = self._run.lanes[number]
        return {
            "id": number,
            "config": lane.trainer.config.to_json(),
            "log": lane.edits.to_json(),
            "status": self._run.status(number),
            "step": lane.trainer.step_count,
        }

    def _record(self, playing: bool) -> Record:
        run = self._run
        return Record(
            run.lane.config.to_json(),
            run.edits.record(),
            run.front if run.target is None else run.target,
            playing,
            run.pace.speed,
            self._screen.sample,
            asdict(self._surface.choice),
            lane=run.focus,
            cost=cost_of((lane.trainer.config, lane.trainer.network.parameter_count) for lane in run.lanes.values()),
            others={number: (lane.config.to_json(), lane.edits.record()) for number, lane in run.others()},
            deeds=self._history.record(),
        )

    # The step

    @property
    def behind(self) -> bool:
        """Whether the front does not know yet how far the run has come."""
        return self._run.front != self._reported and self._run.target is None

    def follow(self, now: float) -> None:
        """Report the step, if its turn has come and the front does not know it."""
        if now >= self._next_report and self.behind:
            self.report(now)

    def report(self, now: float) -> None:
        """Report the step."""
        self._next_report, self._reported = now + _REPORT_REST, self._run.front
        self._emit(Progress(self._name, self._reported))

    def hurry_report(self) -> None:
        """Have the next step reported without a wait."""
        self._next_report = -math.inf
