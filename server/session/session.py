"""A session: a run, its audience, and what is said between them."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable
from typing import Any

from ...core.config.config import RunConfig
from ..panels.laboratory import LaboratoryView
from ..panels.lines import SharpnessRecord
from ..panels.surface_choice import SurfaceChoice
from ..panels.surfaces import SurfaceView
from ..run.pace import Pace
from ..run.run import Run
from ..wire.commands import Command, CommandError
from ..wire.edits import Edits
from ..wire.messages import Position, Record, Reply, ToFront, Work
from ..wire.settings import Limits
from .commands import OPERATIONS
from .dispatch import Dispatch
from .history import History
from .keeping import Keeping
from .orders import Answer, Order, Orders
from .screen import Screen
from .surface_jobs import SurfaceJobs
from .telling import Telling

#: Seconds that training makes way, at most, for the picture of what a hand has just changed.
_MAKE_WAY = 0.025


class Session:
    """One run and its audience.

    Parameters
    ----------
    name : str
    record : Record
        What to build it from. If it stood at a later step than 0, it is run there in slices.
    limits : Limits
    emit : callable
        Takes what is for the front.
    clock : callable
        Seconds; what paces the run.
    reason : str, optional
        Why it was built, told to its clients.
    crowd : callable, optional
        Returns how many sessions share the time that frames may take.
    kept : bytes, optional
        What an earlier session of the same run packed up, to go on from there instead of from step 0.
    """

    def __init__(
        self,
        name: str,
        record: Record,
        limits: Limits,
        emit: Callable[[ToFront], None],
        clock: Callable[[], float] = time.perf_counter,
        reason: str | None = None,
        crowd: Callable[[], int] = lambda: 1,
        kept: bytes | None = None,
    ) -> None:
        self.name, self._crowd = name, crowd
        self.limits, self._emit, self.clock = limits, emit, clock
        begun = {record.lane: (record.config, record.log), **record.others}
        lanes = {lane: (RunConfig.from_json(config), Edits(log)) for lane, (config, log) in begun.items()}
        self.run = Run(lanes, record.lane, Pace(record.speed), record.number, limits.machine_code)
        self.surface = SurfaceView(SurfaceChoice(**record.surface), record.number)
        self.sharpness = SharpnessRecord()
        self.history = History(*record.deeds)
        self.screen = Screen(name, self.run, self.surface, emit, record.number, crowd, self.history.curve_left)
        self.screen.sample = min(record.sample, self.run.rows - 1)
        self.laboratory = LaboratoryView()
        self._attendance = 0
        self._picture_first = False  # has changed something that no frame has shown yet
        self._rest_until = -math.inf
        self.dispatch = Dispatch(self, emit)
        self.orders = Orders(name, emit, limits)
        self._numbers = itertools.count(1)  # of jobs
        self._surface_jobs = SurfaceJobs(name, self.surface, emit, self._numbers)
        self.telling = Telling(name, self.run, self.screen, self.surface, self.history, emit, clock, record.step)
        if reason is not None:
            self.telling.explain(reason)
        self._keeping = Keeping(name, self.run, emit, crowd)
        if kept is not None and record.step > 0:
            self._keeping.resume(kept)
        if record.step > 0:
            self.run.go_to(record.step)
        if record.playing:
            self.dispatch.waiting.append((0, Command("play", None, {})))
            self.dispatch.resume()
        self.surface.show(self.run.focus, self.run.trainer, self.run.company())
        self.screen.introduce()
        self._tell_state()

    # What the host calls

    def obey(self, client: int, command: Command, wish: tuple[Position | None, ...] | None = None) -> None:
        """Carry out a command and answer it; whatever is wrong with it changes nothing. A `wish` is as in `want`."""
        operation = OPERATIONS[command.op]
        if wish is not None:  # it stands, whatever becomes of the command
            self._take_wish(wish)
        if self.run.target is not None and operation.exact:
            self.dispatch.waiting.append((client, command))
        else:
            self.dispatch.carry_out(client, command)
            if not operation.read_only:
                self.dispatch.resume()
                self._picture_first = operation.picture_first
                self.screen.hurry()
                self._tell()

    def want(self, positions: tuple[Position | None, ...]) -> None:
        """Clients at these positions may have a frame."""
        self._take_wish(positions)
        self._tell()

    def _take_wish(self, positions: tuple[Position | None, ...]) -> None:
        self._rest_until = -math.inf
        self.screen.want(positions)

    def attended(self, count: int, left: int | None = None) -> None:
        """So many clients are there now, and one may just have `left`; with none it rests."""
        if left is not None:
            self.orders.drop(left)
            self.screen.leave(left)
        if count and not self._attendance:
            self.run.pace.start(self.clock())
            self.telling.hurry_report()
        if not count:
            self.screen.forget_watches()
            self._tell_all()
        self._attendance = count

    def _tell_all(self) -> None:
        """Nobody looks any more: let the front know how things stand, as long as they stay so."""
        now = self.clock()
        if self.telling.due() < math.inf:
            self._tell_state()
        if self.telling.behind:
            self.telling.report(now)
        if self._keeping.due() < math.inf:
            self._keeping.pack(now)

    def job_done(self, job: int, result: Any) -> None:
        """Take the result of a job, None where it failed."""
        if (order := self.orders.take(job)) is not None:
            if result is None:
                words = f"{order.command.op} could not be computed"
                self.dispatch.refuse(order.client, order.command, CommandError("internal", words))
            else:
                self.dispatch.accept(order.client, order.command, order.answer(result))
        elif self._surface_jobs.take(job):
            run, now = self.run, self.clock()
            run.measure(now)
            self._surface_jobs.go_on(self.surface.computed(result, run.trainer, run.metrics, now, self._still))
            self._tell()

    def job_advanced(self, job: int, share: float) -> None:
        """Take note of how much of a job is done, 0…1."""
        self._surface_jobs.advanced(job, share)

    def due(self) -> float:
        """Return the time at which there is work; infinity for never."""
        if not self._attendance:
            return math.inf
        run = self.run
        if run.target is not None:
            return -math.inf
        return min(
            max(run.pace.next(), self._rest_until) if run.playing else math.inf,
            self.telling.due(),
            self.screen.due(),
            self.surface.due(run.trainer, self._still),
            self._keeping.due(),
        )

    def work(self, seconds: float) -> None:
        """Train for about so long, and say what there is to say."""
        run, now = self.run, self.clock()
        before = run.target, run.playing, run.halted
        if now >= self._rest_until:
            self.catch_up(seconds)
        if before != (run.target, run.playing, run.halted):
            self.telling.urge()
            self.screen.hurry()
            self.dispatch.resume()
        if run.target is None and self.surface.due(run.trainer, self._still) <= now:
            self._surface_jobs.order(self.surface.begin(run.trainer, now, self._still))
            self._surface_jobs.drop()
        self._tell()
        self.telling.follow(now)
        if now >= self._keeping.due() and self._keeping.noted():
            self._keep(now)

    def _keep(self, now: float) -> None:
        """Pack the run up; what the front then knows of it reaches as far."""
        if self.telling.due() < math.inf:
            self._tell_state()
        self.telling.report(now)
        self._keeping.pack(now)

    def fail(self) -> None:
        """Something went wrong inside: stop, and say so."""
        self.run.stop()
        self.dispatch.supersede()
        self.telling.explain("internal")
        self._tell_state()

    @property
    def busy(self) -> bool:
        """Whether it trains, for somebody."""
        return self._attendance > 0 and not self._still

    @property
    def unpaced(self) -> bool:
        """Whether it trains as fast as it can, if it does."""
        return self.run.target is not None or not self.run.pace.speed

    # What commands call

    def catch_up(self, seconds: float) -> None:
        """Train for about so long. A lane that has come from afar shows its way once it is there."""
        run, newcomers = self.run, self.run.newcomers
        run.advance(time.perf_counter() + seconds, self.clock())
        if newcomers and not run.newcomers:
            self.surface.retrace(run.trainer, run.metrics)

    def order(self, client: int, command: Command, work: Work, answer: Answer) -> None:
        """Have something computed elsewhere; `answer` makes the fields of the reply of its result.

        Raises
        ------
        CommandError
            If too much waits to be computed already.
        """
        self.orders.add(Order(next(self._numbers), client, command, work, answer))

    def look_at_surface(self, choice: SurfaceChoice) -> None:
        """Show another surface, or the same in another resolution; what is not wanted any more is not computed on."""
        self.surface.choose(choice)
        self.run.version += 1
        self._surface_jobs.drop()

    def stop_surface(self) -> None:
        """Leave the surface as it is until the run goes on."""
        self.surface.drop()
        self._surface_jobs.drop()

    def tell(self, client: int, kind: str, message: str | bytes) -> None:
        """Say something to one client alone, which wants the newest of this kind only."""
        self._emit(Reply(self.name, client, None, message, kind))

    # What clients are told

    def _tell(self) -> None:
        """Say what is due; at once where another engine has taken over, for the front keeps the log."""
        now = self.clock()
        if self.run.handed_over:
            self.run.handed_over = False
            self.telling.urge()
        if self._picture_first and self._show(now):  # the state, with a log of many edits, takes longer than the frame
            self._picture_first, self._rest_until = False, now + _MAKE_WAY
        self.run.look(now, self._crowd())
        if self.telling.due() <= now:
            self._tell_state()
        self._show(now)

    def _show(self, now: float) -> bool:
        """Make the frame that is due; return whether there was one."""
        due = self._attendance > 0 and self.screen.due() <= now
        if due:
            self.screen.show(now, self.run.status()["kind"])
        return due

    def _tell_state(self) -> None:
        self.telling.tell(bound_to_play=self.dispatch.bound_to_play)

    @property
    def _still(self) -> bool:
        """Whether the run stands."""
        return not self.run.playing and self.run.target is None
