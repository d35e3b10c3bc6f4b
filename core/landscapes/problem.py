"""A landscape as the problem of a run: a net of two weights and nothing else, whose loss is the function.

One sample, whose input is 1, goes through two weights without bias to two outputs that are left as they are: z = (x, y)
are the parameters themselves, and the loss C(z) = f(x, y) is the landscape. So its gradient is that of the function to
the last bit, and everything that is true of a run (optimizers, schedules, clipping, edits, keyframes, planes, the chain
rule) is true of a landscape without a word more.
"""

from __future__ import annotations

from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from ..data.dataset import Dataset, DatasetRecord
from ..data.datasets import register_record
from ..data.preparation import Scaling
from ..ground.streams import stream
from ..nets.activations import Array
from ..nets.batch_losses import Evaluate
from ..nets.losses import Loss, register_loss
from ..optimizers.table import OPTIMIZERS
from .functions import LANDSCAPES, Landscape

#: The share of the window's shorter side that a step should go which is about as long as the learning rate.
_STRIDE = 0.01
#: Starts are drawn from so much of the window: not at its rim.
_MIDDLE = 0.9


def _record(name: str) -> DatasetRecord:
    """Return the entry that stands for a landscape where a run names its data."""
    one, none = np.ones((1, 1)), np.zeros(1, dtype=np.int64)
    make = partial(landscape_dataset, name)
    return DatasetRecord("landscape", {"one": "1"}, name, 1, split=False, load=lambda: (one, none), make=make)


@cache
def landscape_dataset(name: str) -> Dataset:
    """Return the one sample of a landscape: an input of 1, and targets that its loss never looks at."""
    one, targets, none = np.ones((1, 1)), np.zeros((1, 2)), np.zeros((0, 1))
    no_targets = np.zeros((0, 2))
    for array in (one, targets, none, no_targets):
        array.flags.writeable = False
    return Dataset(
        name=name,
        kind="landscape",
        X_train=one,
        y_train=targets,
        X_test=none,
        y_test=no_targets,
        features=("1",),
        class_names=(),
        image=None,
        domain=None,
        target_range=(-1.0, 1.0),
        derived=(),
        points_train=None,
        points_test=None,
        input_scaling=Scaling.none(1),
        target_scaling=Scaling.none(1),
        places=np.zeros(1, np.int64),
    )


@cache
def landscape_loss(name: str) -> Loss:
    """Return the loss C(z) = f(z₁, z₂) of a net with two outputs."""
    landscape = LANDSCAPES[name]

    def bind(z: Array, a: Array, slope: Array) -> Evaluate:
        x, y, total = a[0], a[1], np.ones(a.shape[1], a.dtype).dot
        f, df, by_x, by_y = landscape.f, landscape.df, slope[0], slope[1]

        def evaluate(targets: Array) -> float:
            by_x[...], by_y[...] = df(x, y)
            return float(total(f(x, y)))

        return evaluate

    def totals(a: Array, y: Array) -> Array:
        values: Array = landscape.f(a[0], a[1]).sum(axis=1)
        return values

    return Loss(name, bind, outputs=("identity",), kinds=("landscape",), totals=totals)


def start_of(landscape: Landscape, seed: int) -> NDArray[np.float64]:
    """Return where a run begins that names no start: the landscape's own with seed 0, else one drawn from its window.

    Parameters
    ----------
    landscape : Landscape
        The function.
    seed : int
        Root of the run's random streams.

    Returns
    -------
    array (2,)
        x and y.
    """
    if seed == 0:
        return np.array(landscape.start, dtype=np.float64)
    low, high = np.array(landscape.domain, dtype=np.float64).T
    share = 0.5 + _MIDDLE * (stream(seed, "initialization").random(2) - 0.5)
    return np.asarray(low + share * (high - low))


def fitting_rate(landscape: Landscape, optimizer: str) -> float:
    """Return a learning rate at which an optimizer of `OPTIMIZERS` can be watched on a landscape.

    Rules whose steps follow the slope take the landscape's own rate, those with momentum as much less of it as they
    usually do; rules whose steps are about as long as the rate, whatever the slope is, go a share of the window; a rule
    with a measure of its own keeps its usual rate.
    """
    usual = OPTIMIZERS[optimizer].usual
    if usual.measure == "rate":
        return float(f"{_STRIDE * min(high - low for low, high in landscape.domain):.1g}")
    if usual.measure == "own":
        return usual.rate
    return float(f"{landscape.rate * usual.rate / OPTIMIZERS['sgd'].usual.rate:.2g}")


for _name in LANDSCAPES:
    register_record(_name, _record(_name))
    register_loss(_name, partial(landscape_loss, _name))
