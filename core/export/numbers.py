"""The numbers of a run: its losses step by step, and its parameters layer by layer."""

from __future__ import annotations

import json
import struct
from io import BytesIO
from typing import Any

import numpy as np

from ..nets.activations import Array
from ..run.trainer import Trainer

#: What a layer's parameters are called, in files and in the order in which they are written.
_NAMES = ("W", "b", "gamma", "beta")


def losses_csv(trainer: Trainer) -> str:
    """Return the batch loss and the learning rate of every step of `trainer` as CSV, to seven digits.

    Returns
    -------
    str
        Columns ``step``, ``batch_loss``, ``learning_rate``. Of a run longer than its record, the latest steps.
    """
    tail = trainer.losses.tail(0)
    steps = range(tail.first_step, tail.first_step + len(tail.losses))
    rows = (f"{step},{loss:.7g},{rate:.7g}" for step, loss, rate in zip(steps, tail.losses, tail.rates, strict=True))
    return "\n".join(["step,batch_loss,learning_rate", *rows]) + "\n"


def parameters_json(trainer: Trainer) -> str:
    """Return the present parameters of `trainer` as JSON, to the last bit.

    Returns
    -------
    str
        ``step``, ``sizes``, ``activations``, and ``layers``: for each layer after the input ``W`` (n_out, n_in) and,
        where it has them, ``b``, ``gamma`` and ``beta`` (n_out,). Parameters that are no number are the texts
        ``"NaN"``, ``"Infinity"`` and ``"-Infinity"``.
    """
    net = trainer.network
    layers = [{name: _plain(array) for name, array in layer.items()} for layer in _layers(trainer)]
    values = {"step": trainer.step_count, "sizes": net.sizes, "activations": net.activations, "layers": layers}
    return json.dumps(values, indent=1, allow_nan=False) + "\n"


def parameters_npz(trainer: Trainer) -> bytes:
    """Return the present parameters of `trainer` as a NumPy archive: ``W1``, ``b1``, … as in `parameters_json`."""
    file = BytesIO()
    np.savez(file, **_named(trainer))
    return file.getvalue()


def parameters_safetensors(trainer: Trainer) -> bytes:
    """Return the present parameters of `trainer` in the safetensors format: tensors named as in `parameters_npz`.

    A header of JSON says where each begins and ends, and its length comes first, as 8 bytes:
    https://huggingface.co/docs/safetensors/index#format. Read it with ``safetensors.numpy.load`` or
    ``safetensors.torch.load``.
    """
    header: dict[str, Any] = {"__metadata__": {"made_by": "Backscope", "step": str(trainer.step_count)}}
    blocks, at = [], 0
    for name, array in _named(trainer).items():
        block = array.astype(array.dtype.newbyteorder("<")).tobytes()
        kind = "F64" if array.itemsize == 8 else "F32"
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [at, at + len(block)]}
        blocks.append(block)
        at += len(block)
    words = json.dumps(header, separators=(",", ":")).encode()
    words += b" " * (-len(words) % 8)  # numbers begin where the machine likes them to
    return struct.pack("<Q", len(words)) + words + b"".join(blocks)


def _named(trainer: Trainer) -> dict[str, Any]:
    layers = enumerate(_layers(trainer), 1)
    return {f"{name}{number}": array for number, layer in layers for name, array in layer.items()}


def _layers(trainer: Trainer) -> list[dict[str, Array]]:
    layers = trainer.network.unpack(trainer.theta)
    return [{name: found for name in _NAMES if (found := getattr(layer, name)) is not None} for layer in layers]


def _plain(array: Array) -> Any:
    if array.ndim > 1:
        return [_plain(row) for row in array]
    words = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
    return [words.get(str(value), value) for value in array.tolist()]
