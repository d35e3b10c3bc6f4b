"""What is seen of a training step of somebody's own model, and how it comes to NumPy."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

#: Activations by the class name of their module, and by the name of their function.
ACTIVATIONS = {
    "CELU": "celu", "ELU": "elu", "GELU": "gelu", "Hardshrink": "hardshrink", "Hardsigmoid": "hardsigmoid",
    "Hardswish": "hardswish", "Hardtanh": "hardtanh", "LeakyReLU": "leaky_relu", "LogSigmoid": "logsigmoid",
    "Mish": "mish", "PReLU": "prelu", "RReLU": "rrelu", "ReLU": "relu", "ReLU6": "relu6", "SELU": "selu",
    "SiLU": "silu", "Sigmoid": "sigmoid", "Softplus": "softplus", "Softshrink": "softshrink",
    "Softsign": "softsign", "Tanh": "tanh",
}  # fmt: skip
#: Numbers that an activation may have.
SETTINGS = ("negative_slope", "alpha", "beta", "approximate")


@dataclass(frozen=True, slots=True)
class Called:
    """An activation that was called, as a module or as a function: a key of `ACTIVATIONS`, and its numbers."""

    kind: str
    settings: dict[str, Any]


#: Told of an activation and its input before it is called; told of the output then, if that is wanted.
BeforeCall = Callable[[Called, Any], Callable[[Any], None] | None]


class Numbers(Protocol):
    """What is reckoned where the tensors lie."""

    def recording(self) -> bool:
        """Whether operations are recorded for a backward pass."""

    def size(self, tensor: Any) -> Any:
        """Return the root mean square, which neither overflows nor underflows before the tensor's own numbers do."""

    def moments(self, tensor: Any) -> tuple[Any, Any]:
        """Return mean and standard deviation."""

    def rows(self, tensor: Any, axis: int, samples: int) -> Any:
        """Return a copy of evenly spaced samples as (neurons, samples), the neurons along `axis` of the tensor."""

    def copy(self, tensor: Any) -> Any:
        """Return a detached copy."""

    def functions(self, before: BeforeCall) -> AbstractContextManager[Any]:
        """Within it, tell of activations that are called as functions."""

    def fetch(self, tensors: list[Any]) -> list[NDArray[np.float64]]:
        """Bring all to NumPy, in one transfer from each device."""


@dataclass(slots=True)
class Seen:
    """What a layer has shown in a step: of every call a number and how many it stands for."""

    name: str
    module: Any
    axis: int
    inputs: int
    neurons: int
    batch: int = 0
    #: None: nothing was seen between z and what comes next; `straight` is whether that is z itself
    activation: Called | None = None
    straight: bool = False
    normalization: str | None = None
    #: "delta", "inner", "back": of gradients at z, before and behind the activation; "mean", "spread": of what goes on
    sizes: dict[str, list[tuple[Any, int]]] = field(default_factory=dict)
    #: "z", "u": some samples of z, and of what the activation is taken of
    rows: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepSeen:
    """A whole step, fetched: numbers of `Seen` are NumPy's now, and with them norms of the weights.

    Attributes
    ----------
    step : int
        How many steps the optimizer had taken with it.
    layers : list of Seen
    norms : array (4, L)
        Of W before the step, ∂C/∂W, ΔW, and of the way from where W was when it was first looked at.
    starts : array (L,)
        Norms of W there.
    loss : float
        NaN where nobody tells.
    """

    step: int
    layers: list[Seen]
    norms: NDArray[np.float64]
    starts: NDArray[np.float64]
    loss: float


def fetched(
    numbers: Numbers, layers: list[Seen], before: dict[Any, Any], starts_of: dict[Any, Any], loss: Any, steps: int
) -> StepSeen:
    """Bring all that was seen of a step to NumPy at once.

    Parameters
    ----------
    numbers : Numbers
        Where the tensors lie.
    layers : list of Seen
        Whose numbers are tensors yet.
    before, starts_of : dict
        Weights of modules before the step, and when they were first looked at.
    loss : optional
        A tensor with one number, or a number.
    steps : int
        That the optimizer has taken.
    """
    tensors, places = list[Any](), list[Callable[[NDArray[np.float64]], None]]()

    def wish(tensor: Any, put: Callable[[NDArray[np.float64]], None]) -> None:
        tensors.append(tensor)
        places.append(put)

    norms, starts = np.full((4, len(layers)), np.nan), np.full(len(layers), np.nan)
    roots = np.array([np.sqrt(count_of(layer.module.weight)) for layer in layers])
    for k, layer in enumerate(layers):
        for calls in layer.sizes.values():
            for n, (value, count) in enumerate(calls):
                wish(value, partial(_put_call, calls, n, count))
        for kept in layer.rows.values():
            for n, rows in enumerate(kept):
                wish(rows, partial(kept.__setitem__, n))
        weight, old, start = layer.module.weight, before[layer.module], starts_of[layer.module]
        sizes = [old, weight.grad, weight.detach() - old, weight.detach() - start]
        for row, tensor in enumerate(sizes):
            if tensor is not None:
                wish(numbers.size(tensor), partial(_put, norms, (row, k)))
        wish(numbers.size(start), partial(_put, starts, k))
    told = np.full(1, np.nan)
    if hasattr(loss, "shape") and count_of(loss) == 1:
        wish(loss, partial(_put, told, 0))
    elif isinstance(loss, int | float):
        told[0] = loss
    for put, value in zip(places, numbers.fetch(tensors), strict=True):
        put(value)
    return StepSeen(steps, layers, norms * roots, starts * roots, float(told[0]))


def _put(into: NDArray[np.float64], at: Any, value: NDArray[np.float64]) -> None:
    into[at] = value.reshape(-1)[0]


def _put_call(calls: list[tuple[Any, int]], n: int, count: int, value: NDArray[np.float64]) -> None:
    calls[n] = float(value.reshape(-1)[0]), count


def count_of(tensor: Any) -> int:
    """Return how many numbers a tensor holds."""
    return int(np.prod(tuple(tensor.shape), dtype=np.int64))
