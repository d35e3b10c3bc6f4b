"""The gradient of a batch at other parameters than those in training, for rules that ask for it within a step."""

from __future__ import annotations

from copy import deepcopy

import numpy as np

from ..nets.activations import Array
from ..nets.losses import Loss
from ..nets.network import Network
from ..nets.passes import Pass, Training
from .gradient import Gradient


class Passes(dict[int, Pass]):
    """The passes of a network at parameters θ (P,), by batch size; one that is missing is made."""

    def __init__(self, network: Network, loss: str | Loss, theta: Array, slope: Array, training: Training) -> None:
        super().__init__()
        self._bound = network, loss, theta, slope
        self._training = training

    def __missing__(self, batch: int) -> Pass:
        self[batch] = made = Pass(*self._bound, batch, training=self._training)
        return made


class Elsewhere:
    """What an update rule calls for the gradient at a second point: the same function of θ, that of this step's batch.

    The same neurons drop out, batch normalization takes the batch as it is there, and its running statistics are left
    alone. What the step itself has left behind, such as activations and errors, stays.

    Parameters
    ----------
    network : Network
        The shape.
    loss : str or Loss
        That fits the output.
    way : Gradient
        What makes an optimizer's gradient of a slope.
    training : Training
        The stream of masks and the statistics of the passes in training.
    """

    def __init__(self, network: Network, loss: str | Loss, way: Gradient, training: Training) -> None:
        self._theta, self._slope = np.zeros_like(way.slope), np.zeros_like(way.slope)
        self._way, self._drops, self._masks = way, network.dropout > 0, training.rng.bit_generator
        own = deepcopy(training)
        self._own_masks = own.rng.bit_generator
        self._passes = Passes(network, loss, self._theta, self._slope, own)
        self._batch: tuple[Array, Array] | None = None

    def begin(self, x: Array, y: Array) -> None:
        """Tell the batch of a step, x (n_in + 1, n) and y (n_out, n), before its pass."""
        self._batch = x, y
        if self._drops:
            self._own_masks.state = self._masks.state

    def __call__(self, point: Array) -> Array:
        """Return the gradient (P,) at other parameters (P,); the buffer is good until the next call."""
        assert self._batch is not None
        x, y = self._batch
        np.copyto(self._theta, point)
        self._passes[x.shape[1]](x, y)
        return self._way.elsewhere(self._theta, self._slope)
