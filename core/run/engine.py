"""The engine: everything that a training step changes, and the loop that takes steps.

This is the one place to make faster; nothing else knows how a step is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from ..config.config import RunConfig
from ..ground.streams import stream
from ..nets.activations import Array
from ..nets.normalization import NetStatistics, fresh_statistics
from ..nets.passes import Pass, Training
from ..optimizers.clipping import Clipping
from ..optimizers.optimizer import Optimizer
from ..optimizers.schedules import Plateau
from ..optimizers.table import OPTIMIZERS, make_optimizer
from .batches import Batches
from .compiled import Compiled, missing_for
from .continual import continual_of
from .elsewhere import Elsewhere, Passes
from .engine_state import EngineState
from .gradient import Gradient, GradientParts
from .waymarks import Waymarks

#: A loss above this is divergence, as is one that is no number.
HUGE_LOSS = 1e12


class Engine:
    """Parameters in training.

    Parameters
    ----------
    config : RunConfig
        Everything but the data.
    theta : array (P,)
        Start parameters, which the engine goes on to change in place.
    rows : array (n, n_in + 1)
        Training inputs, each ending in a one if the net has biases.
    targets : array (n, n_out)
        As the loss takes them.

    Attributes
    ----------
    theta, update : array (P,)
        Parameters, and what was added last.
    way : Gradient
        The gradient of the last batch, and what became of it on its way to the optimizer.
    last_pass : Pass or None
        The pass of the last batch.
    last_batch : tuple or None
        Its inputs (n_in + 1, n) and targets (n_out, n), until the next step.
    last_rows : array (n,) or None
        Where its samples stand now, −1 for those that are gone, once a hand has painted or erased some.
    last_loss : float
        The loss of the last batch.
    last_config : RunConfig
        What its pass was made with: an edit since then has not touched it.
    plateau : Plateau
        State of the schedule that looks at the loss.
    """

    def __init__(self, config: RunConfig, theta: Array, rows: Array, targets: Array) -> None:
        self._config = config
        self.theta = theta
        self.batches = Batches(rows, targets, stream(config.seed, "batches"), config.batch_size)
        self.plateau = Plateau()
        self.network = config.make_network()
        self.way = Gradient(config, self.network, theta)
        running = fresh_statistics(self.network.normalization, self.network.sizes[1:-1], theta.dtype)
        self._training = Training(stream(config.seed, "dropout"), running)
        self._first_mask = self._training.rng.bit_generator.state
        self._masked = False
        self.last_pass: Pass | None = None
        self.last_batch: tuple[Array, Array] | None = None
        self.last_rows: NDArray[np.int64] | None = None
        self.last_loss = float("nan")
        self.last_config, self.last_network = config, self.network
        self._begin: Callable[[Array, Array], object] | None = None
        self._replaced: dict[int, float] = {}
        self._optimizer = self._make_optimizer()
        self._optimizer_left: Optimizer | None = None
        self._point, self._last_point = theta, theta
        self._bind_passes()
        self._continual = continual_of(config, self.network, theta)
        self.way.bind(config, self.network, self._point)
        self._bind_compiled()

    @property
    def update(self) -> Array:
        """What the last step added to θ (P,); zeros before the first."""
        return self._optimizer.update if self.last_pass else np.zeros_like(self.theta)

    @property
    def optimizer(self) -> Optimizer:
        """The update rule with its memory."""
        return self._optimizer

    @property
    def last_optimizer(self) -> Optimizer:
        """The rule of the last step with the numbers that it had then: an edit since then has not touched it."""
        return self._optimizer_left or self._optimizer

    @property
    def gradient(self) -> Array:
        """The gradient (P,) of the last batch, with its penalties and noise, before clipping."""
        return self.way.whole

    @property
    def step_gradient(self) -> Array:
        """The gradient (P,) as the optimizer saw it last: clipped, where it was clipped."""
        return self.way.clipped

    @property
    def clipping(self) -> Clipping:
        """What clipping did since it has held at its present bounds."""
        return self.way.clipping

    @property
    def running(self) -> NetStatistics:
        """Running statistics of batch normalization, per hidden layer."""
        return self._training.running

    # Steps

    def burst(
        self, step: int, losses: Array, rates: Array, deadline: float | None = None, marks: Waymarks | None = None
    ) -> int:
        """Take steps until `losses` is full, the loss diverges, the deadline passes, or a mark asks for an end.

        Parameters
        ----------
        step : int
            Steps taken before.
        losses, rates : array (count,)
            Where to write the batch losses and learning rates.
        deadline : float, optional
            Of `time.perf_counter()`.
        marks : Waymarks, optional
            What is noted on the way.

        Returns
        -------
        int
            Steps taken. `last_loss` is no acceptable number if it was the loss that ended them.
        """
        count, batches = len(losses), self.batches
        paces = self._paces(step, count)
        every = np.full(count, self.rate(step)) if paces is None else np.array(paces)
        taken, loss = 0, 0.0
        if self._compiled is not None:
            taken, loss = self._compiled.take(batches, self._passes, every, losses, step, deadline, marks)
            if taken and paces is not None:
                self._optimizer.pace(paces[taken - 1])
            count = taken
        while taken < count:
            if not batches.left:
                batches.begin_epoch()
            end = taken + min(count - taken, batches.left, count if marks is None else marks.until_next(step + taken))
            done, loss = self._take(losses[taken:end], paces and paces[taken:end], deadline)
            batches.advance(done)
            taken += done
            if taken < end or (marks is not None and marks.passed(step + taken, self.theta)):
                break
            if deadline is not None and perf_counter() >= deadline:
                break
        rates[:taken] = every[:taken]
        self._note(taken, loss)
        return taken

    def _note(self, taken: int, loss: float) -> None:
        """Remember what a burst leaves behind, in which so many steps were taken and which the loss ended or not."""
        sound = -HUGE_LOSS <= loss <= HUGE_LOSS
        x, y, batch = self.batches.views[self.batches.index - sound]
        self.last_pass, self.last_loss, self.last_batch = self._passes[batch], loss, (x, y)
        self._last_point, self.last_rows = self._point, None
        self.last_config, self.last_network = self._config, self.network
        if taken:
            self._replaced.clear()
            self._optimizer_left = None
            if self._continual is not None:
                self._replaced.update(self._continual.ahead_of(self._optimizer.update))
        self._masked |= self.network.dropout > 0
        self.way.note(sound)

    def _take(self, losses: Array, paces: list[float] | None, deadline: float | None) -> tuple[int, float]:
        """Take steps of this epoch in NumPy; return how many, and the last loss."""
        theta, gradient, optimizer, add, passes = self.theta, self.way.slope, self._optimizer, np.add, self._passes
        prepare, index, continual = self.way.prepare, self.batches.index, self._continual
        taken, loss, begin = 0, 0.0, self._begin
        for x, y, batch in self.batches.views[index : index + len(losses)]:
            run = passes[batch]
            if begin is not None:
                begin(x, y)
            loss = run(x, y)
            if not -HUGE_LOSS <= loss <= HUGE_LOSS:
                break
            if paces is not None:
                optimizer.pace(paces[taken])
            add(theta, optimizer.step(theta, gradient if prepare is None else prepare()), theta)
            if continual is not None:
                continual.after(run, optimizer)
            losses[taken] = loss
            taken += 1
            if deadline is not None and perf_counter() >= deadline:
                break
        return taken, loss

    def rate(self, step: int) -> float:
        """Return the learning rate of the step after `step` steps, with the schedule's factor."""
        factor = self._config.schedule.factor(step)
        return self._config.optimizer.learning_rate * (self.plateau.factor if factor is None else factor)

    def _paces(self, step: int, count: int) -> list[float] | None:
        """Return the learning rates of the next steps, or None if they are all what the optimizer has."""
        if self._config.schedule.name == "constant":
            return None
        if self._config.schedule.name == "plateau":
            self._optimizer.pace(self.rate(step))
            return None
        return [self.rate(t) for t in range(step, step + count)]

    def penalty(self) -> float:
        """Return λ₁ Σ|w| + ½ λ₂ Σw² at the present parameters."""
        return self.way.penalty()

    def parts(self, index: int | slice = slice(None)) -> GradientParts:
        """Return what the gradient of the last step was made of, of one parameter or all (P,)."""
        return self.way.parts(self.point, index)

    # Change and return

    @property
    def before(self) -> Array:
        """The parameters (P,) that the last step started from, to the last place: what it added is taken off again."""
        theta = self.theta - self.update
        for index, value in self._replaced.items():
            theta[index] = value
        return theta

    @property
    def point(self) -> Array:
        """The parameters (P,) that the last gradient was taken at: `before`, but for a rule that trains apart."""
        return self.before if self._last_point is self.theta else self._last_point

    def replace(self, index: int, value: float) -> None:
        """Put a number in the place of a parameter."""
        if index not in self._replaced:
            self._replaced[index] = float(self.before[index])
        self.theta[index] = value
        if self._optimizer.places:
            self._optimizer_left = self._optimizer_left or self._optimizer.apart()
            self._optimizer.put(index, value)

    def apply(self, config: RunConfig, rows: Array, targets: Array) -> None:
        """Go on with an edited config, its training inputs, and targets (n, n_out) as its loss takes them."""
        before, self._config = self._config, config
        if (config.optimizer, config.schedule) != (before.optimizer, before.schedule):
            # Its memory is the same until the next step.
            self._optimizer_left = self._optimizer_left or self._optimizer.apart()
        if config.optimizer.name != before.optimizer.name:
            update = self._optimizer.update
            self._optimizer = self._make_optimizer()
            self._optimizer.update[...] = update
        elif config.optimizer != before.optimizer:
            self._optimizer.set(learning_rate=config.optimizer.learning_rate, **config.optimizer.hyperparameters)
        if config.schedule != before.schedule:
            self.plateau = Plateau()
            self._optimizer.pace(config.optimizer.learning_rate)
        if (config.clip_value, config.clip_norm) != (before.clip_value, before.clip_norm):
            self.way.clipping = Clipping()
        if not self.batches.deal_from(rows, targets):
            if self.last_batch is not None:  # its views show what is dealt from now on
                x, y = self.last_batch
                self.last_batch = x.copy("K"), y.copy("K")
            if len(rows) == self.batches.n:
                self.batches.replace(rows, targets)
            else:
                self.batches = self.batches.others(rows, targets, config.batch_size)
                self._passes.clear()
        if config.batch_size != before.batch_size:
            self.batches.resize(config.batch_size)
            self._passes.clear()
        if _bound_to(config) != _bound_to(before):
            self._bind_passes()
        self._continual = continual_of(config, self.network, self.theta, self._continual)
        self.way.bind(config, self.network, self._point)
        self._bind_compiled()

    def state(self) -> EngineState:
        """Return all that the next steps depend on."""
        dropout = self._training.rng.bit_generator.state if self._masked else None
        running = tuple(None if layer is None else layer.copy() for layer in self._training.running)
        place = self.batches.place()
        optimizer = self._optimizer.state()
        clipping, noise = self.way.clipping, self.way.noise_state()
        continual = None if self._continual is None else self._continual.state()
        theta = self.theta.copy()
        return EngineState(theta, optimizer, place, dropout, running, self.plateau, clipping, noise, continual)

    def restore(self, state: EngineState, config: RunConfig, rows: Array, targets: Array) -> None:
        """Go back to a state, and to the config, inputs and targets that it was reached with."""
        self.apply(config, rows, targets)
        self.theta[...] = state.theta
        self._continual = continual_of(config, self.network, self.theta, state.continual)
        self.way.restore(state.noise, state.clipping)
        self._optimizer.start(self.theta, self.network.matrices)
        self._optimizer.restore(state.optimizer)
        self.batches.restore(state.place, config.batch_size)
        self._masked = state.dropout is not None
        self._training.rng.bit_generator.state = state.dropout or self._first_mask
        for layer, kept in zip(self._training.running, state.running, strict=True):
            if layer is not None and kept is not None:
                layer.assign(kept)
        self.plateau = state.plateau
        self.last_pass = self.last_batch = self.last_rows = self._optimizer_left = None
        self._last_point = self.theta
        self._replaced.clear()
        self._bind_compiled()

    def _make_optimizer(self) -> Optimizer:
        wanted = self._config.optimizer
        optimizer = make_optimizer(wanted.name, wanted.learning_rate, **wanted.hyperparameters)
        optimizer.start(self.theta, self.network.matrices)
        return optimizer

    def _bind_passes(self) -> None:
        """Make anew what runs forward and backward, where the rule wants it to run."""
        self.network, loss, optimizer = self._config.make_network(), self._config.make_loss(), self._optimizer
        self._point, self._begin = self.theta, None
        if optimizer.point is not None:
            self._point = point = self.theta.copy()
            self._begin = lambda x, y: optimizer.place(self.theta, point)
        elif optimizer.asks:
            elsewhere = Elsewhere(self.network, loss, self.way, self._training)
            self._begin, optimizer.elsewhere = elsewhere.begin, elsewhere
        self._passes = Passes(self.network, loss, self._point, self.way.slope, self._training)

    def _bind_compiled(self) -> None:
        """Have the coming steps taken by machine code, where the config asks for it and nothing is in the way."""
        config, self._compiled = self._config, None
        self.lacks = missing_for(config, self.batches.n) if config.engine == "compiled" else None
        if config.engine == "compiled" and self.lacks is None:
            self._compiled = Compiled(config, self.theta, self.way.slope, self._optimizer, HUGE_LOSS)

    @property
    def made_by(self) -> str:
        """What takes the coming steps: ``"numpy"`` or ``"compiled"``."""
        return "numpy" if self._compiled is None else "compiled"


def _bound_to(config: RunConfig) -> tuple[object, ...]:
    """Return what passes are bound to: the network, the loss, and a rule that has them run elsewhere."""
    rule = OPTIMIZERS[config.optimizer.name]
    return config.network, config.huber_delta, config.optimizer.name if rule.asks or rule.point is not None else None
