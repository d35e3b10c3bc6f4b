"""The compiled engine: bursts of steps as one loop in machine code (``pip install "backscope[fast]"``).

It trains in the same arena and leaves the same behind as the engine in NumPy: activations, slopes, errors, gradient,
update, and what the rule remembers. Sums are taken in another order, so the two agree as far as a twin; each repeats
its own bits, however steps are split into bursts.

Which of the two makes a step is decided by the run's config and log alone (`RunConfig.engine`), and by what is said
here: `missing_for`. A run that was made by machine code waits for it where it is trained once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from ..config.config import RunConfig
from ..ground.machine_code import Making, installed
from ..nets.activations import Array
from ..nets.passes import Pass
from ..optimizers.optimizer import Optimizer
from .batches import Batches

#: Weights of the largest layer times samples of a batch up to which loops are quicker than NumPy's calls; beyond, its
#: products are.
MOST_PRODUCTS = 25_000

#: The loop, made when it is first wanted.
steps = Making("backscope.core.run.compiled_steps", "take_steps")


@dataclass(frozen=True, slots=True)
class Lack:
    """Why the compiled engine does not take the steps of a run.

    Attributes
    ----------
    kind : str
        Which part of the run it does not know, ``"numba"`` where nothing can be compiled, ``"size"`` where NumPy is
        quicker.
    name : str
        Of that part, where it has one.
    """

    kind: str
    name: str = ""

    def __str__(self) -> str:
        if self.kind == "numba":
            return 'needs numba, which is not installed: pip install "backscope[fast]"'
        if self.kind == "size":
            return "leaves larger nets and batches to the matrix products of NumPy"
        return f"does not know {self.kind} {self.name}".rstrip()


def missing_for(config: RunConfig, samples: int) -> Lack | None:
    """Return why the compiled engine does not take the steps of a run on so many samples; None if it does."""
    return unknown_to(config, samples) if installed() else Lack("numba")


def unknown_to(config: RunConfig, samples: int) -> Lack | None:
    """Return what of a run the compiled engine does not do, be it installed or not, or None."""
    if (part := unknown_part(config)) is not None:
        return part
    if config.l1 or config.l2:
        return Lack("penalty")
    largest = max(block.rows * block.cols for block in config.make_network().blocks)
    products = min(config.batch_size or samples, samples) * largest
    return Lack("size") if products > MOST_PRODUCTS else None


def unknown_part(config: RunConfig) -> Lack | None:
    """Return which part of a run no loop in machine code knows, or None."""
    code = import_module("..nets.compiled_pass", __package__)
    net, loss, rule = config.make_network(), config.output_and_loss()[1], config.optimizer.name
    rules = import_module("..optimizers.compiled_rules", __package__).RULES
    strange = [name for name in net.activations if name not in (*code.KINDS, "softmax")]
    there = {
        Lack("landscape", config.data.name): config.on_landscape,
        Lack("precision", config.precision): config.precision != "float64",
        Lack("normalization"): any(net.normalization),
        Lack("dropout"): net.dropout > 0,
        Lack("residual"): any(net.residual),
        Lack("gradient_noise"): config.gradient_noise > 0,
        Lack("replacement"): config.replacement_rate > 0,
        Lack("clipping"): config.clip_value is not None or config.clip_norm is not None,
        Lack("activation", "".join(strange[:1])): bool(strange),
        Lack("loss", loss): loss not in code.LOSSES,
        Lack("optimizer", rule): rule not in rules,
    }
    return next((lack for lack, is_there in there.items() if is_there), None)


def known_lack(config: RunConfig, samples: int) -> Lack | None:
    """Return what `missing_for` does, as far as that is known without loading anything."""
    return missing_for(config, samples) if steps.there or not installed() else None


class Compiled:
    """The compiled engine of a run, bound to what its steps change.

    Parameters
    ----------
    config : RunConfig
        One that it knows: see `missing_for`.
    theta, gradient : array (P,)
        Parameters, and where the gradient goes.
    optimizer : Optimizer
        The rule with its memory.
    most : float
        The largest loss that is acceptable, above and below 0.
    """

    def __init__(self, config: RunConfig, theta: Array, gradient: Array, optimizer: Optimizer, most: float) -> None:
        code = import_module("..nets.compiled_pass", __package__)
        rules = import_module("..optimizers.compiled_rules", __package__)
        self._net, self._loss = config.make_network(), config.make_loss()
        self._leaky, self._bound = config.network.leaky_slope, config.huber_delta
        self._layers = code.table_of(self._net, self._loss)
        straight, logits = self._net.output == "identity", self._loss.output is not None
        self._kinds = code.LOSSES[self._loss.name], rules.RULES[optimizer.name], straight, logits
        self._own = rules.numbers_of(optimizer)
        memory = [getattr(optimizer, name) for name in (*optimizer.memory, *optimizer.numbers)]
        memory += [np.zeros(1)] * (rules.MEMORIES - len(memory))
        self._vectors = theta, gradient, optimizer.update, *memory
        self._optimizer, self._most = optimizer, most
        self._bound_to: dict[int, tuple[NDArray[np.int64], tuple[Array, ...]]] = {}
        self._steps = steps()
        self._seconds = 1e-3  # of a step, as far as is known

    def take(
        self, batches: Batches, passes: Mapping[int, Pass], rates: Array, losses: Array, deadline: float | None
    ) -> tuple[int, float]:
        """Take steps within this epoch until `losses` is full, one is no acceptable number, or the deadline passes.

        Parameters
        ----------
        batches : Batches
            Which are not advanced.
        passes : mapping of int to Pass
            Whose arenas are filled, by batch size.
        rates, losses : array (count,)
            Learning rates, and where the batch losses go; that of a step that is not taken as well.
        deadline : float or None
            Of `time.perf_counter()`.

        Returns
        -------
        int
            Steps taken.
        float
            The last loss, be its step taken or not.
        """
        taken, count, begin = 0, len(losses), perf_counter()
        while taken < count:
            position, size, alike = batches.alike(taken)
            alike = min(alike, count - taken)
            if deadline is not None:
                alike = min(alike, max(1, int((deadline - begin) / self._seconds)))
            end = taken + alike
            done = self._call(batches, position, size, passes[size], rates[taken:end], losses[taken:end])
            taken += done
            self._optimizer.t += done
            now = perf_counter()
            self._seconds, begin = max((now - begin) / alike, 1e-7), now
            if done < alike:
                return taken, float(losses[taken])
            if deadline is not None and now >= deadline:
                break
        return taken, float(losses[taken - 1])

    def _call(self, batches: Batches, position: int, size: int, run: Pass, rates: Array, losses: Array) -> int:
        if (bound := self._bound_to.get(size)) is None:
            bound = self._bound_to[size] = self._bind(run, size)
        kinds, vectors = bound
        rows, targets = batches.dealt
        step = self._optimizer.t
        return int(self._steps(rows, targets, position, step, self._layers, kinds, *vectors, rates, losses))

    def _bind(self, run: Pass, size: int) -> tuple[NDArray[np.int64], tuple[Array, ...]]:
        net, loss, arena = self._net, self._loss, run.arena
        count = loss.count(net.sizes[-1], size)
        numbers = np.array([self._leaky, self._bound, 1.0 / count, loss.factor / count, self._most])
        x, y = np.empty((net.sizes[0] + net.bias) * size), np.empty(net.sizes[-1] * size)
        buffers = (buffer.reshape(-1) for buffer in (arena.A, arena.Z, arena.F, arena.D))
        return np.array([size, *self._kinds], np.int64), (numbers, *self._vectors, *buffers, x, y, self._own)
