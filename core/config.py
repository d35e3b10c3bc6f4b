"""What a run is made of: frozen records, checked when built, as JSON and back.

A run is a pure function of its `RunConfig` and the log of later edits, so everything that decides a number stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self

from .activations import ACTIVATIONS
from .errors import ConfigError, check_choice, check_flag, check_integer, check_number
from .initializers import INITIALIZERS
from .losses import LOSSES, OUTPUTS, fit_output_and_loss
from .optimizers import LEARNING_RATE, OPTIMIZERS

if TYPE_CHECKING:
    from .datasets import DatasetRecord

#: Upper limits of sizes. Whoever serves runs to strangers may set lower ones.
LIMITS: Mapping[str, int] = MappingProxyType(
    {"layers": 64, "neurons": 128, "samples": 5000, "batch_size": 5000, "seed": 2**32 - 1}
)


class _Record:
    """JSON for flat frozen dataclasses: keys are field names, unknown keys are refused."""

    __slots__ = ()
    _where: ClassVar[str] = ""

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Build the record from parsed JSON; keys left out keep their defaults.

        Raises
        ------
        ConfigError
            For an unknown key or a value out of range.
        """
        return cls(**_known(values, cls._where, [entry.name for entry in fields(cls)]))  # type: ignore[arg-type]

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain data for `json.dumps`."""
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}  # type: ignore[arg-type]
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)


def _known(values: object, where: str, names: list[str]) -> dict[str, Any]:
    """Return `values` as a dict if it is an object with keys among `names` only."""
    if not isinstance(values, Mapping):
        raise ConfigError(f"{where} must be an object, got {type(values).__name__}", where, values)
    for key in values:
        if key not in names:
            raise ConfigError(f"unknown key {key!r} in {where}; known are {', '.join(names)}", str(key), values[key])
    return dict(values)


@dataclass(frozen=True, slots=True)
class DataConfig(_Record):
    """The data set and how it is drawn.

    Parameters
    ----------
    name : str
        A name in `backscope.core.DATASETS`, or of the user's own data.
    samples : int
        Training and test samples together, 10 to 5000. Data sets with given samples ignore it, and `noise` too.
    noise : float
        Spread of the drawn samples, 0 to 1.
    test_fraction : float
        Share of the samples held back for testing, 0 to 0.9.
    classes : int
        Number of classes, 3 to 8, where the data set leaves it open.
    features : sequence of str, optional
        Which inputs the net gets, in the data set's order; None is what the data set has at first.
    standardize : bool, optional
        Whether inputs come with mean 0 and standard deviation 1; None is what fits the data set.
    balance : float
        Size of the last class divided by that of the first, 0.05 to 1; for drawn samples.
    label_noise : float
        Share of the training samples with a wrong class, 0 to 1.
    """

    _where: ClassVar[str] = "data"

    name: str = "circle"
    samples: int = 400
    noise: float = 0.1
    test_fraction: float = 0.3
    classes: int = 3
    features: tuple[str, ...] | None = None
    standardize: bool | None = None
    balance: float = 1.0
    label_noise: float = 0.0

    def __post_init__(self) -> None:
        from .datasets import FEWEST_CLASSES, MOST_CLASSES

        record = self.record
        self._set("samples", check_integer("samples", self.samples, 10, LIMITS["samples"]))
        self._set("noise", check_number("noise", self.noise, 0, 1))
        self._set("test_fraction", check_number("test_fraction", self.test_fraction, 0, 0.9))
        self._set("classes", check_integer("classes", self.classes, FEWEST_CLASSES, MOST_CLASSES))
        if self.features is not None:
            if not isinstance(self.features, list | tuple):
                raise ConfigError(f"features must be a list of names, got {self.features!r}", "features", self.features)
            self._set("features", record.choose(self.features))
        if self.standardize is not None:
            check_flag("standardize", self.standardize)
        self._set("balance", check_number("balance", self.balance, 0.05, 1))
        self._set("label_noise", check_number("label_noise", self.label_noise, 0, 1))

    @property
    def record(self) -> DatasetRecord:
        """The data set's entry in its table."""
        from .datasets import find_record  # here, because data sets are made from this record

        return find_record(self.name)

    @property
    def inputs(self) -> int:
        """Numbers per sample."""
        return self.record.inputs if self.features is None else len(self.features)

    @property
    def outputs(self) -> int:
        """Targets per sample."""
        return self.record.outputs_for(self.classes)


@dataclass(frozen=True, slots=True)
class NetworkConfig(_Record):
    """The shape of the network between the inputs and outputs that the data set asks for.

    Parameters
    ----------
    hidden : sequence of int
        Neurons of each hidden layer: up to 64 layers of 1 to 128.
    activation : str or sequence of str
        One activation for all hidden layers, or one for each.
    output : str, optional
        Activation of the output layer; None is what data set and loss ask for.
    bias : bool
        Whether neurons have a bias.
    """

    _where: ClassVar[str] = "network"

    hidden: tuple[int, ...] = (4, 2)
    activation: str | tuple[str, ...] = "tanh"
    output: str | None = None
    bias: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.hidden, list | tuple):
            raise ConfigError(f"hidden must be a list of layer sizes, got {self.hidden!r}", "hidden", self.hidden)
        layers = check_integer("number of hidden layers", len(self.hidden), 0, LIMITS["layers"])
        neurons = [check_integer("neurons per layer", size, 1, LIMITS["neurons"]) for size in self.hidden]
        self._set("hidden", tuple(neurons))
        if isinstance(self.activation, list | tuple):
            names = tuple(check_choice("activation", name, ACTIVATIONS) for name in self.activation)
            if len(names) != layers:
                message = f"activation must be one name or one for each of {layers} hidden layers, got {len(names)}"
                raise ConfigError(message, "activation", list(names))
            self._set("activation", names)
        else:
            check_choice("activation", self.activation, ACTIVATIONS)
        if self.output is not None:
            check_choice("output", self.output, OUTPUTS)
        check_flag("bias", self.bias)


@dataclass(frozen=True, slots=True)
class OptimizerConfig:
    """The update rule, its learning rate and its hyperparameters; those left out take their defaults.

    Parameters
    ----------
    name : str
        A name in `backscope.core.OPTIMIZERS`.
    learning_rate : float
        Step size η, 0 to 100.
    hyperparameters : mapping of str to float
        What the rule needs beyond η, e.g. ``{"momentum": 0.9}``.
    """

    name: str = "sgd"
    learning_rate: float = 0.03
    hyperparameters: Mapping[str, float] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        check_choice("optimizer", self.name, OPTIMIZERS)
        object.__setattr__(self, "learning_rate", LEARNING_RATE.check(self.learning_rate))
        known = {entry.name: entry for entry in OPTIMIZERS[self.name].hyperparameters}
        given = _known(self.hyperparameters, f"optimizer {self.name}", list(known))
        values = {name: entry.check(given.get(name, entry.default)) for name, entry in known.items()}
        object.__setattr__(self, "hyperparameters", MappingProxyType(values))

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Build the record from its flat JSON, ``{"name": "momentum", "learning_rate": 0.1, "momentum": 0.9}``."""
        if not isinstance(values, Mapping):
            raise ConfigError(f"optimizer must be an object, got {type(values).__name__}", "optimizer", values)
        rest = dict(values)
        name, rate = rest.pop("name", "sgd"), rest.pop("learning_rate", 0.03)
        return cls(name, rate, rest)

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain data, hyperparameters beside the name."""
        return {"name": self.name, "learning_rate": self.learning_rate, **self.hyperparameters}

    def __reduce__(self) -> tuple[object, ...]:
        return OptimizerConfig, (self.name, self.learning_rate, dict(self.hyperparameters))


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Everything that decides a run at its start.

    Parameters
    ----------
    data, network, optimizer
        The three parts; see their classes.
    loss : str, optional
        A name in `backscope.core.LOSSES`; None is what data set and output ask for.
    initializer : str
        A name in `backscope.core.INITIALIZERS`.
    initial : sequence of float, optional
        Explicit start parameters in the order of θ, instead of drawn ones.
    batch_size : int, optional
        Samples per step, 1 to 5000; None is the full training set.
    seed : int
        Root of every random stream of the run, 0 to 2**32 − 1.

    Raises
    ------
    ConfigError
        For any value out of range, and for a loss and an output that do not fit.
    """

    data: DataConfig = field(default_factory=DataConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    loss: str | None = None
    initializer: str = "xavier_uniform"
    initial: tuple[float, ...] | None = None
    batch_size: int | None = 10
    seed: int = 0

    def __post_init__(self) -> None:
        if self.loss is not None:
            check_choice("loss", self.loss, LOSSES)
        self.output_and_loss()
        check_choice("initializer", self.initializer, INITIALIZERS)
        if self.initial is not None:
            object.__setattr__(self, "initial", _numbers("initial", self.initial))
            if len(self.initial) != self.parameter_count:
                message = f"initial must have {self.parameter_count} numbers, got {len(self.initial)}"
                raise ConfigError(message, "initial", len(self.initial))
        if self.batch_size is not None:
            batch_size = check_integer("batch_size", self.batch_size, 1, LIMITS["batch_size"])
            object.__setattr__(self, "batch_size", batch_size)
        object.__setattr__(self, "seed", check_integer("seed", self.seed, 0, LIMITS["seed"]))

    def output_and_loss(self) -> tuple[str, str]:
        """Return the names of the output activation and the loss, with None replaced by what fits the data set."""
        record = self.data.record
        return fit_output_and_loss(record.kind, record.loss, self.network.output, self.loss)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons per layer, inputs and outputs included."""
        return (self.data.inputs, *self.network.hidden, self.data.outputs)

    @property
    def parameter_count(self) -> int:
        """Number of weights and biases P."""
        sizes = self.sizes
        return sum((n_in + self.network.bias) * n_out for n_in, n_out in pairwise(sizes))

    def edited(self, change: Mapping[str, Any]) -> Self:
        """Return the config with a live edit applied: what can change while a run goes on.

        Parameters
        ----------
        change : mapping
            `learning_rate`, `batch_size`, `optimizer` (a name) and hyperparameters of the optimizer, by name. A new
            optimizer starts from its defaults and keeps the learning rate.

        Raises
        ------
        ConfigError
            For an unknown name or a value out of range.
        """
        rest = dict(change)
        batch_size = rest.pop("batch_size", self.batch_size)
        name = check_choice("optimizer", rest.pop("optimizer", self.optimizer.name), OPTIMIZERS)
        rate = rest.pop("learning_rate", self.optimizer.learning_rate)
        own = [entry.name for entry in OPTIMIZERS[name].hyperparameters]
        _known(rest, "edit", ["learning_rate", "batch_size", "optimizer", *own])
        kept = self.optimizer.hyperparameters if name == self.optimizer.name else {}
        return replace(self, batch_size=batch_size, optimizer=OptimizerConfig(name, rate, {**kept, **rest}))

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Build the record from parsed JSON; keys left out keep their defaults.

        Raises
        ------
        ConfigError
            For an unknown key or a value out of range.
        """
        given = _known(values, "config", [entry.name for entry in fields(cls)])
        for name, part in _PARTS.items():
            if name in given:
                given[name] = part.from_json(given[name])
        return cls(**given)

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain data for `json.dumps`."""
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        values.update({name: values[name].to_json() for name in _PARTS})
        if self.initial is not None:
            values["initial"] = list(self.initial)
        return values


_PARTS: dict[str, type[DataConfig] | type[NetworkConfig] | type[OptimizerConfig]] = {
    "data": DataConfig,
    "network": NetworkConfig,
    "optimizer": OptimizerConfig,
}


def _numbers(name: str, values: object) -> tuple[float, ...]:
    if not isinstance(values, list | tuple):
        raise ConfigError(f"{name} must be a list of numbers, got {type(values).__name__}", name, values)
    return tuple(check_number(name, value, -1e6, 1e6) for value in values)
