"""A session: a run, its audience, and what is said between them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from ...core.config.config import RunConfig
from ...core.ground.errors import ConfigError
from ...core.run.lanes import suiting_rates
from ..panels.laboratory import LaboratoryView
from ..panels.lines import SharpnessRecord
from ..panels.surface_choice import SurfaceChoice
from ..panels.surfaces import SurfaceView
from ..run.cost import cost_of
from ..run.moment import Moment
from ..run.pace import Pace
from ..run.run import Run
from ..wire.commands import Command, CommandError
from ..wire.edits import Edits
from ..wire.messages import Cancel, Job, Position, Progress, Publish, Record, Reply, Saved, ToFront, Work
from ..wire.protocol import accept, refuse, text
from ..wire.settings import Limits
from .commands import OPERATIONS
from .history import History
from .keeping import Keeping
from .orders import Answer, Order, Orders
from .screen import Screen

#: Seconds between two reports of the step, and between two states per edit in the log: a long log is long to send.
_REPORT_REST = 0.2
_STATE_REST_PER_EDIT = 0.0002
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
        self.name = name
        self.limits, self._emit, self.clock = limits, emit, clock
        begun = {record.lane: (record.config, record.log), **record.others}
        lanes = {lane: (RunConfig.from_json(config), Edits(log)) for lane, (config, log) in begun.items()}
        self.run = Run(lanes, record.lane, Pace(record.speed), record.number)
        self.surface = SurfaceView(SurfaceChoice(**record.surface), record.number)
        self.sharpness = SharpnessRecord()
        self.history = History(*record.deeds)
        self.screen = Screen(name, self.run, self.surface, emit, record.number, crowd)
        self.screen.sample = min(record.sample, self.run.rows - 1)
        self.laboratory = LaboratoryView()
        self._attendance = 0
        self._picture_first = False  # has changed something that no frame has shown yet
        self._rest_until = -math.inf
        self.waiting: list[tuple[int, Command]] = []
        self.orders = Orders(name, emit, limits)
        self._job = self._surface_job = 0
        self._told_computing = 1.0, 0
        self._reason = reason
        self._state_due, self._next_state = True, -math.inf
        self._reported, self._next_report = record.step, -math.inf
        self._keeping = Keeping(name, self.run, emit, crowd)
        if kept is not None and record.step > 0:
            self._keeping.resume(kept)
        if record.step > 0:
            self.run.go_to(record.step)
        if record.playing:
            self.waiting.append((0, Command("play", None, {})))
            if self.run.target is None:
                self._resume()
        self.surface.show(self.run.focus, self.run.trainer, self.run.company())
        self.screen.introduce()
        self._tell_state()

    # What the host calls

    def obey(self, client: int, command: Command) -> None:
        """Carry out a command and answer it; whatever is wrong with it changes nothing."""
        operation = OPERATIONS[command.op]
        if self.run.target is not None and operation.exact:
            self.waiting.append((client, command))
            return
        self._carry_out(client, command)
        if operation.read_only:
            return
        if self.run.target is None:
            self._resume()
        self._picture_first = operation.picture_first
        self.screen.hurry()
        self._tell()

    def want(self, positions: tuple[Position | None, ...]) -> None:
        """Clients at these positions may have a frame."""
        self._rest_until = -math.inf
        self.screen.want(positions)
        self._tell()

    def attended(self, count: int, left: int | None = None) -> None:
        """So many clients are there now, and one may just have `left`; with none it rests."""
        if left is not None:
            self.orders.drop(left)
            self.screen.leave(left)
        if count and not self._attendance:
            self.run.pace.start(self.clock())
            self._next_report = -math.inf
        if not count:
            self.screen.forget_watches()
            self._tell_all()
        self._attendance = count

    def _tell_all(self) -> None:
        """Nobody looks any more: let the front know how things stand, as long as they stay so."""
        if self._state_due:
            self._tell_state()
        if self.run.front != self._reported and self.run.target is None:
            self._report(self.clock())
        if self._keeping.due() < math.inf:
            self._keeping.pack(self.clock())

    def job_done(self, job: int, result: Any) -> None:
        """Take the result of a job, None where it failed."""
        if (order := self.orders.take(job)) is not None:
            if result is None:
                words = f"{order.command.op} could not be computed"
                self._refuse(order.client, order.command, CommandError("internal", words))
            else:
                self._reply(order.client, order.command, order.answer(result))
        elif job == self._surface_job:
            run, now = self.run, self.clock()
            run.measure(now)
            self._surface_job = 0
            self._order_surface(self.surface.computed(result, run.trainer, run.metrics, now, self._still))
            self._tell_computing()
            self._tell()

    def job_advanced(self, job: int, share: float) -> None:
        """Take note of how much of a job is done, 0…1."""
        if job == self._surface_job:
            self.surface.advanced(share)
            self._tell_computing()

    def due(self) -> float:
        """Return the time at which there is work; infinity for never."""
        if not self._attendance:
            return math.inf
        run = self.run
        if run.target is not None:
            return -math.inf
        return min(
            max(run.pace.next(), self._rest_until) if run.playing else math.inf,
            self._next_state if self._state_due else math.inf,
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
            self._state_due, self._next_state = True, -math.inf
            self.screen.hurry()
            if run.target is None:
                self._resume()
        if run.target is None and self.surface.due(run.trainer, self._still) <= now:
            self._order_surface(self.surface.begin(run.trainer, now, self._still))
        self._tell()
        if now >= self._next_report and run.front != self._reported and run.target is None:
            self._report(now)
        if now >= self._keeping.due() and self._keeping.noted():
            self._keep(now)

    def _keep(self, now: float) -> None:
        """Pack the run up; what the front then knows of it reaches as far."""
        if self._state_due:
            self._tell_state()
        self._report(now)
        self._keeping.pack(now)

    def _report(self, now: float) -> None:
        self._next_report, self._reported = now + _REPORT_REST, self.run.front
        self._emit(Progress(self.name, self._reported))

    def fail(self) -> None:
        """Something went wrong inside: stop, and say so."""
        self.run.stop()
        self.supersede()
        self.explain("internal")
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

    def urge(self) -> None:
        """Have the state told at once, before the next frame."""
        self._state_due, self._next_state = True, -math.inf

    def supersede(self) -> None:
        """Answer the commands that wait for a step which the run is no longer bound for."""
        waiting, self.waiting = self.waiting, []
        for client, command in waiting:
            message = f"{command.op} was left behind by a later command"
            self._refuse(client, command, CommandError("superseded", message))

    def explain(self, reason: str) -> None:
        """Say in the next state, which does not wait, why the run is another."""
        self._reason, self._state_due, self._next_state = reason, True, -math.inf

    def order(self, client: int, command: Command, work: Work, answer: Answer) -> None:
        """Have something computed elsewhere; `answer` makes the fields of the reply of its result.

        Raises
        ------
        CommandError
            If too much waits to be computed already.
        """
        self._job += 1
        self.orders.add(Order(self._job, client, command, work, answer))

    def look_at_surface(self, choice: SurfaceChoice) -> None:
        """Show another surface, or the same in another resolution; what is not wanted any more is not computed on."""
        self.surface.choose(choice)
        self.run.version += 1
        self._drop_surface_job()

    def stop_surface(self) -> None:
        """Leave the surface as it is until the run goes on."""
        self.surface.drop()
        self._drop_surface_job()

    def tell(self, client: int, kind: str, message: str | bytes) -> None:
        """Say something to one client alone, which wants the newest of this kind only."""
        self._emit(Reply(self.name, client, None, message, kind))

    # What clients are told

    def _tell(self) -> None:
        """Say what is due."""
        now = self.clock()
        if self._state_due and self._next_state <= now:
            self._tell_state()
        if self._attendance and self.screen.due() <= now:
            self.screen.show(now, self.run.status()["kind"])
            if self._picture_first:
                self._picture_first, self._rest_until = False, now + _MAKE_WAY

    def _tell_state(self) -> None:
        run, trainer, choice = self.run, self.run.trainer, self.surface.choice
        surface = asdict(choice)
        playing = run.playing or any(command.op == "play" for _, command in self.waiting)
        state = {
            "config": trainer.config.to_json(),
            "playing": playing,
            "speed": run.pace.speed,
            "status": run.status(),
            "step": trainer.step_count,
            "log": run.edits.to_json(),
            "furthest": run.furthest,
            "sample": self.screen.sample,
            "surface": surface,
            "lane": run.focus,
            "lanes": [self._told_of(number) for number in run.lanes],
            "rates": suiting_rates(trainer.config),
            **self.history.told(),
        }
        later = text("state", state)
        if self._reason is not None:
            state["reason"], self._reason = {"code": self._reason}, None
        self._emit(Publish(self.name, "state", text("state", state), later))
        # A run that has diverged plays on when it is built again: it will diverge at the same step.
        playing = playing or run.stuck
        record = Record(
            run.lane.config.to_json(),
            run.edits.record(),
            run.front if run.target is None else run.target,
            playing,
            run.pace.speed,
            self.screen.sample,
            surface,
            lane=run.focus,
            cost=cost_of((lane.trainer.config, lane.trainer.network.parameter_count) for lane in run.lanes.values()),
            others={number: (lane.config.to_json(), lane.edits.record()) for number, lane in run.others()},
            deeds=self.history.record(),
        )
        self._emit(Saved(self.name, record))
        self._state_due = False
        self._next_state = self.clock() + _STATE_REST_PER_EDIT * run.edit_count

    def _told_of(self, number: int) -> dict[str, Any]:
        lane = self.run.lanes[number]
        return {
            "id": number,
            "config": lane.trainer.config.to_json(),
            "log": lane.edits.to_json(),
            "status": self.run.status(number),
            "step": lane.trainer.step_count,
        }

    def _reply(self, client: int, command: Command, fields: Mapping[str, Any], *, change: bool = False) -> None:
        words = accept(command.number, self.run.trainer.step_count, seq=self.screen.seq, **fields)
        self._emit(Reply(self.name, client, command.number, words, change=change))

    def _refuse(self, client: int, command: Command, error: CommandError) -> None:
        words = refuse(command.number, error.code, str(error), error.params)
        self._emit(Reply(self.name, client, command.number, words))

    @property
    def _still(self) -> bool:
        """Whether the run stands."""
        return not self.run.playing and self.run.target is None

    def _order_surface(self, work: Work | None) -> None:
        if work is not None:
            self._job += 1
            self._surface_job = self._job
            self._emit(Job(self.name, self._job, "surface", work))

    def _drop_surface_job(self) -> None:
        if self._surface_job and self.surface.task is None:
            self._surface_job = 0
            self._emit(Cancel(self.name, "surface"))
            self._tell_computing()

    def _tell_computing(self) -> None:
        """Say how far the surface on its way is; nothing is said of what takes less than the first report."""
        surface = self.surface
        busy = self._surface_job and 0 < surface.progress < 1
        share, resolution = (surface.progress, surface.task.resolution) if busy and surface.task else (1.0, 0)
        if (share, resolution) != self._told_computing:
            self._told_computing = share, resolution
            self._emit(Publish(self.name, "computing", text("computing", {"share": share, "resolution": resolution})))

    # Commands

    def _carry_out(self, client: int, command: Command) -> None:
        operation, config = OPERATIONS[command.op], self.run.trainer.config
        try:
            if operation.needs_network and config.on_landscape:
                words = f"{command.op} needs a network: {config.data.name} is a function of two parameters"
                raise CommandError("no_network", words, {"name": command.op, "value": config.data.name})
            before = Moment.of(self.run, self.screen.sample) if operation.undoable else None
            fields = operation.action(self, client, command)
        except CommandError as error:
            self._refuse(client, command, error)
        except ConfigError as error:
            self._refuse(client, command, CommandError.of(error))
        except Exception:
            self._refuse(client, command, CommandError("internal", f"{command.op} failed inside the server"))
            raise
        else:
            if before is not None:
                self.history.note(command, before, self.run, self.clock())
            self._state_due = self._state_due or not operation.read_only
            if fields is not None:
                self._reply(client, command, fields, change=not operation.read_only)

    def _resume(self) -> None:
        """The run is where it was bound for: do what waited for it."""
        while self.waiting and self.run.target is None:
            self._carry_out(*self.waiting.pop(0))
