"""Weights brought in from elsewhere: JSON, NumPy archives, safetensors files, and a PyTorch `state_dict` as it prints.

What is read are layers, one after the other: a matrix W (n_out, n_in) with its bias, and γ and β where a normalization
follows. Everything that does not fit is refused in words that name what was found.
"""

from __future__ import annotations

import ast
import json
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..ground.errors import ConfigError
from .config import RunConfig

Array = NDArray[np.float64]

#: So many numbers are read at most: they travel in every link and message of the run.
MOST_NUMBERS = 10_000

#: Number types of a safetensors file, by their names in it; bfloat16 is read apart.
_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}


@dataclass(slots=True)
class LayerWeights:
    """A layer as it was read: W (n_out, n_in), and b, γ, β (n_out,) where there are any."""

    W: Array
    b: Array | None = None
    gamma: Array | None = None
    beta: Array | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """What a file holds.

    Attributes
    ----------
    layers : tuple of LayerWeights
        In the order of the net.
    activations : tuple of str or None
        Of the layers, where the file says them.
    digits : int or None
        Decimal places, where the numbers were printed with no more; None where they are whole.
    left_out : tuple of str
        Names of arrays that a net here has no place for, such as running statistics.
    """

    layers: tuple[LayerWeights, ...]
    activations: tuple[str, ...] | None = None
    digits: int | None = None
    left_out: tuple[str, ...] = field(default=())

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons per layer, inputs included."""
        return (self.layers[0].W.shape[1], *(len(layer.W) for layer in self.layers))


def read_weights(content: bytes | str) -> Weights:
    """Return the layers that a file or a pasted text holds.

    Parameters
    ----------
    content : bytes or str
        JSON as `parameters_json` writes it, or of arrays by the names of a `state_dict`; a NumPy archive; a safetensors
        file; or what ``print(model.state_dict())`` shows in PyTorch, whole.

    Raises
    ------
    ConfigError
        If it is none of these, was cut when it was printed, holds what is no number, or layers that do not follow one
        another; for more than `MOST_NUMBERS` numbers.
    """
    if isinstance(content, bytes):
        if content[:2] == b"PK":
            return _checked(_from_npz(content))
        if len(content) > 9 and content[8:9] == b"{" and struct.unpack("<Q", content[:8])[0] < len(content):
            return _checked(_from_safetensors(content))
        try:
            content = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise _refused("the file is no JSON, .npz or safetensors file") from None
    text = content.strip()
    if "tensor(" in text:
        return _checked(_from_print(text))
    return _checked(_from_json(text))


def with_weights(config: RunConfig, weights: Weights) -> RunConfig:
    """Return the config of a run that begins with the weights that were read, in a net of their shape.

    Parameters
    ----------
    config : RunConfig
        The run whose data, loss and optimizer stay. Activations stay where the file says none, those of hidden layers
        as far as the net keeps its depth; else its first stands for all.
    weights : Weights
        As `read_weights` returns them.

    Raises
    ------
    ConfigError
        If inputs, outputs, biases or normalizations do not fit the run.
    """
    if config.on_landscape:
        raise _refused(f"{config.data.name} is a function without a network")
    config = replace(config, network=_network_of(config, weights), initial=None)
    expected = config.sizes
    for name, found, needed in (
        ("inputs", weights.sizes[0], expected[0]),
        ("outputs", weights.sizes[-1], expected[-1]),
    ):
        if found != needed:
            raise _refused(f"they are for {found} {name}, and the run has {needed}", "weights", found)
    network = config.make_network()
    theta = np.zeros(network.parameter_count)
    for number, (here, read) in enumerate(zip(network.unpack(theta), weights.layers, strict=True), 1):
        here.W[...] = read.W
        fixed = network.normalization[number - 1 : number] == ("batch",)  # its mean takes a bias off again
        for name in ("gamma", "beta") if fixed else ("b", "gamma", "beta"):
            _fill(getattr(here, name), getattr(read, name), name, number)
    return replace(config, initial=tuple(theta.tolist()))


def _fill(here: NDArray[np.floating] | None, read: Array | None, name: str, number: int) -> None:
    """Put what was read of a layer in its place."""
    symbol = {"b": "a bias", "gamma": "γ", "beta": "β"}[name]
    if here is None and read is not None:
        wish = "turn on biases" if name == "b" else "choose a normalization for this layer"
        raise _refused(f"layer {number} has {symbol}, for which the net has no place: {wish} first")
    if here is not None:
        here[...] = read if read is not None else 1.0 if name == "gamma" else 0.0


def _network_of(config: RunConfig, weights: Weights) -> Any:
    """Return the shape of the net that the weights are for."""
    hidden, before = weights.sizes[1:-1], config.network
    values: dict[str, Any] = {"hidden": hidden}
    if all(layer.b is None for layer in weights.layers):
        values["bias"] = False
    elif all(layer.b is not None for layer in weights.layers):
        values["bias"] = True
    said = weights.activations
    if said is not None and hidden and len(said) == len(weights.layers):
        values["activation"] = said[:-1]
    if len(hidden) != len(before.hidden):
        for name in ("activation", "normalization", "residual"):
            kept = getattr(before, name)
            if name not in values and isinstance(kept, list | tuple):
                values[name] = kept[0] if kept else type(before)().to_json()[name]
    elif hidden != before.hidden and isinstance(before.residual, list | tuple):
        values["residual"] = False
    return replace(before, **values)


def _checked(weights: Weights) -> Weights:
    """Return the weights if they are numbers, and each layer takes what the one before it gives."""
    if not weights.layers:
        raise _refused("no weights are in it: a matrix (outputs, inputs) for each layer is needed")
    arrays = [
        array for layer in weights.layers for array in (layer.W, layer.b, layer.gamma, layer.beta) if array is not None
    ]
    count = sum(array.size for array in arrays)
    if count > MOST_NUMBERS:
        raise _refused(f"it holds {count} numbers, and at most {MOST_NUMBERS} can be brought in", "weights", count)
    for number, layer in enumerate(weights.layers, 1):
        _check_layer(number, layer)
    for number, (below, above) in enumerate(pairwise(weights.layers), 1):
        if above.W.shape[1] != len(below.W):
            message = f"layer {number} gives {len(below.W)} numbers, and layer {number + 1} takes {above.W.shape[1]}"
            raise _refused(message)
    return weights


def _check_layer(number: int, layer: LayerWeights) -> None:
    if layer.W.ndim != 2 or not layer.W.size:
        raise _refused(f"W of layer {number} must be a matrix (outputs, inputs), got the shape {layer.W.shape}")
    for name in ("W", "b", "gamma", "beta"):
        array = getattr(layer, name)
        if array is None:
            continue
        if name != "W" and array.shape != (len(layer.W),):
            raise _refused(f"{name} of layer {number} must have {len(layer.W)} numbers, got the shape {array.shape}")
        if not np.isfinite(array).all() or np.abs(array).max() > 1e300:
            raise _refused(f"{name} of layer {number} holds what is no number of an ordinary size")


# Forms


def _from_json(text: str) -> Weights:
    try:
        values = json.loads(text, parse_constant=lambda word: _no_number(word))
    except (ValueError, RecursionError):
        raise _refused("the text is no JSON, and no printed state_dict") from None
    if not isinstance(values, Mapping):
        raise _refused("the JSON must be an object with layers, or with arrays by name")
    if "layers" not in values:
        return _layers_of({str(name): _array(name, value) for name, value in values.items()})
    layers = values["layers"]
    if not isinstance(layers, list) or not all(isinstance(layer, Mapping) and "W" in layer for layer in layers):
        raise _refused("layers must be a list of objects with W, and b, gamma and beta where there are any")
    read = tuple(
        LayerWeights(**{name: _array(name, layer[name]) for name in ("W", "b", "gamma", "beta") if name in layer})
        for layer in layers
    )
    said = values.get("activations")
    names = tuple(said) if isinstance(said, list) and all(isinstance(name, str) for name in said) else None
    return Weights(read, names)


def _no_number(word: str) -> float:
    raise ValueError(word)


def _from_npz(content: bytes) -> Weights:
    try:
        with np.load(BytesIO(content), allow_pickle=False) as archive:
            arrays = {name: _array(name, archive[name]) for name in archive.files}
    except ConfigError:
        raise
    except Exception as error:  # whatever NumPy and zipfile say of a broken archive
        raise _refused(f"the NumPy archive cannot be read: {type(error).__name__}") from None
    return _layers_of(arrays)


def _from_safetensors(content: bytes) -> Weights:
    """Read a safetensors file: the length of a JSON header, the header, and the numbers that it points to."""
    length = struct.unpack("<Q", content[:8])[0]
    try:
        header = json.loads(content[8 : 8 + length])
        arrays = {
            name: _tensor(name, entry, content[8 + length :])
            for name, entry in header.items()
            if name != "__metadata__"
        }
    except ConfigError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _refused(f"the safetensors file cannot be read: {type(error).__name__}") from None
    return _layers_of(arrays)


def _tensor(name: str, entry: Mapping[str, Any], content: bytes) -> Array:
    kind, (start, end) = entry["dtype"], entry["data_offsets"]
    if kind == "BF16":
        halves = np.frombuffer(content[start:end], "<u2").astype(np.uint32) << 16
        values: NDArray[Any] = halves.view(np.float32)
    elif kind in _TYPES:
        values = np.frombuffer(content[start:end], _TYPES[kind])
    else:
        return np.zeros(0)  # counters and the like: no weights
    return _array(name, values.reshape(entry["shape"]))


#: How a tensor begins in print: its name in quotes, then the call.
#: A tensor behind its name: in quotation marks as `state_dict` prints it, bare where a loop prints name and tensor.
_TENSOR = re.compile(
    r"""(?:['"]([\w.\- ]{1,200})['"]\s*[,:]|^[ \t]*([\w.\-]{1,200})[ \t]*[:=,]?)\s*"""
    r"""(?:Parameter containing:\s*)?tensor\(\s*""",
    re.MULTILINE,
)


def _from_print(text: str) -> Weights:
    """Read what ``print(model.state_dict())`` shows, or a loop over it that prints each name with its tensor."""
    arrays, digits, named = {}, 0, list(_TENSOR.finditer(text))
    if len(named) < text.count("tensor("):
        raise _refused("a tensor in it has no name: paste what print(model.state_dict()) shows")
    for found in named:
        name, numbers = found[1] or found[2], _bracket(text, found.end())
        if "..." in numbers:
            message = f"{name} was cut when it was printed (“...”)"
            raise _refused(
                f"{message}: call torch.set_printoptions(threshold=10**9) first, or save the weights as a file"
            )
        digits = max([digits, *(len(part) for part in re.findall(r"\.(\d+)", numbers))])
        try:
            arrays[name] = _array(name, ast.literal_eval(numbers))
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            raise _refused(f"{name} holds what is no number") from None
    read = _layers_of(arrays)
    return replace(read, digits=digits)


def _bracket(text: str, start: int) -> str:
    """Return what stands from a bracket to the one that closes it; one number where there is none."""
    depth = 0
    for index in range(start, len(text)):
        if text[index] == "[":
            depth += 1
        elif text[index] == "]":
            depth -= 1
            if depth == 0:
                return text[start : index + 1]
        elif depth == 0 and text[index] in ",)":
            return text[start:index]
    raise _refused("the text ends in the middle of a tensor: paste all of it")


# Names

_OWN = re.compile(r"(W|b|gamma|beta)(\d{1,3})")


def _layers_of(arrays: Mapping[str, Array]) -> Weights:
    """Return the layers of arrays by name: ours (``W1``, ``b1``, …), or those of a `state_dict`, in their order."""
    own = {name: found for name in arrays if (found := _OWN.fullmatch(name))}
    if own:
        return _own_layers(arrays, own.values())
    layers: list[LayerWeights] = []
    owner: dict[str, tuple[LayerWeights, str]] = {}
    left_out = []
    for name, array in arrays.items():
        prefix, _, kind = name.rpartition(".")
        if kind == "weight" and array.ndim == 2:
            layers.append(LayerWeights(array))
            owner[prefix] = layers[-1], "b"
        elif kind == "weight" and array.ndim == 1 and layers:
            layers[-1].gamma = array
            owner[prefix] = layers[-1], "beta"
        elif kind == "bias" and prefix in owner:
            setattr(*owner[prefix], array)
        else:
            left_out.append(name)
    return Weights(tuple(layers), left_out=tuple(left_out))


def _own_layers(arrays: Mapping[str, Array], names: Iterable[re.Match[str]]) -> Weights:
    found: dict[int, dict[str, Array]] = {}
    for name in names:
        found.setdefault(int(name[2]), {})[name[1]] = arrays[name[0]]
    for number in range(1, max(found) + 1):
        if "W" not in found.get(number, {}):
            raise _refused(f"W{number} is missing")
    if 0 in found:
        raise _refused("layers are counted from 1: W1, b1, W2, …")
    return Weights(tuple(LayerWeights(**found[number]) for number in sorted(found)))


def _array(name: object, values: object) -> Array:
    try:
        array = np.asarray(values)
    except ValueError:
        raise _refused(f"{name} must be numbers in rows of equal length") from None
    if array.dtype.kind not in "fiu":
        raise _refused(f"{name} must be numbers in rows of equal length")
    return array.astype(np.float64)


def _refused(message: str, name: str = "weights", value: object = None) -> ConfigError:
    return ConfigError(f"these weights cannot be brought in: {message}", name, value)
