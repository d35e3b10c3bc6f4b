"""Skips, or residual connections (He et al. 2016, "Identity mappings in deep residual networks").

A hidden layer with a skip passes on a = f(u) + a of the layer before. The sum stands behind everything else that the
layer does (normalization, activation, the mask of dropout), so that through a row of skips there is a way from end to
end on which nothing is multiplied: however small the slopes are, ∂C/∂a comes back along it unchanged. An identity adds
number to number, so both layers must be equally wide; the inputs are no layer to skip from.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..ground.errors import ConfigError, check_flag


def fitting_skips(hidden: Sequence[int]) -> tuple[bool, ...]:
    """Return which hidden layers can have a skip: those as wide as the hidden layer before them."""
    return tuple(layer > 0 and size == hidden[layer - 1] for layer, size in enumerate(hidden))


def skips_of(residual: object, hidden: Sequence[int]) -> tuple[bool, ...]:
    """Return which hidden layers have a skip.

    Parameters
    ----------
    residual : bool or sequence of bool
        True for all that can have one; a sequence says it of each hidden layer.
    hidden : sequence of int
        Neurons of the hidden layers.

    Raises
    ------
    ConfigError
        If a sequence has another length, or asks for a skip between layers of different width.
    """
    fits = fitting_skips(hidden)
    if not isinstance(residual, list | tuple):
        return fits if check_flag("residual", residual) else (False,) * len(fits)
    if len(residual) != len(fits):
        message = f"residual must be true, false, or one of them for each of {len(fits)} hidden layers"
        raise ConfigError(f"{message}, got {len(residual)}", "residual", list(residual))
    for layer, wanted in enumerate(residual):
        if check_flag("residual", wanted) and not fits[layer]:
            before = "no hidden layer" if layer == 0 else f"one of {hidden[layer - 1]}"
            message = f"a residual connection needs two hidden layers of equal width: layer {layer + 1}"
            raise ConfigError(
                f"{message} has {hidden[layer]} neurons and {before} before it", "residual", list(residual)
            )
    return tuple(residual)
