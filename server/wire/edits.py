"""Live edits of a run and patches to its config: how a run becomes JSON and comes back from it."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, TypeVar

from ...core.config.config import LANDSCAPE_NETWORK, LIVE_PARTS, OptimizerConfig, RunConfig
from ...core.ground.errors import ConfigError, check_integer
from ...core.landscapes.functions import LANDSCAPES
from ...core.landscapes.problem import fitting_rate
from ...core.nets.skips import fitting_skips
from ...core.run.log import LogEntry

Result = TypeVar("Result")

#: Changes that leave a mark even when they are changed again at once: a fresh memory, a new order of samples.
_NOT_TWICE = frozenset({"optimizer", "batch_size"})
#: What a hand has chosen of one data set, and no other can take over.
_OF_ONE_SET: Mapping[str, Any] = {"features": None, "standardize": None, "painted": [], "erased": []}
#: Where gradient descent on a net begins that comes after a landscape.
_NET_RATE = 0.3


@dataclass(frozen=True, slots=True)
class Edit:
    """A change made when `step` steps had been taken, and what it replaced.

    Parameters
    ----------
    step : int
    change : mapping
        As given to `Trainer.edit`.
    before : mapping
        The parts of the config that it changed, as they were: so a run can be undone to its beginning.
    joined : bool
        It goes on with the movement of a hand that made the edit before it: the two are one mark.
    """

    step: int
    change: Mapping[str, Any]
    before: Mapping[str, Any]
    joined: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the edit as plain data."""
        values = {"step": self.step, "change": dict(self.change), "before": dict(self.before)}
        return {**values, "joined": True} if self.joined else values

    @classmethod
    def from_json(cls, values: object) -> Edit:
        """Build an edit from ``{"step": 12, "change": {…}, "before": {…}, "joined": false}``; the last two may be
        missing.

        Raises
        ------
        ConfigError
            If it has another form.
        """
        known = {"step", "change", "before", "joined"}
        if not isinstance(values, Mapping) or not {"step", "change"} <= set(values) <= known:
            raise ConfigError("a log entry must have step and change, and may have before and joined", "log", values)
        change, before = values["change"], values.get("before", {})
        if not isinstance(change, Mapping) or not isinstance(before, Mapping):
            raise ConfigError("change and before of a log entry must be objects", "log", values)
        step = check_integer("step", values["step"], 0, 2**53)
        return cls(step, dict(change), dict(before), values.get("joined") is True)


class Edits:
    """The edits that hold on the present branch of a run, in order of steps; some may lie ahead."""

    def __init__(self, edits: Iterable[Edit] = ()) -> None:
        self._edits = list(edits)

    def __len__(self) -> int:
        return len(self._edits)

    def add(
        self,
        step: int,
        change: Mapping[str, Any],
        before: RunConfig,
        after: RunConfig,
        parameters: Mapping[str, float] | None = None,
        *,
        joined: bool = False,
    ) -> None:
        """Note a change made at `step`; what lay ahead no longer holds.

        A hand that moves a slider while the run stands still leaves one edit, not hundreds; and so does one that moves
        several weights, whose old values are `parameters`.
        """
        old, new = before.to_json(), after.to_json()
        replaced = {name: old[name] for name in LIVE_PARTS if old[name] != new[name]}
        if parameters:
            replaced["parameters"] = dict(parameters)
        self._edits = [edit for edit in self._edits if edit.step <= step]
        if self._edits:
            last, names = self._edits[-1], change.keys()
            if last.step == step and last.change.keys() == names and not names & _NOT_TWICE:
                joined = self._edits.pop().joined
                if parameters:
                    change = {"parameters": {**last.change["parameters"], **change["parameters"]}}
                    replaced["parameters"] |= last.before.get("parameters", {})
                replaced = {**last.before, **replaced} if parameters else {**replaced, **last.before}
        self._edits.append(Edit(step, dict(change), replaced, joined and bool(self._edits)))

    def entries(self) -> list[LogEntry]:
        """Return the edits as a trainer's log."""
        return [LogEntry(0, edit.step, 0, edit.change) for edit in self._edits]

    def record(self) -> tuple[Edit, ...]:
        """Return the edits as they are now."""
        return tuple(self._edits)

    def to_json(self) -> list[dict[str, Any]]:
        """Return the edits as plain data."""
        return [edit.to_json() for edit in self._edits]


def beginning(config: Mapping[str, Any], log: Iterable[object]) -> tuple[RunConfig, tuple[Edit, ...]]:
    """Return how a run began, and its edits, from its present config and its log as they were sent to a client.

    Raises
    ------
    ConfigError
        If there is no such run.
    """
    return exhausted(reading(config, log))


def exhausted(work: Generator[None, None, Result]) -> Result:
    """Run a generator to its end at once, and return its result."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            result: Result = done.value
            return result


def reading(
    config: Mapping[str, Any], log: Iterable[object]
) -> Generator[None, None, tuple[RunConfig, tuple[Edit, ...]]]:
    """Do what `beginning` does, and yield after every edit: a long log takes a second.

    Raises
    ------
    ConfigError
        If there is no such run.
    """
    found = []
    for entry in log:
        found.append(Edit.from_json(entry))
        yield
    edits, start = tuple(found), dict(config)
    for edit in reversed(edits):
        start.update({name: value for name, value in edit.before.items() if name in LIVE_PARTS})
    begun = present = RunConfig.from_json(start)
    step = 0
    for edit in edits:
        if edit.step < step:
            raise ConfigError("the steps of a log must not decrease", "log", edit.step)
        step, present = edit.step, present.edited(edit.change)
        yield
    return begun, edits


def patched(config: RunConfig, patch: Mapping[str, Any]) -> RunConfig:
    """Return the config with the named parts replaced, and what followed from the old ones adapted.

    Explicit start parameters fall away when they no longer fit, and chosen features with their data set. Output and
    loss that another data set cannot have give way to what it asks for, and smoothed targets to a loss that has none.
    A list of activations or normalizations is cut or continued with its last; of a list of skips those stay that can.
    On the way to a landscape and back, whatever belongs to the other world takes its default.

    Raises
    ------
    ConfigError
        If the patch itself asks for what cannot be.
    """
    values = _in_its_world(config, patch).to_json()
    for name, value in patch.items():
        part = values.get(name)
        values[name] = {**part, **value} if isinstance(part, dict) and isinstance(value, Mapping) else value
    if isinstance(values["data"], dict) and values["data"].get("name") != config.data.name:
        values["data"] = {**values["data"], **_OF_ONE_SET, **patch["data"]}
    _keep_classes(values["data"], patch.get("data"))
    network, asked = values["network"], patch.get("network", {})
    for name, usual in (("activation", "tanh"), ("normalization", None)):
        if isinstance(network[name], list) and name not in asked and isinstance(network["hidden"], list):
            kinds, count = network[name], len(network["hidden"])
            network[name] = (kinds + kinds[-1:] * count)[:count] if kinds else usual
    if isinstance(network["residual"], list) and "residual" not in asked and isinstance(network["hidden"], list):
        fits = fitting_skips(network["hidden"])
        network["residual"] = [a and b for a, b in zip_longest(network["residual"][: len(fits)], fits, fillvalue=False)]
    if "optimizer" in patch and "name" in patch["optimizer"] and patch["optimizer"]["name"] != config.optimizer.name:
        values["optimizer"] = {"learning_rate": config.optimizer.learning_rate, **patch["optimizer"]}
    if "initial" not in patch:
        values["initial"] = None
    found = _with_fitting_loss(values, keep=[*patch, *asked])
    same_shape = _shape(found) == _shape(config)
    same_shape &= not config.on_landscape or found.data.name == config.data.name
    if config.initial is not None and "initial" not in patch and same_shape:
        return replace(found, initial=config.initial)
    return found


def _shape(config: RunConfig) -> tuple[object, ...]:
    """What decides which parameters there are, and in which order."""
    return config.sizes, config.network.bias, [kind is not None for kind in config.make_network().normalization]


def _keep_classes(data: Any, patch: Any) -> None:
    """Of painted samples, leave those whose class there still is, where a patch asks for fewer classes."""
    if isinstance(data, dict) and isinstance(patch, Mapping) and "classes" in patch and "painted" not in patch:
        count = patch["classes"] if isinstance(patch["classes"], int) else 0
        data["painted"] = [sample for sample in data["painted"] if sample[2] < count]


def _in_its_world(config: RunConfig, patch: Mapping[str, Any]) -> RunConfig:
    """Return the config that a patch to another data set starts from, where that is a landscape or was one.

    A landscape takes no more than optimizer, schedule, clipping, noise, stopping rules and seed of a run, at a learning
    rate that fits it; and a net takes no more of a landscape.
    """
    data = patch.get("data")
    name = data.get("name", config.data.name) if isinstance(data, Mapping) else config.data.name
    if name == config.data.name or not isinstance(name, str) or not (name in LANDSCAPES or config.on_landscape):
        return config
    kept: dict[str, Any] = {
        part: getattr(config, part) for part in ("schedule", "stopping", "clip_value", "clip_norm", "seed")
    }
    rule, fresh = config.optimizer, RunConfig()
    if name not in LANDSCAPES:
        return replace(fresh, **kept, optimizer=replace(fresh.optimizer, learning_rate=_NET_RATE))
    optimizer = OptimizerConfig(rule.name, fitting_rate(LANDSCAPES[name], rule.name), rule.hyperparameters)
    bare: dict[str, Any] = {"network": LANDSCAPE_NETWORK, "batch_size": None, "gradient_noise": config.gradient_noise}
    return replace(fresh, **kept, **bare, data=replace(fresh.data, name=name), optimizer=optimizer)


def _with_fitting_loss(values: dict[str, Any], keep: list[str]) -> RunConfig:
    """Return the config, without the loss, output and smoothing that it cannot have unless they are among `keep`."""
    try:
        return RunConfig.from_json(values)
    except ConfigError as error:
        freed: dict[str, Any]
        if error.name in ("loss", "output"):
            freed = {name: None for name in ("loss",) if name not in keep}
            output = values["network"]["output"] if "output" in keep else None
            freed["network"] = {**values["network"], "output": output}
        elif error.name == "label_smoothing" and error.name not in keep:
            freed = {"label_smoothing": 0.0}
        else:
            raise
        if {**values, **freed} == values:
            raise
        return _with_fitting_loss({**values, **freed}, keep)
