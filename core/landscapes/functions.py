"""Two-parameter problems without a network: the classic landscapes on which ways downhill are compared.

Each knows its value, its gradient and where its lowest points lie, so every picture of it is exact, and so is every
statement about where an optimizer has come to. Names and minima are those of the literature on optimization (Jamil &
Yang 2013, "A literature survey of benchmark functions for global optimization problems").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ..ground.geometry import Interval, Plane
from ..optimizers.optimizer import Optimizer

Array = NDArray[np.float64]
Value = Callable[[Array, Array], Array]
Gradient = Callable[[Array, Array], tuple[Array, Array]]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Landscape:
    """A function of two parameters.

    Attributes
    ----------
    name : str
        Its key in `LANDSCAPES`.
    formula : str
        As it is written, x and y being the parameters.
    f : callable (x, y) -> array
        The value, elementwise.
    df : callable (x, y) -> (array, array)
        Its derivatives by x and by y, elementwise.
    domain : pair of intervals
        The part to draw.
    start : pair of float
        A point from which the way down is worth watching.
    minima : tuple of points
        Where it is lowest; none where it has no bottom.
    lowest : float
        The value there, −infinity where it has no bottom.
    rate : float
        A learning rate at which plain gradient descent can be watched from the start.
    """

    name: str
    formula: str
    f: Value
    df: Gradient
    domain: tuple[Interval, Interval]
    start: Point
    minima: tuple[Point, ...] = ()
    lowest: float = -np.inf
    rate: float = 0.01

    def loss(self, theta: Array) -> Array:
        """Return the values (…,) at the points `theta` (…, 2)."""
        return np.asarray(self.f(theta[..., 0], theta[..., 1]))

    def gradient(self, theta: Array) -> Array:
        """Return the gradients (…, 2) at the points `theta` (…, 2)."""
        return np.stack(self.df(theta[..., 0], theta[..., 1]), axis=-1)

    @property
    def typed(self) -> str:
        """The formula as `ground.formula_text` reads it: every product has its sign, every function its brackets."""
        return re.sub(r"cos 2π([xy])", r"cos(2π·\1)", self.formula).replace("xy", "x·y")

    @property
    def plane(self) -> Plane:
        """The domain as a plane through parameter space: α is x, β is y."""
        return Plane(
            "weights", "weights", np.zeros(2), np.array([1.0, 0.0]), np.array([0.0, 1.0]), *self.domain, axes=("x", "y")
        )  # fmt: skip

    def grid(self, plane: Plane, resolution: int = 48) -> Array:
        """Return the values (resolution, resolution) over the window of a plane, row i at β, column j at α."""
        alpha, beta = np.linspace(*plane.alpha, resolution), np.linspace(*plane.beta, resolution)
        with np.errstate(all="ignore"):
            return self.loss(plane.point(alpha[None, :], beta[:, None]))


def descend(
    landscape: Landscape,
    optimizer: Optimizer,
    start: Point | None = None,
    steps: int = 100,
    noise: float = 0.0,
    seed: int = 0,
) -> Array:
    """Return the positions (steps + 1, 2) of an optimizer on a landscape.

    Parameters
    ----------
    landscape : Landscape
        The function.
    optimizer : Optimizer
        It begins afresh.
    start : pair of float, optional
        Where; None is the landscape's own start.
    steps : int
        How many.
    noise : float
        Standard deviation of what is added to each component of the gradient, as mini-batches do.
    seed : int
        Decides the noise.
    """
    rng, shake = np.random.default_rng(seed), np.zeros(2)

    def gradient_of(point: NDArray[np.floating]) -> Array:
        return landscape.gradient(np.asarray(point, np.float64)) + shake

    positions = np.empty((steps + 1, 2))
    positions[0] = theta = np.array(landscape.start if start is None else start, dtype=np.float64)
    optimizer.start(theta)
    with np.errstate(all="ignore"):
        for step in range(1, steps + 1):
            shake[:] = noise * rng.standard_normal(2)
            theta = theta + optimizer.step_on(theta, gradient_of)
            positions[step] = theta
    return positions


def _rastrigin(x: Array, y: Array) -> Array:
    waves: Array = np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y)
    return 20 + x * x + y * y - 10 * waves


def _ackley(x: Array, y: Array) -> Array:
    radius, waves = np.sqrt((x**2 + y**2) / 2), (np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y)) / 2
    return -20 * np.expm1(-0.2 * radius) - np.exp(waves) + np.e


def _ackley_slope(x: Array, y: Array) -> tuple[Array, Array]:
    """The funnel has a point at its bottom, where no slope exists; 0 there."""
    radius, waves = np.sqrt((x**2 + y**2) / 2), (np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y)) / 2
    funnel = 2 * np.exp(-0.2 * radius) / np.where(radius > 0, radius, 1.0)
    ripple = np.pi * np.exp(waves)
    return funnel * x + ripple * np.sin(2 * np.pi * x), funnel * y + ripple * np.sin(2 * np.pi * y)


def _beale(x: Array, y: Array) -> Array:
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3
    return a * a + b * b + c * c


def _beale_slope(x: Array, y: Array) -> tuple[Array, Array]:
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3
    return (
        2 * a * (y - 1) + 2 * b * (y**2 - 1) + 2 * c * (y**3 - 1),
        2 * a * x + 4 * b * x * y + 6 * c * x * y**2,
    )


def _square(reach: float) -> tuple[Interval, Interval]:
    return (-reach, reach), (-reach, reach)


_HIMMELBLAU = (
    (3.0, 2.0),
    (-2.805118086952745, 3.131312518250573),
    (-3.779310253377747, -3.283185991286170),
    (3.584428340330492, -1.848126526964404),
)
_STYBLINSKI_TANG = -2.903534027771177

#: name -> record; order is the order in which they are offered.
LANDSCAPES: Mapping[str, Landscape] = MappingProxyType(
    {
        entry.name: entry
        for entry in [
            Landscape(
                *("bowl", "½x² + ½y²"),
                f=lambda x, y: (x**2 + y**2) / 2,
                df=lambda x, y: (x, y),
                domain=_square(3), start=(2.5, 1.5), minima=((0.0, 0.0),), lowest=0.0, rate=0.1,
            ),
            Landscape(
                *("valley", "½x² + 12.5y²"),
                f=lambda x, y: (x**2 + 25 * y**2) / 2,
                df=lambda x, y: (x, 25 * y),
                domain=((-3, 3), (-1, 1)), start=(-2.5, 0.6), minima=((0.0, 0.0),), lowest=0.0, rate=0.05,
            ),
            Landscape(
                *("saddle", "x² − y²"),
                f=lambda x, y: x**2 - y**2,
                df=lambda x, y: (2 * x, -2 * y),
                domain=_square(2), start=(-1.8, 0.001), rate=0.05,
            ),
            Landscape(
                *("monkey_saddle", "x³ − 3xy²"),
                f=lambda x, y: x**3 - 3 * x * y**2,
                df=lambda x, y: (3 * x**2 - 3 * y**2, -6 * x * y),
                domain=_square(1.5), start=(1.3, 0.01), rate=0.02,
            ),
            Landscape(
                *("rosenbrock", "(1 − x)² + 100(y − x²)²"),
                f=lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
                df=lambda x, y: (-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)),
                domain=((-2, 2), (-1, 3)), start=(-1.2, 1.0), minima=((1.0, 1.0),), lowest=0.0, rate=0.001,
            ),
            Landscape(
                *("beale", "(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²"),
                f=_beale,
                df=_beale_slope,
                domain=_square(4.5), start=(1.0, 1.5), minima=((3.0, 0.5),), lowest=0.0, rate=0.002,
            ),
            Landscape(
                *("booth", "(x + 2y − 7)² + (2x + y − 5)²"),
                f=lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
                df=lambda x, y: (10 * x + 8 * y - 34, 8 * x + 10 * y - 38),
                domain=_square(10), start=(-8.0, -6.0), minima=((1.0, 3.0),), lowest=0.0, rate=0.02,
            ),
            Landscape(
                *("himmelblau", "(x² + y − 11)² + (x + y² − 7)²"),
                f=lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
                df=lambda x, y: (
                    4 * x * (x**2 + y - 11) + 2 * (x + y**2 - 7),
                    2 * (x**2 + y - 11) + 4 * y * (x + y**2 - 7),
                ),
                domain=_square(5), start=(-0.3, -0.9), minima=_HIMMELBLAU, lowest=0.0, rate=0.005,
            ),
            Landscape(
                *("rastrigin", "20 + x² + y² − 10(cos 2πx + cos 2πy)"),
                f=_rastrigin,
                df=lambda x, y: (
                    2 * x + 20 * np.pi * np.sin(2 * np.pi * x),
                    2 * y + 20 * np.pi * np.sin(2 * np.pi * y),
                ),
                domain=_square(5.12), start=(-3.6, 2.4), minima=((0.0, 0.0),), lowest=0.0, rate=0.001,
            ),
            Landscape(
                *("ackley", "20 + e − 20 exp(−0.2√(½(x² + y²))) − exp(½(cos 2πx + cos 2πy))"),
                f=_ackley,
                df=_ackley_slope,
                domain=_square(5), start=(-3.4, 2.6), minima=((0.0, 0.0),), lowest=0.0, rate=0.02,
            ),
            Landscape(
                *("three_hump_camel", "2x² − 1.05x⁴ + x⁶/6 + xy + y²"),
                f=lambda x, y: 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2,
                df=lambda x, y: (4 * x - 4.2 * x**3 + x**5 + y, x + 2 * y),
                domain=_square(2.2), start=(-2.0, 2.0), minima=((0.0, 0.0),), lowest=0.0, rate=0.03,
            ),
            Landscape(
                *("styblinski_tang", "½(x⁴ − 16x² + 5x + y⁴ − 16y² + 5y)"),
                f=lambda x, y: (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y) / 2,
                df=lambda x, y: (2 * x**3 - 16 * x + 2.5, 2 * y**3 - 16 * y + 2.5),
                domain=_square(5), start=(0.3, 4.5),
                minima=((_STYBLINSKI_TANG, _STYBLINSKI_TANG),), lowest=-78.33233140754282, rate=0.01,
            ),
        ]
    }
)  # fmt: skip
