"""What a run is made of: a frozen record, checked when built, as JSON and back.

A run is a pure function of its `RunConfig` and the log of later edits, so everything that decides a number stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from ..data.datasets import left_to_train
from ..ground.errors import ConfigError, check_choice, check_integer, check_number
from ..ground.records import known_keys
from ..nets.initializers import INITIALIZERS
from ..nets.losses import LOSSES, Loss, find_loss, fit_output_and_loss, huber
from ..nets.network import Network
from ..optimizers.table import OPTIMIZERS
from .parts import (
    LIMITS,
    DataConfig,
    NetworkConfig,
    OptimizerConfig,
    ScheduleConfig,
    StoppingConfig,
    numbers,
)

__all__ = [
    "ENGINES",
    "LANDSCAPE_NETWORK",
    "LIMITS",
    "LIVE_DATA",
    "LIVE_NAMES",
    "LIVE_PARTS",
    "PRECISIONS",
    "DataConfig",
    "NetworkConfig",
    "OptimizerConfig",
    "RunConfig",
    "ScheduleConfig",
    "StoppingConfig",
]

PRECISIONS = ("float64", "float32")

#: What takes the steps: see `RunConfig.engine`.
ENGINES = ("auto", "numpy", "compiled")

#: The network of a run on a landscape: its two weights are the parameters.
LANDSCAPE_NETWORK = NetworkConfig((), bias=False)

_LIVE_VALUES = (
    "batch_size", "l1", "l2", "clip_value", "clip_norm", "gradient_noise", "huber_delta",
    "label_smoothing", "replacement_rate", "maturity_threshold", "utility_decay", "engine",
)  # fmt: skip
_LIVE_NETWORK = ("activation", "dropout", "leaky_slope")

#: Live edits after which the same samples are drawn otherwise.
LIVE_DATA = ("noise", "label_noise", "painted", "erased")

#: What a live edit can change, by name, besides the optimizer's numbers.
LIVE_NAMES = ("learning_rate", *_LIVE_VALUES, "optimizer", "schedule", "stopping", *_LIVE_NETWORK, *LIVE_DATA)

#: Entries of a config's JSON in which live edits show.
LIVE_PARTS = ("data", "network", "optimizer", "schedule", "stopping", *_LIVE_VALUES)


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Everything that decides a run at its start.

    Parameters
    ----------
    data, network, optimizer, schedule, stopping
        The parts; see their classes. With a landscape for data there is no network to choose: one left at its default
        gives way to two weights without a bias.
    loss : str, optional
        A name in `backscope.core.LOSSES`; None is what data set and output ask for.
    huber_delta : float
        Error beyond which the Huber loss is straight, 1e-6 to 100.
    label_smoothing : float
        How far class targets are moved towards the middle, 0 to 0.5; for bce and cross_entropy.
    initializer : str
        A name in `backscope.core.INITIALIZERS`.
    initializer_scale : float, optional
        Its gain, width, deviation or value, 0 to 100; None is its default.
    initial : sequence of float, optional
        Explicit start parameters in the order of θ, instead of drawn ones.
    batch_size : int, optional
        Samples per step, 1 to 5000; None is the full training set.
    l1, l2 : float
        Penalties on the weights, λ₁ Σ|w| and ½ λ₂ Σw², 0 to 10. Biases, γ and β have none.
    clip_value, clip_norm : float, optional
        Largest entry, and largest Euclidean norm, that a gradient may have when it reaches the optimizer, 0 to 1e6.
    gradient_noise : float
        Standard deviation of what is added to every entry of the gradient before it is clipped, 0 to 1000.
    replacement_rate : float
        Share ρ of the mature units of a hidden layer that each step replaces, 0 to 1: continual backpropagation, see
        `backscope.core.run.continual`. 0 is plain backpropagation. Not with skips.
    maturity_threshold : int
        Steps m that a new unit is left alone, 0 to 10**9.
    utility_decay : float
        Decay rate η of the running average that is a unit's utility, 0 to 1, 1 excluded.
    precision : str
        ``"float64"`` or ``"float32"``.
    engine : str
        What takes the steps: ``"numpy"``; ``"compiled"``, machine code where that knows how, else NumPy; ``"auto"``,
        NumPy until a live edit says that the other took over, which whoever drives the run may make of itself.
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
    schedule: ScheduleConfig = field(default_factory=ScheduleConfig)
    stopping: StoppingConfig = field(default_factory=StoppingConfig)
    loss: str | None = None
    huber_delta: float = 1.0
    label_smoothing: float = 0.0
    initializer: str = "xavier_uniform"
    initializer_scale: float | None = None
    initial: tuple[float, ...] | None = None
    batch_size: int | None = 10
    l1: float = 0.0
    l2: float = 0.0
    clip_value: float | None = None
    clip_norm: float | None = None
    gradient_noise: float = 0.0
    replacement_rate: float = 0.0
    maturity_threshold: int = 100
    utility_decay: float = 0.99
    precision: str = "float64"
    engine: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        if self.on_landscape:
            self._without_network()
        for name, (low, high) in _RANGES.items():
            if getattr(self, name) is not None or name not in _OPTIONAL:
                object.__setattr__(self, name, check_number(name, getattr(self, name), low, high))
        if self.loss is not None:
            check_choice("loss", self.loss, LOSSES)
        check_choice("initializer", self.initializer, INITIALIZERS)
        check_choice("precision", self.precision, PRECISIONS)
        check_choice("engine", self.engine, ENGINES)
        loss = self.output_and_loss()[1]
        if self.label_smoothing and find_loss(loss).output is None:
            message = f"label_smoothing needs the loss bce or cross_entropy, got {loss}"
            raise ConfigError(message, "label_smoothing", self.label_smoothing)
        if self.batch_size is not None:
            batch_size = check_integer("batch_size", self.batch_size, 1, LIMITS["batch_size"])
            object.__setattr__(self, "batch_size", batch_size)
        object.__setattr__(self, "seed", check_integer("seed", self.seed, 0, LIMITS["seed"]))
        self._check_replacement()
        if self.data.erased and not left_to_train(self.data, self.seed):
            raise ConfigError("one training sample must stay: there is nothing to learn from", "erased", "all")
        if self.initial is not None:
            object.__setattr__(self, "initial", numbers("initial", self.initial))
            if len(self.initial) != self.parameter_count:
                message = f"initial must have {self.parameter_count} numbers, got {len(self.initial)}"
                raise ConfigError(message, "initial", len(self.initial))

    def _check_replacement(self) -> None:
        threshold = check_integer("maturity_threshold", self.maturity_threshold, 0, 10**9)
        object.__setattr__(self, "maturity_threshold", threshold)
        decay = check_number("utility_decay", self.utility_decay, 0, 1, open_high=True)
        object.__setattr__(self, "utility_decay", decay)
        if self.replacement_rate and any(self.make_network().residual):
            message = "replacement_rate must be 0 with skips: a new unit would reach the output past its weights"
            raise ConfigError(message, "replacement_rate", self.replacement_rate)

    def _without_network(self) -> None:
        """Take two weights for the network that was left at its default, and refuse what a landscape cannot have."""
        if self.network == NetworkConfig():
            object.__setattr__(self, "network", LANDSCAPE_NETWORK)
        where = f"{self.data.name} is a landscape of two parameters without a network"
        for name, needed in LANDSCAPE_NETWORK.to_json().items():
            value = self.network.to_json()[name]
            if value == needed or (name == "output" and value == "identity") or not (value or needed):
                continue
            words = f"{name} must be {needed}" if name in ("hidden", "bias") else f"it has no {name}"
            raise ConfigError(f"{where}: {words}, got {value}", name, value)
        if self.loss is not None:
            raise ConfigError(f"{where} and is its own loss: none can be chosen, got {self.loss}", "loss", self.loss)

    # What follows from it

    @property
    def on_landscape(self) -> bool:
        """Whether the problem is one of `LANDSCAPES`, and not a net's."""
        return self.data.record.kind == "landscape"

    def output_and_loss(self) -> tuple[str, str]:
        """Return the names of the output activation and the loss, with None replaced by what fits the data set.

        The loss of a landscape has its name.
        """
        record = self.data.record
        if record.kind == "landscape":
            return "identity", record.loss
        return fit_output_and_loss(record.kind, record.loss, self.network.output, self.loss)

    def make_loss(self) -> Loss:
        """Return the loss with its numbers."""
        name = self.output_and_loss()[1]
        return huber(self.huber_delta) if name == "huber" and self.huber_delta != 1.0 else find_loss(name)

    def make_network(self) -> Network:
        """Return the network."""
        shape = self.network
        return Network(
            self.sizes,
            shape.activation,
            self.output_and_loss()[0],
            shape.bias,
            normalization=shape.normalization,
            dropout=shape.dropout,
            leaky_slope=shape.leaky_slope,
            residual=shape.residual,
        )

    def at(self, step: int) -> Self:
        """Return the config of a run that begins with the task that this one is at after `step` steps.

        It is the same run's where there is one task only. Losses at that step are those of its data.
        """
        data = self.data.at(step)
        return self if data is self.data else replace(self, data=data)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons per layer, inputs and outputs included."""
        return (self.data.inputs, *self.network.hidden, self.data.outputs)

    @property
    def parameter_count(self) -> int:
        """Number of parameters P."""
        return self.make_network().parameter_count

    def edited(self, change: Mapping[str, Any]) -> Self:
        """Return the config with a live edit applied: what can change while a run goes on.

        Parameters
        ----------
        change : mapping
            `learning_rate`, `optimizer` (a name) and hyperparameters of the optimizer, by name; `schedule` (a name or
            its JSON); `stopping` (JSON, of which what is left out stays); `batch_size`, `l1`, `l2`, `clip_value`,
            `clip_norm`, `gradient_noise`, `huber_delta`, `label_smoothing`, `replacement_rate`, `maturity_threshold`,
            `utility_decay`, `engine`, `dropout`, `leaky_slope`;
            `activation` (of all hidden layers, or one for each), which leaves all parameters as they are. A new
            optimizer starts from its defaults and keeps the learning rate. `noise` (of drawn samples) and `label_noise`
            (of classes) disturb the same samples otherwise; `painted` and `erased` are what a hand has put there and
            taken away.
            `parameters` (new values by index in θ) is checked here, and changes no config: the trainer obeys it.

        Raises
        ------
        ConfigError
            For an unknown name or a value out of range, and for noise that the data set cannot have.
        """
        name = check_choice("optimizer", change.get("optimizer", self.optimizer.name), OPTIMIZERS)
        own = [entry.name for entry in OPTIMIZERS[name].hyperparameters]
        given = known_keys(change, "edit", [*LIVE_NAMES, "parameters", *own])
        kept = self.optimizer.hyperparameters if name == self.optimizer.name else {}
        values: dict[str, Any] = {entry: given[entry] for entry in _LIVE_VALUES if entry in given}
        values["optimizer"] = OptimizerConfig(
            name,
            given.get("learning_rate", self.optimizer.learning_rate),
            {**kept, **{entry: given[entry] for entry in own if entry in given}},
        )
        values["network"] = replace(self.network, **{entry: given[entry] for entry in _LIVE_NETWORK if entry in given})
        if drawn := {entry: given[entry] for entry in LIVE_DATA if entry in given}:
            values["data"] = self.data.disturbed(**drawn)
        if "schedule" in given:
            values["schedule"] = ScheduleConfig.from_json(given["schedule"])
        if "stopping" in given:
            known_keys(given["stopping"], "stopping", self.stopping.to_json())
            values["stopping"] = replace(self.stopping, **given["stopping"])
        if "parameters" in given:
            self.replaced_parameters(given["parameters"])
        return replace(self, **values)

    def replaced_parameters(self, values: object) -> dict[int, float]:
        """Return new values by index in θ, from JSON such as ``{"12": 0.5}``, checked.

        Raises
        ------
        ConfigError
            For an index that is not there or is not trained, and for a value beyond ±1e6.
        """
        if not isinstance(values, Mapping) or not values:
            raise ConfigError("parameters must be an object of new values by index", "parameters", values)
        network, found = self.make_network(), {}
        for key, value in values.items():
            number = int(key) if isinstance(key, str) and key.isdecimal() and len(key) < 16 else key
            index = check_integer("parameter index", number, 0, network.parameter_count - 1)
            if network.is_fixed(index):
                raise ConfigError(f"parameter {index} is a bias that β stands in for", "parameter index", index)
            found[index] = check_number("parameter", value, -1e6, 1e6)
        return found

    # JSON

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Build the record from `values`, parsed JSON; keys left out keep their defaults.

        Raises
        ------
        ConfigError
            For an unknown key or a value out of range.
        """
        given = known_keys(values, "config", [entry.name for entry in fields(cls)])
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


_PARTS: dict[str, Any] = {
    "data": DataConfig,
    "network": NetworkConfig,
    "optimizer": OptimizerConfig,
    "schedule": ScheduleConfig,
    "stopping": StoppingConfig,
}

_RANGES: dict[str, tuple[float, float]] = {
    "huber_delta": (1e-6, 100),
    "label_smoothing": (0, 0.5),
    "initializer_scale": (0, 100),
    "l1": (0, 10),
    "l2": (0, 10),
    "clip_value": (0, 1e6),
    "clip_norm": (0, 1e6),
    "gradient_noise": (0, 1000),
    "replacement_rate": (0, 1),
}
_OPTIONAL = ("initializer_scale", "clip_value", "clip_norm")
