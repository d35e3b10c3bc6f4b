"""Parameters that run away while the loss may be flat: to be told long before they are no numbers any more.

A penalty ½λ₂w² bends the loss by λ₂ along every weight. Where that is above the limit of stability of the rule (2/η for
gradient descent, see `Optimizer.limit`), each step multiplies weights by more than 1 in size. AdamW's decay multiplies
by 1 − ηλ, which is beyond −1 where ηλ > 2. An output that levels off hides both from the loss. A rule that rescales
parameters takes steps of a bounded size, and so does one whose gradient is clipped: penalties do not throw those off.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..config.config import RunConfig
from ..nets.activations import Array
from ..optimizers.optimizer import Optimizer

#: Every so many steps it is looked at.
GAP = 32
#: Where the length of θ is beyond this, weights that grow by a factor at each step have run away.
BOUND = 1e6


class Runaway(NamedTuple):
    """Why parameters run away: ``"penalty"``, ``"decay"`` or ``"size"``; η times what pulls at them, where it does."""

    kind: str
    pull: float | None


def runaway(config: RunConfig, theta: Array, optimizer: Optimizer, learning_rate: float) -> Runaway | None:
    """Return why the parameters have run away, None if they have not.

    Parameters
    ----------
    config : RunConfig
        With the penalties in force.
    theta : array (P,)
        Parameters.
    optimizer : Optimizer
        The rule.
    learning_rate : float
        η of the coming step.
    """
    with np.errstate(all="ignore"):
        square = float(theta.dot(theta))
    if square <= BOUND * BOUND:
        return None
    thrown = pulled(config, optimizer, learning_rate)
    return thrown or (None if np.isfinite(square) else Runaway("size", None))


def pulled(config: RunConfig, optimizer: Optimizer, learning_rate: float) -> Runaway | None:
    """Return what makes weights grow at every step whatever the data say, None if nothing does."""
    decay = learning_rate * float(getattr(optimizer, "weight_decay", 0.0))
    if decay > 2:
        return Runaway("decay", decay)
    limit, clipped = optimizer.limit(), config.clip_value is not None or config.clip_norm is not None
    if optimizer.rates is None and limit is not None and not clipped and learning_rate * config.l2 > limit:
        return Runaway("penalty", learning_rate * config.l2)
    return None
