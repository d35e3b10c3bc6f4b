"""What a run notes at some steps while it goes on: where θ was, and whether θ is still of a sound size.

Both are cheap, so that bursts of steps go on over them, and over the ends of epochs; a burst ends where more is to do.
"""

from __future__ import annotations

from ..nets.activations import Array
from .history import Path
from .past import Past
from .runaway import BOUND, GAP


class Waymarks:
    """The steps at which something is noted of θ.

    Parameters
    ----------
    past : Past
        Whose path takes positions.
    """

    def __init__(self, past: Past) -> None:
        self._past = past

    def until_next(self, step: int) -> int:
        """Return how many steps can be taken after `step` before something is to be noted, 1 or more."""
        return min(GAP - step % GAP, self._past.path.gap - step % self._past.path.gap)

    @property
    def path(self) -> Path:
        """What takes positions: machine code writes some itself."""
        return self._past.path

    def passed(self, step: int, theta: Array) -> bool:
        """Note what is to be noted of θ (P,) after `step` steps; return whether it has to be looked at closely."""
        self._past.path.add(step, theta)
        return step % GAP == 0 and not theta.dot(theta) <= BOUND * BOUND
