"""The chain rule of any weight, bias or neuron, as a tree of named factors with their values.

The gradient of a weight is ∂C/∂w = ∂C/∂a · ∂a/∂z · ∂z/∂w. The last two factors are local: f′(z), and the activation
that the weight multiplies. The first one is where the depth of a net hides: neuron j acts on the loss through all
neurons i of the layer above, so ∂C/∂aⱼ is the sum over them of ∂C/∂zᵢ · ∂zᵢ/∂aⱼ, and each ∂C/∂zᵢ = ∂C/∂aᵢ · ∂aᵢ/∂zᵢ
begins the same again, up to the outputs, where ∂C/∂a is the slope of the loss. Reading the tree from its leaves to its
root is reverse-mode differentiation: what is known about the layer above is used for every neuron below.

A node unfolds when its `children` are asked for, so a tree over many layers costs what is looked at. Values come from
one pass of the network; the products and sums of a tree are made of them by nothing but the rules named above.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..ground.errors import check_integer
from ..nets.activations import Array
from ..nets.differences import EPSILON, Difference, Probe
from ..nets.losses import Loss, check_fit, check_targets
from ..nets.network import Network
from ..nets.normalization import NetStatistics
from ..nets.passes import Pass, Training
from .chain import Node, Target, symbol
from .tape import Tape, same_mask

__all__ = ["Explanation", "Node", "Tape", "Target", "difference", "explain", "explained", "same_mask", "symbol"]


@dataclass(frozen=True)
class Explanation:
    """The chain rule of one weight, bias or neuron, and a central difference to check it by.

    Attributes
    ----------
    target : Target
    tree : Node
        Its value is the gradient.
    row : int or None
        The sample that it is for; None for the mean over the batch.
    forward : Node or None
        z as the sum of its terms: of a neuron and one sample.
    """

    target: Target
    tree: Node
    row: int | None
    forward: Node | None
    _measure: Callable[[], Difference] = field(repr=False, compare=False)

    @property
    def value(self) -> float:
        """The gradient."""
        return self.tree.value

    @cached_property
    def difference(self) -> Difference:
        """The same from differences of the loss alone, with an estimate of its error; NaN at a kink."""
        return self._measure()


def explain(
    network: Network,
    theta: Array,
    X: ArrayLike,
    y: ArrayLike,
    loss: str | Loss,
    target: Target,
    row: int | None = None,
    statistics: NetStatistics | None = None,
) -> Explanation:
    """Return the chain rule of a parameter, of a neuron’s δ or of an input’s ∂C/∂x as a tree, and how to check it.

    Parameters
    ----------
    network : Network
        The shape.
    theta : array (P,)
        Parameters.
    X, y : array (n, n_in), (n, n_out)
        Samples and their targets.
    loss : str or Loss
        One that fits the output.
    target : Target
        What is explained.
    row : int, optional
        The sample whose own term is shown; None is the mean over all. Where batch normalization couples the samples,
        the terms of the others stand in the sum as well, and the difference moves the parameter for this sample alone.
    statistics : tuple, optional
        For batch normalization, instead of those of X.

    Raises
    ------
    ConfigError
        If the loss does not fit the output, or the network has no such place.
    """
    check_fit(network.output, loss)
    check_targets(loss, y)
    target.check(network)
    theta, x, targets = network.arguments(theta, X, y)
    run = Pass(network, loss, theta, np.empty_like(theta), x.shape[1], statistics=statistics)
    with np.errstate(over="ignore"):  # a slope of 0 is 1 over it
        run(x, targets)
    if row is not None:
        check_integer("row", row, 0, run.batch - 1)
    tape = Tape(network, theta.copy(), run, x, targets)
    chosen = slice(None) if row is None else slice(row, row + 1)
    coupled = row is not None and statistics is None and "batch" in network.normalization

    def measure() -> Difference:
        if coupled and row is not None:
            return _part(Probe(network, theta, X, y, loss), tape, target, row)
        return difference(network, theta, np.asarray(X)[chosen], np.asarray(y)[chosen], loss, target, statistics)

    return explained(tape, target, row, measure)


def explained(tape: Tape, target: Target, row: int | None, measure: Callable[[], Difference]) -> Explanation:
    """Return the explanation of a target from a tape."""
    x = 0 if row is None and tape.samples == 1 else row
    forward = None
    if target.layer and target.source is None and x is not None:
        forward = tape.weighted_input(target.layer, target.to, x)
    return Explanation(target, tape.gradient(target, row), row, forward, measure)


def difference(
    network: Network,
    theta: Array,
    X: ArrayLike,
    y: ArrayLike,
    loss: str | Loss,
    target: Target,
    statistics: NetStatistics | None = None,
    training: Training | None = None,
) -> Difference:
    """Return ∂C/∂w, δ of a neuron or ∂C/∂x, from central differences of the mean loss over X: see `Probe`.

    A neuron's z is shifted by its bias, which a net without biases is given for the purpose; an input is shifted in all
    samples alike. The error is at least the rounding of the loss itself, for no gradient is computed more exactly.
    """
    if target.layer == 0:
        weights, samples = network.unpack(theta)[0].W[:, target.to], len(np.asarray(X))
        with np.errstate(all="ignore"):
            probe = Probe(network, theta, X, y, loss, statistics, training)
            found = probe.along(0, np.repeat(weights[:, None], samples, axis=1))
        return _with_rounding(found, probe)
    if target.source is None:
        if not network.bias:
            network, theta = _with_biases(network, theta)
        target = Target(target.layer, target.to, network.sizes[target.layer - 1])
    index = target.index(network)
    assert index is not None
    with np.errstate(all="ignore"):
        probe = Probe(network, theta, X, y, loss, statistics, training)
        found = probe.difference(index)
    return _with_rounding(found, probe)


def _with_rounding(found: Difference, probe: Probe) -> Difference:
    return found._replace(error=max(found.error, EPSILON * abs(probe.loss)))


def _part(probe: Probe, tape: Tape, target: Target, row: int) -> Difference:
    """Return by differences what a parameter does to n·C through one sample of a batch of n that is coupled."""
    with np.errstate(all="ignore"):
        found = probe.along(max(target.layer, 1) - 1, *tape.direction(target, row))
    n = tape.samples
    return Difference(n * found.value, n * max(found.error, EPSILON * abs(probe.loss)), found.h)


def _with_biases(network: Network, theta: Array) -> tuple[Network, NDArray[np.float64]]:
    """Return the same net with biases of 0."""
    other = Network(
        network.sizes,
        network.activations[:-1],
        network.output,
        normalization=network.normalization,
        dropout=network.dropout,
        leaky_slope=network.leaky_slope,
        residual=network.residual,
    )
    return other, other.pack([(layer.W, None, layer.gamma, layer.beta) for layer in network.unpack(theta)])
