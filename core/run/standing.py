"""Where a run stands: what its trainer changes, and what all that only looks at the run reads."""

from __future__ import annotations

from dataclasses import dataclass

from ..config.config import RunConfig
from .engine import Engine
from .samples import Samples
from .stopping import Divergence


@dataclass(slots=True)
class Standing:
    """The present of a run.

    Attributes
    ----------
    config : RunConfig
        With the edits applied.
    samples : Samples
        What is trained on.
    engine : Engine
        Parameters, gradient, optimizer and data in order: all that a step changes.
    step_count : int
        Steps taken.
    diverged : Divergence or None
        Once set, no step is taken until the run goes back.
    """

    config: RunConfig
    samples: Samples
    engine: Engine
    step_count: int = 0
    diverged: Divergence | None = None
