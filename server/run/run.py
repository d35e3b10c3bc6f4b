"""A run on its way: one to six lanes in lockstep, their pace, and the step they are bound for."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from ...core.config.config import RunConfig
from ...core.ground.errors import ConfigError
from ...core.run import compiled
from ...core.run.lanes import SHARED_EDITS, Lanes, agree
from ...core.run.trainer import Trainer
from ..wire.edits import Edits
from .curves import Metrics
from .lane import Lane, Row
from .pace import Pace

_AS_MANY_AS_POSSIBLE = 1 << 30


class Run:
    """What a session trains. All that is not about a certain lane speaks of the one in focus.

    Parameters
    ----------
    begun : mapping of int to (RunConfig, Edits) or (RunConfig, Edits, Trainer)
        How each lane began, what was changed since, and who trains it if that is not the run itself.
    focus : int
        The lane that the views show.
    pace : Pace
        When steps are due while it plays.
    number : int
        All numbers given to generations and versions are above this one.
    machine_code : bool
        Whether the compiled engine takes over, once it is there, where a run leaves the choice (`RunConfig.engine`).

    Attributes
    ----------
    lanes : dict of int to Lane
        In the order of their numbers.
    focus : int
    playing : bool
    target : int or None
        The step that lanes are bound for, in slices, before anything else.
    generation : int
        Grows when the past of a lane changes, as on a return to an earlier step, and when other lanes are shown.
    version : int
        Grows with every change.
    handed_over : bool
        Whether the compiled engine has taken over a lane of late, until somebody has told it.
    """

    def __init__(
        self,
        begun: Mapping[int, tuple[RunConfig, Edits] | tuple[RunConfig, Edits, Trainer]],
        focus: int,
        pace: Pace,
        number: int = 0,
        machine_code: bool = False,
    ) -> None:
        self.lanes = {number: Lane(*begun[number]) for number in sorted(begun)}
        self.focus, self.pace = focus, pace
        self._lockstep = self._line_up()
        self.playing = False
        self.target: int | None = None
        self._bound: set[int] = set()  # lanes that are not yet at the target
        self._late: set[int] = set()  # those that came last
        self._ends: dict[int, int] = {}  # steps at which lanes stopped that were kept
        self.generation = self.version = number
        self._machine_code, self.handed_over = machine_code, False

    # The lane in focus

    @property
    def lane(self) -> Lane:
        """The lane in focus."""
        return self.lanes[self.focus]

    @property
    def trainer(self) -> Trainer:
        """Its trainer."""
        return self.lane.trainer

    @property
    def metrics(self) -> Metrics:
        """Its full losses."""
        return self.lane.metrics

    @property
    def edits(self) -> Edits:
        """What was changed in it."""
        return self.lane.edits

    @property
    def rows(self) -> int:
        """Samples, of training and test together."""
        return self.lane.rows

    def measure(self, now: float) -> Row:
        """Return step, full losses and accuracies, and note them on the curve."""
        return self.lane.measure(now)

    def measure_now_and_then(self, now: float, lane: int | None = None) -> Row:
        """Return what `measure` does; while a large net is under way, what it did a little while ago."""
        chosen = self.lane if lane is None else self.lanes[lane]
        return chosen.measure_now_and_then(now, self.playing or self.target is not None)

    def look(self, now: float, crowd: int = 1) -> None:
        """Look for symptoms of all lanes now and then; less often where a `crowd` of runs shares the core."""
        for lane in self.lanes.values():
            lane.look(now, crowd)

    def status(self, lane: int | None = None) -> dict[str, Any]:
        """Return how a lane does, for clients."""
        number = self.focus if lane is None else lane
        if number in self._bound:
            assert self.target is not None
            return {"kind": "replaying", "step": self.target}
        return self.lanes[number].halt() or {"kind": "running" if self.playing else "paused"}

    # All lanes

    @property
    def front(self) -> int:
        """The step of the lane that is furthest."""
        return self._lockstep.step_count

    @property
    def furthest(self) -> int:
        """The furthest step that a lane has reached on its branch."""
        return self._lockstep.furthest

    @property
    def stuck(self) -> bool:
        """Whether all lanes have diverged."""
        return all(lane.trainer.diverged is not None for lane in self.lanes.values())

    @property
    def halted(self) -> frozenset[int]:
        """Lanes that have diverged, or that a rule has stopped."""
        return frozenset(self.lanes) - set(self._lockstep.able)

    @property
    def edit_count(self) -> int:
        """Live edits of all lanes."""
        return sum(len(lane.edits) for lane in self.lanes.values())

    def others(self) -> Iterator[tuple[int, Lane]]:
        """Iterate over the lanes that are not in focus."""
        return ((number, lane) for number, lane in self.lanes.items() if number != self.focus)

    def company(self) -> dict[int, Lane]:
        """Return those of the others that live in the parameter space of the focus, and so on its surface."""
        return {number: lane for number, lane in self.others() if agree(lane.trainer, self.trainer)}

    # On the way

    @property
    def newcomers(self) -> bool:
        """Whether lanes are being brought up that have just come."""
        return bool(self._late & self._bound)

    def play(self, now: float) -> None:
        """Go on from here; the first step is due at once."""
        self._lockstep.go_on()
        self.playing = True
        self.pace.start(now)

    def stop(self) -> None:
        """Stay where it is."""
        self.playing, self.target = False, None
        self._bound.clear()
        self.version += 1

    def go_to(self, step: int) -> None:
        """Make for a step with all lanes; `advance` takes them there."""
        self._late.clear()
        self._bind(set(self.lanes), step)

    def note(self) -> None:
        """Remember this place: what is kept after the next steps begins here."""
        for lane in self.lanes.values():
            lane.trainer.note()

    def kept(self) -> dict[str, Any]:
        """Return all that another process needs to go on with this run from near here, as plain data."""
        return {str(number): lane.kept() for number, lane in self.lanes.items()}

    def resume(self, values: Mapping[str, Any]) -> None:
        """Take lanes to where they were `kept`, each bit for bit; one that does not fit stays where it is.

        Raises
        ------
        ConfigError
            If one does not fit.
        """
        refused = None
        for number, lane in self.lanes.items():
            try:
                end = lane.resume(values.get(str(number), {}))
            except ConfigError as error:
                refused = error
            else:
                self._ends |= {} if end is None else {number: end}
        self.generation += 1
        self.version += 1
        if refused is not None:
            raise refused

    def advance(self, deadline: float, now: float) -> None:
        """Train until the deadline (of `time.perf_counter`), no further than is due at `now`."""
        before = [lane.trainer.step_count for lane in self.lanes.values()]
        if self.target is not None:
            self._make_for(self.target, deadline)
        elif self.playing:
            self._hand_over()
            steps, halted = self.pace.due(now), self.halted
            self.pace.count(self._lockstep.run(_AS_MANY_AS_POSSIBLE if steps is None else steps, deadline))
            self.playing = bool(self._lockstep.able)
            self.version += self.halted != halted or not self.playing
        for lane, step in zip(self.lanes.values(), before, strict=True):
            if lane.trainer.step_count != step:
                lane.moved(now)
                self.version += 1

    def step_at_once(self) -> None:
        """Take one step with every lane that can, so that the next picture shows what a change does."""
        self._hand_over()
        self._lockstep.run(1)

    def _hand_over(self) -> None:
        """Let the compiled engine take over where a run leaves the choice: from here on, as its log then says.

        A lane that has gone back goes on as it went before, up to where it left.
        """
        for lane in self.lanes.values() if self._machine_code and compiled.steps.ready() else ():
            if lane.hand_over():
                self.version, self.handed_over = self.version + 1, True

    def _bind(self, lanes: set[int], step: int, *, closely: bool = False) -> None:
        self.playing, self.target, self._bound = False, step, lanes
        for number in lanes:
            self.generation += self.lanes[number].go_to(step, closely=closely)
        self.version += 1

    def _make_for(self, target: int, deadline: float) -> None:
        """Take the lanes to the target, the one that is behind first."""
        while self._bound:
            behind = min(self._bound, key=lambda number: self.lanes[number].trainer.step_count)
            if self.lanes[behind].make_for(min(target, self._ends.get(behind, target)), deadline):
                self._bound.remove(behind)
            if time.perf_counter() >= deadline:
                break
        if not self._bound:
            self.target = None
            self._ends.clear()
            self.version += 1

    # Changes

    def set(self, change: Mapping[str, Any], lane: int | None = None, *, joined: bool = False) -> None:
        """Change a live value from the next step on: in one lane, and batch size and noise in all.

        What is `joined` goes on with the movement of a hand that made the last edit.

        Raises
        ------
        ConfigError
            For an unknown name or a value out of range. Nothing is changed then.
        """
        chosen = self.focus if lane is None else lane
        ahead = self.lanes[chosen].set(change, joined=joined)
        if shared := {name: change[name] for name in SHARED_EDITS if name in change}:
            for number, other in self.lanes.items():
                if number != chosen:
                    ahead |= other.set(shared, joined=joined)
        self.generation += ahead
        self.version += 1

    def restart(self, configs: Mapping[int, RunConfig]) -> None:
        """Begin anew, with these lanes alone."""
        lanes = {number: lane for number, lane in self.lanes.items() if number in configs}
        self._become({number: lane.restarted(configs[number]) for number, lane in lanes.items()})

    def come_back(self, lanes: Mapping[int, Lane], focus: int, steps: Mapping[int, int]) -> None:
        """Be other lanes again, each at its step: `advance` takes those there that are not. They stand still."""
        for number, lane in lanes.items():
            left = self.lanes.get(number, lane)
            if left is not lane and lane.same_problem(left.trainer.config):
                lane.metrics.remember(left.metrics)
        self.focus, self.playing = focus, False
        self._become(lanes)
        away = {number for number, step in steps.items() if lanes[number].trainer.step_count != step}
        self._late = set(away)
        if away:
            self._bind(away, max(steps.values()))

    def _become(self, lanes: Mapping[int, Lane]) -> None:
        self.lanes = dict(sorted(lanes.items()))
        self._lockstep = self._line_up()
        self.target = None
        self._bound.clear()
        self._show()

    # Who is there

    def add(self, config: RunConfig, edits: Edits, past: int | None = None) -> int:
        """Put a lane beside the others, and let it make for their step while they wait; return its number.

        It may have the past of another lane: then it is there at once.
        """
        lane, step = Lane(config, edits), self.front
        if past is not None:
            lane.adopt(self.lanes[past])
        number = self._lockstep.add(lane.trainer)
        self.lanes = dict(sorted({**self.lanes, number: lane}.items()))
        self._late = {number}
        if step:
            self._bind({number}, step, closely=past is None)  # a race asks at which step it got somewhere
        self._show()
        return number

    def remove(self, number: int) -> None:
        """Take a lane away; the focus goes to its neighbour if it was there."""
        self._lockstep.remove(number)
        del self.lanes[number]
        self._bound.discard(number)
        if self.focus == number:
            self.focus = max((other for other in self.lanes if other < number), default=min(self.lanes))
        self._show()

    def promote(self, number: int) -> None:
        """Keep one lane alone, as lane 0."""
        self.lanes, self.focus = {0: self.lanes[number]}, 0
        self._bound = {0} if number in self._bound else set()
        self._lockstep = self._line_up()
        self._show()

    def look_at(self, number: int) -> None:
        """Put a lane in focus."""
        self.focus = number
        self._show()

    def _show(self) -> None:
        """Other lanes are shown: clients need their curves anew."""
        self.generation += 1
        self.version += 1

    def _line_up(self) -> Lanes:
        return Lanes({number: lane.trainer for number, lane in self.lanes.items()})
