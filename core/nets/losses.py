"""Losses: how wrong an output is, and the slope of that.

Each record makes, for the buffers of one output layer, a function ``evaluate(y)`` that returns the loss summed over the
batch and writes its derivative: ∂/∂a for losses of the activation, ∂/∂z for losses from logits. The latter compute the
output activation themselves, because sigmoid with `bce` and softmax with `cross_entropy` share their exponentials; so
no logarithm of zero is ever taken, and the derivative a − y keeps its digits at any z.

Digits, in float64 (of the activations and targets given, for losses of the activation): the sums keep 14 decimal places
of their own size. So do derivatives, with one exception: a target that is neither 0 nor all of its sample's sum, such
as a smoothed one, is subtracted from a number near it, and the difference keeps 14 places of the target. Losses of the
activation take a − y, exact to the last place of a: as a saturated output comes near its target, it loses digits, and
only `bce` and `cross_entropy` do not.

Inside, arrays are feature-major: z, a, y have shape (n_out, batch).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..ground.errors import ConfigError, check_choice
from ..ground.parts import Parts
from . import batch_losses
from .activations import ACTIVATIONS, Array
from .batch_losses import Evaluate
from .written import Written


class _Outputs(Sequence[str]):
    """The names of `ACTIVATIONS`, those that come to it later as well, and softmax."""

    def __getitem__(self, index: Any) -> Any:
        return [*ACTIVATIONS, "softmax"][index]

    def __len__(self) -> int:
        return len(ACTIVATIONS) + 1


#: Activations an output layer can have.
OUTPUTS: Sequence[str] = _Outputs()

#: How softmax is written: of large z, whose exponentials overflow, the largest is taken off first.
SOFTMAX = Written(
    "exp(z) / sum(exp(z)) if largest(abs(z)) <= 300 else exp(z - largest(z)) / sum(exp(z - largest(z)))",
    "a * (1 - a)",
)


_UNWRITTEN = Written("0", "0")


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
    targets : (words, callable (y) -> array of bool), optional
        Which targets it has a meaning for; None: all numbers.
    second : callable (a, y, move) -> array, optional
        How what `bind` writes changes as a moves, or z for a loss from logits; 0 at a bend. With it, products with the
        Hessian are exact.
    written : Written
        C of a sample and its derivative as they are shown; 0 of landscapes, which are no function of outputs.
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
    targets: tuple[str, Callable[[Array], NDArray[np.bool_]]] | None = None
    second: Callable[[Array, Array, Array], Array] | None = None
    written: Written = _UNWRITTEN

    def count(self, n_out: int, batch: int) -> int:
        """Return the number that the sum over the batch is divided by."""
        return n_out * batch if self.mean_over_outputs else batch


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

    return Loss(
        "huber", bind, mean_over_outputs=True,
        bends=lambda a, y: np.sign(np.abs(a - y) - delta),
        second=lambda a, y, move: np.where(np.abs(a - y) < delta, move, 0.0),
        written=Written(
            "mean(1 / 2 * (a - y)**2 if abs(a - y) <= huber_delta"
            " else huber_delta * (abs(a - y) - 1 / 2 * huber_delta))",
            "(a - y if abs(a - y) <= huber_delta else huber_delta * sign(a - y)) / outputs",
            symbols={"huber_delta": "d"},
        ),
    )  # fmt: skip


def _straight(a: Array, y: Array, move: Array) -> Array:
    """How the slope of a loss made of straight lines changes: not at all."""
    return np.zeros_like(move)


#: name -> record; order is the order in which they are offered.
LOSSES: Parts[Loss] = Parts(
    "loss",
    {
        record.name: record
        for record in [
            Loss(
                "mse",
                batch_losses.squared,
                factor=2.0,
                mean_over_outputs=True,
                second=lambda a, y, move: move,
                written=Written("mean((a - y)**2)", "2 * (a - y) / outputs"),
            ),
            Loss(
                "half_squared_error",
                batch_losses.half_squared,
                second=lambda a, y, move: move,
                written=Written("1 / 2 * sum((a - y)**2)", "a - y"),
            ),
            Loss(
                "mae",
                batch_losses.absolute,
                mean_over_outputs=True,
                bends=lambda a, y: np.sign(a - y),
                second=_straight,
                written=Written("mean(abs(a - y))", "sign(a - y) / outputs"),
            ),
            huber(),
            Loss(
                "hinge",
                batch_losses.hinge,
                outputs=("identity", "tanh"),
                kinds=("binary", "classes"),
                bends=lambda a, y: np.sign(1.0 - y * a),
                targets=("targets of -1 and 1", lambda y: np.abs(y) == 1.0),
                second=_straight,
                written=Written("sum(max(0, 1 - y * a))", "-y if y * a < 1 else 0"),
            ),
            Loss(
                "bce",
                batch_losses.bce,
                output="sigmoid",
                outputs=("sigmoid",),
                kinds=("binary", "classes"),
                targets=("targets in [0, 1]", lambda y: (y >= 0.0) & (y <= 1.0)),
                second=lambda a, y, move: a * (1.0 - a) * move,
                written=Written("-sum(y * ln(a) + (1 - y) * ln(1 - a))", "a - y"),
            ),
            Loss(
                "cross_entropy",
                batch_losses.cross_entropy,
                output="softmax",
                outputs=("softmax",),
                kinds=("classes",),
                targets=("targets of 0 or more", lambda y: y >= 0.0),
                second=lambda a, y, move: y.sum(axis=0) * a * (move - (a * move).sum(axis=0)),
                written=Written("-sum(y * ln(a))", "a - y"),
            ),
        ]
    },
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


def check_targets(loss: str | Loss, y: ArrayLike) -> None:
    """Raise ConfigError unless the loss has a meaning for all targets y."""
    record, values = find_loss(loss), np.asarray(y, dtype=np.float64)
    wrong = np.isnan(values) if record.targets is None else ~record.targets[1](values)
    if wrong.any():
        words = "targets that are numbers" if record.targets is None else record.targets[0]
        found = float(values[wrong][0])
        raise ConfigError(f"{record.name} needs {words}, got {found:g}", "y", found)


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
