"""Derivatives from differences alone: what every gradient here can be checked against.

A central difference (C(θ + h) − C(θ − h)) / 2h errs by terms in h², h⁴, …, and by the rounding of C, which grows as h
shrinks. Richardson's method takes it at h, h/2, h/4, … and cancels those terms. Ridders' keeps the best of the table,
and the distance to its neighbours as an estimate of its error (Ridders 1982; Press et al., Numerical Recipes, 5.7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .activations import Array
from .losses import Loss, check_fit, check_targets, find_loss
from .network import Network
from .normalization import NetStatistics
from .passes import Pass, Training

#: One over the relative error to which a gradient is asked to agree with differences.
HIDDEN = 1e6
#: Rounding of a computed loss, relative to it.
EPSILON = 4 * float(np.finfo(np.float64).eps)


class Difference(NamedTuple):
    """A derivative from differences, an estimate of its error, and the smallest step h that it was taken with."""

    value: float
    error: float
    h: float


class GradientCheck(NamedTuple):
    """How well a gradient agrees with central differences.

    Attributes
    ----------
    error : float
        Largest relative error.
    parameter : int
        The one it belongs to.
    analytic, numeric : float
        What backpropagation and differences say about that parameter.
    skipped : int
        Parameters at a kink of the loss, where no derivative exists to compare with.
    """

    error: float
    parameter: int
    analytic: float
    numeric: float
    skipped: int


def central_difference(f: Callable[[float], float], h: float, levels: int = 3, rounding: float = 0.0) -> Difference:
    """Return f′(0) by Ridders' method from `levels` central differences, the first with step `h`.

    `rounding` is what f may be wrong by, besides the last places of its value.
    """
    row: list[float] = []
    best = Difference(float("nan"), float("inf"), h)
    for level in range(levels):
        step = h / 2**level
        above, below = f(step), f(-step)
        wrong = (EPSILON * max(abs(above), abs(below)) + rounding) / step
        before, row = row, [(above - below) / (2 * step)]
        for order, older in enumerate(before, start=1):
            row.append((4**order * row[-1] - older) / (4**order - 1))
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - older), wrong)
            if error <= best.error:
                best = Difference(row[-1], error, step)
    return best


class Probe:
    """The loss of a net as a function of one parameter at a time.

    Parameters
    ----------
    network : Network
        The shape.
    theta : array (P,)
        Around where.
    X, y : array (n, n_in), (n, n_out)
        Samples and their targets.
    loss : str or Loss
        One that fits the output.
    statistics : tuple, optional
        For batch normalization, instead of those of X.
    training : Training, optional
        For dropout, whose masks must be the same every time.

    Attributes
    ----------
    gradient : array (P,)
        From backpropagation.
    loss, rounding : float
        C, and what rounding may have made of it.
    """

    def __init__(
        self,
        network: Network,
        theta: Array,
        X: ArrayLike,
        y: ArrayLike,
        loss: str | Loss,
        statistics: NetStatistics | None = None,
        training: Training | None = None,
    ) -> None:
        check_fit(network.output, loss)
        check_targets(loss, y)
        theta, self._x, self._y = network.arguments(theta, X, y)
        self._theta, self.gradient = theta.astype(np.float64), np.empty(network.parameter_count)
        self._pass = Pass(
            network, loss, self._theta, self.gradient, self._x.shape[1], statistics=statistics, training=training
        )
        with np.errstate(over="ignore"):
            self.loss = self._pass(self._x, self._y)
        inputs = self._pass.inputs
        self._kinked = [(u, f.kinks) for u, f in zip(inputs, network.functions, strict=False) if f.kinks]
        self._bends = find_loss(loss).bends
        self._regions = self._where()
        self.rounding = EPSILON * abs(self.loss) + self._rounding_inside(network)

    def _rounding_inside(self, network: Network) -> float:
        """Return what the last places of all z, and of outputs that a loss subtracts targets from, make of the loss.

        A sure output is within ε of its target, and a small loss hangs on weighted inputs that are large: so it is less
        exact than its own last places.
        """
        run, arena = self._pass, self._pass.arena
        with np.errstate(all="ignore"):
            change = sum(float(np.abs(arena.D[rows] * arena.Z[rows]).sum()) for rows in arena.rows)
            if run.output_slopes is not None:
                reaching = np.abs(arena.D[arena.rows[-1]] * run.output) / run.output_slopes
                change += float(reaching[np.isfinite(reaching)].sum())
        return float(np.finfo(np.float64).eps) * change if np.isfinite(change) else 0.0

    def _where(self) -> list[Array]:
        """Return between which kinks every activation's input lies, and on which side of its bends the loss."""
        regions = [np.sum([np.sign(u - kink) for kink in kinks], axis=0) for u, kinks in self._kinked]
        return [*regions, self._bends(self._pass.output, self._y)] if self._bends else regions

    def along(self, layer: int, nudge: Array, behind: bool = False) -> Difference:
        """Return the derivative of C from differences when z, or u, of a layer moves by `nudge`: see `Pass.nudged`."""
        return self._measure(lambda step: self._pass.nudged(self._x, self._y, layer, step * nudge, behind), 1.0)

    def difference(self, index: int) -> Difference:
        """Return ∂C/∂θ[index] from differences, with steps so small that no kink is crossed; NaN at a kink."""
        kept = self._theta[index]

        def loss(step: float) -> float:
            self._theta[index] = kept + step
            value = self._pass.loss(self._x, self._y)
            self._theta[index] = kept
            return value

        return self._measure(loss, max(1.0, abs(kept)))

    def _measure(self, loss: Callable[[float], float], size: float) -> Difference:
        """Return the derivative of a loss at 0 from steps that suit a number of some size and cross no kink."""

        def crosses(step: float) -> bool:
            loss(step)
            return not all(map(np.array_equal, self._where(), self._regions))

        h = 2e-3 * size
        while self._regions and (crosses(h) or crosses(-h)):
            h /= 8
            if h < 1e-7:
                return Difference(float("nan"), float("inf"), h)
        found = central_difference(loss, h, rounding=self.rounding)
        # A loss of large weights bends so much that h has to shrink further; gradients of deep sigmoid nets are so
        # small that rounding hides them at a small h.
        for first in (h, 0.05, 0.5):
            if found.error < 1e-8 * abs(found.value):
                break
            if first != h and self._regions and (crosses(first) or crosses(-first)):
                break
            other = central_difference(loss, first, levels=6, rounding=self.rounding)
            if other.error < found.error and abs(other.value - found.value) < 4 * found.error:
                found = other
        return found


def compare_gradient(
    network: Network,
    theta: Array,
    X: ArrayLike,
    y: ArrayLike,
    loss: str | Loss = "mse",
    parameters: Iterable[int] | None = None,
) -> GradientCheck:
    """Compare the gradient with central differences.

    The error of a parameter is divided by max(|analytic|, |numeric|, `HIDDEN`·r/h), r the rounding of C (`Probe`): it
    makes a difference err by about r/h, and where that is more than a millionth of the gradient, it counts as a
    millionth.

    Parameters
    ----------
    network : Network
        The shape.
    theta : array (P,)
        Where the gradient is checked.
    X : array (n, n_in)
        Samples.
    y : array (n, n_out)
        Their targets.
    loss : str or Loss
        One that fits the output.
    parameters : iterable of int, optional
        Which parameters; all of them by default.
    """
    probe = Probe(network, theta, X, y, loss)
    gradient = probe.gradient.copy()
    worst, skipped = GradientCheck(0.0, 0, float(gradient[0]), float(gradient[0]), 0), 0
    for index in range(network.parameter_count) if parameters is None else parameters:
        analytic, (numeric, _, h) = float(gradient[index]), probe.difference(index)
        if np.isnan(numeric) and np.isfinite(analytic):
            skipped += 1
            continue
        scale = max(abs(analytic), abs(numeric), HIDDEN * probe.rounding / h)
        error = abs(analytic - numeric) / scale if scale else 0.0
        if not error <= worst.error:
            worst = GradientCheck(error, int(index), analytic, numeric, 0)
    return worst._replace(skipped=skipped)


def check_gradient(network: Network, theta: Array, X: ArrayLike, y: ArrayLike, loss: str | Loss = "mse") -> float:
    """Return the largest relative error of a gradient (P,) against differences; see `compare_gradient`.

    Parameters
    ----------
    network : Network
        The net.
    theta : ndarray of shape (P,)
        Where the gradient is taken.
    X, y : array of shape (n, n_in), (n, n_out)
        Samples and targets.
    loss : str or Loss
        A name in `LOSSES`, or a loss of one's own.
    """
    return compare_gradient(network, theta, X, y, loss).error
