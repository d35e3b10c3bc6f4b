"""How sharply the loss bends: the largest eigenvalue of its Hessian, and the direction in which that is.

Products of the Hessian with a vector are exact, and cost about two gradients each (see `hessian`); Lanczos' method
finds the ends of the spectrum from a few dozen of them. Gradient descent with step η is stable on a quadratic only
while λ ≤ 2/η (see `stability` for other rules).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..config.problem import find_problem, problem_key
from ..nets.losses import Loss
from ..nets.network import Network
from .hessian import HessianProduct

Array = NDArray[np.float64]

SMALL = 24
"""Up to so many parameters, the whole Hessian is computed."""


SUBSPACE = 10
"""Vectors that Lanczos' method works with at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Sharpness:
    """The upper end of the Hessian's spectrum.

    Attributes
    ----------
    value : float
        λ_max, the largest eigenvalue; NaN where the loss is no number.
    direction : ndarray of shape (P,)
        Its eigenvector, of length 1.
    products : int
        Hessian-vector products that it took, each about as much work as two gradients.
    exact : bool
        Whether Lanczos' method came to its tolerance; otherwise the value is a lower bound.
    """

    value: float
    direction: Array
    products: int
    exact: bool


def sharpness(
    net: Network,
    theta: ArrayLike,
    X: ArrayLike,
    y: ArrayLike,
    loss: str | Loss = "mse",
    *,
    tolerance: float = 1e-4,
    most: int = 200,
    start: Array | None = None,
    scale: Array | None = None,
) -> Sharpness:
    """Return the largest eigenvalue of the Hessian H of the loss, and its direction.

    With a `scale` s it is that of diag(s) H diag(s): the curvature that a rule sees which rescales parameters, such as
    Adam, with s the root of what it multiplies the learning rate of each with (Cohen et al. 2022).

    Parameters
    ----------
    net, theta, X, y, loss
        As for `HessianProduct`.
    tolerance : float
        Relative error of the eigenvalue.
    most : int
        At most about so many Hessian-vector products.
    start : ndarray of shape (P,), optional
        A guess at the direction, such as the one of an earlier step: it saves products.
    scale : ndarray of shape (P,), optional
        Positive; all 1 if left out.
    """
    hessian_product = HessianProduct(net, theta, X, y, loss)
    size = len(hessian_product.theta)

    def product(vector: Array) -> Array:
        if scale is None:
            return np.asarray(hessian_product(vector), np.float64)
        return np.asarray(scale * hessian_product(scale * np.reshape(vector, -1)), np.float64)

    with np.errstate(all="ignore"):
        if not np.isfinite(hessian_product.gradient).all() or not (scale is None or np.isfinite(scale).all()):
            return Sharpness(float("nan"), np.full(size, np.nan), 0, exact=False)
        if size <= SMALL:
            hessian = np.stack([product(row) for row in np.eye(size)])
            values, vectors = np.linalg.eigh((hessian + hessian.T) / 2)
            return Sharpness(float(values[-1]), vectors[:, -1], hessian_product.count, exact=True)
        guess = np.random.default_rng(0).standard_normal(size) if start is None else start
        value, direction, exact = _lanczos(product, guess, tolerance, most)
    return Sharpness(value, direction, hessian_product.count, exact)


def sharpness_of_run(
    config: Mapping[str, Any], theta: Array, start: Array | None = None, scale: Array | None = None
) -> Sharpness:
    """Return the sharpness of a run's loss at `theta` (P,), for a process that knows its `RunConfig` as JSON alone."""
    net, X, y, loss = find_problem(problem_key(config))
    return sharpness(net, theta, X, y, loss, start=start, scale=scale)


@dataclass(frozen=True, slots=True, eq=False)
class DirectionTask:
    """Where to look for the steepest and the sharpest direction of a run's loss: plain data for another process.

    Parameters
    ----------
    config : mapping
        A `RunConfig` as JSON.
    theta : array (P,)
        The point.
    start : array (P,), optional
        A guess at the sharpest direction.
    """

    config: Mapping[str, Any]
    theta: Array
    start: Array | None = None


def find_directions(task: DirectionTask, start: int = 0, stop: int = 1) -> Array:
    """Return one row (1, 2P + 2): λ_max, 1 where it is exact, the gradient (P,), the sharpest direction (P,).

    The gradient is that of the full training set without penalties, as the surface is. `start` and `stop` are those of
    a chunk of work: there is one.
    """
    net, X, y, loss = find_problem(problem_key(task.config))
    gradient = HessianProduct(net, task.theta, X, y, loss).gradient
    found = sharpness(net, task.theta, X, y, loss, start=task.start)
    return np.concatenate([[found.value, found.exact], gradient, found.direction])[None]


def _lanczos(product: Callable[[Array], Array], start: Array, tolerance: float, most: int) -> tuple[float, Array, bool]:
    """The largest eigenvalue, its eigenvector, and whether both are as exact as asked for."""
    linalg = import_module("scipy.sparse.linalg")  # only now: it takes a while to load
    size = len(start)
    operator = linalg.LinearOperator((size, size), matvec=product, dtype=np.float64)
    direction = start / np.linalg.norm(start)
    image = product(direction)
    if not image.any():
        return 0.0, direction, False
    try:
        values, vectors = linalg.eigsh(
            operator, k=1, which="LA", v0=direction, tol=tolerance, ncv=SUBSPACE, maxiter=max(1, most // SUBSPACE)
        )
    except linalg.ArpackError:
        return float(direction @ image), direction, False
    return float(values[0]), np.asarray(vectors[:, 0]), True
