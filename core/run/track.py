"""Where a run has been: the positions θ that are known of its way, and single parameters along it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..insight.laboratory import moved, steps_to_move
from ..nets.activations import Array
from ..optimizers.optimizer import Optimizer
from ..optimizers.table import make_optimizer
from .history import Path
from .past import Past
from .standing import Standing


class Track:
    """The way of a run through parameter space. Reading changes nothing.

    Parameters
    ----------
    at : Standing
        Where it stands.
    past : Past
        What is remembered of its way.
    """

    def __init__(self, at: Standing, past: Past) -> None:
        self._at, self._past = at, past

    @property
    def _path(self) -> Path:
        return self._past.path

    @property
    def start(self) -> Array:
        """The parameters (P,) at step 0, as a view."""
        _, positions = self._path.kept(0)
        first: Array = positions[0]
        return first

    def path(self, max_points: int = 500) -> tuple[NDArray[np.int64], Array]:
        """Return steps (k,) and positions θ (k, P) along the run so far, from step 0 to the present, k ≤ max_points."""
        return self._path.until(self._at.step_count, self._at.engine.theta, max_points)

    def end(self) -> tuple[int, Array]:
        """Return the furthest step that is known of this branch, and the position θ (P,) there.

        After a return it is the last one that the path has kept, at most one of its gaps before `furthest`.
        """
        step, theta = self._path.last()
        here = self._at.step_count
        return (step, theta) if step > here else (here, self._at.engine.theta.copy())

    def snapshots(self, most: int) -> list[int]:
        """Return at most `most` steps of this run whose parameters are still known, evenly, step 0 among them."""
        steps, _ = self._path.kept(self._at.step_count)
        return [int(step) for step in steps[:: -(-len(steps) // most)]]

    def snapshot(self, step: int) -> Array | None:
        """Return the parameters (P,) at a step, or None if they are no longer known."""
        steps, positions = self._path.kept(self._at.step_count)
        index = step // self._path.gap
        return positions[index].copy() if index < len(steps) and steps[index] == step else None

    def tasks(self) -> NDArray[np.float64]:
        """Return number, training loss and accuracy (k, 3) at the end of each task that lies behind the present."""
        length = self._at.config.data.steps_per_task
        return self._past.tasks.until(0 if length is None else self._at.step_count // length)

    def parameter(self, index: int, max_points: int = 200) -> tuple[NDArray[np.int64], Array]:
        """Return steps (k,) and one parameter's values (k,) along the run so far, the present among them."""
        here = self._at.step_count
        steps, values = self._path.column(here, index, max_points)
        if steps[-1] != here:
            steps, values = np.append(steps, here), np.append(values, self._at.engine.theta[index])
        return steps, values

    def moved(self) -> NDArray[np.float64]:
        """Return by what share of its norm each layer's W (L,) has moved since step 0."""
        return moved(self._at.engine.network, self.start, self._at.engine.theta)

    def steps_to_move(self, least: float = 0.01) -> NDArray[np.float64]:
        """Return after how many steps each layer's W (L,) had first moved by a share; NaN where it has not."""
        here, network = self._at.step_count, self._at.engine.network
        steps, positions = self._path.kept(here)
        shares = np.vstack([moved(network, positions[0], positions), self.moved()])
        return steps_to_move(np.append(steps, here), shares, least)

    def kept_steps(self) -> list[int]:
        """Return the steps up to the present at which all of the run is remembered, its optimizer too."""
        return [step for step in self._past.keyframes.steps if step <= self._at.step_count]

    def kept(self, step: int) -> tuple[Array, Optimizer]:
        """Return parameters (P,) and optimizer as they were at one of the `kept_steps`."""
        frame = self._past.keyframes.before(step)
        wanted, theta = frame.config.optimizer, frame.engine.theta
        optimizer = make_optimizer(wanted.name, wanted.learning_rate, **wanted.hyperparameters)
        optimizer.start(theta, self._at.engine.network.matrices)
        optimizer.restore(frame.engine.optimizer)
        return theta, optimizer
