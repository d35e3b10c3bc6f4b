"""Nodes of a chain rule: named numbers and what they are made of, and the places in a network that they speak of."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ..ground.errors import ConfigError, check_choice, check_integer
from ..nets.network import Network

#: Parameters of a normalized neuron, in the order in which they lie in θ.
SCALES = ("gamma", "beta")


@dataclass(frozen=True, slots=True)
class Target:
    """What is explained: a weight into neuron `to` of a layer from neuron `source` of the one before; its γ; its β; it.

    Attributes
    ----------
    layer : int
        1 for the first layer after the inputs; 0 for an input itself.
    to : int
        Neuron of that layer, from 0.
    source : int, str or None
        Neuron of the layer before, from 0; the number of its neurons means the constant 1, whose weight is the bias.
        ``"gamma"`` and ``"beta"`` are the neuron's in a normalized layer. None asks for the neuron itself: δ = ∂C/∂z;
        of an input ∂C/∂x.
    """

    layer: int
    to: int
    source: int | str | None = None

    def check(self, network: Network) -> Target:
        """Return itself, or raise ConfigError where the network has no such place."""
        check_integer("layer", self.layer, 0 if self.source is None else 1, len(network.blocks))
        check_integer("to", self.to, 0, network.sizes[self.layer] - 1)
        if self.source is None:
            return self
        block = network.blocks[self.layer - 1]
        if isinstance(self.source, str):
            check_choice("from", self.source, SCALES)
            if not block.normalized:
                raise ConfigError(f"layer {self.layer} is not normalized: it has no {self.source}", "from", self.source)
        else:
            check_integer("from", self.source, 0, block.rows - 1)
        return self

    def index(self, network: Network) -> int | None:
        """Return where the parameter lies in θ of the `network`; None for a neuron."""
        if self.source is None:
            return None
        block = network.blocks[self.layer - 1]
        if isinstance(self.source, str):
            return block.end - (len(SCALES) - SCALES.index(self.source)) * block.cols + self.to
        return block.offset + self.source * block.cols + self.to

    def is_bias(self, network: Network) -> bool:
        """Whether it is the weight of the constant 1 in the `network`."""
        return self.source == network.sizes[self.layer - 1]


@dataclass(frozen=True, slots=True)
class Node:
    """A named number, and what it is made of.

    Attributes
    ----------
    name : str
        Which derivative or number: ``"dC_dw"``, ``"dC_da"``, ``"da_dz"``, …: see `SYMBOLS`.
    at : tuple of int
        Layer, then neurons, from 0: (layer, to, from) for weights. A sample is its row in the batch.
    value : float
    combine : str or None
        How the children make the value: ``"product"``, ``"sum"`` or ``"mean"``; None for a leaf.
    unfold : callable, optional
        Makes the children, when they are asked for.
    """

    name: str
    at: tuple[int, ...]
    value: float
    combine: str | None = None
    unfold: Callable[[], Sequence[Node]] | None = field(default=None, repr=False, compare=False)

    @property
    def children(self) -> tuple[Node, ...]:
        """What the value is made of, computed when asked for; none for a leaf."""
        return () if self.unfold is None else tuple(self.unfold())

    @property
    def symbol(self) -> str:
        """The name as in Nielsen's book, on one line: ``∂C/∂w²₃₁``, neurons counted from 1."""
        return symbol(self.name, self.at)

    def combined(self) -> float:
        """Return the value that the children make: what `value` is up to rounding."""
        values = [child.value for child in self.children]
        if self.combine == "product":
            return math.prod(values)
        total = math.fsum(values) if all(map(math.isfinite, values)) else sum(values)
        return total / len(values) if self.combine == "mean" else total

    def walk(self) -> Iterable[Node]:
        """Yield the node and all below it. A deep net has as many as it has paths."""
        yield self
        for child in self.children:
            yield from child.walk()


_RAISED, _LOWERED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"), str.maketrans("0123456789,", "₀₁₂₃₄₅₆₇₈₉,")

#: name -> how it is written; {l} is the layer, {i} the neuron, {k} the one before.
SYMBOLS = {
    "dC_dw": "∂C/∂w{l}{ik}",
    "dC_db": "∂C/∂b{l}{i}",
    "dC_dgamma": "∂C/∂γ{l}{i}",
    "dC_dbeta": "∂C/∂β{l}{i}",
    "dC_dz": "∂C/∂z{l}{i}",
    "dC_du": "∂C/∂u{l}{i}",
    "dC_da": "∂C/∂a{l}{i}",
    "da_dz": "∂a{l}{i}/∂z{l}{i}",
    "da_du": "∂a{l}{i}/∂u{l}{i}",
    "du_dz": "∂u{l}{i}/∂z{l}{k}",
    "du_dgamma": "ẑ{l}{i}",
    "du_dbeta": "1",
    "dz_dw": "a{l}{i}",
    "dz_db": "1",
    "dz_da": "w{l}{ik}",
    "slope": "f′(z{l}{i})",
    "mask": "mask{l}{i}",
    "output": "∂a{l}{k}/∂z{l}{i}",
    "path": "via {i}",
    "skip": "past layer {l}",
    "da_da": "1",
    "sample": "sample {i}",
    "z": "z{l}{i}",
    "term": "w{l}{ik}·a",
    "w": "w{l}{ik}",
    "b": "b{l}{i}",
    "a": "a{l}{i}",
    "one": "1",
}


def symbol(name: str, at: Sequence[int]) -> str:
    """Return a name with its layer raised and its neurons, from 1, lowered."""
    layer, *neurons = at
    below = [str(n + 1).translate(_LOWERED) for n in neurons]
    joined = ("," if max(neurons, default=0) > 8 else "").join(below)
    raised = str(layer).translate(_RAISED) if layer else ""
    first, last = (below or [str(layer + 1)])[0], (below or [""])[-1]
    if name in ("path", "sample"):
        first = str((neurons or [layer])[0] + 1)
    if name in ("a", "dz_dw") and layer == 0:
        return f"x{first}"
    if name == "dC_da" and layer == 0:
        return f"∂C/∂x{first}"
    return SYMBOLS[name].format(l=raised, i=first, k=last, ik=joined)
