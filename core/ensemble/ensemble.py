"""Ensembles: runs of one shape, each with numbers of its own, trained at once on stacked arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.config import RunConfig
from ..config.parts import StoppingConfig
from ..config.problem import start_parameters
from ..data.dataset import Dataset
from ..data.datasets import make_dataset
from ..ground.errors import ConfigError, check_integer
from ..ground.streams import stream
from ..insight.evaluation import Evaluator, Metrics
from ..nets.activations import Array, leaky_relu
from ..nets.network import Network
from ..optimizers.table import make_optimizer
from ..run.engine import HUGE_LOSS
from ..run.samples import Samples
from .stack import Stack

#: Most members.
MOST_MEMBERS = 65_536

#: What the arrays of members that are trained together may take: they should stay in the processor's caches.
_CACHE_BYTES = 3_000_000
_MOST_TOGETHER = 256

Float64 = NDArray[np.float64]

#: What all members have alike: words, and what is compared.
_ALIKE: dict[str, Callable[[RunConfig], Any]] = {
    "hidden layers": lambda config: config.network.hidden,
    "activation": lambda config: config.network.activation,
    "bias": lambda config: config.network.bias,
    "output and loss": lambda config: config.output_and_loss(),
    "data": lambda config: config.data.name,
    "optimizer": lambda config: config.optimizer.name,
    "centered": lambda config: config.optimizer.hyperparameters.get("centered"),
    "schedule": lambda config: config.schedule,
    "huber_delta": lambda config: config.huber_delta,
    "precision": lambda config: config.precision,
    "batch_size": lambda config: config.batch_size,
}

#: What no member can have: words, and when it is refused.
_REFUSED: dict[str, Callable[[RunConfig], Any]] = {
    "landscape": lambda config: config.on_landscape,
    "normalization": lambda config: config.network.normalization,
    "residual": lambda config: config.network.residual,
    "dropout": lambda config: config.network.dropout,
    "clip_value": lambda config: config.clip_value is not None,
    "clip_norm": lambda config: config.clip_norm is not None,
    "gradient_noise": lambda config: config.gradient_noise,
    "replacement_rate": lambda config: config.replacement_rate,
    "steps_per_task": lambda config: config.data.steps_per_task is not None,
    "plateau schedule": lambda config: config.schedule.name == "plateau",
    "stopping rule": lambda config: config.stopping != StoppingConfig(),
}


def refusal_of(config: RunConfig) -> str | None:
    """Return the name of what an ensemble cannot do and a run asks for, or None."""
    return next((name for name, asks in _REFUSED.items() if _any(asks(config))), None)


def alike(config: RunConfig, first: RunConfig) -> bool:
    """Return whether a run can be in an ensemble whose first member is another one, as far as their configs tell."""
    return refusal_of(config) is None and all(part(config) == part(first) for part in _ALIKE.values())


def _any(value: Any) -> bool:
    return any(map(bool, value)) if isinstance(value, tuple | list) else bool(value)


class Ensemble:
    """n runs of one shape, trained at once: each is the run that `Trainer` makes of its config, but for rounding.

    Members may differ in learning rate and the optimizer's numbers, seed, initializer with its scale, start parameters,
    leaky_slope, penalties, label smoothing, and in the numbers of the data set (but not in how many samples it has).

    Parameters
    ----------
    configs : sequence of RunConfig
        A member each, 1 to 65,536.

    Attributes
    ----------
    configs : tuple of RunConfig
        The same.
    step_count : int
        Steps taken.
    diverged : array of int (n,)
        The step whose batch loss was beyond ±10¹² or no number: it was not taken, nor any later one. −1: none so far.

    Raises
    ------
    ConfigError
        For what members do not have alike (hidden layers, activation, bias, output, loss, data set, optimizer,
        schedule, batch size, precision), and for what an ensemble cannot do (landscapes, normalization, residuals,
        dropout, clipping, gradient noise, continual backpropagation, one task after the other, the plateau schedule,
        stopping rules): `Trainer` can.

    Examples
    --------
    >>> base = RunConfig()
    >>> rates = np.logspace(-3, 1, 50)
    >>> runs = [replace(base, optimizer=OptimizerConfig("sgd", rate)) for rate in rates]
    >>> ensemble = Ensemble(runs)
    >>> losses = ensemble.run(500)  # (500, 50)
    """

    def __init__(self, configs: Sequence[RunConfig]) -> None:
        self.configs = tuple(configs)
        check_integer("number of members", len(self.configs), 1, MOST_MEMBERS)
        for k, config in enumerate(self.configs):
            _check(config, self.configs[0], k)
        self._problems = _Problems()
        self._samples = [self._problems.samples(config) for config in self.configs]
        for k, samples in enumerate(self._samples):
            found, needed = len(samples.rows), len(self._samples[0].rows)
            if found != needed:
                words = f"members must have the same number of samples: member {k} has {found}, member 0 has {needed}"
                raise ConfigError(words, "data", found)
        self.step_count = 0
        self.diverged = np.full(len(self.configs), -1)
        self._theta = np.stack([start_parameters(config) for config in self.configs])
        together = self._together()
        self._blocks = [
            _Block(self.configs[part], self._samples[part], self._theta[part], self.diverged[part])
            for part in (slice(at, at + together) for at in range(0, len(self.configs), together))
        ]

    @property
    def thetas(self) -> Array:
        """The parameters (n, P), to be read only."""
        view = self._theta.view()
        view.flags.writeable = False
        return view

    def run(self, steps: int, progress: Callable[[float], object] | None = None) -> Float64:
        """Take steps, all members each.

        Parameters
        ----------
        steps : int
            0 and more.
        progress : callable, optional
            Hears of the share that is done, 0 to 1, after every few members. What it raises ends the run, and some of
            the members are further than others then: begin anew.

        Returns
        -------
        array (steps, n)
            Batch losses; NaN from the step on that a member diverged in.
        """
        steps = check_integer("steps", steps, 0, 10**9)
        losses, at = np.full((steps, len(self.configs)), np.nan), 0
        with np.errstate(all="ignore"):
            for block in self._blocks:
                block.run(self.step_count, losses[:, at : at + block.size])
                at += block.size
                if progress is not None:
                    progress(at / len(self.configs))
        self.step_count += steps
        return losses

    def evaluate(self) -> list[Metrics]:
        """Return losses and accuracies of every member over its full training and test sets, as `Trainer.evaluate`."""
        with np.errstate(all="ignore"):
            return [self._metrics(k) for k in range(len(self.configs))]

    def gradients(self) -> Array:
        """Return the gradients (n, P) of the loss over the full training sets, without penalties."""
        with np.errstate(all="ignore"):
            return np.stack([self._evaluator(k).gradient() for k in range(len(self.configs))])

    def _metrics(self, k: int) -> Metrics:
        (loss, accuracy), (test_loss, test_accuracy) = (self._evaluator(k, test)() for test in (False, True))
        return Metrics(loss=loss, test_loss=test_loss, accuracy=accuracy, test_accuracy=test_accuracy)

    def _evaluator(self, k: int, test: bool = False) -> Evaluator:
        config, samples = self.configs[k], self._samples[k]
        rows = samples.test_rows if test else samples.rows
        targets = samples.targets(config.label_smoothing)[test]
        return Evaluator(config.make_network(), config.make_loss(), self._theta[k], rows, targets, samples.dataset)

    def _together(self) -> int:
        """Return how many members the processor's cache has room for."""
        config, batch = self.configs[0], min(self.configs[0].batch_size or 10**9, len(self._samples[0].rows))
        numbers = 4 * (sum(config.sizes) + len(config.sizes)) * batch + 6 * self._theta.shape[1]
        return max(1, min(_MOST_TOGETHER, _CACHE_BYTES // int(numbers * self._theta.itemsize)))


def _check(config: RunConfig, first: RunConfig, k: int) -> None:
    """Raise ConfigError for a member that an ensemble cannot train, or not together with the first."""
    refused = refusal_of(config)
    if refused is not None:
        raise ConfigError(f"an ensemble cannot train with a {refused}: member {k} asks for it", refused, k)
    for name, part in _ALIKE.items():
        if part(config) != part(first):
            words = f"members must have the same {name}: member {k} has {part(config)}, member 0 has {part(first)}"
            raise ConfigError(words, name, part(config))


class _Problems:
    """Data sets with what passes take of them: members that train on the same share them."""

    def __init__(self) -> None:
        self._found: dict[Any, Samples] = {}

    def samples(self, config: RunConfig) -> Samples:
        """Return the samples of a run."""
        key = (config.data, config.seed)
        if key not in self._found:
            output, loss = config.output_and_loss()
            data: Dataset = make_dataset(config.data, config.seed, output, loss)
            self._found[key] = Samples(config, data)
        return self._found[key]


class _Block:
    """Some members in training; `theta` (k, P) and `diverged` (k,) are written in place."""

    def __init__(
        self, configs: Sequence[RunConfig], samples: Sequence[Samples], theta: Array, diverged: NDArray[np.int_]
    ) -> None:
        self.size, self._theta, self._diverged = len(configs), theta, diverged
        self._gradient, self._work = np.zeros_like(theta), np.zeros_like(theta)
        first = configs[0]
        self._schedule, self._config = first.schedule, first
        self._rates = _column([config.optimizer.learning_rate for config in configs])
        self._network, self._loss = first.make_network(), first.make_loss()
        self._optimizer = _optimizer(configs, self._network, theta)
        self._bind_point()
        self._functions = list(self._network.functions)
        if len({config.network.leaky_slope for config in configs}) > 1:
            slopes = leaky_relu(np.asarray(_column([config.network.leaky_slope for config in configs]), theta.dtype))
            self._functions = [slopes if f.name == "leaky_relu" else f for f in self._functions]
        self._penalties(configs)
        self._deal = _Deal(configs, samples)
        self._batch: tuple[Array, Array, int] | None = None
        self._stacks: dict[tuple[int, int], Stack] = {}

    def _penalties(self, configs: Sequence[RunConfig]) -> None:
        weights = np.zeros(self._theta.shape[1], self._theta.dtype)
        for layer in self._network.unpack(weights):
            layer.W[...] = 1.0
        l1, l2 = ([getattr(config, name) for config in configs] for name in ("l1", "l2"))
        self._l1 = np.outer(l1, weights).astype(self._theta.dtype) if any(l1) else None
        self._l2 = np.outer(l2, weights).astype(self._theta.dtype) if any(l2) else None

    def _bind_point(self) -> None:
        """Say where gradients are taken: at θ, where the rule wants them instead, and at a second point if it asks."""
        self._point = self._theta
        if self._optimizer.point is not None:
            self._point = np.zeros_like(self._theta)
        if self._optimizer.asks:
            self._second = np.zeros_like(self._theta), np.zeros_like(self._theta)
            self._optimizer.elsewhere = self._elsewhere

    def _elsewhere(self, point: Array) -> Array:
        """Return the gradients (k, P) of the present batches at other parameters (k, P)."""
        theta, gradient = self._second
        np.copyto(theta, point)
        assert self._batch is not None
        x, y, batch = self._batch
        self._stack(batch, self._second)(x, y)
        self._penalize(theta, gradient)
        return gradient

    def run(self, step: int, losses: Float64) -> None:
        """Take steps after `step` others, and write the batch losses (steps, k)."""
        theta, gradient, optimizer, diverged = self._theta, self._gradient, self._optimizer, self._diverged
        first = self._point, gradient
        varying, over = self._schedule.name != "constant", diverged >= 0
        for t in range(len(losses)):
            if over.all():
                return
            self._batch = x, y, batch = self._deal.next()
            if self._point is not theta:
                optimizer.place(theta, self._point)
            found = self._stack(batch, first)(x, y)
            wild = ~(np.abs(found) <= HUGE_LOSS) & ~over
            if wild.any():
                diverged[wild] = step + t
                over = diverged >= 0
            if varying:
                factor = self._schedule.factor(step + t)
                assert factor is not None
                optimizer.pace(self._rates * factor)
            self._penalize(*first)
            update = optimizer.step(theta, gradient)
            if over.any():
                update[over] = 0.0
                found[over] = np.nan
            np.add(theta, update, theta)
            losses[t] = found

    def _penalize(self, theta: Array, gradient: Array) -> None:
        """Add λ₁ sign(w) + λ₂ w to gradients (k, P), for weights only."""
        work = self._work
        if self._l2 is not None:
            np.multiply(theta, self._l2, work)
            np.add(gradient, work, gradient)
        if self._l1 is not None:
            np.sign(theta, work)
            np.multiply(work, self._l1, work)
            np.add(gradient, work, gradient)

    def _stack(self, batch: int, at: tuple[Array, Array]) -> Stack:
        """Return the passes of batches of one size that read parameters and write gradients (k, P)."""
        key = batch, id(at[0])
        if key not in self._stacks:
            self._stacks[key] = Stack(self._network, self._functions, self._loss, *at, batch)
        return self._stacks[key]


class _Deal:
    """Batches of several runs, each in the order of its own seed: see `run.batches`."""

    def __init__(self, configs: Sequence[RunConfig], samples: Sequence[Samples]) -> None:
        sets = [
            (each.rows, each.targets(config.label_smoothing)[0]) for config, each in zip(configs, samples, strict=True)
        ]
        self._n = len(sets[0][0])
        self._size = min(configs[0].batch_size or self._n, self._n)
        shuffled = self._size < self._n
        same_data = all(rows is sets[0][0] and y is sets[0][1] for rows, y in sets)
        seeds = [config.seed if shuffled else 0 for config in configs]
        self._shared = same_data and len(set(seeds)) == 1
        self._members = 1 if self._shared else len(configs)
        self._k, self._sets = len(configs), sets[: self._members]
        self._streams = {seed: stream(seed, "batches") for seed in seeds} if shuffled else {}
        self._seeds = seeds[: self._members]
        self._orders = [np.arange(self._n)] * self._members
        self._at = self._n
        self._x, self._y = sets[0]
        self._targets: dict[int, Array] = {}

    def next(self) -> tuple[Array, Array, int]:
        """Return inputs (k or 1, n_in + 1, batch), targets (n_out, k, batch), and the batch's size."""
        if self._at >= self._n:
            self._at = 0
            self._shuffle()
        part = slice(self._at, min(self._at + self._size, self._n))
        self._at = part.stop
        batch = part.stop - part.start
        if self._shared:
            if batch not in self._targets:
                self._targets[batch] = np.empty((self._y.shape[1], self._k, batch), self._y.dtype)
            targets = self._targets[batch]
            np.copyto(targets, self._y[part].T[:, None])
            return self._x[None, part].transpose(0, 2, 1), targets, batch
        chosen = [order[part] for order in self._orders]
        x = np.stack([rows[order].T for (rows, _), order in zip(self._sets, chosen, strict=True)])
        y = np.stack([targets[order].T for (_, targets), order in zip(self._sets, chosen, strict=True)], axis=1)
        return x, y, batch

    def _shuffle(self) -> None:
        orders = {}
        for seed, rng in self._streams.items():
            orders[seed] = np.arange(self._n)
            rng.shuffle(orders[seed])
        self._orders = [orders.get(seed, order) for seed, order in zip(self._seeds, self._orders, strict=True)]
        if self._shared and orders:
            self._x, self._y = (part[self._orders[0]] for part in self._sets[0])


def _column(values: Sequence[float]) -> Any:
    """Return numbers as a column (k, 1), or as the one number that they all are."""
    return values[0] if len(set(values)) == 1 else np.array(values)[:, None]


def _optimizer(configs: Sequence[RunConfig], network: Network, theta: Array) -> Any:
    """Return the update rule of all members, its numbers in columns where they differ."""
    first = configs[0].optimizer
    optimizer = make_optimizer(first.name, first.learning_rate, **first.hyperparameters)
    optimizer.start(theta, network.matrices)
    optimizer.learning_rate = _column([config.optimizer.learning_rate for config in configs])
    for name in first.hyperparameters:
        setattr(optimizer, name, _column([config.optimizer.hyperparameters[name] for config in configs]))
    optimizer._prepare()
    return optimizer
