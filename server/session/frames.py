"""What a run looks like on the wire: layout, data, history and frames."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.config.config import RunConfig
from ...core.data.dataset import Dataset
from ...core.data.features import FEATURES
from ...core.nets.activations import ACTIVATIONS
from ...core.nets.losses import LOSSES, SOFTMAX
from ...core.nets.network import Network
from ...core.run.trainer import Trainer
from ..run.curves import Metrics, every
from ..wire.detail import MOST_WHOLE, Detail
from ..wire.protocol import MOST_FLOAT32, Arrays, DType, encode, finite

#: Above so many steps between two frames, their series travel as buckets.
MOST_TAIL = 2000
_HISTORY_POINTS = 1000
_MOST_METRICS = 500


def layout_of(trainer: Trainer) -> dict[str, Any]:
    """Return how the flat arrays of frames are to be read; its id is a checksum of the rest."""
    net = trainer.network
    units, start = [], 0
    for size in net.sizes:
        units.append({"offset": start, "size": size})
        start += size
    kinds = [*net.normalization, None]
    layout: dict[str, Any] = {
        "sizes": list(net.sizes),
        "activations": list(net.activations),
        "normalization": kinds,
        "residual": [*net.residual, False],
        "bias": net.bias,
        "leaky_slope": net.leaky_slope,
        "loss": loss_of(trainer.config),
        "formulas": formulas_of(net, trainer.config),
        "landscape": trainer.config.data.name if trainer.config.on_landscape else None,
        "parameters": net.parameter_count,
        "blocks": [block_of(net, layer) for layer in range(len(net.blocks))],
        "units": units,
    }
    return {"id": zlib.crc32(json.dumps(layout).encode()), **layout}


def formulas_of(net: Network, config: RunConfig) -> dict[str, Any]:
    """Return how the activations of a net and its loss are written, for the page to draw and to reckon with.

    The loss is None on a landscape.
    """
    activations = {name: activation_json(name) for name in dict.fromkeys(net.activations)}
    return {"activations": activations, "loss": None if config.on_landscape else loss_json(loss_of(config))}


def activation_json(name: str) -> dict[str, Any]:
    """Return how an activation of `OUTPUTS` is written, and whether it is bounded."""
    if name == "softmax":
        return {**SOFTMAX.to_json(), "bounded": True}
    return {**ACTIVATIONS[name].written.to_json(), "bounded": ACTIVATIONS[name].bounded}


def loss_json(name: str) -> dict[str, Any]:
    """Return how a loss of `LOSSES` is written; ``from_logits`` is whether its derivative is ∂C/∂z, not ∂C/∂a."""
    return {**LOSSES[name].written.to_json(), "from_logits": LOSSES[name].output is not None}


def block_of(net: Network, layer: int) -> dict[str, Any]:
    """Return where a layer's ``[W; b]`` lie in P and G, and of a normalized layer its γ and β.

    `fixed` is whether b stays 0. `statistics` is where the layer's means begin in S, with its variances behind them;
    null where there are none.
    """
    block, n_in = net.blocks[layer], net.sizes[layer]
    kinds = [*net.normalization, None]
    before = sum(2 * size for size, kind in zip(net.sizes[1:], kinds[:layer], strict=False) if kind == "batch")
    return {
        "offset": block.offset,
        "rows": block.rows,
        "cols": block.cols,
        "gamma": block.end - 2 * block.cols if block.normalized else None,
        "beta": block.end - block.cols if block.normalized else None,
        "fixed": net.is_fixed(block.offset + n_in * block.cols),
        "statistics": before if kinds[layer] == "batch" else None,
    }


def loss_of(config: RunConfig) -> str:
    """Return the loss in use, where the config may leave it to the data set; ``"landscape"`` of all landscapes."""
    return "landscape" if config.on_landscape else config.output_and_loss()[1]


def data_message(trainer: Trainer) -> bytes:
    """Return all samples, training rows first."""
    data = trainer.dataset
    header = {
        "kind": "data",
        "train": len(data.X_train),
        "n": len(data.X_train) + len(data.X_test),
        "inputs": data.inputs,
        "outputs": data.outputs,
        "data_kind": data.kind,
        "image": data.image,
        "class_names": data.class_names,
        "features": data.features,
        "domain": data.domain,
        "plane": plane_of(data),
        "target_range": data.target_range,
        "paintable": trainer.config.data.record.paintable,
    }
    arrays = Arrays()
    # Grey levels of pictures are sixteenths, and labels whole numbers: bfloat16 holds them exactly.
    arrays.add("X", np.vstack([data.X_train, data.X_test]), DType.BFLOAT16 if data.image else DType.FLOAT32)
    arrays.add("y", np.vstack([data.y_train, data.y_test]))
    if data.points_train is not None and data.points_test is not None:
        arrays.add("points", np.vstack([data.points_train, data.points_test]))
    if header["paintable"]:
        arrays.add("places", data.places, DType.INT32)
    header["mark"] = f"{zlib.crc32(encode(header, arrays)):08x}"  # who says it has this needs it no more
    return encode(header, arrays)


def plane_of(data: Dataset) -> dict[str, Any] | None:
    """Return how inputs come from points of the plane: ``(feature − shift) / scale``; None without a plane."""
    if data.domain is None:
        return None
    if not data.derived:  # two columns are the plane, in the units in which the net gets them
        return {"axes": data.features, "features": ["x1", "x2"], "shift": [0.0, 0.0], "scale": [1.0, 1.0]}
    scaling = data.input_scaling
    labels = [FEATURES[name].label for name in ("x1", "x2")]
    return {
        "axes": labels,
        "features": data.derived,
        "shift": scaling.shift.tolist(),
        "scale": scaling.scale.tolist(),
    }


def history_message(
    trainer: Trainer,
    metrics: Metrics,
    others: Mapping[int, Metrics] = MappingProxyType({}),
    ghost: Mapping[str, Any] | None = None,
) -> bytes:
    """Return the curves of the run so far, those it left behind, and the full losses of other lanes.

    The curve of the `ghost`, the run that can come back, is told by itself.
    """
    series = trainer.losses.series(_HISTORY_POINTS)
    rows = every(metrics.rows, _HISTORY_POINTS)
    arrays = Arrays()
    arrays.add("batch", np.column_stack([series.low, series.high, series.last]).reshape(-1, 3))
    arrays.add("batch_steps", series.step_high, DType.INT32)
    arrays.add("rates", series.rate)
    arrays.add("metrics", rows)
    arrays.add("metric_steps", rows[:, 0], DType.INT32)
    for lane, known in others.items():
        rows = every(known.rows, _HISTORY_POINTS)
        arrays.add(f"lane{lane}_metrics", rows)
        arrays.add(f"lane{lane}_metric_steps", rows[:, 0], DType.INT32)
    return encode({"kind": "history", "step": trainer.step_count, **metrics.left(), "ghost": ghost}, arrays)


def body(trainer: Trainer, sample: int, detail: Detail | None = None, *, rests: bool) -> Arrays:
    """Return the arrays of a frame that all clients share.

    Of normalized nets that is also I, what activations are taken of, and with batch normalization S, the running
    statistics with which the net predicts: A, Z, I and D are taken with them, and so are the browser's pictures.

    The last update U, with the parts of its gradient (``slope``, ``penalty``, ``noise`` and what was ``used``) where it
    was more than ∂C/∂θ, goes along with small nets always, with large ones only where the run rests: half as much again
    on the wire would be for numbers that nobody can read while they fly past. For the same reason
    parameters and gradients of large nets are rounded to bfloat16, but where the run rests. What neurons make of the
    sample is little, and rounded of the largest only. Of nets still larger a `detail` says
    which layers go along; then ``P:2080`` holds the parameters from the one at 2080 on, and ``G:2080`` their gradient.
    """
    trace = trainer.view.trace(sample)
    parameters = {"P": trainer.theta, "G": trainer.gradient}
    units = {"A": trace.A, "Z": trace.Z, "D": trace.D}
    if any(trainer.network.normalization):
        units["I"] = trace.U
    numbers = sum(array.size for array in units.values())
    count = numbers + 2 * trainer.theta.size
    small, fills = count <= MOST_FLOAT32, 2 * count > MOST_WHOLE
    dtype = DType.FLOAT32 if small or rests else DType.BFLOAT16
    arrays = Arrays()
    statistics = [part for layer in trainer.view.running_statistics if layer for part in (layer.mean, layer.variance)]
    if statistics:
        arrays.add("S", np.concatenate(statistics))
    whole = detail is None or rests or not fills
    for name, array in parameters.items() if whole else ():
        arrays.add(name, array, dtype)
    for name, array in units.items():
        arrays.add(name, array, DType.FLOAT32 if whole else DType.BFLOAT16)
    if small or rests:
        arrays.add("U", trainer.update, dtype)
        _add_parts(arrays, trainer, dtype)
    if not whole and detail is not None:
        _add_blocks(arrays, trainer, detail, 2 * numbers)
    arrays.add("norms", trainer.last_step.norms())
    return arrays


def _add_parts(arrays: Arrays, trainer: Trainer, dtype: DType) -> None:
    """Add what G is made of and what the optimizer got of it, where that is not ∂C/∂θ of the batch itself."""
    parts = trainer.last_step.gradient_parts() if trainer.last_step.changed_gradient else None
    if parts is None:
        return
    arrays.add("slope", parts.slope, dtype)
    arrays.add("used", parts.clipped, dtype)
    for name in ("penalty", "noise"):
        if (part := getattr(parts, name)).any():
            arrays.add(name, part, dtype)


def _add_blocks(arrays: Arrays, trainer: Trainer, detail: Detail, others: int) -> None:
    """Add the layers whose turn it is, and those that somebody looks at."""
    close, turn = detail.next(trainer.network, others)
    for layer in (*close, *turn):
        block = trainer.network.blocks[layer - 1]
        arrays.add(f"P:{block.offset}", trainer.theta[block.offset : block.end], DType.BFLOAT16)
        if layer in close:
            arrays.add(f"G:{block.offset}", trainer.gradient[block.offset : block.end], DType.BFLOAT16)


def tail(trainer: Trainer, metrics: Metrics, since: int) -> tuple[dict[str, int], Arrays] | None:
    """Return header and arrays of the steps after `since`, or None where they are no longer known one by one."""
    present = trainer.step_count
    found = trainer.losses.tail(since)
    if len(found.losses) != present - since:
        return None
    batch, rates, stride = buckets(found.losses, found.rates)
    arrays = Arrays()
    arrays.add("batch", batch)
    arrays.add("rates", rates)
    arrays.add("metrics", metrics_since(metrics, since, since))
    return {"from": since, "to": present, "stride": stride}, arrays


def metrics_since(metrics: Metrics, step: int, origin: int) -> NDArray[np.float64]:
    """Return rows (m, 5) of the metrics after a step, their steps counted from `origin`."""
    rows = every(metrics.since(step), _MOST_METRICS).copy()
    rows[:, 0] -= origin
    return rows


def buckets(
    losses: NDArray[np.float32], rates: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32], int]:
    """Return losses (n,) as they are up to 2,000, else as rows (k, 3) of least, largest and last; rates; the stride."""
    stride = -(-len(losses) // MOST_TAIL)
    if stride <= 1:
        return losses, rates, 1
    starts = np.arange(0, len(losses), stride)
    ends = np.minimum(starts + stride, len(losses)) - 1
    low, high = np.minimum.reduceat(losses, starts), np.maximum.reduceat(losses, starts)
    return np.column_stack([low, high, losses[ends]]), rates[ends], stride


def header(
    trainer: Trainer, sample: int, row: tuple[float, ...], layout: int, penalty: float | None = None
) -> dict[str, Any]:
    """Return the moving numbers of a frame. `row` is that of `Metrics`, `penalty` of the same step.

    On a landscape the parameters, their last gradient and step come along as they are: near a minimum, arrays of
    float32 would round the way that is left to nothing.
    """
    step, loss, test_loss, accuracy, test_accuracy = row
    clipping = trainer.view.clipping
    cut = {} if clipping is None else {"clipping": {name: finite(value) for name, value in asdict(clipping).items()}}
    return {
        **cut,
        **({"landscape": _exact(trainer)} if trainer.config.on_landscape else {}),
        "kind": "frame",
        "layout": layout,
        "step": trainer.step_count,
        "measured": int(step),
        **({} if penalty is None else {"penalty": finite(penalty)}),
        "epoch": trainer.epoch,
        "learning_rate": trainer.learning_rate,
        "sample": sample,
        "loss": finite(loss),
        "test_loss": finite(test_loss),
        "accuracy": finite(accuracy),
        "test_accuracy": finite(test_accuracy),
    }


def _exact(trainer: Trainer) -> dict[str, list[float | None]]:
    vectors = {"point": trainer.theta, "gradient": trainer.gradient, "update": trainer.update}
    return {name: [finite(float(value)) for value in vector] for name, vector in vectors.items()}
