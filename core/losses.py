"""Losses and the outputs they go with."""

from __future__ import annotations

from .activations import ACTIVATIONS
from .errors import ConfigError

#: Activations an output layer can have.
OUTPUTS = (*ACTIVATIONS, "softmax")

LOSSES = {"mse": None, "half_squared_error": None, "bce": None, "cross_entropy": None}

#: Losses that are computed from logits, and the one output they belong to.
_FROM_LOGITS = {"bce": "sigmoid", "cross_entropy": "softmax"}


def fit_output_and_loss(kind: str, default: str, output: str | None, loss: str | None) -> tuple[str, str]:
    """Return output and loss with None replaced by what fits.

    Parameters
    ----------
    kind : str
        ``"binary"``, ``"classes"`` or ``"regression"``: what the targets are.
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
        output = _FROM_LOGITS.get(loss, "identity" if kind == "regression" else "sigmoid")
    if _FROM_LOGITS.get(loss, output) != output:
        raise ConfigError(f"{loss} needs a {_FROM_LOGITS[loss]} output, got {output}", "output", output)
    if output == "softmax" and loss != "cross_entropy":
        raise ConfigError(f"a softmax output needs cross_entropy, got {loss}", "loss", loss)
    if (kind == "regression" and loss in _FROM_LOGITS) or (kind == "binary" and loss == "cross_entropy"):
        needs = "classes" if loss == "bce" else "three classes or more, one output each"
        raise ConfigError(f"{loss} needs targets that are {needs}; these are {kind} targets", "loss", loss)
    return output, loss


def _fitting_loss(kind: str, default: str, output: str | None) -> str:
    if output is None or _FROM_LOGITS.get(default, output) == output:
        return "cross_entropy" if output == "softmax" else default
    if output == "softmax":
        return "cross_entropy"
    return "bce" if output == "sigmoid" and kind != "regression" else "mse"
