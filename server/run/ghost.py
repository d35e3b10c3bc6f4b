"""A run that was left by beginning anew: what it was about, and its curve, as long as it can be had back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from .curves import thinned
from .lane import Lane


@dataclass(frozen=True, slots=True)
class Ghost:
    """What is told of a run that was left.

    Parameters
    ----------
    data : str
        Name of the data set, or of the landscape.
    hidden : tuple of int
        Neurons of its hidden layers; none on a landscape.
    loss : str
        Its loss.
    step : int
        Where it stood.
    curve : mapping
        Steps and full training losses, as the curves take them; no more than some 200.
    """

    data: str
    hidden: tuple[int, ...]
    loss: str
    step: int
    curve: Mapping[str, Any] = field(hash=False)

    @classmethod
    def of(cls, lane: Lane, step: int) -> Self:
        """Return the ghost of a lane that stood at a step."""
        config = lane.trainer.config
        hidden = () if config.on_landscape else tuple(config.network.hidden)
        loss = "landscape" if config.on_landscape else config.output_and_loss()[1]
        return cls(config.data.name, hidden, loss, step, lane.metrics.whole())

    def told(self) -> dict[str, Any]:
        """Return what is said of it, without its curve."""
        return {"data": self.data, "hidden": list(self.hidden), "loss": self.loss, "step": self.step}

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**self.told(), "curve": dict(self.curve)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Build it from plain data; TypeError or ValueError if there is no such ghost."""
        steps, losses = (np.asarray(values["curve"][name], np.float64) for name in ("step", "loss"))
        if steps.ndim != 1 or steps.shape != losses.shape:
            raise ValueError("a curve must have as many losses as steps")
        rows = np.column_stack([steps, losses])
        hidden = tuple(map(int, values["hidden"]))
        return cls(str(values["data"]), hidden, str(values["loss"]), int(values["step"]), thinned(rows))
