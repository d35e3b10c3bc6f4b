"""Members of an ensemble in training by machine code, side by side (``pip install "backscope[fast]"``).

Every number of a net lies beside the same number of the others, and the processor takes several nets at a time. That
is for small nets: the larger they are, the less is gained over matrix products on stacked arrays, which look a weight
up once for a whole batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from ..config.config import RunConfig
from ..ground.machine_code import Making, installed
from ..nets.activations import Array
from ..optimizers.table import OPTIMIZERS
from ..run.compiled import Lack, unknown_part
from ..run.engine import HUGE_LOSS
from ..run.samples import Samples
from .dealing import Deal

Float64 = NDArray[np.float64]

#: Parameters up to which it is quicker than NumPy on stacked arrays.
MOST_PARAMETERS = 3_000

#: The loop, made when it is first wanted.
steps = Making("backscope.core.ensemble.compiled_steps", "take_steps_of_many")

#: How many nets are given to the loop at once, at most.
MOST_TOGETHER = 512


def missing_for(config: RunConfig) -> Lack | None:
    """Return why members like a run are not trained by it; None if they are."""
    if not installed():
        return Lack("numba")
    if config.parameter_count > MOST_PARAMETERS:
        return Lack("size")
    return unknown_part(config)


class SideBySide:
    """Some members in training.

    Parameters
    ----------
    configs : sequence of RunConfig
        A member each, of one shape, which it knows: see `missing_for`.
    samples : sequence of Samples
        Of each.
    theta : array (k, P)
        Parameters; written in place.
    diverged : array of int (k,)
        The step at which each diverged, −1: not so far. Written in place.
    """

    def __init__(
        self, configs: Sequence[RunConfig], samples: Sequence[Samples], theta: Array, diverged: NDArray[np.int_]
    ) -> None:
        self.size, self._theta, self._diverged = len(configs), theta, diverged
        self._schedule, self._deal = configs[0].schedule, Deal(configs, samples)
        self._rows, self._targets = (np.stack([both[part] for both in self._deal.sets]) for part in (0, 1))
        nets = import_module("..nets.compiled_many", __package__).NETS
        groups = -(-len(configs) // nets)
        filled = np.minimum(np.arange(groups * nets), len(configs) - 1)  # the last member fills up
        members, self._in_groups = [configs[k] for k in filled], (groups, nets)
        self._set_of, self._order_of, self._over = (
            whole[filled].reshape(groups, nets).astype(np.int64)
            for whole in (self._deal.set_of, self._deal.order_of, diverged)
        )
        self._numbers(members)
        self._vectors(members, theta[filled])

    def _numbers(self, members: Sequence[RunConfig]) -> None:
        """Bring together what a step is told: kinds of things, and numbers of the members."""
        code = import_module("..nets.compiled_pass", __package__)
        rules = import_module("..optimizers.compiled_rules", __package__)
        first = members[0]
        net, loss, rule = first.make_network(), first.make_loss(), first.optimizer.name
        penalized = any(config.l1 or config.l2 for config in members)
        straight, logits = net.output == "identity", loss.output is not None
        self._layers, self._loss, self._net = code.table_of(net, loss), loss, net
        self._kinds = code.LOSSES[loss.name], rules.RULES[rule], straight, logits, penalized, self._deal.alike
        self._bound = first.huber_delta
        each = [(c.network.leaky_slope, c.l1, c.l2, c.optimizer.learning_rate, 0.0) for c in members]
        self._each = self._grouped(np.array(each))
        own = np.zeros((len(members), 10))
        for place, entry in enumerate(OPTIMIZERS[rule].hyperparameters):
            own[:, place] = [config.optimizer.hyperparameters[entry.name] for config in members]
        self._own, self._memories = self._grouped(own).reshape(self._in_groups[0], -1), rules.MEMORIES

    def _vectors(self, members: Sequence[RunConfig], theta: Array) -> None:
        """Make room for what a step changes: each number of eight members side by side."""
        net, rule = self._net, OPTIMIZERS[members[0].optimizer.name]
        self._weights = net.weight_marks()
        self._side = self._grouped(theta).reshape(self._in_groups[0], -1)
        memory = [np.zeros_like(self._side) for _ in rule.memory] + [np.ones(self._in_groups) for _ in rule.numbers]
        memory += [np.zeros(self._in_groups)] * (self._memories - len(memory))
        gradient, step = np.zeros_like(self._side[0]), np.zeros_like(self._side[0])
        self._changed = self._side, gradient, step, *memory
        self._rooms: dict[int, tuple[Array, ...]] = {}

    def _grouped(self, numbers: Array) -> Array:
        """Return numbers of all members (8 G, m) as (G, m, 8)."""
        return np.ascontiguousarray(numbers.reshape(*self._in_groups, -1).transpose(0, 2, 1))

    def _room(self, batch: int) -> tuple[Array, ...]:
        """Return buffers for batches of a size."""
        if batch not in self._rooms:
            rows = int(self._layers[-1, 4] + self._layers[-1, 3])
            wide = batch * self._in_groups[1]
            self._rooms[batch] = tuple(
                np.zeros(shape)
                for shape in ((4, rows * wide), self._rows.shape[2] * wide, self._targets.shape[2] * wide)
            )
        return self._rooms[batch]

    def run(self, step: int, losses: Float64) -> None:
        """Take steps after `step` others, and write the batch losses (steps, k)."""
        take, taken = steps(), 0
        while taken < len(losses) and (self._over < 0).any():
            at, batch, count = self._deal.ahead(len(losses) - taken)
            self._deal.pass_by(count, batch)
            mean = self._loss.count(self._net.sizes[-1], batch)
            numbers = np.array([self._bound, 1.0 / mean, self._loss.factor / mean, HUGE_LOSS])
            factors = np.array([self._schedule.factor(step + taken + k) for k in range(count)], np.float64)
            found = np.empty((self._in_groups[0], count, self._in_groups[1]))
            take(
                *(self._rows, self._targets, self._set_of, self._deal.orders, self._order_of, at, step + taken),
                *(self._layers, np.array([batch, *self._kinds], np.int64), numbers, self._weights, self._each),
                *(*self._changed, *self._room(batch), self._own, self._over, factors, found),
            )
            losses[taken : taken + count] = found.transpose(1, 0, 2).reshape(count, -1)[:, : self.size]
            taken += count
        theta = self._side.reshape(self._in_groups[0], -1, self._in_groups[1]).transpose(0, 2, 1)
        self._theta[...] = theta.reshape(-1, self._theta.shape[1])[: self.size]
        self._diverged[...] = self._over.reshape(-1)[: self.size]
