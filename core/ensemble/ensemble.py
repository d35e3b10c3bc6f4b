"""Ensembles: runs of one shape, each with numbers of its own, trained at once on stacked arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.config import ENGINES, RunConfig
from ..config.parts import StoppingConfig
from ..config.problem import start_parameters
from ..data.dataset import Dataset
from ..data.datasets import make_dataset
from ..ground.errors import ConfigError, check_choice, check_integer
from ..insight.evaluation import Evaluator, Metrics
from ..nets.activations import Array
from ..run.compiled import Lack
from ..run.samples import Samples
from . import side_by_side
from .block import Block
from .side_by_side import SideBySide

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
    engine : str
        ``"numpy"``, ``"compiled"`` (needs numba: ``pip install "backscope[fast]"``; when it is first wanted, it takes
        half a minute to make), or ``"auto"``: compiled where it is there, knows the members' parts, and is quicker,
        which is up to 3,000 parameters a net.

    Attributes
    ----------
    configs : tuple of RunConfig
        The same.
    engine : str
        What trains them: ``"numpy"`` or ``"compiled"``. They agree as far as a change of one unit in the last place.
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
        stopping rules): `Trainer` can. For an engine that cannot be had.

    Examples
    --------
    >>> base = RunConfig()
    >>> rates = np.logspace(-3, 1, 50)
    >>> runs = [replace(base, optimizer=OptimizerConfig("sgd", rate)) for rate in rates]
    >>> ensemble = Ensemble(runs)
    >>> losses = ensemble.run(500)  # (500, 50)
    """

    def __init__(self, configs: Sequence[RunConfig], engine: str = "auto") -> None:
        self.configs = tuple(configs)
        check_integer("number of members", len(self.configs), 1, MOST_MEMBERS)
        for k, config in enumerate(self.configs):
            _check(config, self.configs[0], k)
        self.engine = _engine_of(self.configs[0], engine)
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
        compiled = self.engine == "compiled"
        kind = SideBySide if compiled else Block
        together = side_by_side.MOST_TOGETHER if compiled else self._together()
        self._blocks = [
            kind(self.configs[part], self._samples[part], self._theta[part], self.diverged[part])
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


def _engine_of(config: RunConfig, engine: str) -> str:
    """Return what trains members like a run: ``"numpy"`` or ``"compiled"``."""
    check_choice("engine", engine, ENGINES)
    missing = side_by_side.missing_for(config) if engine != "numpy" else Lack("")
    if engine == "compiled" and missing is not None and missing.kind != "size":
        raise ConfigError(f"the compiled engine of ensembles {missing}", "engine", engine)
    return engine if engine != "auto" else "compiled" if missing is None else "numpy"


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
