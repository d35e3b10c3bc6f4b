"""The trainer: a run that can be stepped, edited and returned to.

A run is a pure function of its `RunConfig` and its log: from the same two, every step gives the same bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from time import perf_counter
from typing import Any, Self

import numpy as np

from ..config.config import RunConfig
from ..config.problem import start_parameters
from ..data.datasets import make_dataset
from ..ground.lengths import length
from ..insight.evaluation import Metrics
from . import divergence
from .edits import Edits
from .engine import HUGE_LOSS, Engine
from .history import Keyframe
from .last_step import LastStep
from .log import Branch, Log, LogEntry
from .past import Past
from .preview import Preview, preview_of
from .record import LossRecord
from .runaway import GAP
from .samples import Samples
from .standing import Present, Standing
from .stopping import Divergence, Patience, Stop, limit_reached, settled
from .track import Track
from .view import RunView, Trace
from .waymarks import Waymarks

__all__ = ["Divergence", "Metrics", "Stop", "Trace", "Trainer"]

KEYFRAME_BYTES = 64 * 2**20


class Trainer(Present):
    """A network in training.

    Parameters
    ----------
    config : RunConfig
        What to train.

    It is changed by its own methods, and looked at through `view`, `last_step` and `track`.

    Attributes
    ----------
    view : RunView
        What the net makes of its samples at the present parameters.
    last_step : LastStep
        What the last step did.
    track : Track
        Where the run has been.
    edits : Edits
        What was changed while it went on.
    furthest : int
        The furthest step reached on this branch.
    stopped : Stop or None
        The rule that ended the last `run`; another `run` goes on.
    """

    def __init__(self, config: RunConfig) -> None:
        self._begin(Edits(config, Log()))

    @classmethod
    def from_log(
        cls,
        config: RunConfig,
        log: Iterable[LogEntry | Mapping[str, Any]],
        branches: Sequence[Branch] = (Branch(),),
        reached: int = 0,
    ) -> Self:
        """Return a trainer at step 0 that will re-apply a log: `run` it to where the session was.

        Parameters
        ----------
        config : RunConfig
            As the run began.
        log : iterable of LogEntry or of their JSON
            The entries of all branches; the last branch is the one that is followed.
        branches : sequence of Branch
            Where the branches left from.
        reached : int
            The furthest step of the session, up to which no stopping rule ends a run again.

        Raises
        ------
        ConfigError
            If an entry cannot be applied.
        """
        entries = [entry if isinstance(entry, LogEntry) else LogEntry.from_json(entry) for entry in log]
        rebuilt, edited = Log(entries, branches), config
        for entry in rebuilt.effective:
            edited = edited.edited(entry.change)
        self = cls.__new__(cls)
        self._begin(Edits(config, rebuilt))
        self.furthest = max([reached, *(entry.step for entry in rebuilt.effective)])
        return self

    def _begin(self, edits: Edits, samples: Samples | None = None) -> None:
        self.edits, config = edits, edits.start
        self._listeners = []
        self.loss_name = config.output_and_loss()[1]
        samples = _samples(config) if samples is None else samples
        theta = start_parameters(config)
        engine = Engine(config, theta, *samples.training_set(config.label_smoothing))
        self._at = Standing(config, samples, engine)
        self.view, self.last_step = RunView(self._at), LastStep(self._at)
        self.furthest = 0
        self.stopped: Stop | None = None
        self._patience = Patience()
        self._past = Past(theta, KEYFRAME_BYTES)
        self._marks = Waymarks(self._past)
        self.track = Track(self._at, self._past)
        self._past.keyframes.add(self._keyframe())
        self._obey_log()

    @property
    def losses(self) -> LossRecord:
        """Batch loss and learning rate of every step."""
        return self._past.losses

    def evaluate(self) -> Metrics:
        """Return losses and accuracies over the full training and test sets: see `RunView.evaluate`."""
        return self.view.evaluate()

    @property
    def made_by(self) -> str:
        """What takes the coming steps: ``"numpy"`` or ``"compiled"``."""
        return self._at.engine.made_by

    # Training

    def step(self) -> float:
        """Take one step and return its batch loss; if the loss diverges, no step is taken and `diverged` is set."""
        self.run(1)
        return self._at.engine.last_loss

    def run(self, steps: int, deadline: float | None = None) -> int:
        """Take steps and return how many were taken.

        Log entries that lie ahead are obeyed at their steps. It ends early when the loss diverges, when
        `time.perf_counter()` passes `deadline`, and when a stopping rule is met at a step that is reached for the
        first time.
        """
        done, self.stopped, at = 0, None, self._at
        with np.errstate(all="ignore"):
            while done < steps and at.diverged is None and self.stopped is None:
                done += self._burst(min(steps - done, self._until_event()), deadline)
                if deadline is not None and perf_counter() >= deadline:
                    break
        return done

    def _until_event(self) -> int:
        """Return how many steps can be taken before anything but steps, and what is noted of them, has to happen."""
        step, config, past = self._at.step_count, self._at.config, self._past
        count = min(past.losses.room(), self.edits.until_next(step), past.keyframes.gap - step % past.keyframes.gap)
        if config.schedule.name == "plateau" or config.stopping.of_epochs:
            count = min(count, self._at.engine.batches.coming)
        if (per_task := config.data.steps_per_task) is not None:
            count = min(count, per_task - step % per_task)
        limit = config.stopping.steps
        return count if limit is None or limit <= step else min(count, limit - step)

    def _burst(self, count: int, deadline: float | None) -> int:
        """Take up to `count` steps, then do what the step that is reached asks for."""
        at, engine, past = self._at, self._at.engine, self._past
        taken = engine.burst(at.step_count, *past.losses.slots(count), deadline, self._marks)
        past.losses.advance(taken)
        at.step_count = step = at.step_count + taken
        self.view.forget()
        loss = engine.last_loss
        if not -HUGE_LOSS <= loss <= HUGE_LOSS:
            at.diverged = divergence.of_loss(at)
        if taken:
            per_task = at.config.data.steps_per_task
            ended = 0 if engine.batches.left else self.epoch
            stop = self._end_of_epoch() if ended else None
            if per_task is not None and step % per_task == 0:
                self._end_of_task(step // per_task)
            if step % past.keyframes.gap == 0 and step > past.keyframes.last:
                past.keyframes.add(self._keyframe())
            if step % GAP == 0 and at.diverged is None:
                at.diverged = divergence.of_parameters(at)
            self._obey_log()
            if step > self.furthest:
                self.furthest = step
                self.stopped = stop or limit_reached(at.config.stopping, step, ended)
        self._tell()
        return taken

    def _end_of_task(self, tasks: int) -> None:
        """Note how the last of so many tasks has ended, and go on with the next."""
        metrics = self.evaluate()
        self._past.tasks.add(tasks - 1, metrics.loss, metrics.accuracy)
        self._apply(self.config)

    def _end_of_epoch(self) -> Stop | None:
        """Tell the loss to the schedule and the stopping rules that wait for it."""
        schedule, rules, engine = self.config.schedule, self.config.stopping, self._at.engine
        plateau = schedule.name == "plateau"
        if not plateau and not rules.watches:
            return None
        metrics = self.evaluate()
        if plateau:
            rate = self.config.optimizer.learning_rate
            engine.plateau = engine.plateau.after(metrics.loss, schedule.hyperparameters, rate)
        tested = rules.monitor == "test_loss" and len(self._at.samples.test_rows)
        watched = metrics.test_loss if tested else metrics.loss
        self._patience = self._patience.after(watched)
        gradient = length(self.view.full_gradient()) if rules.gradient is not None else np.inf
        return settled(rules, self.step_count, watched, self._patience, gradient)

    # Live edits

    def edit(self, **change: Any) -> RunConfig:
        """Change what can change while a run goes on; the next step obeys.

        Where the run had gone further before, this starts a new branch.

        Parameters
        ----------
        **change
            See `RunConfig.edited`: the learning rate, the batch size, the optimizer and its numbers, and more.

        Returns
        -------
        RunConfig
            The config with the change applied.

        Raises
        ------
        ConfigError
            For an unknown name or a value out of range. Nothing is changed then.
        """
        config = self.config.edited(change)
        leave = self.furthest > self.step_count
        if leave:
            self._past.truncate(self.step_count, self.task or 0)
            self.furthest = self.step_count
        self.edits.note(self.step_count, change, leave)
        self._apply(config)
        self._replace(change)
        self._tell()
        return config

    def _obey_log(self) -> None:
        """Apply the entries that the present step has reached."""
        for change in self.edits.due(self._at.step_count):
            self._apply(self.config.edited(change))
            self._replace(change)

    def _apply(self, config: RunConfig) -> None:
        before, self._at.config = self.config, config
        samples, rows = self._at.samples, self.last_step.rows()
        self._see_again()
        self._at.engine.apply(config, *self._at.samples.training_set(self.config.label_smoothing))
        if len(rows) and not np.array_equal(samples.dataset.places, self.dataset.places):
            self._at.engine.last_rows = self._at.samples.rows_now(rows, samples)
        if config.stopping != before.stopping:
            self._patience = Patience()
        self._look_again(before, samples)

    def _replace(self, change: Mapping[str, Any]) -> None:
        """Put the numbers that a change names in the place of parameters."""
        if "parameters" in change:
            for index, value in self.config.replaced_parameters(change["parameters"]).items():
                self._at.engine.replace(index, value)
            self._past.path.replace(self.step_count, self._at.engine.theta)
            self.view.forget()

    def _see_again(self) -> None:
        """Draw the samples again, if their noise or the task has changed: as a run has them that begins with it."""
        if self.posed.data != self._at.samples.data:
            self._at.samples = _samples(self.posed)

    def _look_again(self, before: RunConfig, samples: Samples) -> None:
        """Renew what looks at the whole data, if data, network or loss have changed."""
        names = ("network", "huber_delta", "label_smoothing")
        same = all(getattr(before, name) == getattr(self.config, name) for name in names)
        if not same or samples is not self._at.samples:
            self.view.renew()

    # Time travel

    def seek(self, step: int) -> None:
        """Go to the state after `step` steps, in either direction: same bits as the first time.

        Ahead of what has been reached it trains on; it ends where the loss diverges or a stopping rule is met.
        """
        self.rewind(step)
        self.run(step - self.step_count)

    def rewind(self, step: int) -> int:
        """Go to a step at or before `step` from which it is quick to `run` there, and return it.

        That is the step after a keyframe, whose gradient and errors are thus the true ones; or the present step, if no
        keyframe lies between the two.
        """
        if step < 0:
            raise ValueError(f"step must be 0 or more, got {step}")
        frame = self._past.before(max(step - 1, 0))
        if self.step_count <= step and frame.step < self.step_count:
            return self.step_count
        if step != self.step_count:
            self._restore(frame)
            self.run(min(step - frame.step, 1))
        return self.step_count

    def adopt(self, other: Trainer) -> None:
        """Take over the past of `other`, a run that began alike and had the same edits up to where it stands.

        So `rewind` reaches that step from near by, instead of from the start, and the curves are known.
        """
        step = other.step_count
        self._past.adopt(other._past, step, self.edits, other.task or 0)
        self.furthest = max(self.furthest, step)

    def share_memory(self, runs: int) -> None:
        """Leave room: so many runs have the memory for keyframes that one would have alone."""
        self._past.keyframes.budget = KEYFRAME_BYTES // runs

    @property
    def past_bytes(self) -> int:
        """Bytes that its past takes, about: keyframes, path and losses."""
        return self._past.nbytes

    # To be kept

    def note(self) -> None:
        """Remember this place, from which `kept` can say how to go on later."""
        self._past.note(self._keyframe())

    def kept(self, step: int | None = None) -> dict[str, Any]:
        """Return all that another trainer needs to go on from the last known place before a step, else the present one.

        Plain data: see `Past`. At that place it has to `run` on to that step, which gives the same bits.
        """
        frame = self._past.before(max((self.step_count if step is None else step) - 1, 0))
        furthest = self.furthest if self.stopped is None else self.stopped.step - 1  # the rule is met once more
        return {**self._past.data(frame, self.edits), "furthest": furthest}

    def resume(self, values: Mapping[str, Any]) -> None:
        """Go on where another trainer of the same run was, by the `values` that it said were to be `kept`.

        Raises
        ------
        ConfigError
            If that does not fit this run. Nothing is changed then.
        """
        first = self._past.keyframes.before(0)
        frame = self._past.take(values, self.edits, first)
        self.furthest = max(self.furthest, int(values["furthest"]))
        self._restore(frame)

    def _keyframe(self) -> Keyframe:
        return Keyframe(self.step_count, self.config, self.edits.applied, self._at.engine.state(), self._patience)

    def _restore(self, frame: Keyframe) -> None:
        before, self._at.config = self.config, frame.config
        samples, self._at.step_count = self._at.samples, frame.step
        self._see_again()
        self._at.engine.restore(frame.engine, frame.config, *self._at.samples.training_set(self.config.label_smoothing))
        self._look_again(before, samples)
        self.edits.applied, self._patience = frame.entries, frame.stopping
        self._at.diverged = self.stopped = None
        self.view.forget()
        self.losses.move(frame.step)
        self._obey_log()
        self._tell()

    # The coming step

    def twin(self) -> Self:
        """Return a trainer of the same run at the same step, which goes its own way from here."""
        other = type(self).__new__(type(self))
        other._begin(self.edits.copy(), self._at.samples)
        other._restore(self._keyframe())
        return other

    def preview(self, row: int | None = None) -> Preview:
        """Return the coming step, opened up, at a `row` of its batch: see `preview_of`. Nothing is changed."""
        twin = self.twin()
        twin.edits.hold()  # what was changed after the step is no part of it
        twin.run(1)
        return preview_of(self, twin, twin._at.engine, row)


def _samples(config: RunConfig) -> Samples:
    """Return the samples that a run begins with."""
    return Samples(config, make_dataset(config.data, config.seed, *config.output_and_loss()))
