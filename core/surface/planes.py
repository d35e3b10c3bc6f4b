"""Planes through parameter space, on which a loss surface is drawn, and what they show of a path.

A plane is θ = centre + α·d₁ + β·d₂. Every picture on it leaves something out, so it also tells how far a point lies
from it, and which share of a path's variance lies in it. Even a pure random walk in many dimensions puts 76 % of its
variance into its two main components (Antognini & Sohl-Dickstein 2018): the share alone proves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from ..ground.geometry import Kind, Plane

if TYPE_CHECKING:
    from ..nets.network import Network

Array = NDArray[np.float64]

PLANES: tuple[Kind, ...] = ("pca", "random", "weights", "sharpest")
"""All kinds; ``"sharpest"`` needs a direction that takes long to find, see `curvature.find_directions`."""

Through = Literal["mean", "start", "current", "end"]

THROUGH: tuple[Through, ...] = ("mean", "start", "current", "end")
"""What a plane goes through: the mean of the path, where it starts, where the run is now, or where it ends."""

RANDOM_WALK_SHARE = 6 / np.pi**2 * (1 + 1 / 4)
"""Share of a long random walk's variance in its first two main components, in many dimensions: 0.76."""


def make_plane(
    kind: Kind,
    net: Network,
    theta: Array,
    positions: Array | None = None,
    *,
    gradient: Array | None = None,
    sharpest: Array | None = None,
    weights: tuple[int, int] = (0, 1),
    seed: int = 0,
    previous: Plane | None = None,
    through: Array | None = None,
) -> Plane:
    """Lay a plane through parameter space, with a window that holds the path so far.

    Parameters
    ----------
    kind : {"pca", "random", "weights", "sharpest"}
        ``"pca"``: the two main components of the path, by default centred on its mean. While the path has fewer than
        three different points, the direction of steepest descent and a random one through θ instead.
        ``"random"``: two random directions through θ, filter-normalized (Li et al. 2018).
        ``"weights"``: two parameters vary, the others stay as in θ; α and β are the parameters themselves.
        ``"sharpest"``: the direction of steepest descent and the one in which the loss bends most, through θ.
        All but the first go through `through` in place of θ where that is given, and so does the first.
        A problem with two parameters always gets its own plane, on which the surface is exact.
    net : Network
        Its `sizes` and `blocks` say which parameters belong to which neuron.
    theta : ndarray of shape (P,)
        The current parameters; P at least 2.
    positions : ndarray of shape (k, P), optional
        The path so far.
    gradient : ndarray of shape (P,), optional
        Gradient of the loss at the point that the plane goes through, for ``"sharpest"`` and without a path.
    sharpest : ndarray of shape (P,), optional
        Eigenvector of the Hessian's largest eigenvalue there, see `curvature.sharpness`.
    weights : tuple of int
        Which two parameters vary, as indices into θ.
    seed : int
        Decides the random directions.
    previous : Plane, optional
        Directions keep the signs they had there, so that the picture does not flip.
    through : ndarray of shape (P,), optional
        Another point than θ that the plane shall go through; the window holds it as it holds the path.

    Raises
    ------
    ValueError
        If θ has fewer than two parameters, or the two chosen weights are not two parameters of θ.
    """
    if len(theta) < 2:
        raise ValueError(f"a plane needs at least 2 parameters, got {len(theta)}")
    path = _path(positions, theta)
    centre = theta if through is None else through
    held = path if through is None else np.vstack([path, through])
    if kind == "weights" or len(theta) == 2:
        plane = _weights_plane(kind, net, centre, weights if kind == "weights" else (0, 1))
        return plane.framed(held, least=1.0)
    rng = np.random.default_rng(seed)
    if kind == "pca":
        components = _main_components(path, net, theta, rng)
        if components is not None:
            d1, d2 = (_like_before(d, path, previous, i) for i, d in enumerate(components))
            middle = path.mean(axis=0) if through is None else through.copy()
            return Plane(kind, kind, middle, d1, d2).framed(held)
    if kind != "random" and gradient is not None and np.isfinite(gradient).all() and gradient.any():
        drawn = filter_normalized(net, centre, rng)
        length = float(np.linalg.norm(drawn))
        d1 = -gradient * (length / np.linalg.norm(gradient))
        d2 = drawn
        if kind == "sharpest" and sharpest is not None:
            return _sharpest_plane(centre, d1, sharpest, rng, previous).framed(held, least=0.1)
        return Plane(kind, "gradient", centre.copy(), d1, _independent(d1, d2, rng)).framed(held, least=1.0)
    d1, d2 = filter_normalized(net, centre, rng), filter_normalized(net, centre, rng)
    return Plane(kind, "random", centre.copy(), d1, _independent(d1, d2, rng)).framed(held, least=1.0)


def _sharpest_plane(
    centre: Array, descent: Array, sharpest: Array, rng: np.random.Generator, previous: Plane | None
) -> Plane:
    """Two directions of length 1 at a right angle, so that the picture is true to distances.

    α runs down the steepest descent, β along what the sharpest direction adds to it.
    """
    d1 = descent / np.linalg.norm(descent)
    d2 = _independent(d1, sharpest / np.linalg.norm(sharpest), rng)
    d2 = d2 - (d2 @ d1) * d1
    if previous is not None and len(previous.d2) == len(d2) and previous.d2 @ d2 < 0:
        d2 = -d2
    return Plane("sharpest", "sharpest", centre.copy(), d1, d2 / np.linalg.norm(d2))


def filter_normalized(net: Network, theta: Array, rng: np.random.Generator) -> Array:
    """A random direction in which each neuron's weights are as long as the neuron's weights in θ; b, γ and β rest.

    Li et al. (2018), "Visualizing the Loss Landscape of Neural Nets", section 4. Where all weights are zero, and so
    the direction would be, it is left as drawn.
    """
    direction = np.zeros_like(theta)
    drawn = np.zeros_like(theta)
    for block, n_in in zip(net.blocks, net.sizes[:-1], strict=True):
        weights = slice(block.offset, block.offset + n_in * block.cols)
        rows = rng.standard_normal((n_in, block.cols))
        lengths = np.linalg.norm(theta[weights].reshape(n_in, block.cols), axis=0)
        drawn[weights] = rows.ravel()
        direction[weights] = (rows * (lengths / np.linalg.norm(rows, axis=0))).ravel()
    return direction if direction.any() else drawn


def parameter_name(net: Network, index: int) -> str:
    """The field's name of a parameter: w²₃₁ leads from neuron 1 of layer 1 to neuron 3 of layer 2; b²₃ is its bias.

    γ²₃ and β²₃ are those of its normalization.
    """
    for layer, (block, n_in) in enumerate(zip(net.blocks, net.sizes[:-1], strict=True), start=1):
        row, column = divmod(index - block.offset, block.cols)
        if block.offset <= index < block.end:
            letters = [*"w" * n_in, *"b" * net.bias, *"γβ" * block.normalized]
            high = str(layer).translate(_SUPERSCRIPTS)
            comma = "," if max(n_in, block.cols) > 9 else ""
            low = f"{column + 1}{comma}{row + 1}" if row < n_in else f"{column + 1}"
            return f"{letters[row]}{high}{low.translate(_SUBSCRIPTS)}"
    raise ValueError(f"index must be that of a parameter, in [0, {net.parameter_count - 1}], got {index}")


_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _path(positions: Array | None, theta: Array) -> Array:
    """The positions (k, P), ending at θ."""
    if positions is None or not len(positions):
        return theta[None].copy()
    return positions if np.array_equal(positions[-1], theta) else np.vstack([positions, theta])


def _weights_plane(kind: Kind, net: Network, theta: Array, weights: tuple[int, int]) -> Plane:
    i, j = weights
    if not (0 <= i < len(theta) and 0 <= j < len(theta) and i != j):
        raise ValueError(f"weights must be two different parameters in [0, {len(theta) - 1}], got {i} and {j}")
    centre, d1, d2 = theta.copy(), np.zeros_like(theta), np.zeros_like(theta)
    centre[[i, j]] = 0.0
    d1[i] = d2[j] = 1.0
    return Plane(kind, "weights", centre, d1, d2, axes=(parameter_name(net, i), parameter_name(net, j)))


def _main_components(path: Array, net: Network, theta: Array, rng: np.random.Generator) -> tuple[Array, Array] | None:
    """The two main components of `path` (k, P), of length 1, or None where it has fewer than three points.

    Works on the smaller of the two matrices of inner products. A path along a line gets a random second direction.
    """
    centred = path - path.mean(axis=0)
    largest = np.abs(centred).max()
    if not _three_points(path) or not np.isfinite(largest):
        return None
    centred /= largest
    if len(path) < path.shape[1]:
        variances, vectors = np.linalg.eigh(centred @ centred.T)
        first, second = vectors[:, -1] @ centred, vectors[:, -2] @ centred
    else:
        variances, vectors = np.linalg.eigh(centred.T @ centred)
        first, second = vectors[:, -1], vectors[:, -2]
    first = first / np.linalg.norm(first)
    if variances[-2] < 1e-12 * variances[-1]:
        second = filter_normalized(net, theta, rng)
    second = _independent(first, second - (second @ first) * first, rng)
    return first, second / np.linalg.norm(second)


def _three_points(path: Array) -> bool:
    """Whether at least three rows differ from each other. (`np.unique` of rows makes a field of every column.)"""
    others = path[(path != path[0]).any(axis=1)]
    return len(others) > 0 and bool((others != others[0]).any())


def _like_before(direction: Array, path: Array, previous: Plane | None, axis: int) -> Array:
    """`direction` or its opposite: as in the previous plane, or so that most of the path lies on the positive side."""
    if previous is not None and len(previous.d1) == len(direction):
        sign = direction @ (previous.d1, previous.d2)[axis]
    else:
        along = (path - path[0]) @ direction
        sign = along[np.abs(along).argmax()]
    return -direction if sign < 0 else direction


def _independent(d1: Array, d2: Array, rng: np.random.Generator) -> Array:
    """`d2`, or where it is (nearly) parallel to `d1` a random direction of the same length at a right angle."""
    length = np.linalg.norm(d2) or np.linalg.norm(d1)
    unit = d1 / np.linalg.norm(d1)
    aside = d2 - (d2 @ unit) * unit
    if np.linalg.norm(aside) > 1e-6 * length:
        return d2
    drawn = rng.standard_normal(len(d1))
    drawn -= (drawn @ unit) * unit
    return drawn * (length / np.linalg.norm(drawn))
