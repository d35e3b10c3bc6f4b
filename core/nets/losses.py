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

from ..ground.errors import ConfigError, check_choice
from .activations import ACTIVATIONS, Array, sigmoid

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
        ∂/∂z. None: it takes the activations of an elementwise output, and `slope` is ∂/∂a.
    outputs : tuple of str
        The output activations it goes with, the first by default; none named is any elementwise one.
    factor : float
        What the slope still is to be multiplied with; saves one call per step.
    mean_over_outputs : bool
        Whether C is the mean over outputs too.
    kinds : tuple of str
        Targets it is for: ``"binary"``, ``"classes"``, ``"regression"``, and ``"landscape"`` where it needs none.
    bends : callable (a, y) -> array, optional
        Changes its value where the slope, or the slope's slope, jumps.
    totals : callable (a, y) -> array (k,), optional
        The sums for a stack of outputs (n_out, k, n) and targets (n_out, n), where the loss knows a way of its own.
    """

    name: str
    bind: Callable[[Array, Array, Array], Evaluate]
    output: str | None = None
    outputs: tuple[str, ...] = ()
    factor: float = 1.0
    mean_over_outputs: bool = False
    kinds: tuple[str, ...] = ("binary", "classes", "regression")
    bends: Callable[[Array, Array], Array] | None = None
    totals: Callable[[Array, Array], Array] | None = None

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


def _absolute(z: Array, a: Array, slope: Array) -> Evaluate:
    """Σ |a − y|; the slope is the sign of a − y."""
    size = np.empty_like(z)
    total, ones = size.reshape(-1).dot, np.ones(z.size, z.dtype)

    def evaluate(y: Array) -> float:
        np.subtract(a, y, slope)
        np.absolute(slope, size)
        np.sign(slope, slope)
        return float(total(ones))

    return evaluate


def huber(delta: float = 1.0) -> Loss:
    """Return the mean of ½d² where |d| = |a − y| ≤ δ, else δ(|d| − ½δ) (Huber 1964), for a δ above 0.

    With c the error d held between −δ and δ, both are cd − ½c², and the slope is c.
    """

    def bind(z: Array, a: Array, slope: Array) -> Evaluate:
        error, held = np.empty_like(z), slope.reshape(-1)
        flat, dot = error.reshape(-1), held.dot

        def evaluate(y: Array) -> float:
            np.subtract(a, y, error)
            np.minimum(error, delta, out=slope)
            np.maximum(slope, -delta, out=slope)
            return float(dot(flat)) - 0.5 * float(dot(held))

        return evaluate

    return Loss("huber", bind, mean_over_outputs=True, bends=lambda a, y: np.sign(np.abs(a - y) - delta))


def _hinge(z: Array, a: Array, slope: Array) -> Evaluate:
    """Σ max(0, 1 − ya) for targets y of −1 and 1; the slope is −y where that is above 0."""
    margin = np.empty_like(z)
    total, ones = margin.reshape(-1).dot, np.ones(z.size, z.dtype)

    def evaluate(y: Array) -> float:
        np.multiply(y, a, margin)
        np.subtract(1.0, margin, margin)
        np.maximum(margin, 0.0, out=margin)
        np.sign(margin, slope)
        np.multiply(slope, y, slope)
        np.negative(slope, slope)
        return float(total(ones))

    return evaluate


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
    shifted, wide, column = np.empty_like(z), np.empty_like(z), np.ones((n_out, 1), z.dtype)
    largest, sums, logs = np.empty(batch, z.dtype), np.empty(batch, z.dtype), np.empty(batch, z.dtype)
    largest_row, sums_row, down = largest[None], sums[None], column.dot  # broadcasting would allocate a buffer
    over_outputs = np.ones(n_out, z.dtype).dot
    total_log = logs.dot
    ones = np.ones(batch, z.dtype)
    picked = slope.reshape(-1)
    total_picked, ones_picked = picked.dot, np.ones(z.size, z.dtype)

    def evaluate(y: Array) -> float:
        np.maximum.reduce(z, 0, None, out=largest)
        down(largest_row, wide)
        np.subtract(z, wide, shifted)
        np.exp(shifted, a)
        over_outputs(a, sums)
        down(sums_row, wide)
        np.divide(a, wide, a)
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
            Loss("mae", _absolute, mean_over_outputs=True, bends=lambda a, y: np.sign(a - y)),
            huber(),
            Loss(
                "hinge",
                _hinge,
                outputs=("identity", "tanh"),
                kinds=("binary", "classes"),
                bends=lambda a, y: np.sign(1.0 - y * a),
            ),
            Loss("bce", _bce, output="sigmoid", outputs=("sigmoid",), kinds=("binary", "classes")),
            Loss("cross_entropy", _cross_entropy, output="softmax", outputs=("softmax",), kinds=("classes",)),
        ]
    }
)


_REGISTERED: dict[str, Callable[[], Loss]] = {}


def register_loss(name: str, make: Callable[[], Loss]) -> None:
    """Let a loss be found that is made elsewhere, when it is first asked for, as those of landscapes are."""
    _REGISTERED[name] = make


def find_loss(loss: str | Loss) -> Loss:
    """Return a loss by its name in `LOSSES` or among the registered ones; ConfigError if there is none."""
    if isinstance(loss, Loss):
        return loss
    return _REGISTERED[loss]() if loss in _REGISTERED else LOSSES[check_choice("loss", loss, LOSSES)]


def smooth(y: Array, smoothing: float) -> Array:
    """Return targets of 0 and 1 (n, n_out) moved towards the middle: (1 − s)y + s / K (Szegedy et al. 2016).

    K is the number of classes: of outputs, or 2 where one output tells two classes apart.
    """
    classes = max(y.shape[1], 2)
    return (1.0 - smoothing) * y + smoothing / classes if smoothing else y


def check_fit(output: str, loss: str | Loss) -> None:
    """Raise ConfigError unless the loss can be taken of such an output."""
    record = find_loss(loss)
    if record.outputs and output not in record.outputs:
        needed = " or ".join(record.outputs)
        article = "an" if needed[0] in "aeiou" else "a"
        raise ConfigError(f"{record.name} needs {article} {needed} output, got {output}", "output", output)
    if output == "softmax" and record.name != "cross_entropy":
        raise ConfigError(f"a softmax output needs cross_entropy, got {record.name}", "loss", record.name)


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
    record = LOSSES[loss]
    if output is None:
        output = record.outputs[0] if record.outputs else "identity" if kind == "regression" else "sigmoid"
    check_fit(output, loss)
    if kind not in record.kinds:
        kinds = " or ".join(record.kinds)
        raise ConfigError(f"{loss} needs {kinds} targets, the data set has {kind} targets", "loss", loss)
    return output, loss


def _fitting_loss(kind: str, default: str, output: str | None) -> str:
    """Return the loss for an output: the data set's own where it fits, else the one that the output is made for."""
    allowed = LOSSES[default].outputs
    if output is None or output in allowed or (not allowed and output != "softmax"):
        return default
    if output == "softmax":
        return "cross_entropy"
    return "bce" if output == "sigmoid" and kind != "regression" else "mse"
