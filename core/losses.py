"""Losses: how wrong an output is, and the slope of that.

Each record makes, for the buffers of one output layer, a function ``evaluate(y)`` that returns the loss summed over the
batch and writes its derivative: ∂/∂a for losses of the activation, ∂/∂z for losses from logits. The latter compute the
output activation themselves, because sigmoid with `bce` and softmax with `cross_entropy` share their exponentials; so
no logarithm of zero is ever taken, and the derivative is a − y at any z.

Inside, arrays are feature-major: z, a, y have shape (n_out, batch).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from .activations import ACTIVATIONS, Array, sigmoid
from .errors import ConfigError

Evaluate = Callable[[Array], float]

#: Activations an output layer can have.
OUTPUTS = (*ACTIVATIONS, "softmax")


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss C: the mean over samples, and for some over outputs too, of a sum that `bind` knows how to take.

    Attributes
    ----------
    name : str
        Its key in `LOSSES`.
    bind : callable (z, a, slope) -> evaluate
        ``evaluate(y)`` returns the sum over the batch and writes its derivative, divided by `factor`, into `slope`.
    output : str, optional
        The output activation it is computed through, from logits; `evaluate` then writes `a` itself and `slope` is
        ∂/∂z. None: it takes any elementwise output, and `slope` is ∂/∂a.
    factor : float
        What the slope still is to be multiplied with; saves one call per step.
    mean_over_outputs : bool
        Whether C is the mean over outputs too.
    kinds : tuple of str
        Targets it is for: ``"binary"``, ``"classes"``, ``"regression"``.
    """

    name: str
    bind: Callable[[Array, Array, Array], Evaluate]
    output: str | None = None
    factor: float = 1.0
    mean_over_outputs: bool = False
    kinds: tuple[str, ...] = ("binary", "classes", "regression")

    def count(self, n_out: int, batch: int) -> int:
        """Return the number that the sum over the batch is divided by."""
        return n_out * batch if self.mean_over_outputs else batch


def _squared(z: Array, a: Array, slope: Array) -> Evaluate:
    """Σ (a − y)²; the slope written is a − y."""
    flat = slope.reshape(-1)
    dot = flat.dot

    def evaluate(y: Array) -> float:
        np.subtract(a, y, slope)
        return float(dot(flat))

    return evaluate


def _half_squared(z: Array, a: Array, slope: Array) -> Evaluate:
    """½ Σ (a − y)²: Nielsen's quadratic cost."""
    squared = _squared(z, a, slope)
    return lambda y: 0.5 * squared(y)


def _bce(z: Array, a: Array, slope: Array) -> Evaluate:
    """−Σ y ln a + (1 − y) ln(1 − a) with a = sigmoid(z), as Σ max(z, 0) − yz + ln(1 + exp(−|z|))."""
    large, small, product = np.empty_like(z), np.empty_like(z), np.empty_like(z)
    total = small.reshape(-1).dot
    ones = np.ones(z.size, z.dtype)
    zero, minus_one = np.zeros((), z.dtype), np.array(-1.0, z.dtype)

    def evaluate(y: Array) -> float:
        sigmoid(z, a)
        np.subtract(a, y, slope)
        np.copysign(z, minus_one, small)
        np.logaddexp(small, zero, small)
        np.multiply(y, z, product)
        np.maximum(z, zero, out=large)
        np.subtract(large, product, large)
        np.add(small, large, small)
        return float(total(ones))

    return evaluate


def softmax(z: Array, out: Array) -> None:
    """Write exp(z) / Σ exp(z) per sample (column) into `out`; the largest z is taken off first: nothing overflows."""
    np.subtract(z, z.max(axis=0), out)
    np.exp(out, out)
    np.divide(out, out.sum(axis=0), out)


def _cross_entropy(z: Array, a: Array, slope: Array) -> Evaluate:
    """−Σ y ln a with a = softmax(z), as Σ ln Σ exp(z − m) − y (z − m) with m the largest z of the sample."""
    n_out, batch = z.shape
    shifted = np.empty_like(z)
    largest, sums, logs = np.empty(batch, z.dtype), np.empty(batch, z.dtype), np.empty(batch, z.dtype)
    over_outputs = np.ones(n_out, z.dtype).dot
    total_log = logs.dot
    ones = np.ones(batch, z.dtype)
    picked = slope.reshape(-1)
    total_picked, ones_picked = picked.dot, np.ones(z.size, z.dtype)

    def evaluate(y: Array) -> float:
        np.maximum.reduce(z, 0, None, out=largest)
        np.subtract(z, largest, shifted)
        np.exp(shifted, a)
        over_outputs(a, sums)
        np.divide(a, sums, a)
        np.log(sums, logs)
        np.multiply(y, shifted, slope)
        total = float(total_log(ones)) - float(total_picked(ones_picked))
        np.subtract(a, y, slope)
        return total

    return evaluate


#: name -> record; order is the order in which they are offered.
LOSSES: Mapping[str, Loss] = MappingProxyType(
    {
        record.name: record
        for record in [
            Loss("mse", _squared, factor=2.0, mean_over_outputs=True),
            Loss("half_squared_error", _half_squared),
            Loss("bce", _bce, output="sigmoid", kinds=("binary", "classes")),
            Loss("cross_entropy", _cross_entropy, output="softmax", kinds=("classes",)),
        ]
    }
)


def check_fit(output: str, loss: str) -> None:
    """Raise ConfigError unless the loss can be taken of such an output."""
    needed = LOSSES[loss].output
    if needed is not None and needed != output:
        raise ConfigError(f"{loss} needs a {needed} output, got {output}", "output", output)
    if output == "softmax" and loss != "cross_entropy":
        raise ConfigError(f"a softmax output needs cross_entropy, got {loss}", "loss", loss)


def fit_output_and_loss(kind: str, default: str, output: str | None, loss: str | None) -> tuple[str, str]:
    """Return output and loss with None replaced by what fits.

    Parameters
    ----------
    kind : str
        What the targets are: ``"binary"``, ``"classes"`` or ``"regression"``.
    default : str
        The data set's own loss.
    output, loss : str, optional
        What was asked for.

    Raises
    ------
    ConfigError
        If output and loss, or loss and targets, do not go together.
    """
    if loss is None:
        loss = _fitting_loss(kind, default, output)
    if output is None:
        output = LOSSES[loss].output or ("identity" if kind == "regression" else "sigmoid")
    check_fit(output, loss)
    if kind not in LOSSES[loss].kinds:
        kinds = " or ".join(LOSSES[loss].kinds)
        raise ConfigError(f"{loss} needs {kinds} targets, the data set has {kind} targets", "loss", loss)
    return output, loss


def _fitting_loss(kind: str, default: str, output: str | None) -> str:
    """Return the loss for an output: the data set's own where it fits, else the one that the output is made for."""
    needed = LOSSES[default].output
    if output is None or output == needed or (needed is None and output != "softmax"):
        return default
    if output == "softmax":
        return "cross_entropy"
    return "bce" if output == "sigmoid" and kind != "regression" else "mse"
