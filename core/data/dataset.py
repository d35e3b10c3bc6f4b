"""What a data set is: its entry in the table, and the samples of one run as training and test arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..ground.errors import ConfigError, check_choice
from ..ground.geometry import Interval
from . import plane_data, real_data
from .preparation import Scaling

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Kind = Literal["binary", "classes", "regression", "landscape"]

PLANE_DOMAIN: tuple[Interval, Interval] = ((-1.2, 1.2), (-1.2, 1.2))

FEWEST_CLASSES, MOST_CLASSES = 3, 8
"""Range of the classes of data sets that can have many."""


@dataclass(frozen=True, slots=True)
class DatasetRecord:
    """An entry of the table of data sets.

    Exactly one of `shape`, `surface` and `load` says where the samples come from, unless `make` gives the whole set.

    Parameters
    ----------
    kind : {"binary", "classes", "regression", "landscape"}
        What the targets are; a landscape has none.
    columns : mapping of str to str
        Names of the inputs that can be chosen, and how they are written. With `shape` and `surface` they are
        `FEATURES` of the plane; otherwise the columns of the table that `load` returns.
    loss : str
        The loss that fits, used where a run names none.
    samples, noise : int, float
        What is offered at first. Fixed data sets have their own size and no noise.
    spread : float
        Standard deviation of the shifts that a noise of 1 gives to points, or to the targets of regression.
    class_names : tuple of str
        Empty for regression; where classes can be chosen, the most there can be.
    targets : int
        How many numbers a sample of regression should come to.
    many : bool
        Whether the number of classes can be chosen, 3 to 8.
    image : tuple of int, optional
        Rows and columns, when a sample is a picture.
    split : bool
        False when every sample is for training, as in a truth table.
    standardize : bool
        Whether inputs, and the targets of regression, come in standard units unless a run says otherwise.
    domain : pair of intervals, optional
        The part of the plane to draw, when a sample is a point in it.
    shape : callable, optional
        Places classes in the plane, see `plane_data`.
    surface : callable, optional
        The target at each point of the plane, see `plane_data`.
    load : callable, optional
        Returns the columns (n, d) and the labels (n,), or targets (n,) or (n, targets), of a fixed data set.
    sketch : callable, optional
        Places inputs (n, d) in a small picture (n, 2), around 0; the first two of them, if left out.
    make : callable, optional
        Returns the finished data set, where nothing is drawn, split or scaled.
    """

    kind: Kind
    columns: Mapping[str, str]
    loss: str
    samples: int
    noise: float = 0.0
    spread: float = 0.5
    class_names: tuple[str, ...] = ()
    targets: int = 1
    many: bool = False
    image: tuple[int, int] | None = None
    split: bool = True
    standardize: bool = False
    domain: tuple[Interval, Interval] | None = None
    shape: plane_data.Shape | None = None
    surface: plane_data.Surface | None = None
    load: Callable[[], real_data.Samples] | None = None
    sketch: Callable[[Array], Array] | None = None
    make: Callable[[], Dataset] | None = None

    @property
    def fixed(self) -> bool:
        """Whether the samples are given: size and noise cannot be chosen."""
        return self.load is not None

    @property
    def in_plane(self) -> bool:
        """Whether inputs are derived from points of the plane."""
        return self.load is None

    @property
    def paintable(self) -> bool:
        """Whether samples can be put into the plane and taken out by hand: classes that are drawn there."""
        return self.shape is not None

    def classes_for(self, classes: int) -> int:
        """Number of classes of a run that chooses so many, where they can be chosen."""
        return classes if self.many else len(self.class_names)

    @property
    def inputs(self) -> int:
        """Numbers per sample, unless a run chooses its features."""
        return 2 if self.in_plane else len(self.columns)

    @property
    def outputs(self) -> int:
        """Targets per sample: one for two classes, one for each of more, of regression as many as there are."""
        return self.outputs_for(FEWEST_CLASSES)

    @property
    def features(self) -> tuple[str, ...]:
        """How the inputs are written, unless a run chooses its features."""
        return tuple(self.columns.values())[: self.inputs]

    def outputs_for(self, classes: int) -> int:
        """Targets per sample of a run with so many classes, where they can be chosen."""
        if self.kind != "classes":
            return 2 if self.kind == "landscape" else self.targets
        return classes if self.many else len(self.class_names)

    def choose(self, features: Iterable[str] | None) -> tuple[str, ...]:
        """Return the chosen columns in the order of the table; None is what the data set has at first.

        Raises
        ------
        ConfigError
            If there is none, or one that the data set does not have.
        """
        if features is None:
            return tuple(self.columns)[: self.inputs]
        chosen = {check_choice("features", name, self.columns) for name in features}
        if not chosen:
            raise ConfigError("features must be at least one, got none", "features", [])
        if self.image and len(chosen) < len(self.columns):
            raise ConfigError("features of a picture cannot be chosen: it is shown whole", "features", sorted(chosen))
        return tuple(name for name in self.columns if name in chosen)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """The samples of one run, sample-major and float64; the arrays cannot be written to.

    Parameters
    ----------
    name : str
        Its key in `DATASETS`.
    kind : {"binary", "classes", "regression", "landscape"}
        What the targets are.
    X_train, X_test : ndarray of shape (n_train, inputs), (n_test, inputs)
        Inputs.
    y_train, y_test : ndarray of shape (n_train, outputs), (n_test, outputs)
        Classes as one-hot rows; two classes with one output as 0 and 1, or −1 and 1 for a tanh output and for hinge.
    features, class_names : tuple of str
        How inputs and classes are written.
    image : tuple of int or None
        Rows and columns, when a sample is a picture.
    domain : pair of intervals or None
        The part of the plane to draw; None unless a sample is a point in a plane.
    target_range : tuple of float
        Lowest and highest target; for classes, their middle is where the decision lies.
    derived : tuple of str
        For each input the `FEATURES` of the plane it is computed by; empty when two inputs are themselves the plane.
    points_train, points_test : ndarray of shape (n, 2) or None
        Where samples lie in the plane, None where `domain` is None.
    input_scaling, target_scaling : Scaling
        Learnt on the training set: inputs and targets are ``(raw − shift) / scale``.
    places : ndarray of shape (n_train + n_test,), of int
        Where each sample stands among those that are drawn; −1, −2, … for those that were painted.
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
    derived: tuple[str, ...]
    points_train: Array | None
    points_test: Array | None
    input_scaling: Scaling
    target_scaling: Scaling
    places: Labels

    @property
    def inputs(self) -> int:
        """Numbers per sample."""
        return len(self.features)

    @property
    def outputs(self) -> int:
        """Targets per sample."""
        return int(self.y_train.shape[1])
