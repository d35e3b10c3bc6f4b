"""What an engine keeps of itself, so that a run can come back to a step and go on with the same bits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..nets.activations import Array
from ..nets.normalization import NetStatistics
from ..optimizers.clipping import Clipping
from ..optimizers.optimizer import State
from ..optimizers.schedules import Plateau
from .batches import Place
from .continual import ContinualState


@dataclass(frozen=True, slots=True)
class EngineState:
    """Copies of all that the next steps depend on, besides the config.

    Attributes
    ----------
    theta : array (P,)
        Parameters.
    optimizer : tuple
        The optimizer's state.
    place : Place
        Where in its data the run is, with the state of the stream of orders.
    dropout : dict, optional
        State of the stream of masks; None before the first mask.
    running : tuple
        Running statistics of batch normalization.
    plateau : Plateau
        State of the schedule that looks at the loss.
    clipping : Clipping
        What clipping did so far.
    noise : dict, optional
        State of the stream of gradient noise; None before any was drawn.
    continual : ContinualState, optional
        Where continual backpropagation is; None where units are not replaced.
    """

    theta: Array
    optimizer: State
    place: Place
    dropout: Mapping[str, Any] | None
    running: NetStatistics
    plateau: Plateau
    clipping: Clipping
    noise: Mapping[str, Any] | None = None
    continual: ContinualState | None = None

    @property
    def nbytes(self) -> int:
        """About how much memory it takes."""
        arrays = [self.theta, *self.optimizer[1].values()]
        arrays += [array for layer in self.running if layer for array in (layer.mean, layer.variance)]
        return 4096 + sum(array.nbytes for array in arrays) + (self.continual.nbytes if self.continual else 0)
