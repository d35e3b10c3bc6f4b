"""What the best constant answer costs: the loss of a net that says the same to every sample.

A net that has learnt nothing ends there: at the mean of the targets with squared errors, at the shares of the classes
with cross-entropies, at the median with absolute errors.
"""

from __future__ import annotations

import numpy as np

from ..nets.activations import Array
from ..nets.losses import Loss

#: Shares of classes are kept so far from 0 and 1, whose logits are infinite.
_EDGE = 1e-12


def constant_loss(loss: Loss, targets: Array) -> float:
    """Return the loss of the better of two constant answers, the mean of the targets and their median.

    Parameters
    ----------
    loss : Loss
        One that says how wrong an output is.
    targets : array (n, n_out)
        As the loss takes them; n ≥ 1.
    """
    y = np.ascontiguousarray(targets.T)
    found = []
    for answer in (targets.mean(axis=0), np.median(targets, axis=0)):
        z = _logits(loss, answer.astype(y.dtype)) if loss.output else answer
        z = np.repeat(np.asarray(z, y.dtype)[:, None], y.shape[1], axis=1)
        a, slope = z.copy(), np.empty_like(z)
        with np.errstate(all="ignore"):
            found.append(loss.bind(z, a, slope)(y) / loss.count(*y.shape))
    return float(np.nanmin(found))


def _logits(loss: Loss, shares: Array) -> Array:
    """Return z at which the output that a loss is computed through says these shares."""
    held = np.clip(shares.astype(np.float64), _EDGE, 1 - _EDGE)
    logits: Array = np.log(held) - (np.log1p(-held) if loss.output == "sigmoid" else 0.0)
    return logits
