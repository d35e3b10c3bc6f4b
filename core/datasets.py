"""What a network learns from: the table of data sets, and the samples of one as training and test arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from . import plane_data, real_data
from .streams import stream

if TYPE_CHECKING:
    from .config import DataConfig

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Kind = Literal["binary", "classes", "regression"]
Interval = tuple[float, float]

PLANE_DOMAIN: tuple[Interval, Interval] = ((-1.2, 1.2), (-1.2, 1.2))


@dataclass(frozen=True, slots=True)
class DatasetRecord:
    """An entry of the table of data sets.

    Exactly one of `shape`, `surface` and `load` says where the samples come from.

    Parameters
    ----------
    kind : {"binary", "classes", "regression"}
    inputs, outputs : int
        Numbers per sample; two classes need one output, k > 2 classes k of them.
    loss : str
        The loss that fits, used where a run names none.
    samples, noise : int, float
        What is offered at first. Fixed data sets have their own size and no noise.
    spread : float
        Standard deviation of the shifts that a noise of 1 gives to points, or to the targets of regression.
    class_names : tuple of str
        Empty for regression.
    image : tuple of int, optional
        Rows and columns, when a sample is a picture.
    split : bool
        False when every sample is for training, as in a truth table.
    shape : callable, optional
        Places classes in the plane, see `plane_data`.
    surface : callable, optional
        The target at each point of the plane, see `plane_data`.
    load : callable, optional
        Returns the inputs (n, inputs) and the labels (n,) or targets (n,) of a fixed data set.
    """

    kind: Kind
    inputs: int
    outputs: int
    loss: str
    samples: int
    noise: float = 0.0
    spread: float = 0.5
    class_names: tuple[str, ...] = ()
    image: tuple[int, int] | None = None
    split: bool = True
    shape: plane_data.Shape | None = None
    surface: plane_data.Surface | None = None
    load: Callable[[], tuple[Array, Array | Labels]] | None = None

    @property
    def fixed(self) -> bool:
        """Whether the samples are given: size and noise cannot be chosen."""
        return self.load is not None

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the inputs: x₁, x₂, …"""
        return feature_names(self.inputs)


@dataclass(frozen=True, slots=True)
class Dataset:
    """The samples of one run, sample-major and float64; the arrays cannot be written to.

    Parameters
    ----------
    name : str
    kind : {"binary", "classes", "regression"}
    X_train, X_test : ndarray of shape (n_train, inputs), (n_test, inputs)
    y_train, y_test : ndarray of shape (n_train, outputs), (n_test, outputs)
        Classes as one-hot rows; two classes with one output as 0 and 1, or −1 and 1 for a tanh output and for hinge.
    features, class_names : tuple of str
    image : tuple of int or None
    domain : pair of intervals or None
        The part of the input plane to draw; None unless there are two inputs.
    target_range : tuple of float
        Lowest and highest target; for classes, their middle is where the decision lies.
    """

    name: str
    kind: Kind
    X_train: Array
    y_train: Array
    X_test: Array
    y_test: Array
    features: tuple[str, ...]
    class_names: tuple[str, ...]
    image: tuple[int, int] | None
    domain: tuple[Interval, Interval] | None
    target_range: Interval

    @property
    def inputs(self) -> int:
        """Numbers per sample."""
        return len(self.features)

    @property
    def outputs(self) -> int:
        """Targets per sample."""
        return int(self.y_train.shape[1])


def feature_names(count: int) -> tuple[str, ...]:
    """x₁, x₂, … as many as asked for."""
    subscripts = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
    return tuple(f"x{i}".translate(subscripts) for i in range(1, count + 1))


def _truth_table(*answers: int) -> Callable[[], tuple[Array, Labels]]:
    """The tutorials' four samples of three inputs, the last of which is always 1."""
    X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=np.float64)
    y = np.array(answers, dtype=np.int64)
    return lambda: (X, y)


def _binary(shape: plane_data.Shape, noise: float = 0.1, spread: float = 0.5) -> DatasetRecord:
    return DatasetRecord("binary", 2, 1, "bce", 400, noise, spread, class_names=("0", "1"), shape=shape)


def _regression(surface: plane_data.Surface) -> DatasetRecord:
    return DatasetRecord("regression", 2, 1, "mse", 400, 0.1, surface=surface)


def _truth(*answers: int) -> DatasetRecord:
    table = _truth_table(*answers)
    return DatasetRecord("binary", 3, 1, "bce", 4, class_names=("0", "1"), split=False, load=table)


DATASETS: dict[str, DatasetRecord] = {
    "circle": _binary(plane_data.circle),
    "xor": _binary(plane_data.xor),
    "gauss": _binary(plane_data.gauss, spread=0.7),
    "spiral": _binary(plane_data.spiral, noise=0.0, spread=0.25),
    "plane": _regression(plane_data.plane),
    "gaussian": _regression(plane_data.gaussian),
    "truth_table": _truth(0, 1, 1, 0),
    "truth_table_column": _truth(0, 0, 1, 1),
    "digits": DatasetRecord(
        "classes", 64, 10, "cross_entropy", 1797, class_names=tuple("0123456789"), image=(8, 8), load=real_data.digits
    ),
}


def make_dataset(config: DataConfig, seed: int, output: str | None = None, loss: str | None = None) -> Dataset:
    """Make the samples of a run and split them.

    Points, noise and split each have a random stream of their own: more noise moves the same points further, more
    samples come on top of those there were, and a larger test set takes the smaller one in.

    Parameters
    ----------
    config : DataConfig
        `samples` counts training and test set together; fixed data sets ignore it, and `noise` too.
    seed : int
        In [0, 2³²).
    output, loss : str, optional
        The activation of the output layer and the loss that the targets have to fit.

    Returns
    -------
    Dataset
    """
    record = DATASETS[config.name]
    X, answers = _samples(record, config, seed)
    if record.kind == "regression":
        y, target_range = answers[:, None].astype(np.float64), (-1.0, 1.0)
        strata = np.zeros(len(X), dtype=np.int64)
    else:
        strata = answers.astype(np.int64)
        y, target_range = encode(strata, len(record.class_names), output, loss)
    test_fraction = config.test_fraction if record.split else 0.0
    train, test = split(strata, test_fraction, stream(seed, "split"))
    return Dataset(
        name=config.name,
        kind=record.kind,
        X_train=_frozen(X[train]),
        y_train=_frozen(y[train]),
        X_test=_frozen(X[test]),
        y_test=_frozen(y[test]),
        features=record.features,
        class_names=record.class_names,
        image=record.image,
        domain=PLANE_DOMAIN if record.inputs == 2 else None,
        target_range=target_range,
    )


def encode(labels: Labels, classes: int, output: str | None = None, loss: str | None = None) -> tuple[Array, Interval]:
    """Turn labels (n,) into targets (n, 1) for two classes or one-hot (n, classes) for more.

    Also returns the numbers that stand for no and yes.
    """
    low = -1.0 if output == "tanh" or loss == "hinge" else 0.0
    yes = labels[:, None] == (1 if classes == 2 else np.arange(classes))
    return np.where(yes, 1.0, low), (low, 1.0)


def split(strata: Labels, test_fraction: float, rng: np.random.Generator) -> tuple[Labels, Labels]:
    """Draw a test set in which every class has its share.

    All samples are put into one random sequence, each beginning of which holds the classes in proportion; the test
    set is the beginning of it.

    Parameters
    ----------
    strata : ndarray of shape (n,)
        The class of each sample.
    test_fraction : float
        In [0, 1).
    rng : numpy.random.Generator
        Draws the sequence.

    Returns
    -------
    train, test : ndarray of int
        Rows, ascending; together all of them.
    """
    keys = rng.random(len(strata))
    place = np.empty(len(strata))
    for label in np.unique(strata):
        members = np.flatnonzero(strata == label)
        order = np.argsort(keys[members])
        place[members[order]] = (np.arange(len(members)) + 0.5) / len(members)
    sequence = np.lexsort((keys, place))
    count = min(round(test_fraction * len(strata)), len(strata) - 1)
    return np.sort(sequence[count:]), np.sort(sequence[:count])


def _samples(record: DatasetRecord, config: DataConfig, seed: int) -> tuple[Array, Array | Labels]:
    """All inputs (n, inputs) with their labels (n,) or targets (n,), before the split."""
    points, shifts = stream(seed, "data"), stream(seed, "noise")
    if record.load is not None:
        return record.load()
    if record.surface is not None:
        X = points.uniform(-1.0, 1.0, (config.samples, 2))
        return X, record.surface(X) + record.spread * config.noise * shifts.standard_normal(config.samples)
    assert record.shape is not None
    labels = np.arange(config.samples) % len(record.class_names)
    X = record.shape(labels, points)
    return plane_data.fold(X + record.spread * config.noise * shifts.standard_normal(X.shape)), labels


def _frozen(array: Array) -> Array:
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array
