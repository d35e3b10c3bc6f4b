"""The trainer: a run that can be stepped, edited and returned to.

A run is a pure function of its `RunConfig` and its log: from the same two, every step gives the same bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from time import perf_counter
from typing import Any, Self

import numpy as np

from ..config.config import RunConfig
from ..data.datasets import Dataset, make_dataset
from ..ground.lengths import length
from ..ground.streams import stream
from ..insight.evaluation import Metrics
from ..insight.origin import Origin, origin_of
from ..landscapes.functions import LANDSCAPES
from ..landscapes.problem import start_of
from ..nets.activations import Array
from ..optimizers.optimizer import Optimizer
from ..optimizers.table import make_optimizer
from .anatomy import Anatomy
from .engine import HUGE_LOSS, Engine
from .history import Keyframe, Keyframes, Path
from .log import Branch, Log, LogEntry
from .preview import Preview, preview_of
from .record import LossRecord
from .runaway import GAP, runaway
from .stopping import Divergence, Patience, Stop, limit_reached, settled
from .view import RunView, Trace

__all__ = ["Divergence", "Metrics", "Stop", "Trace", "Trainer"]

KEYFRAME_BYTES = 64 * 2**20


class Trainer(RunView):
    """A network in training.

    Parameters
    ----------
    config : RunConfig
        What to train.

    Attributes
    ----------
    config : RunConfig
        With the edits applied.
    dataset : Dataset
        The samples.
    step_count : int
        Steps taken.
    furthest : int
        The furthest step reached on this branch.
    diverged : Divergence or None
        Once set, no step is taken until the run goes back.
    stopped : Stop or None
        The rule that ended the last `run`; another `run` goes on.
    losses : LossRecord
        Batch loss and learning rate of every step.
    """

    def __init__(self, config: RunConfig) -> None:
        self._begin(config, Log())

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
        self._begin(config, rebuilt)
        self.furthest = max([reached, *(entry.step for entry in rebuilt.effective)])
        return self

    def _begin(self, config: RunConfig, log: Log, dataset: Dataset | None = None) -> None:
        self.config = self._start_config = config
        output, self.loss_name = config.output_and_loss()
        self._see(make_dataset(config.data, config.seed, output, self.loss_name) if dataset is None else dataset)
        if config.initial is None and config.on_landscape:
            theta = start_of(LANDSCAPES[config.data.name], config.seed)
        elif config.initial is None:
            rng = stream(config.seed, "initialization")
            theta = config.make_network().initialize(config.initializer, rng, config.initializer_scale)
        else:
            theta = np.array(config.initial)
        theta = theta.astype(config.precision)
        self._engine = Engine(config, theta, self._rows, self._targets(config)[0])
        self._theta = theta
        self._look()
        self.step_count = self.furthest = 0
        self.diverged: Divergence | None = None
        self.stopped: Stop | None = None
        self._patience = Patience()
        self.losses = LossRecord()
        self._path = Path(theta)
        self._log, self._applied = log, 0
        self._keyframes = Keyframes(KEYFRAME_BYTES)
        self._keyframes.add(self._keyframe())
        self._obey_log()

    # The log

    @property
    def start_config(self) -> RunConfig:
        """The config as the run began, without edits."""
        return self._start_config

    @property
    def log(self) -> list[LogEntry]:
        """Entries of all branches, in the order they were made."""
        return list(self._log.entries)

    @property
    def entries(self) -> list[LogEntry]:
        """Entries that hold on the present branch, in order of steps; some may lie ahead."""
        return list(self._log.effective)

    def config_at(self, step: int) -> RunConfig:
        """Return the config that the present branch has at a step: with the edits made up to there."""
        config = self._start_config
        for entry in self._log.effective:
            if entry.step <= step:
                config = config.edited(entry.change)
        return config

    @property
    def branch(self) -> int:
        """Index of the present branch."""
        return self._log.branch

    @property
    def branches(self) -> list[Branch]:
        """Where the branches left from."""
        return list(self._log.branches)

    # Training

    def step(self) -> float:
        """Take one step and return its batch loss; if the loss diverges, no step is taken and `diverged` is set."""
        self.run(1)
        return self._engine.last_loss

    def run(self, steps: int, deadline: float | None = None) -> int:
        """Take steps and return how many were taken.

        Log entries that lie ahead are obeyed at their steps. It ends early when the loss diverges, when
        `time.perf_counter()` passes `deadline`, and when a stopping rule is met at a step that is reached for the
        first time.
        """
        done, self.stopped = 0, None
        with np.errstate(all="ignore"):
            while done < steps and self.diverged is None and self.stopped is None:
                if not self._engine.batches.left:
                    self._engine.batches.begin_epoch()
                done += self._burst(min(steps - done, self._until_event()), deadline)
                if deadline is not None and perf_counter() >= deadline:
                    break
        return done

    def _until_event(self) -> int:
        """Return how many steps can be taken before anything but the next step has to happen."""
        step, limit = self.step_count, self.config.stopping.steps
        count = min(self._engine.batches.left, self.losses.room())
        count = min(count, self._keyframes.gap - step % self._keyframes.gap, self._path.gap - step % self._path.gap)
        count = min(count, GAP - step % GAP)
        if self._applied < len(self._log.effective):
            count = min(count, self._log.effective[self._applied].step - step)
        return count if limit is None or limit <= step else min(count, limit - step)

    def _burst(self, count: int, deadline: float | None) -> int:
        """Take up to `count` steps of this epoch, then do what the step that is reached asks for."""
        taken = self._engine.burst(self.step_count, *self.losses.slots(count), deadline)
        self.losses.advance(taken)
        self.step_count += taken
        self._metrics = None
        loss = self._engine.last_loss
        if not -HUGE_LOSS <= loss <= HUGE_LOSS:
            self.diverged = Divergence.of(loss, self.step_count, self.learning_rate, self._origin())
        if taken:
            stop = self._end_of_epoch() if not self._engine.batches.left else None
            self._path.add(self.step_count, self._theta)
            if self.step_count % self._keyframes.gap == 0 and self.step_count > self._keyframes.last:
                self._keyframes.add(self._keyframe())
            if self.step_count % GAP == 0 and self.diverged is None:
                self._look_for_runaway()
            self._obey_log()
            if self.step_count > self.furthest:
                self.furthest = self.step_count
                self.stopped = stop or limit_reached(self.config.stopping, self.step_count, self._ended_epoch())
        return taken

    def _look_for_runaway(self) -> None:
        """Note a divergence if the parameters have run away, whatever the loss is."""
        found = runaway(self.config, self._theta, self._engine.optimizer, self.learning_rate)
        if found is not None:
            self.diverged = Divergence(
                self.step_count, found.kind, self.learning_rate, self._origin(), found.pull
            )

    def _origin(self) -> Origin:
        engine = self._engine
        assert engine.last_pass is not None
        return origin_of(engine.network, engine.last_pass, engine.before, engine.update)

    def _ended_epoch(self) -> int:
        """Return the number of epochs completed by the last step itself, or 0 if it completed none."""
        return 0 if self._engine.batches.left else self.epoch

    def _end_of_epoch(self) -> Stop | None:
        """Tell the loss to the schedule and the stopping rules that wait for it."""
        schedule, rules, engine = self.config.schedule, self.config.stopping, self._engine
        plateau = schedule.name == "plateau"
        if not plateau and rules.loss is rules.patience is rules.gradient is None:
            return None
        metrics = self.evaluate()
        if plateau:
            rate = self.config.optimizer.learning_rate
            engine.plateau = engine.plateau.after(metrics.loss, schedule.hyperparameters, rate)
        watched = metrics.test_loss if rules.monitor == "test_loss" and len(self._test_rows) else metrics.loss
        self._patience = self._patience.after(watched)
        gradient = length(self._train.gradient()) if rules.gradient is not None else np.inf
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
        if self.furthest > self.step_count:
            self._log.leave(self.step_count)
            self._keyframes.truncate(self.step_count)
            self._path.truncate(self.step_count)
            self.losses.truncate()
            self.furthest = self.step_count
        self._log.append(self.step_count, change)
        self._applied = len(self._log.effective)
        self._apply(config)
        self._replace(change)
        return config

    def _obey_log(self) -> None:
        """Apply the entries that the present step has reached."""
        effective = self._log.effective
        while self._applied < len(effective) and effective[self._applied].step <= self.step_count:
            change = effective[self._applied].change
            self._applied += 1
            self._apply(self.config.edited(change))
            self._replace(change)

    def _apply(self, config: RunConfig) -> None:
        before, self.config = self.config, config
        self._see_again(before)
        self._engine.apply(config, self._rows, self._targets(config)[0])
        if config.stopping != before.stopping:
            self._patience = Patience()
        self._look_again(before)

    def _replace(self, change: Mapping[str, Any]) -> None:
        """Put the numbers that a change names in the place of parameters."""
        if "parameters" in change:
            for index, value in self.config.replaced_parameters(change["parameters"]).items():
                self._engine.replace(index, value)
            self._path.replace(self.step_count, self._theta)
            self._metrics = None

    def _see_again(self, before: RunConfig) -> None:
        """Draw the samples again, if their noise has changed: as a run has them that begins with it."""
        config = self.config
        if config.data != before.data:
            output, loss = config.output_and_loss()
            self._see(make_dataset(config.data, config.seed, output, loss))

    def _look_again(self, before: RunConfig) -> None:
        """Renew what looks at the whole data, if data, network or loss have changed."""
        names = ("data", "network", "huber_delta", "label_smoothing")
        if any(getattr(before, name) != getattr(self.config, name) for name in names):
            self._look()

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
        frame = self._keyframes.before(max(step - 1, 0))
        if self.step_count <= step and frame.step < self.step_count:
            return self.step_count
        if step != self.step_count:
            self._restore(frame)
            self.run(min(step - frame.step, 1))
        return self.step_count

    def adopt(self, other: Trainer) -> None:
        """Take over the past of a run that began alike and had the same edits up to where it stands.

        So `rewind` reaches that step from near by, instead of from the start, and the curves are known.
        """
        step, room = other.step_count, self._keyframes.budget
        self._keyframes = other._keyframes.until(step)
        self._keyframes.budget = room
        self._path, self.losses = deepcopy(other._path), deepcopy(other.losses)
        self._path.truncate(step)
        self.losses.truncate()
        self.furthest = max(self.furthest, step)

    def share_memory(self, runs: int) -> None:
        """Leave room for others: so many runs have the memory for keyframes that one would have alone."""
        self._keyframes.budget = KEYFRAME_BYTES // runs

    @property
    def past_bytes(self) -> int:
        """Bytes that its past takes, about: keyframes, path and losses."""
        return self._keyframes.nbytes + self._path.nbytes + self.losses.nbytes

    def good_step(self) -> tuple[int, float]:
        """Return a step to go back to after a divergence, and the learning rate to go on with.

        It is where the learning rate was last raised, with the rate before that; else the start, with a tenth of the
        rate.
        """
        config, found = self._start_config, (0, self.config.optimizer.learning_rate / 10)
        for entry in self._log.effective[: self._applied]:
            after = config.edited(entry.change)
            if after.optimizer.learning_rate > config.optimizer.learning_rate:
                found = entry.step, config.optimizer.learning_rate
            config = after
        if self.diverged is not None and self.diverged.pull:
            found = found[0], min(found[1], self.diverged.learning_rate / self.diverged.pull)
        return found

    def _keyframe(self) -> Keyframe:
        return Keyframe(self.step_count, self.config, self._applied, self._engine.state(), self._patience)

    def _restore(self, frame: Keyframe) -> None:
        before, self.config = self.config, frame.config
        self._see_again(before)
        self._engine.restore(frame.engine, frame.config, self._rows, self._targets(frame.config)[0])
        self._look_again(before)
        self.step_count, self._applied, self._patience = frame.step, frame.entries, frame.stopping
        self.diverged = self.stopped = self._metrics = None
        self.losses.move(frame.step)
        self._obey_log()

    def kept_steps(self) -> list[int]:
        """Return the steps up to the present at which all of the run is remembered, its optimizer too."""
        return [step for step in self._keyframes.steps if step <= self.step_count]

    def kept(self, step: int) -> tuple[Array, Optimizer]:
        """Return parameters (P,) and optimizer as they were at one of the `kept_steps`."""
        frame = self._keyframes.before(step)
        wanted, theta = frame.config.optimizer, frame.engine.theta
        optimizer = make_optimizer(wanted.name, wanted.learning_rate, **wanted.hyperparameters)
        optimizer.start(theta)
        optimizer.restore(frame.engine.optimizer)
        return theta, optimizer

    @property
    def optimizer(self) -> Optimizer:
        """The update rule with its memory."""
        return self._engine.optimizer

    # The coming step

    def twin(self) -> Self:
        """Return a trainer of the same run at the same step, which goes its own way from here."""
        other = type(self).__new__(type(self))
        other._begin(self._start_config, Log(self._log.entries, self._log.branches), self.dataset)
        other._restore(self._keyframe())
        return other

    def next_anatomy(self) -> Anatomy | None:
        """Return the coming step taken apart: bit for bit what `step` will do; None where that diverges."""
        twin = self.twin()
        twin.run(1)
        return None if twin.diverged is not None and not twin.diverged.taken else twin.anatomy()

    def preview(self, row: int | None = None) -> Preview:
        """Return the coming step, opened up: bit for bit what `step` will do. Nothing is changed by it.

        Parameters
        ----------
        row : int, optional
            The sample of the coming batch to look at; its first one if None.

        Raises
        ------
        ConfigError
            If the sample is not in the coming batch.
        """
        twin = self.twin()
        twin.run(1)
        return preview_of(self, twin, twin._engine, row)
