"""What a client sees of a weight, neuron or input: its chain rule with numbers, its last step, and a difference.

`inspect` looks at a run as it stands: at one sample at the present parameters, or at the last batch at the parameters
that its gradient was taken at; then the tree's value is the gradient in the frame. Numbers are exact to the last bit
(JSON carries float64); None is what is no number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.config.config import RunConfig
from ...core.ground.errors import ConfigError, check_choice
from ...core.insight.chain import Node, Target
from ...core.insight.explain import difference
from ...core.insight.health import DEAD, DEAD_NEURON, FINE, SATURATED, SATURATED_NEURON, flat_ends, health_of
from ...core.insight.tape import Tape, same_mask
from ...core.nets.activations import Activation
from ...core.nets.network import Network
from ...core.nets.normalization import NetStatistics
from ...core.run.gradient import GradientParts
from ...core.run.trainer import Trainer
from ..wire.commands import CommandError
from ..wire.messages import Work
from ..wire.protocol import finite

#: One sample at the present parameters; the last batch where its gradient was taken.
OVERS = ("sample", "batch")
#: Samples of a batch, and terms of a sum, that are told one by one.
MOST_SAMPLES, MOST_TERMS = 10, 130
_MOST_UNFOLDED = 200
#: A single term of a sum shows its factors with it.
_OPEN = frozenset({"path", "skip", "term", "sample"})
_HISTORY_POINTS = 240
_CURVE_POINTS = 161
_KINDS = {FINE: "alive", SATURATED_NEURON: "saturated", DEAD_NEURON: "dead"}


@dataclass(frozen=True, slots=True)
class Watch:
    """What somebody looks at.

    Parameters
    ----------
    target : Target
    over : str
        One of `OVERS`.
    unfold : frozenset of str
        Nodes whose children are wanted: places in the tree, ``"0.2"`` is the third child of the first.
    key : str
        What the client calls it.
    """

    target: Target
    over: str = "sample"
    unfold: frozenset[str] = frozenset()
    key: str = ""


def watch_of(fields: Mapping[str, Any], trainer: Trainer) -> Watch:
    """Return what a command asks to look at.

    Raises
    ------
    CommandError, ConfigError
        If there is no such thing in this network.
    """
    given = fields["target"]
    if not {"layer", "to"} <= set(given) <= {"layer", "to", "from"}:
        raise CommandError("wrong_type", "target must have layer and to, and may have from", {"name": "target"})
    target = Target(given["layer"], given["to"], given.get("from")).check(trainer.network)
    index = target.index(trainer.network)
    if index is not None and trainer.network.is_fixed(index):
        raise ConfigError("a normalized layer has no bias of its own: β stands in for it", "target", index)
    over = check_choice("over", fields.get("over", "sample"), OVERS)
    unfold = fields.get("unfold", [])
    if len(unfold) > _MOST_UNFOLDED or not all(isinstance(place, str) and len(place) < 400 for place in unfold):
        raise CommandError("wrong_type", f"unfold must be up to {_MOST_UNFOLDED} places", {"name": "unfold"})
    return Watch(target, over, frozenset(unfold), str(fields.get("key", "")))


def inspect(trainer: Trainer, watch: Watch, sample: int) -> dict[str, Any]:
    """Return what there is to see of a weight or neuron now, for JSON; `sample` is what the session looks at."""
    target, network = watch.target, trainer.network
    index = target.index(network)
    found: dict[str, Any] = {"key": watch.key, "over": watch.over, "step": trainer.step_count, "tree": None}
    if index is not None:
        found |= _parameter(trainer, index)
    with np.errstate(all="ignore"):
        tape = _tape(trainer, watch, sample)
        if tape is not None:
            row = 0 if watch.over == "sample" else None
            rows = [sample] if row == 0 else trainer.last_step.rows().tolist()
            found |= {"samples": tape.samples, "rows": rows[:MOST_SAMPLES]}
            found["tree"] = _tree(tape, target, row, watch.unfold)
            if target.layer == 0:
                found["a"] = None if row is None else finite(tape.a(0)[target.to, row])
            elif index is None:
                found |= _neuron(trainer, tape, target, row, watch.unfold)
    return found


def _tape(trainer: Trainer, watch: Watch, sample: int) -> Tape | None:
    """Return the pass that is looked into: of the sample, or of the last batch; None before there was one."""
    return trainer.view.tape(sample) if watch.over == "sample" else trainer.last_step.tape()


def _parameter(trainer: Trainer, index: int) -> dict[str, Any]:
    """Return the numbers of a parameter: its value, its gradient in the last step, and that step."""
    return {
        "index": index,
        "value": finite(trainer.theta[index]),
        "gradient": finite(trainer.gradient[index]),
        "penalty": 0.0,
        **parts_json(trainer.last_step.gradient_parts(index)),
        "update": finite(trainer.update[index]),
        "formula": trainer.last_step.formula(),
        "terms": {name: finite(value) for name, value in trainer.last_step.terms(index).items()},
    }


def parts_json(parts: GradientParts | None) -> dict[str, float | None]:
    """Return what the gradient of one parameter was made of in the last step; nothing before the first one."""
    return {} if parts is None else {key: None if x is None else finite(x) for key, x in asdict(parts).items()}


def _neuron(trainer: Trainer, tape: Tape, target: Target, row: int | None, unfold: frozenset[str]) -> dict[str, Any]:
    """Return what a neuron does: z as a sum, f and its slope there, and how its slope fares over the training set."""
    layer, i, network = target.layer, target.to, tape.network
    found: dict[str, Any] = {"activation": network.activations[layer - 1]}
    if row is not None:
        forward = tape.weighted_input(layer, i, row)
        found["forward"] = node_json(forward, unfold | {"z"}, "z")
        found["input"] = finite(tape.input(layer)[i, row])
        found["a"] = finite(tape.a(layer)[i, row])
        found["f"] = finite(tape.f(layer)[i, row])
        found["slope"] = finite(tape.slope(layer)[i, row])
    else:
        shown = slice(0, MOST_SAMPLES)
        found["batch"] = {
            name: [finite(number) for number in values[i, shown].tolist()]
            for name, values in (
                ("input", tape.input(layer)),
                ("a", tape.a(layer)),
                ("f", tape.f(layer)),
                ("slope", tape.slope(layer)),
            )
        }
    if layer < len(network.blocks):
        f = trainer.network.functions[layer - 1]
        slopes = np.abs(f.slope(trainer.view.inputs_of(layer, i)))
        found["health"] = {
            "bounded": f.bounded,
            "kind": _KINDS[int(health_of(f, slopes[None])[0])],
            "flat": float(np.mean(flat_ends(f, slopes))),
            "flat_below": SATURATED,
            "dead": float(np.mean(slopes < DEAD)),
            "samples": len(slopes),
            "steepest": _steepest(f),
        }
    return found


@lru_cache(maxsize=64)
def _steepest(f: Activation) -> float:
    return float(np.abs(f.slope(np.linspace(-6.0, 6.0, 241))).max())


def _tree(tape: Tape, target: Target, row: int | None, unfold: frozenset[str]) -> dict[str, Any]:
    if row is not None:
        return node_json(tape.gradient(target, row), unfold | {""}, "")
    terms = tape.terms(target)
    nodes = [tape.term(target, x) for x in range(min(tape.samples, MOST_SAMPLES))]
    children = [node_json(node, unfold | {str(x)}, str(x)) for x, node in enumerate(nodes)]
    if len(terms) > len(children):
        rest = terms[len(children) :]
        children.append({"n": "rest", "at": [len(rest)], "v": finite(rest.sum())})
    first = tape.gradient(target, 0)
    return {"n": first.name, "at": list(first.at), "v": finite(terms.mean()), "c": "mean", "k": children}


def node_json(node: Node, unfold: Iterable[str], place: str) -> dict[str, Any]:
    """Return a node and, where its place is among those to unfold, its children; a folded one says that it has some.

    ``n`` is its name, ``at`` the layer and neurons it speaks of, ``v`` its value, ``c`` how its children ``k`` make it.
    """
    found: dict[str, Any] = {"n": node.name, "at": list(node.at), "v": finite(node.value)}
    if node.combine is not None:
        found["c"] = node.combine
        if place in unfold or node.name in _OPEN:
            prefix = f"{place}." if place else ""
            children = node.children
            found["k"] = [node_json(child, unfold, f"{prefix}{k}") for k, child in enumerate(children[:MOST_TERMS])]
            if len(children) > MOST_TERMS:
                rest = children[MOST_TERMS:]
                found["k"].append({"n": "rest", "at": [len(rest)], "v": finite(sum(part.value for part in rest))})
    return found


def history_of(trainer: Trainer, index: int | None) -> dict[str, Any]:
    """Return steps and values of a parameter along the run so far; nothing for a neuron."""
    if index is None:
        return {}
    steps, values = trainer.track.parameter(index, _HISTORY_POINTS)
    return {"steps": steps.tolist(), "values": [finite(value) for value in values]}


def curve_of(network: Network, layer: int, low: float, high: float) -> dict[str, Any]:
    """Return the activation function of a layer, drawn between two z."""
    z = np.linspace(low, high, _CURVE_POINTS)
    if network.activations[layer - 1] == "softmax":
        return {"z": z.tolist(), "a": None}
    return {"z": z.tolist(), "a": network.functions[layer - 1].apply(z.copy()).tolist()}


# Differences, in a worker


@dataclass(frozen=True, slots=True)
class DifferenceTask:
    """A derivative to take from differences: at these parameters, over these samples."""

    config: Mapping[str, Any]
    theta: NDArray[np.float64]
    X: NDArray[np.float64]
    y: NDArray[np.float64]
    target: Target
    statistics: NetStatistics | None
    mask: NDArray[np.float64] | None
    analytic: float
    step: int


def difference_of(trainer: Trainer, watch: Watch, sample: int) -> Work:
    """Return the work that measures by differences what `inspect` shows now.

    Raises
    ------
    CommandError
        Before the first step there is no batch to look at.
    """
    tape = _tape(trainer, watch, sample)
    if tape is None:
        raise CommandError("no_batch", "there is no batch before the first step", {"name": "over", "value": watch.over})
    one = watch.over == "sample"
    theta, config = (trainer.theta, trainer.config) if one else (trainer.last_step.point, trainer.last_step.config)
    n_in = trainer.network.sizes[0]
    task = DifferenceTask(
        config.to_json(),
        theta.astype(np.float64),
        tape.x[:n_in].T.astype(np.float64),
        tape.y.T.astype(np.float64),
        watch.target,
        tape.statistics(),
        None if tape.mask is None else tape.mask.astype(np.float64),
        float(np.mean(tape.terms(watch.target))),
        trainer.step_count,
    )
    return Work(measure, task, 1)


def measure(task: DifferenceTask, start: int, stop: int) -> NDArray[np.float64]:
    """Return value, error and smallest step of a difference as one row (1, 3)."""
    config = RunConfig.from_json(task.config)
    network = config.make_network()
    training = None if task.mask is None else same_mask(task.mask, network)
    found = difference(network, task.theta, task.X, task.y, config.make_loss(), task.target, task.statistics, training)
    return np.array([found], np.float64)


def measured(task: DifferenceTask, rows: NDArray[np.float64]) -> dict[str, Any]:
    """Return both numbers and how far apart they are, for a reply."""
    value, error, h = (float(number) for number in rows[0])
    scale = max(abs(value), abs(task.analytic))
    return {
        "at": task.step,
        "analytic": finite(task.analytic),
        "numeric": finite(value),
        "error": finite(error),
        "relative": finite(abs(value - task.analytic) / scale) if scale > 0 else 0.0,
        "h": h,
        "kink": bool(np.isnan(value)),
    }
