"""The trainer: a run that can be stepped, edited and returned to.

A run is a pure function of its `RunConfig` and its log: from the same two, every step gives the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .activations import Array
from .arena import with_ones
from .batches import Batches
from .config import RunConfig
from .datasets import make_dataset
from .diagnostics import Evaluator, Metrics, layer_norms
from .history import Keyframe, Keyframes, Path
from .log import Branch, Log, LogEntry
from .network import Network, Pass
from .optimizers import Optimizer, make_optimizer
from .record import LossRecord
from .streams import stream

#: A loss above this is divergence, as is one that is no number.
HUGE_LOSS = 1e12
KEYFRAME_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Divergence:
    """The loss left the numbers.

    Attributes
    ----------
    step : int
        Steps taken when the loss was found to be no number.
    loss : str
        ``"nan"``, ``"infinite"`` or ``"huge"`` (above 1e12).
    learning_rate : float
        η of the last step.
    """

    step: int
    loss: str
    learning_rate: float


@dataclass(frozen=True, slots=True)
class Trace:
    """What one sample makes of the net: flat over all layers, inputs included (their Z and D are 0)."""

    A: NDArray[np.float64]
    Z: NDArray[np.float64]
    D: NDArray[np.float64]
    loss: float


class Trainer:
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
    network : Network
    step_count : int
        Steps taken.
    diverged : Divergence or None
        Once set, no step is taken until the run goes back.
    losses : LossRecord
        Batch loss and learning rate of every step.
    furthest : int
        The furthest step reached on this branch.
    """

    def __init__(self, config: RunConfig) -> None:
        self._begin(config, Log())

    @classmethod
    def from_log(
        cls, config: RunConfig, log: Iterable[LogEntry | Mapping[str, Any]], branches: Sequence[Branch] = (Branch(),)
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
        return self

    def _begin(self, config: RunConfig, log: Log) -> None:
        self.config = self._start_config = config
        output, loss = config.output_and_loss()
        self.dataset = data = make_dataset(config.data, config.seed, output, loss)
        shape = config.network
        self.network = Network(config.sizes, shape.activation, output, shape.bias)
        self.loss_name = loss
        if config.initial is None:
            theta = self.network.initialize(config.initializer, stream(config.seed, "initialization"))
        else:
            theta = np.array(config.initial)
        self._theta, self._gradient = theta, np.zeros_like(theta)
        self._train = with_ones(data.X_train, shape.bias, theta.dtype)
        self._test = with_ones(data.X_test, shape.bias, theta.dtype)
        self._batches = Batches(self._train, data.y_train, stream(config.seed, "batches"), config.batch_size)
        self._optimizer = self._make_optimizer()
        self._passes = _Passes(lambda batch: Pass(self.network, loss, self._theta, self._gradient, batch))
        self._last_pass: Pass | None = None
        self._last_loss = float("nan")
        self._evaluate_train = Evaluator(self.network, loss, theta, self._train, data.y_train, data)
        self._evaluate_test = Evaluator(self.network, loss, theta, self._test, data.y_test, data)
        self._one = Pass(self.network, loss, theta, np.zeros_like(theta), 1)
        self._metrics: Metrics | None = None

        self.step_count = self.furthest = 0
        self.diverged: Divergence | None = None
        self.losses = LossRecord()
        self._path = Path(theta)
        self._log, self._applied = log, 0
        self._keyframes = Keyframes(KEYFRAME_BYTES)
        self._keyframes.add(self._keyframe())
        self._obey_log()

    # What there is to see

    @property
    def theta(self) -> Array:
        """The live parameters (P,), to be read only."""
        return _read_only(self._theta)

    @property
    def gradient(self) -> Array:
        """Gradient (P,) of the last batch; zeros before the first step."""
        return _read_only(self._gradient)

    @property
    def update(self) -> Array:
        """What the last step added to θ (P,); zeros before the first step."""
        return _read_only(self._optimizer.update if self._last_pass else np.zeros_like(self._theta))

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self._batches.epoch

    @property
    def learning_rate(self) -> float:
        """η of the next step."""
        return self.config.optimizer.learning_rate

    @property
    def log(self) -> list[LogEntry]:
        """Entries of all branches, in the order they were made."""
        return list(self._log.entries)

    @property
    def entries(self) -> list[LogEntry]:
        """Entries that hold on the present branch, in order of steps; some may lie ahead."""
        return list(self._log.effective)

    @property
    def branches(self) -> list[Branch]:
        """Where the branches left from."""
        return list(self._log.branches)

    @property
    def branch(self) -> int:
        """Index of the present branch."""
        return self._log.branch

    # Training

    def step(self) -> float:
        """Take one step and return its batch loss; if the loss diverges, no step is taken and `diverged` is set."""
        self.run(1)
        return self._last_loss

    def run(self, steps: int, deadline: float | None = None) -> int:
        """Take steps and return how many were taken.

        Log entries that lie ahead are obeyed at their steps. It stops early when the loss diverges, and when
        `time.perf_counter()` passes `deadline`.
        """
        done = 0
        with np.errstate(all="ignore"):
            while done < steps and self.diverged is None:
                if not self._batches.left:
                    self._batches.begin_epoch()
                count = min(steps - done, self._until_event())
                taken = self._burst(count, deadline)
                done += taken
                if deadline is not None and perf_counter() >= deadline:
                    break
        return done

    def _until_event(self) -> int:
        """Return how many steps can be taken before anything but the next step has to happen."""
        step = self.step_count
        count = min(self._batches.left, self.losses.room())
        count = min(count, self._keyframes.gap - step % self._keyframes.gap, self._path.gap - step % self._path.gap)
        if self._applied < len(self._log.effective):
            count = min(count, self._log.effective[self._applied].step - step)
        return count

    def _burst(self, count: int, deadline: float | None) -> int:
        """Take up to `count` steps of this epoch, then note what came of them."""
        theta, gradient, optimizer_step, add = self._theta, self._gradient, self._optimizer.step, np.add
        slots, index, taken, loss = self.losses.slots(count), self._batches.index, 0, 0.0
        for x, y, batch in self._batches.views[index : index + count]:
            run = self._passes[batch]
            loss = run(x, y)
            if not -HUGE_LOSS <= loss <= HUGE_LOSS:
                self.diverged = Divergence(self.step_count + taken, _kind(loss), self.learning_rate)
                break
            add(theta, optimizer_step(theta, gradient), theta)
            slots[taken] = loss
            taken += 1
            if deadline is not None and perf_counter() >= deadline:
                break
        self._last_loss = loss
        self._note(taken, run)
        return taken

    def _note(self, taken: int, run: Pass) -> None:
        self._last_pass = run
        self._metrics = None
        self.losses.advance(taken, self.learning_rate)
        self._batches.advance(taken)
        self.step_count += taken
        self.furthest = max(self.furthest, self.step_count)
        if taken:
            self._path.add(self.step_count, self._theta)
            if self.step_count % self._keyframes.gap == 0 and self.step_count > self._keyframes.last:
                self._keyframes.add(self._keyframe())
            self._obey_log()

    # Live edits

    def edit(self, **change: Any) -> RunConfig:
        """Change the learning rate, the batch size, the optimizer or its numbers; the next step obeys.

        Where the run had gone further before, this starts a new branch.

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
        self._applied += 1
        self._apply(config)
        return config

    def _obey_log(self) -> None:
        """Apply the entries that the present step has reached."""
        effective = self._log.effective
        while self._applied < len(effective) and effective[self._applied].step <= self.step_count:
            change = effective[self._applied].change
            self._applied += 1
            self._apply(self.config.edited(change))

    def _apply(self, config: RunConfig) -> None:
        before, self.config = self.config, config
        if config.optimizer.name != before.optimizer.name:
            update = self._optimizer.update
            self._optimizer = self._make_optimizer()
            self._optimizer.update[...] = update
        elif config.optimizer != before.optimizer:
            self._optimizer.set(learning_rate=config.optimizer.learning_rate, **config.optimizer.hyperparameters)
        if config.batch_size != before.batch_size:
            self._batches.resize(config.batch_size)
            self._passes.clear()

    def _make_optimizer(self) -> Optimizer:
        wanted = self.config.optimizer
        optimizer = make_optimizer(wanted.name, wanted.learning_rate, **wanted.hyperparameters)
        optimizer.start(self._theta)
        return optimizer

    # Time travel

    def seek(self, step: int) -> None:
        """Go to the state after `step` steps, in either direction: same bits as the first time.

        Ahead of what has been reached it trains on; it stops where the loss diverges.
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

    def good_step(self) -> tuple[int, float]:
        """Return a step to go back to after a divergence, and the learning rate to go on with.

        It is where the learning rate was last raised, with the rate before that; else the start, with a tenth of the
        rate.
        """
        config, found = self._start_config, (0, self.learning_rate / 10)
        for entry in self._log.effective[: self._applied]:
            after = config.edited(entry.change)
            if after.optimizer.learning_rate > config.optimizer.learning_rate:
                found = entry.step, config.optimizer.learning_rate
            config = after
        return found

    def _keyframe(self) -> Keyframe:
        theta, optimizer, place = self._theta.copy(), self._optimizer.state(), self._batches.place()
        return Keyframe(self.step_count, self.config, self._applied, theta, optimizer, place)

    def _restore(self, frame: Keyframe) -> None:
        self.step_count, self._applied, self.diverged = frame.step, frame.entries, None
        if frame.config.batch_size != self.config.batch_size:
            self._passes.clear()
        self.config = frame.config
        self._theta[...] = frame.theta
        self._gradient.fill(0.0)
        self._optimizer = self._make_optimizer()
        self._optimizer.restore(frame.optimizer)
        self._batches.restore(frame.place, frame.config.batch_size)
        self._metrics = self._last_pass = None
        self.losses.move(frame.step)
        self._obey_log()

    # Looking closer

    def evaluate(self) -> Metrics:
        """Return losses and accuracies over the full training and test sets at the present parameters."""
        if self._metrics is None:
            with np.errstate(all="ignore"):
                (loss, accuracy), (test_loss, test_accuracy) = self._evaluate_train(), self._evaluate_test()
            self._metrics = Metrics(loss, test_loss, accuracy, test_accuracy)
        return self._metrics

    def trace(self, row: int) -> Trace:
        """Return what the net makes of one sample at the present parameters; nothing is changed by it.

        Parameters
        ----------
        row : int
            Training samples come first, then test samples.
        """
        n = len(self._train)
        rows, targets = (self._train, self.dataset.y_train) if row < n else (self._test, self.dataset.y_test)
        index = row if row < n else row - n
        if not 0 <= index < len(rows):
            raise ValueError(f"row must lie in [0, {n + len(self._test) - 1}], got {row}")
        x, one = rows[index : index + 1].T, self._one
        with np.errstate(all="ignore"):
            loss = one(x, np.ascontiguousarray(targets[index : index + 1].T))
        arena, n_in = one.arena, self.network.sizes[0]
        neurons = np.concatenate([np.arange(rows_.start, rows_.stop) for rows_ in arena.rows])
        nothing = np.zeros(n_in)
        return Trace(
            np.concatenate([x[:n_in, 0], one.activations()[neurons, 0]]),
            np.concatenate([nothing, arena.Z[neurons, 0]]),
            np.concatenate([nothing, arena.D[neurons, 0]]),
            loss,
        )

    def norms(self) -> NDArray[np.float64]:
        """Return, per layer after the input, norms of δ, ∂W, W and ΔW (4, L) of the last batch.

        δ is that of single samples, ∂C_x/∂z: its root mean square over neurons and samples. The rest are Euclidean
        norms of the weights, biases left out.
        """
        return layer_norms(self.network, self._last_pass, self._gradient, self._theta, self.update)

    def path(self, max_points: int = 500) -> tuple[NDArray[np.int64], Array]:
        """Return steps (k,) and positions θ (k, P) along the run so far, from step 0 to the present, k ≤ max_points."""
        return self._path.until(self.step_count, self._theta, max_points)


class _Passes(dict[int, Pass]):
    """The passes in use, by batch size; one that is missing is made."""

    def __init__(self, make: Callable[[int], Pass]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, batch: int) -> Pass:
        self[batch] = self._make(batch)
        return self[batch]


def _read_only(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view


def _kind(loss: float) -> str:
    return "nan" if loss != loss else "infinite" if abs(loss) == float("inf") else "huge"
