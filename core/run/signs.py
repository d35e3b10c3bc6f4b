"""What a run shows at one look, from which symptoms are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..config.config import RunConfig
from ..nets.activations import Array
from ..optimizers.clipping import Clipping
from .runaway import Runaway, pulled

if TYPE_CHECKING:
    from .trainer import Trainer

#: Batch losses of so many steps are looked at, one by one.
RECENT = 64


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """One look at a run.

    Attributes
    ----------
    config : RunConfig
        Edits applied.
    step, per_epoch : int
        Steps taken, and steps of an epoch.
    rate : float
        η of the next step.
    loss, test_loss : float
        Over the full sets; NaN without a test set.
    constant : float
        The training loss of the best constant answer.
    begun : float
        The training loss of the parameters that the run began with.
    spread : float
        How much answers differ from sample to sample, as a share of how targets do.
    flat : tuple of bool
        Per hidden layer, whether all neurons have the slope 0 for all training samples.
    saturated : tuple of float
        Per hidden layer, the share of neurons and samples on a flat end of a bounded activation.
    delta : array (L,)
        Size of δ in the last batch, per layer after the input.
    sizes : (float, float)
        ‖θ‖ at the start and now.
    pull : Runaway or None
        What makes weights grow at every step whatever the data say.
    clipping : Clipping or None
        What clipping did; None where nothing is clipped.
    recent : array (k,)
        Batch losses of the last steps.
    past : array (m, 3)
        Step, loss and test loss of this look and those before it.
    tasks : array (k,)
        Training loss at the end of each task that lies behind; none where there is but one.
    """

    config: RunConfig
    step: int
    per_epoch: int
    rate: float
    loss: float
    test_loss: float
    constant: float
    begun: float
    spread: float
    flat: tuple[bool, ...]
    saturated: tuple[float, ...]
    delta: NDArray[np.float64]
    sizes: tuple[float, float]
    pull: Runaway | None
    clipping: Clipping | None
    recent: Array
    past: NDArray[np.float64]
    tasks: NDArray[np.float64]

    @property
    def functions(self) -> tuple[str, ...]:
        """The activation of each hidden layer."""
        activation, count = self.config.network.activation, len(self.config.network.hidden)
        return (activation,) * count if isinstance(activation, str) else activation


def signs_of(trainer: Trainer, past: NDArray[np.float64]) -> Signs:
    """Look at a run whose net has taken a step; `past` are the rows of earlier looks. Nothing is changed by it."""
    config, view, step, metrics = trainer.config, trainer.view, trainer.step_count, trainer.evaluate()
    n, batch = len(trainer.dataset.X_train), config.batch_size
    rate, norms = trainer.learning_rate, trainer.last_step.norms()
    layers = view.flatness()
    with np.errstate(all="ignore"):
        start, now = float(np.linalg.norm(trainer.track.start)), float(np.linalg.norm(trainer.theta))
    return Signs(
        config,
        step,
        1 if batch is None else -(-n // batch),
        rate,
        metrics.loss,
        metrics.test_loss,
        view.constant_loss,
        view.start_loss(trainer.track.start),
        view.spread(),
        tuple(flat for flat, _ in layers),
        tuple(saturated for _, saturated in layers),
        norms[0],
        (start, now),
        pulled(config, trainer.last_step.optimizer, rate),
        view.clipping,
        trainer.losses.tail(step - RECENT).losses,
        np.vstack([past, [(step, metrics.loss, metrics.test_loss)]]),
        trainer.track.tasks()[:, 1],
    )
