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
from .runaway import BOUND, GAP
from .waymarks import Waymarks

#: Weights of the largest layer times samples of a batch up to which loops are quicker than NumPy's calls; beyond, its
#: products are.
MOST_PRODUCTS = 25_000

#: The loop, made when it is first wanted.
steps = Making("backscope.core.run.compiled_steps", "take_epochs")


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
        kinds = code.LOSSES[self._loss.name], rules.RULES[optimizer.name], straight, logits
        self._kinds, self._nowhere = np.array(kinds, np.int64), np.empty((0, len(theta)))
        memory = [getattr(optimizer, name) for name in (*optimizer.memory, *optimizer.numbers)]
        memory += [np.zeros(1)] * (rules.MEMORIES - len(memory))
        self._vectors = theta, gradient, optimizer.update, *memory, rules.numbers_of(optimizer)
        self._optimizer, self._most, self._theta = optimizer, most, theta
        self._bound_to: dict[tuple[int, int], tuple[Array, tuple[tuple[Array, Array], ...]]] = {}
        self._steps = steps()
        self._deals = bool(import_module(".compiled_deal", __package__).as_numpy())
        self._seconds = 1e-3  # of a step, as far as is known

    def take(
        self, batches: Batches, passes: Mapping[int, Pass], rates: Array, losses: NDArray[np.float32], step: int,
        deadline: float | None, marks: Waymarks | None,
    ) -> tuple[int, float]:  # fmt: skip
        """Take steps until `losses` is full, one is not acceptable, the deadline passes, or a mark asks for an end.

        Parameters
        ----------
        batches : Batches
            Which go on.
        passes : mapping of int to Pass
            Whose arenas are filled, by batch size.
        rates, losses : array (count,)
            Learning rates, and where the batch losses go.
        step : int
            Steps taken before.
        deadline : float or None
            Of `time.perf_counter()`.
        marks : Waymarks or None
            What is noted on the way.

        Returns
        -------
        int
            Steps taken.
        float
            The last loss, be its step taken or not.
        """
        taken, count, loss, begin = 0, len(losses), 0.0, perf_counter()
        while taken < count:
            end = count
            if deadline is not None:
                end = min(count, taken + max(1, int((deadline - begin) / self._seconds)))
            if not batches.left and not (self._deals and batches.even):
                batches.begin_epoch()
            done, loss = self._call(batches, passes, rates[taken:end], losses[taken:end], step + taken, marks)
            taken += done
            self._optimizer.t += done
            now = perf_counter()
            self._seconds, begin = max((now - begin) / max(done, 1), 1e-7), now
            if not -self._most <= loss <= self._most:
                break
            if marks is not None and marks.passed(step + taken, self._theta):
                break
            if deadline is not None and now >= deadline:
                break
        return taken, loss

    def _call(
        self, batches: Batches, passes: Mapping[int, Pass], rates: Array, losses: NDArray[np.float32], step: int,
        marks: Waymarks | None,
    ) -> tuple[int, float]:  # fmt: skip
        """Take steps in one go: how many, and the last loss."""
        sizes, stock = batches.sizes, batches.stock()
        if (bound := self._bound_to.get(sizes)) is None:
            bound = self._bound_to[sizes] = self._bind(passes, sizes)
        numbers, buffers = bound
        place = np.array([batches.position, *sizes, self._deals and batches.even, 0, 0])
        notes = np.array([step, 0, 0, 0, 0])
        positions: Array = self._nowhere
        if marks is not None:
            notes[1], positions = marks.path.room()
            notes[2] = marks.path.gap if notes[1] > step else 0  # a path that has stopped stays where it is
            notes[4] = GAP
        taken = self._steps(
            *(stock.rows, stock.targets, stock.order, stock.dealt, stock.aims, stock.y, stock.words),
            *(place, self._optimizer.t, self._layers, self._kinds, numbers, *self._vectors, *buffers),
            *(notes, positions, rates, losses),
        )
        if marks is not None:
            marks.path.added(int(notes[3]))
        position, *_, begun, ended = place.tolist()
        batches.went_on(position, begun, ended)
        return int(taken), float(numbers[0, 6])

    def _bind(
        self, passes: Mapping[int, Pass], sizes: tuple[int, int]
    ) -> tuple[Array, tuple[tuple[Array, Array], ...]]:
        net, loss = self._net, self._loss
        both = []
        numbers = np.zeros((2, 7))
        for k, size in enumerate(sizes):
            arena, count = passes[size].arena, loss.count(net.sizes[-1], size)
            edge = (1 - 1e-9) * BOUND**2  # whether they are long is asked again, by another sum
            numbers[k, :6] = self._leaky, self._bound, 1.0 / count, loss.factor / count, self._most, edge
            x, y = np.empty((net.sizes[0] + net.bias) * size), np.empty(net.sizes[-1] * size)
            both.append([*(buffer.reshape(-1) for buffer in (arena.A, arena.Z, arena.F, arena.D)), x, y])
        return numbers, tuple(zip(*both, strict=True))
