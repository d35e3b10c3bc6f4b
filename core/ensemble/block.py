"""Some members of an ensemble in training, with NumPy on stacked arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.config import RunConfig
from ..nets.activations import Array, leaky_relu
from ..nets.network import Network
from ..optimizers.table import make_optimizer
from ..run.engine import HUGE_LOSS
from ..run.samples import Samples
from .dealing import Deal
from .stack import Stack

Float64 = NDArray[np.float64]


class Block:
    """Some members in training; `theta` (k, P) and `diverged` (k,) are written in place."""

    def __init__(
        self, configs: Sequence[RunConfig], samples: Sequence[Samples], theta: Array, diverged: NDArray[np.int_]
    ) -> None:
        self.size, self._theta, self._diverged = len(configs), theta, diverged
        self._gradient, self._work = np.zeros_like(theta), np.zeros_like(theta)
        first = configs[0]
        self._schedule = first.schedule
        self._rates = column([config.optimizer.learning_rate for config in configs])
        self._network, self._loss = first.make_network(), first.make_loss()
        self._optimizer = optimizer_of(configs, self._network, theta)
        self._bind_point()
        self._functions = list(self._network.functions)
        if len({config.network.leaky_slope for config in configs}) > 1:
            slopes = leaky_relu(np.asarray(column([config.network.leaky_slope for config in configs]), theta.dtype))
            self._functions = [slopes if f.name == "leaky_relu" else f for f in self._functions]
        self._penalties(configs)
        self._deal = Deal(configs, samples)
        self._batch: tuple[Array, Array, int] | None = None
        self._stacks: dict[tuple[int, int], Stack] = {}

    def _penalties(self, configs: Sequence[RunConfig]) -> None:
        weights = self._network.weight_marks(self._theta.dtype)
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


def column(values: Sequence[float]) -> Any:
    """Return numbers as a column (k, 1), or as the one number that they all are."""
    return values[0] if len(set(values)) == 1 else np.array(values)[:, None]


def optimizer_of(configs: Sequence[RunConfig], network: Network, theta: Array) -> Any:
    """Return the update rule of all members, its numbers in columns where they differ."""
    first = configs[0].optimizer
    optimizer = make_optimizer(first.name, first.learning_rate, **first.hyperparameters)
    optimizer.start(theta, network.matrices)
    optimizer.learning_rate = column([config.optimizer.learning_rate for config in configs])
    for name in first.hyperparameters:
        setattr(optimizer, name, column([config.optimizer.hyperparameters[name] for config in configs]))
    optimizer._prepare()
    return optimizer
