"""Where a divergence began: the layer whose weights the last step threw farthest, and the first that overflowed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..ground.lengths import length
from ..nets.activations import Array
from ..nets.network import Network
from ..nets.passes import Pass


@dataclass(frozen=True, slots=True)
class Origin:
    """What the pass in which the loss left the numbers, and the step before it, say of the layers (from 1).

    Attributes
    ----------
    layer : int or None
        The layer whose weights the last step changed most beside their size; of several that it made no numbers, the
        one nearest the output, where the error signal overflowed first on its way back. None before the first step.
    ratio : float or None
        By how many times their own norm it changed them; infinite where they are no numbers now.
    overflow : int or None
        The first layer whose weighted inputs are no longer numbers in the forward pass, if there is one.
    """

    layer: int | None = None
    ratio: float | None = None
    overflow: int | None = None


def origin_of(network: Network, run: Pass, before: Array, update: Array) -> Origin:
    """Return where it began.

    Parameters
    ----------
    network : Network
        The shape.
    run : Pass
        The pass whose loss was no acceptable number.
    before, update : array (P,)
        The parameters that the last step started from, and what it added; zeros where none was taken.
    """
    with np.errstate(all="ignore"):
        ratios = [
            _ratio(block.view(before)[:n_in], block.view(update)[:n_in])
            for block, n_in in zip(network.blocks, network.sizes, strict=False)
        ]
        overflow = next((layer for layer, z in enumerate(run.inputs, start=1) if not np.isfinite(z).all()), None)
    if not update.any():
        return Origin(overflow=overflow)
    most = max(ratios)
    layer = max(index for index, ratio in enumerate(ratios, start=1) if ratio == most)
    return Origin(layer, most, overflow)


def _ratio(weights: Array, update: Array) -> float:
    """Return ‖ΔW‖ / ‖W‖, infinite where it is no number."""
    if not np.isfinite(update).all():
        return float("inf")
    ratio = float(np.float64(length(update)) / np.float64(length(weights)))
    return ratio if np.isfinite(ratio) else float("inf")
