"""What clipping did: how long the gradient was before and after, and in how many steps it was cut at all."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Clipping:
    """Clipping since it has held at its present bounds.

    Attributes
    ----------
    steps : int
        Steps taken.
    clipped : int
        Those in which the gradient was made shorter.
    before, after : float
        Euclidean norm of the last gradient, and of what the optimizer got of it; NaN before the first step.
    """

    steps: int = 0
    clipped: int = 0
    before: float = math.nan
    after: float = math.nan

    def then(self, before: float, after: float) -> Clipping:
        """Return what there is to say after another step."""
        cut = after < before
        return replace(self, steps=self.steps + 1, clipped=self.clipped + cut, before=before, after=after)
