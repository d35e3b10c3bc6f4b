"""What a network learns from: the table of data sets, and the making of a run's own samples."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

import numpy as np

from ..ground.errors import ConfigError, check_choice
from ..ground.geometry import Interval
from ..ground.parts import Parts
from ..ground.streams import stream
from . import plane_data, real_data
from .dataset import MOST_CLASSES, PLANE_DOMAIN, Array, Dataset, DatasetRecord, Kind, Labels
from .features import FEATURES, derive
from .preparation import Scaling, encode, labels_in_proportion, mislabel, split


def feature_names(count: int) -> dict[str, str]:
    """Names x1, x2, … and how they are written: x₁, x₂, …"""
    subscripts = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
    return {name: name.translate(subscripts) for name in (f"x{i}" for i in range(1, count + 1))}


_PLANE = {name: feature.label for name, feature in FEATURES.items()}


def _classes(
    shape: plane_data.Shape, noise: float = 0.1, spread: float = 0.5, samples: int = 400, *, many: bool = False
) -> DatasetRecord:
    names = tuple(str(i) for i in range(MOST_CLASSES if many else 2))
    kind: Kind = "classes" if many else "binary"
    loss = "cross_entropy" if many else "bce"
    return DatasetRecord(
        kind, _PLANE, loss, samples, noise, spread, names, many=many, domain=PLANE_DOMAIN, shape=shape
    )  # fmt: skip


def _regression(surface: plane_data.Surface, noise: float = 0.1) -> DatasetRecord:
    return DatasetRecord("regression", _PLANE, "mse", 400, noise, domain=PLANE_DOMAIN, surface=surface)


def _truth(X: list[list[int]], *answers: int) -> DatasetRecord:
    """Samples that are all for training; in the plane where there are two inputs."""
    inputs, labels = np.array(X, dtype=np.float64), np.array(answers, dtype=np.int64)
    columns = feature_names(inputs.shape[1])
    domain = ((-0.5, 1.5), (-0.5, 1.5)) if len(columns) == 2 else None
    return DatasetRecord(
        *("binary", columns, "bce", len(X)), class_names=("0", "1"), split=False, domain=domain,
        load=lambda: (inputs, labels),
    )  # fmt: skip


def _measured(
    names: tuple[str, ...], class_names: tuple[str, ...], load: Callable[[], real_data.Samples], samples: int
) -> DatasetRecord:
    columns = {name.replace(" ", "_").replace("/", "_").lower(): name for name in names}
    kind: Kind = "binary" if len(class_names) == 2 else "classes" if class_names else "regression"
    loss = {"binary": "bce", "classes": "cross_entropy", "regression": "mse"}[kind]
    return DatasetRecord(kind, columns, loss, samples, class_names=class_names, standardize=True, load=load)


def _mazur() -> DatasetRecord:
    """The one sample of Matt Mazur's "A Step by Step Backpropagation Example" (2015), with a target for each output."""
    inputs, targets = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
    return DatasetRecord(
        *("regression", feature_names(2), "half_squared_error", 1),
        targets=2, split=False, domain=((-0.5, 1.5), (-0.5, 1.5)), load=lambda: (inputs, targets),
    )  # fmt: skip


def _modular_addition(modulus: int) -> DatasetRecord:
    """All sums of two numbers by a modulus: either number as one input out of so many, and a class for each sum.

    What grokking was first seen on (Power et al. 2022), with one-hot inputs as Gromov (2023) has them.
    """
    numbers = range(modulus)
    columns = {f"first{k}": f"{k} +" for k in numbers} | {f"second{k}": f"+ {k}" for k in numbers}

    def load() -> real_data.Samples:
        first, second = (rows.ravel() for rows in np.divmod(np.arange(modulus**2), modulus))
        return np.hstack([np.eye(modulus)[first], np.eye(modulus)[second]]), (first + second) % modulus

    def sketch(X: Array) -> Array:
        return np.column_stack([X[:, :modulus].argmax(axis=1), X[:, modulus:].argmax(axis=1)]) - modulus / 2

    names = tuple(str(k) for k in numbers)
    return DatasetRecord(
        *("classes", columns, "mse", modulus**2), class_names=names, load=lru_cache(load), sketch=sketch
    )  # fmt: skip


def _items() -> DatasetRecord:
    """Four living things, each an input of its own, and what is true of them (after Saxe, McClelland & Ganguli 2019).

    A hierarchy: some is true of all, some of animals or of plants, some of one of them only. The singular values of the
    table are 3.09 (all), 2.14 (animals from plants), 1.56 (bird from fish) and 1.20 (tree from flower).
    """
    properties = {
        "canary": "grows moves sees flies sings feathers", "salmon": "grows moves sees swims scales",
        "oak": "grows roots bark leaves", "rose": "grows roots petals",
    }  # fmt: skip
    known = sorted({name for names in properties.values() for name in names.split()})
    targets = np.array([[float(name in names.split()) for name in known] for names in properties.values()])
    inputs = np.eye(len(properties))
    return DatasetRecord(
        *("regression", {name: name for name in properties}, "half_squared_error", len(properties)),
        targets=len(known), split=False, load=lambda: (inputs, targets),
    )  # fmt: skip


_PAIRS = [[0, 0], [0, 1], [1, 0], [1, 1]]
_TUTORIAL = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]

#: name -> record; order is the order in which they are offered.
DATASETS: Parts[DatasetRecord] = Parts("dataset", {
    "circle": _classes(plane_data.circle),
    "xor": _classes(plane_data.xor),
    "gauss": _classes(plane_data.gauss, spread=0.7),
    "spiral": _classes(plane_data.spiral, noise=0.0, spread=0.25),
    "moons": _classes(plane_data.moons, spread=0.35),
    "checkerboard": _classes(plane_data.checkerboard, noise=0.0, spread=0.25, samples=800),
    "heart": _classes(plane_data.heart, noise=0.0, spread=0.25, samples=600),
    "rings": _classes(plane_data.rings, noise=0.0, spread=0.25, samples=600, many=True),
    "blobs": _classes(plane_data.blobs, many=True),
    "arms": _classes(plane_data.spiral, noise=0.0, spread=0.25, samples=600, many=True),
    "plane": _regression(plane_data.plane),
    "gaussian": _regression(plane_data.gaussian),
    "sine": _regression(plane_data.sine),
    "steps": _regression(plane_data.steps, noise=0.2),
    "truth_table": _truth(_TUTORIAL, 0, 1, 1, 0),
    "truth_table_column": _truth(_TUTORIAL, 0, 0, 1, 1),
    "truth_and": _truth(_PAIRS, 0, 0, 0, 1),
    "truth_or": _truth(_PAIRS, 0, 1, 1, 1),
    "truth_xor": _truth(_PAIRS, 0, 1, 1, 0),
    "mazur": _mazur(),
    "items": _items(),
    "modular_addition": _modular_addition(53),
    "digits": DatasetRecord(
        *("classes", feature_names(64), "cross_entropy", 1797),
        class_names=tuple("0123456789"), image=(8, 8), load=real_data.digits,
    ),
    "iris": _measured(real_data.IRIS, ("setosa", "versicolor", "virginica"), real_data.iris, 150),
    "wine": _measured(real_data.WINE, ("class 0", "class 1", "class 2"), real_data.wine, 178),
    "breast_cancer": _measured(real_data.BREAST_CANCER, ("malignant", "benign"), real_data.breast_cancer, 569),
    "diabetes": _measured(real_data.DIABETES, (), real_data.diabetes, 442),
})  # fmt: skip


_REGISTERED: dict[str, DatasetRecord] = {}


def register_record(name: str, record: DatasetRecord) -> None:
    """Let runs name a data set that is made elsewhere and not offered in `DATASETS`, as landscapes are."""
    _REGISTERED[name] = record


def find_record(name: object) -> DatasetRecord:
    """Return the record of a data set, the user's own ones and landscapes included.

    Raises
    ------
    ConfigError
        If there is no such data set, or if it was the user's own and is no longer here.
    """
    from .tables import UPLOADS  # here, because uploads make records

    if isinstance(name, str) and name in UPLOADS:
        return UPLOADS[name]
    if isinstance(name, str) and name in DATASETS:  # asked for at every step that is shown
        return DATASETS[name]
    if isinstance(name, str) and name.startswith("upload-"):
        raise ConfigError(f"the data {name[:40]} are not here any more: give their file again", "upload", name[:40])
    known = check_choice("data", name, [*DATASETS, *_REGISTERED])
    return DATASETS.get(known) or _REGISTERED[known]


class Choice(Protocol):
    """What a run chooses about its data; see `backscope.core.DataConfig`."""

    @property
    def name(self) -> str: ...
    @property
    def features(self) -> tuple[str, ...] | None: ...
    @property
    def samples(self) -> int: ...
    @property
    def noise(self) -> float: ...
    @property
    def label_noise(self) -> float: ...
    @property
    def classes(self) -> int: ...
    @property
    def balance(self) -> float: ...
    @property
    def test_fraction(self) -> float: ...
    @property
    def standardize(self) -> bool | None: ...
    @property
    def painted(self) -> tuple[tuple[float, float, int], ...]: ...
    @property
    def erased(self) -> tuple[int, ...]: ...
    @property
    def steps_per_task(self) -> int | None: ...
    @property
    def first_task(self) -> int: ...


def make_dataset(config: Choice, seed: int, output: str | None = None, loss: str | None = None) -> Dataset:
    """Make the samples of a run and split them.

    Points, noise, split and wrong labels each have a random stream of their own: more noise moves the same points
    further, more samples come on top of those there were, and a larger test set takes the smaller one in. Only the
    training set gets wrong labels, and only it decides the standard units. Samples that a hand has erased are left out
    after all that, and those that it has painted follow the training samples.

    Parameters
    ----------
    config : DataConfig or another `Choice`
        `samples` counts training and test set together; fixed data sets ignore it, and `noise` and `balance` too.
    seed : int
        In [0, 2³²).
    output, loss : str, optional
        The activation of the output layer and the loss that the targets have to fit.

    Returns
    -------
    Dataset
    """
    record = find_record(config.name)
    if record.make is not None:
        return record.make()
    raw, answers = _samples(record, config, seed)
    strata = answers.astype(np.int64) if record.kind != "regression" else np.zeros(len(raw), dtype=np.int64)
    train, test = split(strata, _tested(record, config), stream(seed, "split"))

    names = record.choose(config.features)
    places = [list(record.columns).index(name) for name in names]
    inputs = derive(raw, names) if record.in_plane else raw[:, places]
    standardize = record.standardize if config.standardize is None else config.standardize
    input_scaling = Scaling.learnt(inputs[train]) if standardize else Scaling.none(len(names))
    inputs = input_scaling(inputs)

    target_scaling = Scaling.none(record.targets)
    if record.kind == "regression":
        y = answers.reshape(len(raw), record.targets).astype(np.float64)
        target_range = (-1.0, 1.0)
        if record.fixed:
            target_scaling = Scaling.learnt(y[train]) if standardize else target_scaling
            y = target_scaling(y)
            target_range = float(y[train].min()), float(y[train].max())
    else:
        classes = config.classes if record.many else len(record.class_names)
        strata[train] = mislabel(strata[train], classes, config.label_noise, stream(seed, "labels"))
        if config.painted or config.erased:
            points, labels = _painted(config)
            train, test = _kept(train, test, config)
            raw, strata = np.vstack([raw, points]), np.append(strata, labels)
            inputs = np.vstack([inputs, input_scaling(derive(points, names))])
        y, target_range = encode(strata, classes, output, loss)

    X_train, X_test = _frozen(inputs[train]), _frozen(inputs[test])
    domain, points_train, points_test = record.domain, X_train, X_test
    if record.in_plane:
        points_train, points_test = _frozen(raw[train]), _frozen(raw[test])
    elif len(names) == 2 and (domain is None or standardize):
        domain = _around(inputs[:, 0]), _around(inputs[:, 1])
    elif len(names) != 2:
        domain = None
    return Dataset(
        name=config.name,
        kind=record.kind,
        X_train=X_train,
        y_train=_frozen(y[_dealt(train, config, seed)]),
        X_test=X_test,
        y_test=_frozen(y[test]),
        features=tuple(record.columns[name] for name in names),
        class_names=record.class_names[: config.classes] if record.many else record.class_names,
        image=record.image,
        domain=domain,
        target_range=target_range,
        derived=names if record.in_plane else (),
        points_train=points_train if domain else None,
        points_test=points_test if domain else None,
        input_scaling=input_scaling,
        target_scaling=target_scaling,
        places=_places(train, test, len(raw) - len(config.painted)),
    )


def left_to_train(config: Choice, seed: int) -> int:
    """Return how many training samples of classes in the plane there are, when a hand has painted and erased."""
    record = find_record(config.name)
    strata = labels_in_proportion(config.samples, record.classes_for(config.classes), config.balance)
    train, test = split(strata, _tested(record, config), stream(seed, "split"))
    return len(_kept(train, test, config)[0])


def _tested(record: DatasetRecord, config: Choice) -> float:
    """Return the share of test samples: none where targets are dealt out at random, since there is no rule to find."""
    return config.test_fraction if record.split and config.steps_per_task is None else 0.0


def _dealt(train: Labels, config: Choice, seed: int) -> Labels:
    """Return which row's target each training row has: its own, or in a task one dealt out at random."""
    if config.steps_per_task is None:
        return train
    return train[dealt_order(len(train), config.first_task, seed)]


def dealt_order(count: int, task: int, seed: int) -> Labels:
    """Return whose target each of so many training samples has in a task: one dealt out at random."""
    order: Labels = stream(seed, "tasks", task).permutation(count)
    return order


def _kept(train: Labels, test: Labels, config: Choice) -> tuple[Labels, Labels]:
    """Return which rows train and test when a hand has erased some, and painted others that come after all rows."""
    count = len(train) + len(test)
    train, test = (rows[~np.isin(rows, config.erased)] for rows in (train, test))
    return np.append(train, np.arange(count, count + len(config.painted))), test


def _painted(config: Choice) -> tuple[Array, Labels]:
    """Return the points (n, 2) and labels (n,) that a hand has painted."""
    samples = np.array(config.painted, np.float64).reshape(-1, 3)
    return samples[:, :2], samples[:, 2].astype(np.int64)


def _places(train: Labels, test: Labels, drawn: int) -> Labels:
    """Return where training and test rows stand among the drawn samples; −1, −2, … for what was painted."""
    rows = np.concatenate([train, test])
    places: Labels = np.where(rows < drawn, rows, drawn - rows - 1)
    return places


def _samples(record: DatasetRecord, config: Choice, seed: int) -> real_data.Samples:
    """All points or columns (n, d) with their labels (n,), or targets (n,) or (n, targets), before the split."""
    if record.load is not None:
        return record.load()
    shifts = stream(seed, "noise")
    if record.surface is not None:
        X = stream(seed, "data").uniform(-1.0, 1.0, (config.samples, 2))
        return X, record.surface(X) + record.spread * config.noise * shifts.standard_normal(config.samples)
    assert record.shape is not None
    classes = config.classes if record.many else len(record.class_names)
    X, labels = _undisturbed(record.shape, config.samples, classes, config.balance, seed)
    return plane_data.fold(X + record.spread * config.noise * shifts.standard_normal(X.shape)), labels.copy()


@lru_cache(maxsize=8)
def _undisturbed(
    shape: plane_data.Shape, samples: int, classes: int, balance: float, seed: int
) -> tuple[Array, Labels]:
    """Points (n, 2) and labels (n,) without noise; the last few are kept, for a hand that changes the noise."""
    labels = labels_in_proportion(samples, classes, balance)
    return shape(labels, stream(seed, "data")), labels


def _around(values: Array) -> Interval:
    """The interval of `values` (n,) with some room on both sides."""
    low, high = float(values.min()), float(values.max())
    room = 0.1 * (high - low) or 1.0
    return low - room, high + room


def _frozen(array: Array) -> Array:
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array
