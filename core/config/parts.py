"""The parts of a run's config: data, network, optimizer, schedule, stopping rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from reprlib import repr as shorten
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self

from ..ground.errors import ConfigError, check_choice, check_flag, check_integer, check_number
from ..ground.hyperparameters import checked
from ..ground.records import Record
from ..nets.activations import ACTIVATIONS
from ..nets.losses import OUTPUTS
from ..nets.normalization import NORMALIZATIONS
from ..nets.skips import skips_of
from ..optimizers.optimizer import LEARNING_RATE
from ..optimizers.schedules import SCHEDULES
from ..optimizers.table import OPTIMIZERS
from .painting import Painted, check_erased, check_paintable, check_painted

if TYPE_CHECKING:
    from ..data.dataset import DatasetRecord

#: Upper limits of sizes. Whoever serves runs to strangers may set lower ones.
LIMITS: Mapping[str, int] = MappingProxyType(
    {"layers": 64, "neurons": 4096, "samples": 5000, "batch_size": 5000, "seed": 2**32 - 1, "task": 2**31 - 1}
)


@dataclass(frozen=True, slots=True)
class DataConfig(Record):
    """The data set and how it is drawn.

    Parameters
    ----------
    name : str
        A name in `backscope.core.DATASETS`, or of an upload.
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
    painted : sequence of (x1, x2, class)
        Training samples put into the plane by hand, up to 500, where classes are drawn there.
    erased : sequence of int
        The drawn samples that are left out, by their places among all that are drawn.
    steps_per_task : int, optional
        Steps of a task, after which the next begins: all samples are for training, and each task deals their targets
        out among them anew, at random. What is learnt of one task is of no use to the next, and each is as hard as the
        others. None is one task, with the targets as they are.
    first_task : int
        The task that a run begins with, 0 to 2**31 − 1.
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
    painted: tuple[Painted, ...] = ()
    erased: tuple[int, ...] = ()
    steps_per_task: int | None = None
    first_task: int = 0

    def __post_init__(self) -> None:
        from ..data.dataset import FEWEST_CLASSES, MOST_CLASSES

        record = self.record
        self._set("samples", check_integer("samples", self.samples, 10, LIMITS["samples"]))
        self._set("noise", check_number("noise", self.noise, 0, 1))
        self._set("test_fraction", check_number("test_fraction", self.test_fraction, 0, 0.9))
        self._set("classes", check_integer("classes", self.classes, FEWEST_CLASSES, MOST_CLASSES))
        if self.features is not None:
            if not isinstance(self.features, list | tuple):
                message = f"features must be a list of names, got {shorten(self.features)}"
                raise ConfigError(message, "features", self.features)
            self._set("features", record.choose(self.features))
        if self.standardize is not None:
            check_flag("standardize", self.standardize)
        self._set("balance", check_number("balance", self.balance, 0.05, 1))
        self._set("label_noise", check_number("label_noise", self.label_noise, 0, 1))
        if self.painted or self.erased:
            check_paintable(self.name, record)
        self._set("painted", check_painted(self.painted, record.classes_for(self.classes)))
        self._set("erased", check_erased(self.erased))
        if self.steps_per_task is not None:
            if record.kind == "landscape":
                message = f"{self.name} has no targets that tasks could deal out: it has no steps_per_task"
                raise ConfigError(message, "steps_per_task", self.steps_per_task)
            self._set("steps_per_task", check_integer("steps_per_task", self.steps_per_task, 1, 10**9))
        self._set("first_task", check_integer("first_task", self.first_task, 0, LIMITS["task"]))

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain data for `json.dumps`."""
        return {**Record.to_json(self), "painted": [list(sample) for sample in self.painted]}

    @property
    def record(self) -> DatasetRecord:
        """The data set's entry in its table."""
        from ..data.datasets import find_record  # here, because data sets are made from this record

        return find_record(self.name)

    def disturbed(self, **noise: Any) -> Self:
        """Return the same samples with another `noise` or `label_noise`, or others by hand, `painted` and `erased`.

        Raises
        ------
        ConfigError
            For a value out of range, and where samples are given or there are no classes to mistake or to paint.
        """
        record = self.record
        if "noise" in noise and record.fixed:
            message = f"noise cannot change: the samples of {self.name} are given"
            raise ConfigError(message, "noise", noise["noise"])
        if "label_noise" in noise and record.kind not in ("binary", "classes"):
            message = f"label_noise cannot change: {self.name} has no classes"
            raise ConfigError(message, "label_noise", noise["label_noise"])
        return replace(self, **noise)

    def at(self, step: int) -> Self:
        """Return the data of the task that a run is at after `step` steps, as the first of another run."""
        if not self.steps_per_task or step < self.steps_per_task:
            return self
        return replace(self, first_task=min(self.first_task + step // self.steps_per_task, LIMITS["task"]))

    @property
    def inputs(self) -> int:
        """Numbers per sample."""
        return self.record.inputs if self.features is None else len(self.features)

    @property
    def outputs(self) -> int:
        """Targets per sample."""
        return self.record.outputs_for(self.classes)


@dataclass(frozen=True, slots=True)
class NetworkConfig(Record):
    """The shape of the network between the inputs and outputs that the data set asks for.

    Parameters
    ----------
    hidden : sequence of int
        Neurons of each hidden layer: up to 64 layers of 1 to 4096.
    activation : str or sequence of str
        One activation for all hidden layers, or one for each.
    output : str, optional
        Activation of the output layer; None is what data set and loss ask for.
    bias : bool
        Whether neurons have a bias.
    normalization : str or sequence of (str or None), optional
        A name in `backscope.core.NORMALIZATIONS` for all hidden layers, or one or None for each.
    dropout : float
        Share of the hidden neurons that every training step leaves out, 0 to 0.95.
    leaky_slope : float
        Slope of leaky ReLU where z < 0, 0 to 1.
    residual : bool or sequence of bool
        Whether hidden layers have a skip, a = f(z) + a of the layer before: True where the hidden layer before is as
        wide, a sequence says it of each and is refused where it is not.
    """

    _where: ClassVar[str] = "network"

    hidden: tuple[int, ...] = (4, 2)
    activation: str | tuple[str, ...] = "tanh"
    output: str | None = None
    bias: bool = True
    normalization: str | tuple[str | None, ...] | None = None
    dropout: float = 0.0
    leaky_slope: float = 0.01
    residual: bool | tuple[bool, ...] = False

    def __post_init__(self) -> None:
        if not isinstance(self.hidden, list | tuple):
            message = f"hidden must be a list of layer sizes, got {shorten(self.hidden)}"
            raise ConfigError(message, "hidden", self.hidden)
        layers = check_integer("number of hidden layers", len(self.hidden), 0, LIMITS["layers"])
        neurons = [check_integer("neurons per layer", size, 1, LIMITS["neurons"]) for size in self.hidden]
        self._set("hidden", tuple(neurons))
        self._set("activation", _per_layer("activation", self.activation, layers, ACTIVATIONS))
        kinds = _per_layer("normalization", self.normalization, layers, NORMALIZATIONS, optional=True)
        self._set("normalization", kinds)
        if self.output is not None:
            check_choice("output", self.output, OUTPUTS)
        check_flag("bias", self.bias)
        self._set("dropout", check_number("dropout", self.dropout, 0, 0.95))
        self._set("leaky_slope", check_number("leaky_slope", self.leaky_slope, 0, 1))
        skips = skips_of(self.residual, self.hidden)
        self._set("residual", self.residual if isinstance(self.residual, bool) else skips)


def _per_layer(name: str, value: object, layers: int, choices: Mapping[str, object], optional: bool = False) -> object:
    """Return one choice for all hidden layers, or a tuple of one for each; None is one if `optional`."""
    if not isinstance(value, list | tuple):
        return value if optional and value is None else check_choice(name, value, choices)
    if len(value) != layers:
        message = f"{name} must be one name or one for each of {layers} hidden layers, got {len(value)}"
        raise ConfigError(message, name, list(value))
    return tuple(entry if optional and entry is None else check_choice(name, entry, choices) for entry in value)


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
    learning_rate: float = LEARNING_RATE.default
    hyperparameters: Mapping[str, float] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        known = OPTIMIZERS[check_choice("optimizer", self.name, OPTIMIZERS)].hyperparameters
        object.__setattr__(self, "learning_rate", LEARNING_RATE.check(self.learning_rate))
        values = checked(known, self.hyperparameters, f"optimizer {self.name}")
        object.__setattr__(self, "hyperparameters", values)

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Build it from `values`, flat JSON: ``{"name": "momentum", "learning_rate": 0.1, "momentum": 0.9}``."""
        rest = _object("optimizer", values)
        name, rate = rest.pop("name", "sgd"), rest.pop("learning_rate", LEARNING_RATE.default)
        return cls(name, rate, rest)

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain data, hyperparameters beside the name."""
        return {"name": self.name, "learning_rate": self.learning_rate, **self.hyperparameters}

    def __reduce__(self) -> tuple[object, ...]:
        return OptimizerConfig, (self.name, self.learning_rate, dict(self.hyperparameters))


@dataclass(frozen=True, slots=True)
class ScheduleConfig:
    """What the learning rate is multiplied with over time.

    Parameters
    ----------
    name : str
        A name in `backscope.core.SCHEDULES`.
    hyperparameters : mapping of str to float
        Its numbers, e.g. ``{"period": 1000}``; those left out take their defaults.
    """

    name: str = "constant"
    hyperparameters: Mapping[str, float] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        known = SCHEDULES[check_choice("schedule", self.name, SCHEDULES)].hyperparameters
        values = checked(known, self.hyperparameters, f"schedule {self.name}")
        object.__setattr__(self, "hyperparameters", values)

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Build the record from `values`, a name or flat JSON: ``{"name": "step", "period": 1000, "factor": 0.5}``."""
        rest: dict[str, Any] = {"name": values} if isinstance(values, str) else _object("schedule", values)
        return cls(rest.pop("name", "constant"), rest)

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain data, hyperparameters beside the name."""
        return {"name": self.name, **self.hyperparameters}

    def factor(self, t: int) -> float | None:
        """Return the factor after t steps, or None if it depends on the loss."""
        factor = SCHEDULES[self.name].factor
        return None if factor is None else factor(t, self.hyperparameters)

    def __reduce__(self) -> tuple[object, ...]:
        return ScheduleConfig, (self.name, dict(self.hyperparameters))


@dataclass(frozen=True, slots=True)
class StoppingConfig(Record):
    """When a run stops by itself; None is never. Loss and gradient are looked at when an epoch ends.

    Parameters
    ----------
    steps, epochs : int, optional
        After so many.
    loss : float, optional
        When the loss over the full training set is below.
    patience : int, optional
        When that loss has not improved for so many epochs.
    gradient : float, optional
        When the Euclidean norm of its gradient is below.
    monitor : str
        The loss that `loss` and `patience` look at: ``"loss"`` over the training set, or ``"test_loss"``.
    """

    _where: ClassVar[str] = "stopping"

    steps: int | None = None
    epochs: int | None = None
    loss: float | None = None
    patience: int | None = None
    gradient: float | None = None
    monitor: str = "loss"

    def __post_init__(self) -> None:
        check_choice("monitor", self.monitor, ("loss", "test_loss"))
        for name in ("steps", "epochs", "patience"):
            if (value := getattr(self, name)) is not None:
                self._set(name, check_integer(f"stopping {name}", value, 1, 10**9))
        for name in ("loss", "gradient"):
            if (value := getattr(self, name)) is not None:
                self._set(name, check_number(f"stopping {name}", value, 0, 1e6))

    @property
    def watches(self) -> bool:
        """Whether a rule looks at the run when an epoch ends."""
        return not self.loss is self.patience is self.gradient is None

    @property
    def of_epochs(self) -> bool:
        """Whether a rule may end the run when an epoch ends."""
        return self.watches or self.epochs is not None


def _object(where: str, values: object) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        raise ConfigError(f"{where} must be an object, got {type(values).__name__}", where, values)
    return dict(values)


def numbers(name: str, values: object) -> tuple[float, ...]:
    """Return a list of numbers between ±1e6 as a tuple, or raise ConfigError."""
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise ConfigError(f"{name} must be a list of numbers, got {type(values).__name__}", name, values)
    return tuple(check_number(name, value, -1e6, 1e6) for value in values)
