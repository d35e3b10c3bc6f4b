"""How far an error signal reaches in nets of other depths and widths, before a single step is taken.

One number per shape: log₁₀ of the error in the first hidden layer over that in the last. 0 is a net that hands errors
on as they are; −8 is one whose first layer hears a hundred-millionth of them (Glorot & Bengio 2010; Schoenholz et al.
2017 draw the same map by mean fields).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..config.config import RunConfig
from ..data.dataset import Dataset
from ..nets.activations import Array
from ..nets.losses import smooth
from ..nets.network import Network

#: Samples that a shape is tried with, and random starts whose mean is told.
SAMPLES, STARTS = 64, 3


@dataclass(frozen=True, slots=True, eq=False)
class MapTask:
    """Shapes to try, with all else that a net needs.

    Attributes
    ----------
    shapes : tuple of (depth, width)
        Hidden layers, and neurons in each.
    X, y : array (n, n_in), (n, n_out)
        The samples.
    loss, output, activation, initializer, normalization, bias, leaky_slope, residual, scale, seed
        As in a `RunConfig`; the normalization is that of all hidden layers.
    """

    shapes: tuple[tuple[int, int], ...]
    X: Array
    y: Array
    loss: str
    output: str
    activation: str
    initializer: str
    normalization: str | None
    bias: bool
    leaky_slope: float
    residual: bool
    scale: float | None
    seed: int

    @classmethod
    def of(
        cls,
        config: RunConfig,
        data: Dataset,
        shapes: tuple[tuple[int, int], ...],
        activation: str,
        initializer: str,
        normalization: str | None,
        scale: float | None = None,
    ) -> MapTask:
        """Return the task that tries shapes on the data of a run."""
        output, loss = config.output_and_loss()
        y = smooth(data.y_train, config.label_smoothing)[:SAMPLES]
        net = config.network
        residual = net.residual is True
        return cls(
            shapes, data.X_train[:SAMPLES], y, loss, output, activation, initializer, normalization, net.bias,
            net.leaky_slope, residual, scale, config.seed,
        )  # fmt: skip

    def network(self, depth: int, width: int) -> Network:
        """Return the net of a shape."""
        return Network(
            [self.X.shape[1], *[width] * depth, self.y.shape[1]],
            self.activation,
            self.output,
            self.bias,
            normalization=self.normalization,
            leaky_slope=self.leaky_slope,
            residual=self.residual,
        )


def first_to_last(task: MapTask, start: int, stop: int) -> NDArray[np.float64]:
    """Return log₁₀ of the first hidden layer's RMS δ over the last one's (stop − start,) for some of the shapes.

    It is the mean over three random starts; NaN where an error is 0 or no number.
    """
    with np.errstate(all="ignore"):
        shapes = task.shapes[start:stop]
        return np.array([np.mean([_one(task, *shape, task.seed + k) for k in range(STARTS)]) for shape in shapes])


def _one(task: MapTask, depth: int, width: int, seed: int) -> float:
    network = task.network(depth, width)
    theta = network.initialize(task.initializer, seed, task.scale)
    layers = network.backpropagate(theta, task.X, task.y, task.loss).layers
    first, last = (np.sqrt(np.mean(np.square(layers[k].delta))) for k in (0, depth - 1))
    ratio = float(np.log10(first / last))
    return ratio if np.isfinite(ratio) else float("nan")
