"""A session: a run, its audience, and what commands do to them."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping
from typing import Any

from ..core.config import RunConfig
from ..core.errors import ConfigError, check_integer
from .bounds import check_size
from .checks import CheckTask, check_of, summary
from .commands import Command, CommandError
from .edits import Edits, patched
from .inspection import DifferenceTask, curve_of, difference_of, history_of, inspect, measured, watch_of
from .messages import Job, Position, Progress, Publish, Record, Reply, Saved, ToFront, Work
from .microscope import microscope_message
from .pace import Pace
from .presets import PRESETS
from .protocol import accept, refuse, text
from .run import Run
from .screen import Screen
from .settings import Limits
from .surfaces import SurfaceChoice, SurfaceView

#: Seconds that a command may train before it is answered.
_AT_ONCE = 0.008
#: Seconds between two reports of the step, and between two states per edit in the log: a long log is long to send.
_REPORT_REST = 0.2
_STATE_REST_PER_EDIT = 0.0002

#: Commands that mean the step that the run is bound for: until it is there, they wait.
_EXACT = frozenset(
    {"play", "step", "step_back", "set", "microscope", "recover", "check", "set_parameter", "difference"}
)


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
    """

    def __init__(
        self,
        name: str,
        record: Record,
        limits: Limits,
        emit: Callable[[ToFront], None],
        clock: Callable[[], float] = time.perf_counter,
        reason: str | None = None,
    ) -> None:
        self.name = name
        self._limits, self._emit, self._clock = limits, emit, clock
        self._run = Run(RunConfig.from_json(record.config), Edits(record.log), Pace(record.speed), record.number)
        self._surface = SurfaceView(SurfaceChoice(**record.surface), record.number)
        self._screen = Screen(name, self._run, self._surface, emit, record.number)
        self._screen.sample = min(record.sample, self._run.rows - 1)
        self._audience = 0
        self._waiting: list[tuple[int, Command]] = []
        self._checks: dict[int, tuple[int, Command, CheckTask | DifferenceTask]] = {}
        self._job = self._surface_job = 0
        self._reason = reason
        self._state_due, self._next_state = True, -math.inf
        self._reported, self._next_report = record.step, -math.inf
        if record.step > 0:
            self._run.go_to(record.step)
        if record.playing:
            self._waiting.append((0, Command("play", None, {})))
            if self._run.target is None:
                self._resume()
        self._screen.introduce()
        self._tell_state()

    # What the host calls

    def obey(self, client: int, command: Command) -> None:
        """Carry out a command and answer it; whatever is wrong with it changes nothing."""
        if self._run.target is not None and command.op in _EXACT:
            self._waiting.append((client, command))
            return
        self._carry_out(client, command)
        if self._run.target is None:
            self._resume()
        self._screen.hurry()
        self._tell()

    def want(self, positions: tuple[Position | None, ...]) -> None:
        """Clients at these positions may have a frame."""
        self._screen.want(positions)
        self._tell()

    def look(self, count: int) -> None:
        """So many clients look at the session now; with none it rests."""
        if count and not self._audience:
            self._run.pace.start(self._clock())
            self._next_report = -math.inf
        if not count:
            self._screen.forget_watches()
        self._audience = count

    def job_done(self, job: int, result: Any) -> None:
        """Take the result of a job, None where it failed."""
        if job in self._checks:
            client, command, task = self._checks.pop(job)
            if result is None:
                self._refuse(client, command, CommandError("internal", "the gradient could not be checked"))
            elif isinstance(task, DifferenceTask):
                self._reply(client, command, measured(task, result))
            else:
                self._reply(client, command, summary(task, result))
        elif job == self._surface_job:
            run, now = self._run, self._clock()
            run.measure(now)
            self._order_surface(self._surface.computed(result, run.trainer, run.metrics, now))
            self._tell()

    def due(self) -> float:
        """Return the time at which there is work; infinity for never."""
        if not self._audience:
            return math.inf
        run = self._run
        if run.target is not None:
            return -math.inf
        return min(
            run.pace.next() if run.playing else math.inf,
            self._next_state if self._state_due else math.inf,
            self._screen.due(),
            self._surface.due(run.trainer),
        )

    def work(self, seconds: float) -> None:
        """Train for about so long, and say what there is to say."""
        run, now = self._run, self._clock()
        before = run.target, run.playing
        run.advance(time.perf_counter() + seconds, now)
        if before != (run.target, run.playing):
            self._state_due, self._next_state = True, -math.inf
            self._screen.hurry()
            if run.target is None:
                self._resume()
        if self._surface.due(run.trainer) <= now:
            self._order_surface(self._surface.begin(run.trainer, now))
        self._tell()
        if now >= self._next_report and run.trainer.step_count != self._reported and run.target is None:
            self._next_report, self._reported = now + _REPORT_REST, run.trainer.step_count
            self._emit(Progress(self.name, self._reported))

    def fail(self) -> None:
        """Something went wrong inside: stop, and say so."""
        self._run.stop()
        self._supersede()
        self._reason, self._state_due, self._next_state = "internal", True, -math.inf
        self._tell_state()

    # What clients are told

    def _tell(self) -> None:
        """Say what is due."""
        now = self._clock()
        if self._state_due and self._next_state <= now:
            self._tell_state()
        if self._audience and self._screen.due() <= now:
            self._screen.show(now, self._run.status()["kind"])

    def _tell_state(self) -> None:
        run, trainer, choice = self._run, self._run.trainer, self._surface.choice
        surface = {"plane": choice.plane, "weights": choice.weights, "resolution": choice.resolution, "off": choice.off}
        playing = run.playing or any(command.op == "play" for _, command in self._waiting)
        state = {
            "config": trainer.config.to_json(),
            "playing": playing,
            "speed": run.pace.speed,
            "status": run.status(),
            "step": trainer.step_count,
            "log": run.edits.to_json(),
            "furthest": trainer.furthest,
            "sample": self._screen.sample,
            "surface": surface,
        }
        later = text("state", state)
        if self._reason is not None:
            state["reason"], self._reason = {"code": self._reason}, None
        self._emit(Publish(self.name, "state", text("state", state), later))
        step = trainer.step_count if run.target is None else run.target
        # A run that has diverged plays on when it is built again: it will diverge at the same step.
        playing = playing or trainer.diverged is not None
        record = Record(
            run.config.to_json(), run.edits.record(), step, playing, run.pace.speed, self._screen.sample, surface
        )
        self._emit(Saved(self.name, record))
        self._state_due = False
        self._next_state = self._clock() + _STATE_REST_PER_EDIT * len(run.edits)

    def _reply(self, client: int, command: Command, fields: Mapping[str, Any]) -> None:
        words = accept(command.number, self._run.trainer.step_count, **fields)
        self._emit(Reply(self.name, client, command.number, words))

    def _refuse(self, client: int, command: Command, error: CommandError) -> None:
        words = refuse(command.number, error.code, str(error), error.params)
        self._emit(Reply(self.name, client, command.number, words))

    def _order_surface(self, work: Work | None) -> None:
        if work is not None:
            self._job += 1
            self._surface_job = self._job
            self._emit(Job(self.name, self._job, "surface", work))

    # Commands

    def _carry_out(self, client: int, command: Command) -> None:
        try:
            fields = _ACTIONS[command.op](self, client, command)
        except CommandError as error:
            self._refuse(client, command, error)
        except ConfigError as error:
            self._refuse(client, command, CommandError.of(error))
        except Exception:
            self._refuse(client, command, CommandError("internal", f"{command.op} failed inside the server"))
            raise
        else:
            self._state_due = True
            if fields is not None:
                self._reply(client, command, fields)

    def _resume(self) -> None:
        """The run is where it was bound for: do what waited for it."""
        while self._waiting and self._run.target is None:
            self._carry_out(*self._waiting.pop(0))

    def _supersede(self) -> None:
        """Answer the commands that wait for a step which the run is no longer bound for."""
        waiting, self._waiting = self._waiting, []
        for client, command in waiting:
            message = f"{command.op} was left behind by a later command"
            self._refuse(client, command, CommandError("superseded", message))

    def _play(self, client: int, command: Command) -> dict[str, Any]:
        gone = self._run.trainer.diverged
        if gone is not None:
            words = f"the loss left the numbers at step {gone.step}: go back, or begin anew"
            raise CommandError("diverged", words, {"name": "step", "value": gone.step})
        if not self._run.playing:
            self._run.play(self._clock())
        return {}

    def _pause(self, client: int, command: Command) -> dict[str, Any]:
        self._supersede()
        self._run.stop()
        return {}

    def _travel(self, step: int) -> dict[str, Any]:
        self._run.go_to(step)
        self._surface.go_back(self._run.trainer.step_count)
        self._run.advance(time.perf_counter() + _AT_ONCE, self._clock())
        return {"target": step}

    def _step(self, client: int, command: Command) -> dict[str, Any]:
        return self._travel(self._run.trainer.step_count + command.fields.get("count", 1))

    def _step_back(self, client: int, command: Command) -> dict[str, Any]:
        return self._travel(max(0, self._run.trainer.step_count - command.fields.get("count", 1)))

    def _seek(self, client: int, command: Command) -> dict[str, Any]:
        self._supersede()
        return self._travel(command.fields["step"])

    def _recover(self, client: int, command: Command) -> dict[str, Any] | None:
        if self._run.trainer.diverged is None:
            raise CommandError("not_diverged", "there is nothing to recover from: the loss is a number")
        step, rate = self._run.trainer.good_step()
        self._travel(step)
        self._waiting.insert(0, (client, Command("go_on", command.number, {"learning_rate": rate})))
        return None

    def _go_on(self, client: int, command: Command) -> dict[str, Any]:
        """Train on with a smaller rate: the second half of `recover`."""
        self._run.set(command.fields)
        self._run.play(self._clock())
        return dict(command.fields)

    def _set(self, client: int, command: Command) -> dict[str, Any]:
        run, config = self._run, self._run.trainer.config
        if config.edited(command.fields) == config:
            return {}
        self._room_for_an_edit()
        run.set(command.fields)
        if run.playing:
            run.trainer.run(1)
        return {}

    def _speed(self, client: int, command: Command) -> dict[str, Any]:
        self._run.pace = Pace(command.fields["steps_per_second"])
        self._run.pace.start(self._clock())
        return {}

    def _restart(self, config: RunConfig, reason: str, *, play: bool = False) -> dict[str, Any]:
        check_size(config, self._limits)
        self._supersede()
        run, before = self._run, self._run.trainer.config
        run.restart(config, same=(config.data, config.output_and_loss()) == (before.data, before.output_and_loss()))
        if run.playing and play:
            run.play(self._clock())
        else:
            run.playing = False
        self._surface.restart()
        self._screen.introduce()
        self._reason, self._next_state = reason, -math.inf
        return {"restarted": True, "reason": reason}

    def _reset(self, client: int, command: Command) -> dict[str, Any]:
        return self._restart(self._run.trainer.config, "reset")

    def _reseed(self, client: int, command: Command) -> dict[str, Any]:
        seed = command.fields.get("seed", random.randrange(100_000))
        return self._restart(patched(self._run.trainer.config, {"seed": seed}), "reseed")

    def _configure(self, client: int, command: Command) -> dict[str, Any]:
        return self._restart(patched(self._run.trainer.config, command.fields), "configured", play=True)

    def _preset(self, client: int, command: Command) -> dict[str, Any]:
        return self._restart(PRESETS[command.fields["name"]], "preset")

    def _look_at_sample(self, client: int, command: Command) -> dict[str, Any]:
        row, last = command.fields["row"], self._run.rows - 1
        if row > last:
            raise ConfigError(f"row must lie in [0, {last}], got {row}", "row", row, 0, last)
        self._screen.sample = row
        self._run.version += 1
        return {}

    def _look_at_surface(self, client: int, command: Command) -> dict[str, Any]:
        index = max(command.fields.get("weights", (0,)))
        last = self._run.trainer.network.parameter_count - 1
        if index > last:
            raise ConfigError(f"weights must lie in [0, {last}], got {index}", "weights", index, 0, last)
        self._surface.choose(self._surface.choice.changed(command.fields))
        self._run.version += 1
        return {}

    def _explain(self, client: int, command: Command) -> dict[str, Any]:
        trainer = self._run.trainer
        return {"inspection": inspect(trainer, watch_of(command.fields, trainer), self._screen.sample)}

    def _watch(self, client: int, command: Command) -> dict[str, Any]:
        trainer = self._run.trainer
        watch = watch_of(command.fields, trainer) if command.fields["target"] is not None else None
        self._screen.watch(client, watch)
        if watch is None:
            return {}
        self._run.version += 1
        history = history_of(trainer, watch.target.index(trainer.network))
        return {"inspection": inspect(trainer, watch, self._screen.sample), "history": history}

    def _activation(self, client: int, command: Command) -> dict[str, Any]:
        trainer, layer = self._run.trainer, command.fields["layer"]
        check_integer("layer", layer, 1, len(trainer.network.blocks))
        return curve_of(trainer, layer, command.fields.get("low", -6.0), command.fields.get("high", 6.0))

    def _set_parameter(self, client: int, command: Command) -> dict[str, Any]:
        self._room_for_an_edit()
        run, index = self._run, command.fields["index"]
        run.set({"parameters": {str(index): command.fields["value"]}})
        return {}

    def _room_for_an_edit(self) -> None:
        if len(self._run.edits) >= self._limits.edits:
            most = self._limits.edits
            words = f"a run can have {most} live edits: reset it to begin anew with the present values"
            raise CommandError("log_full", words, {"name": "edits", "value": len(self._run.edits), "high": most})

    def _difference(self, client: int, command: Command) -> None:
        trainer = self._run.trainer
        work = difference_of(trainer, watch_of(command.fields, trainer), self._screen.sample)
        self._order_check(client, command, work)

    def _magnify(self, client: int, command: Command) -> dict[str, Any]:
        """Stand still, and show one client the coming step."""
        gone = self._run.trainer.diverged
        if gone is not None:
            words = f"the loss left the numbers at step {gone.step}: there is no coming step"
            raise CommandError("diverged", words, {"name": "step", "value": gone.step})
        message = microscope_message(self._run.trainer, self._screen.layout, command.fields.get("row"))
        if self._run.playing:
            self._run.stop()
        self._emit(Reply(self.name, client, None, message))
        return {}

    def _check(self, client: int, command: Command) -> None:
        self._order_check(client, command, check_of(self._run.trainer))

    def _order_check(self, client: int, command: Command, work: Work) -> None:
        self._job += 1
        self._checks[self._job] = client, command, work.task
        self._emit(Job(self.name, self._job, f"check {self._job}", work))


_Action = Callable[[Session, int, Command], dict[str, Any] | None]

#: op -> what it does; returns the reply's fields, or None if it will be answered later.
_ACTIONS: Mapping[str, _Action] = {
    "play": Session._play,
    "pause": Session._pause,
    "step": Session._step,
    "step_back": Session._step_back,
    "seek": Session._seek,
    "reset": Session._reset,
    "reseed": Session._reseed,
    "speed": Session._speed,
    "set": Session._set,
    "configure": Session._configure,
    "preset": Session._preset,
    "recover": Session._recover,
    "go_on": Session._go_on,
    "sample": Session._look_at_sample,
    "surface": Session._look_at_surface,
    "check": Session._check,
    "microscope": Session._magnify,
    "explain": Session._explain,
    "watch": Session._watch,
    "difference": Session._difference,
    "activation": Session._activation,
    "set_parameter": Session._set_parameter,
}
