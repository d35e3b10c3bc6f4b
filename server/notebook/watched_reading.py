"""What was seen of a step of somebody's own model, as the laboratory reads off a run of the page's."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...core.insight.health import DEAD_NEURON, FINE, flat_ends, health_of
from ...core.insight.laboratory import LEAST_REACH, Reading, histogram
from ...core.nets.activations import ACTIVATIONS, Activation, leaky_relu
from .seen import Seen, StepSeen

#: Bins of a histogram.
_BINS = 32
#: The core's name of an activation of PyTorch's, by its class.
_NAMES = {
    "ELU": "elu", "GELU": "gelu", "Hardsigmoid": "hard_sigmoid", "LeakyReLU": "leaky_relu", "Mish": "mish",
    "ReLU": "relu", "SELU": "selu", "SiLU": "silu", "Sigmoid": "sigmoid", "Softplus": "softplus",
    "Softsign": "softsign", "Tanh": "tanh",
}  # fmt: skip
#: Numbers of an activation other than its slope that the core holds fixed.
_FIXED = {"alpha": 1.0, "beta": 1, "approximate": "none"}


@dataclass(frozen=True, slots=True, eq=False)
class WatchedReading:
    """A reading of L layers, with what it needs to be told.

    Attributes
    ----------
    reading : Reading
        What a watched run does not show is NaN: see `Reading`.
    pace : array (4, L)
        ‖ΔW‖, its share of ‖W‖, how far W has moved since it was first looked at as a share of its norm then, and NaN.
    activity : array (4, L)
        Of what a layer passes on: mean, standard deviation, share of dead and of saturated neurons (NaN where the
        activation is not known).
    names, functions : list of str
        What the modules are called, and their activations; "unseen" for one that the core has no name for.
    normalization : list of str or None
        Of z, per layer.
    sizes : list of int
        Neurons per layer, the inputs included.
    leaky_slope : float
        Of leaky ReLU, if there is any.
    """

    reading: Reading
    pace: NDArray[np.float64]
    activity: NDArray[np.float64]
    names: list[str]
    functions: list[str]
    normalization: list[str | None]
    sizes: list[int]
    leaky_slope: float


def function_of(layer: Seen, last: bool) -> tuple[str, Activation | None]:
    """Return the core's name and function of a layer's activation; None for one that it does not have."""
    called = layer.activation
    if called is None:
        return ("identity", ACTIVATIONS["identity"]) if last or layer.straight else ("unseen", None)
    name = _NAMES.get(called.kind, "unseen")
    if name == "leaky_relu":
        return name, leaky_relu(float(called.settings["negative_slope"]))
    if name == "unseen" or any(called.settings.get(key, value) != value for key, value in _FIXED.items()):
        return "unseen", None
    return name, ACTIVATIONS[name]


def read(seen: StepSeen, averaged: bool) -> WatchedReading:
    """Return what a step shows.

    Parameters
    ----------
    seen : StepSeen
        Of one layer or more.
    averaged : bool
        Whether the loss is a mean over the batch: δ of one sample is then the gradient times their number.
    """
    layers, last = seen.layers, len(seen.layers) - 1
    functions = [function_of(layer, k == last) for k, layer in enumerate(layers)]
    delta, inner, back = (
        np.array([_pooled(layer, name) * (layer.batch if averaged else 1) for layer in layers])
        for name in ("delta", "inner", "back")
    )
    normalized = np.array([layer.normalization is not None for layer in layers])
    behind = np.where(normalized, inner, delta)  # without normalization all between belongs to the slopes
    above = np.append(delta[1:], np.nan)
    with np.errstate(all="ignore"):
        parts = np.stack([back / above, behind / back, np.where(normalized, delta / inner, 1.0)])
    parts[:, last] = np.nan
    slopes = [_slopes(layer, function) for layer, (_, function) in zip(layers, functions, strict=True)]
    hidden = [*([True] * last), False]
    health = [_health(*given) for given in zip(layers, functions, slopes, hidden, strict=True)]
    flat = [_flat(function, values) for (_, function), values in zip(functions, slopes, strict=True)]
    flat[last] = math.nan
    bounded = [function is not None and function.bounded for _, function in functions]
    inputs = [_histogram(layer, "u", LEAST_REACH * wide) for layer, wide in zip(layers, bounded, strict=True)]
    z = [_histogram(layer, "z", 0.0) if layer.normalization else (math.nan, np.zeros(_BINS)) for layer in layers]
    weight, gradient, update, way = seen.norms
    fan = np.array([layer.neurons for layer in layers], float)
    dense = np.array([layer.module.weight.ndim == 2 for layer in layers])
    mean_gain = np.append(np.where(dense[1:], weight[1:] / np.sqrt(fan[:-1]), np.nan), np.nan)
    reading = Reading(
        delta=delta,
        gradient=gradient,
        weight=weight,
        weights_part=parts[0],
        slope_part=parts[1],
        normalization_part=parts[2],
        mean_gain=mean_gain,
        most_gain=np.full(last + 1, np.nan),
        slope=np.array([math.nan if values is None else float(values.mean()) for values in slopes[:last]] + [math.nan]),
        flat=np.array(flat),
        health=np.concatenate(health),
        reach=np.array([reach for reach, _ in inputs]),
        input_counts=np.stack([counts for _, counts in inputs]),
        z_reach=np.array([reach for reach, _ in z]),
        z_counts=np.stack([counts for _, counts in z]).astype(np.int64),
    )
    with np.errstate(all="ignore"):
        pace = np.stack(
            [update, update / np.where(weight > 0, weight, np.nan), way / seen.starts, np.full(last + 1, np.nan)]
        )
    activity = np.array([_activity(*given) for given in zip(layers, functions, health, strict=True)]).T
    called = [layer.activation.settings for layer in layers if layer.activation is not None]
    leaks = [float(settings["negative_slope"]) for settings in called if "negative_slope" in settings]
    return WatchedReading(
        reading=reading,
        pace=pace,
        activity=activity,
        names=[layer.name or type(layer.module).__name__ for layer in layers],
        functions=[name for name, _ in functions],
        normalization=[layer.normalization for layer in layers],
        sizes=[layers[0].inputs, *(layer.neurons for layer in layers)],
        leaky_slope=leaks[0] if leaks else 0.01,
    )


def _pooled(layer: Seen, name: str) -> float:
    """Return the root mean square over all calls; NaN where none was seen."""
    calls = layer.sizes.get(name, [])
    largest = max((size for size, _ in calls), default=math.nan)
    if not largest > 0 or math.isinf(largest):
        return largest
    squares = sum(count * (size / largest) ** 2 for size, count in calls)
    return float(largest * math.sqrt(squares / sum(count for _, count in calls)))


def _inputs(layer: Seen, name: str) -> NDArray[np.float64]:
    kept = layer.rows.get(name) or layer.rows.get("z") or [np.empty((layer.neurons, 0))]
    return np.concatenate(kept, axis=1)


def _slopes(layer: Seen, function: Activation | None) -> NDArray[np.float64] | None:
    u = _inputs(layer, "u")
    if function is None or not u.size:
        return None
    with np.errstate(all="ignore"):
        return np.asarray(np.abs(function.slope(u)), float)


def _health(
    layer: Seen, named: tuple[str, Activation | None], slopes: NDArray[np.float64] | None, hidden: bool
) -> NDArray[np.int32]:
    function = named[1]
    if not hidden or function is None or slopes is None:
        return np.full(layer.neurons, FINE, np.int32)
    return health_of(function, slopes)


def _flat(function: Activation | None, slopes: NDArray[np.float64] | None) -> float:
    if function is None or slopes is None or not function.bounded:
        return math.nan
    return float(flat_ends(function, slopes).mean())


def _histogram(layer: Seen, name: str, least: float) -> tuple[float, NDArray[np.int64]]:
    return histogram(_inputs(layer, name), _BINS, least)


def _activity(layer: Seen, named: tuple[str, Activation | None], health: NDArray[np.int32]) -> list[float]:
    means, spreads = layer.sizes.get("mean", []), layer.sizes.get("spread", [])
    mean = spread = math.nan
    if means:
        counts = np.array([count for _, count in means], float)
        each, wide = (np.array([value for value, _ in calls]) for calls in (means, spreads))
        mean = float(counts @ each / counts.sum())
        spread = float(np.sqrt(counts @ (wide**2 + (each - mean) ** 2) / counts.sum()))
    if named[1] is None or named[0] == "identity":
        return [mean, spread, math.nan, math.nan]
    dead = float((health == DEAD_NEURON).mean())
    return [mean, spread, dead, float((health != FINE).mean()) - dead]
