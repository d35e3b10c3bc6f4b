"""Trainability maps: bitmaps of which every pixel is a net trained with two numbers of its own.

Sohl-Dickstein (2024, "The boundary of neural network trainability is fractal", arXiv:2402.06184) trains a net with one
hidden layer of n neurons and no biases, in the scaling of mean fields, ``f(√2 · X W0 / √n) W1 / n`` (without the √2 for
the identity), by plain gradient descent on the mean squared error of all samples, with one learning rate for W0 and one
for W1. Where training ends in a smaller loss than it began with, the pixel converged; the line between the two kinds of
pixels is a fractal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..ground.errors import ConfigError, check_choice, check_integer
from ..nets.activations import ACTIVATIONS
from .pixels import ENGINES, Float64, MapNet, engine_of, losses_of, measured

#: What a map's axes can be: learning rates of W0 and W1; or one of both, and the scale of the first weights.
AXES = ("rates", "rate_scale")

#: Largest side of a map in pixels, steps of a run, entries of X and W0, and powers of ten on an axis.
MOST_PIXELS, MOST_STEPS, MOST_NUMBERS, MOST_DECADES = 4096, 100_000, 10_000_000, 300.0

Range = tuple[float, float]


class _Pair(NamedTuple):
    converged: NDArray[np.bool_]
    measure: Float64


class TrainabilityMap(_Pair):
    """A map: the pair ``converged, measure``, both (resolution, resolution), from the lowest y and x on.

    Attributes
    ----------
    converged : array of bool
        Whether the mean of the last 20 losses is below the first.
    measure : array
        What colours it, from losses v divided by the first and held at 10⁶, as is one that is no number: −Σv where the
        run converged, Σ1/v where it did not. So it is below 0 in one and above in the other, and large in size
        where a run was slow to go either way.
    engine : str
        What trained it: ``"numpy"`` or ``"compiled"``.
    """

    engine: str = "numpy"


@dataclass(frozen=True, slots=True, eq=False)
class MapTask:
    """Pixels to train: a net with its data, and where each pixel lies.

    Attributes
    ----------
    net : MapNet
        Weights, samples, activation and steps.
    x, y : array (k,)
        log₁₀ of the two numbers of each pixel.
    axes : str
        What they are, of `AXES`.
    engine : str
        ``"numpy"`` or ``"compiled"``, or ``"auto"``: whichever is there.
    """

    net: MapNet
    x: Float64
    y: Float64
    axes: str = "rates"
    engine: str = "auto"

    def losses(self, start: int, stop: int) -> Float64:
        """Return the loss before every step (steps, stop − start) of some of the pixels; NaN where it is no number."""
        first, second = 10.0 ** self.x[start:stop], 10.0 ** self.y[start:stop]
        ones = np.ones_like(first)
        numbers = (first, second, ones) if self.axes == "rates" else (first, first, second)
        return losses_of(self.net, *numbers, engine=self.engine)


def map_measures(task: MapTask, start: int, stop: int) -> Float64:
    """Return the measure (stop − start,) of some of the pixels of a task: below 0 where the run converged."""
    return measured(task.losses(start, stop))[1]


def map_losses(task: MapTask, start: int, stop: int) -> Float64:
    """Return the losses before every step of some of the pixels of a task, (stop − start, steps)."""
    return task.losses(start, stop).T


def map_net(
    W0: ArrayLike, W1: ArrayLike, X: ArrayLike, Y: ArrayLike, activation: str = "tanh", steps: int = 500
) -> MapNet:
    """Return the net of a map, checked; see `trainability_map` for shapes and errors."""
    arrays = {name: _matrix(name, values) for name, values in {"W0": W0, "W1": W1, "X": X, "Y": Y}.items()}
    check_choice("activation", activation, ACTIVATIONS)
    steps = check_integer("steps", steps, 1, MOST_STEPS)
    w0, w1, x, y = arrays.values()
    for name, other, axis, needed in (
        ("W0", "inputs of X", 0, x.shape[1]), ("W1", "neurons of W0", 0, w0.shape[1]),
        ("Y", "samples of X", 0, x.shape[0]), ("Y", "outputs of W1", 1, w1.shape[1]),
    ):  # fmt: skip
        found = arrays[name].shape[axis]
        if found != needed:
            kind = "columns" if axis else "rows"
            words = f"{name} must have {needed} {kind}, one for each of the {other}, got {found}"
            raise ConfigError(words, name, found)
    return MapNet(w0, w1, x, y, activation, steps)


def gaussian_net(width: int, activation: str = "tanh", steps: int = 500, seed: int = 0) -> MapNet:
    """Return a net and data as in the paper: all standard normal, as many samples as parameters, n inputs, one output.

    Parameters
    ----------
    width : int
        n, 1 to 256.
    activation, steps
        As for `trainability_map`.
    seed : int
        Of the weights and the samples.
    """
    n = check_integer("width", width, 1, 256)
    rng = np.random.default_rng(check_integer("seed", seed, 0, 2**32 - 1))
    shapes = ((n, n), (n, 1), (n * n + n, n), (n * n + n, 1))
    W0, W1, X, Y = (rng.standard_normal(shape) for shape in shapes)
    return map_net(W0, W1, X, Y, activation, steps)


def axis(name: str, low_high: Range, resolution: int) -> Float64:
    """Return the pixels' places (resolution,) on an axis, both ends included.

    Raises
    ------
    ConfigError
        If the range is none, or float64 cannot tell the numbers of neighbouring pixels apart.
    """
    values = np.asarray(low_high, np.float64)
    if values.shape != (2,) or not np.isfinite(values).all() or not values[0] < values[1]:
        raise ConfigError(f"{name} must be two numbers, low and high, got {low_high!r}", name, low_high)
    if np.abs(values).max() > MOST_DECADES:
        bound = f"-{MOST_DECADES:g} to {MOST_DECADES:g}"
        raise ConfigError(f"{name} must lie within {bound}, got {low_high!r}", name, low_high)
    places = np.linspace(values[0], values[1], resolution)
    if resolution > 1 and np.diff(10.0**places).min() <= 0:
        words = f"{name} is too narrow for {resolution} pixels: float64 cannot tell neighbours apart, got {low_high!r}"
        raise ConfigError(words, name, low_high)
    return places


def trainability_map(
    W0: ArrayLike,
    W1: ArrayLike,
    X: ArrayLike,
    Y: ArrayLike,
    activation: str = "tanh",
    steps: int = 500,
    x_log10: Range = (-3, 6),
    y_log10: Range = (-3, 6),
    resolution: int = 64,
    *,
    axes: str = "rates",
    engine: str = "auto",
    progress: Callable[[float], object] | None = None,
) -> TrainabilityMap:
    """Train a net once for every pixel, and return where it converged.

    Parameters
    ----------
    W0 : array (n_in, n)
        First weights of the hidden layer; n_in = n in the paper.
    W1 : array (n, n_out)
        First weights of the output layer.
    X : array (samples, n_in)
        Inputs.
    Y : array (samples, n_out)
        Targets.
    activation : str
        A name in `backscope.core.ACTIVATIONS`; ``"identity"`` is scaled without the √2.
    steps : int
        Steps of full-batch gradient descent, 1 to 100,000.
    x_log10, y_log10 : (low, high)
        log₁₀ of the learning rates of W0 (columns) and of W1 (rows), within ±300; both ends are pixels.
    resolution : int
        Pixels per side, 1 to 4096.
    axes : str
        ``"rates"``; or ``"rate_scale"``: x is the learning rate of both, y what W0 and W1 are multiplied with at first.
    engine : str
        ``"numpy"``, ``"compiled"`` (needs numba: ``pip install "backscope[fast]"``), or ``"auto"``: compiled where
        numba is there and knows the activation. The two agree in every pixel that a change of one unit in the last
        place of the weights leaves as it is.
    progress : callable, optional
        Hears of the share that is done, 0 to 1, after every few pixels. What it raises ends the map.

    Returns
    -------
    TrainabilityMap
        ``converged, measure``. Row 0 is the lowest y.

    Raises
    ------
    ConfigError
        For shapes that do not fit, numbers that are none, a value out of range, a range that is too narrow for
        float64, or an engine that is not there.

    Notes
    -----
    Memory: what the map takes itself, 9 bytes a pixel, and the losses of the few pixels that are trained at once.
    """
    net = map_net(W0, W1, X, Y, activation, steps)
    resolution = check_integer("resolution", resolution, 1, MOST_PIXELS)
    columns, rows = axis("x_log10", x_log10, resolution), axis("y_log10", y_log10, resolution)
    check_choice("axes", axes, AXES)
    check_choice("engine", engine, ENGINES)
    chosen = engine_of(net, engine)
    x, y = (grid.ravel() for grid in np.meshgrid(columns, rows))
    task = MapTask(net, x, y, axes, chosen)
    measure = np.empty(x.size)
    for start, stop in _chunks(x.size, net.pixels_at_once):
        measure[start:stop] = map_measures(task, start, stop)
        if progress is not None:
            progress(stop / x.size)
    square = measure.reshape(resolution, resolution)
    found = TrainabilityMap(square < 0, square)
    found.engine = chosen
    return found


def _chunks(size: int, step: int) -> Iterator[tuple[int, int]]:
    for start in range(0, size, step):
        yield start, min(start + step, size)


def _matrix(name: str, values: ArrayLike) -> Float64:
    try:
        array = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise ConfigError(f"{name} must be a matrix of numbers", name, None) from None
    if array.ndim != 2 or not 1 <= array.size <= MOST_NUMBERS:
        words = f"{name} must be a matrix of at most {MOST_NUMBERS} numbers, got shape {array.shape}"
        raise ConfigError(words, name, array.shape)
    if not np.isfinite(array).all():
        wrong = float(array[~np.isfinite(array)][0])
        raise ConfigError(f"{name} must have finite numbers only, got {wrong}", name, wrong)
    return array
