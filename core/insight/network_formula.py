"""A small network and one of its samples as formulas, for `insight.graph`: weights, sums and activations by name.

Names are those of the textbook: w1_23 stands for w¹₂₃, from neuron 3 to neuron 2 of layer 1; one neuron alone has w1,
w2, z and a.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from ..ground.errors import ConfigError
from ..ground.expressions import Tree, expression
from ..nets.losses import SOFTMAX, Loss
from .tape import Tape

#: Parameters of a net whose graph can still be looked through.
MOST_PARAMETERS = 60
#: Huber's loss without a case: the part up to d is squared, the rest goes on straight.
_HUBER = "mean(1 / 2 * min(abs(a - y), huber_delta)**2 + huber_delta * (abs(a - y) - min(abs(a - y), huber_delta)))"

_LOOSE = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}
_SIGNS = {"-": "−", "*": "·", "**": "^"}


def formula_of(tape: Tape, loss: Loss, sample: int = 0, huber_delta: float = 1.0) -> str:
    """Return the loss of one sample as text, with the values of inputs, targets and parameters.

    Raises
    ------
    ConfigError
        For nets that are too large, are normalized, or stand for a landscape.
    """
    net = tape.network
    if net.parameter_count > MOST_PARAMETERS:
        words = f"the graph must have at most {MOST_PARAMETERS} parameters, got {net.parameter_count}"
        raise ConfigError(words, "parameters", net.parameter_count, 1, MOST_PARAMETERS)
    if any(net.normalization):
        words = "the graph of one sample needs a net without normalization"
        raise ConfigError(words, "normalization", net.normalization)
    return _Writer(tape, sample).text(loss, huber_delta)


class _Writer:
    def __init__(self, tape: Tape, sample: int) -> None:
        self._tape, self._net, self._sample = tape, tape.network, sample
        self._alone = len(self._net.sizes) == 2 and self._net.sizes[-1] == 1
        self._values: dict[str, float] = {}

    def text(self, loss: Loss, huber_delta: float) -> str:
        """Lines of formulas, then one of values."""
        lines = [line for layer in range(1, len(self._net.sizes)) for line in self._layer(layer)]
        lines.append(self._loss(loss, huber_delta))
        if not all(math.isfinite(value) for value in self._values.values()):
            raise ConfigError("the graph needs parameters that are numbers", "parameters", "nan")
        values = "; ".join(f"{name} = {value!r}" for name, value in self._values.items())
        return ";\n".join([*lines, values])

    def _name(self, letter: str, layer: int, index: int) -> str:
        """The name of a neuron's z, a or b, an input or a target."""
        if layer == 0:
            return f"x{index + 1}"
        if self._alone:
            return letter
        return f"{letter}{layer}_{index + 1}"

    def _weight(self, layer: int, to: int, source: int) -> str:
        return f"w{source + 1}" if self._alone else f"w{layer}_{to + 1}{source + 1}"

    def _layer(self, layer: int) -> list[str]:
        net, sums = self._net, []
        outputs = layer == len(net.sizes) - 1
        activation = net.output if outputs else net.activations[layer - 1]
        plain = activation == "identity" and not self._skips(layer)
        for i in range(net.sizes[layer]):
            terms = [f"{self._weighed(layer, i, k)}·{self._input(layer, k)}" for k in range(net.sizes[layer - 1])]
            if net.bias:
                terms.append(self._known(self._name("b", layer, i), self._tape.weight(layer, i, net.sizes[layer - 1])))
            sums.append(f"{self._name('a' if plain else 'z', layer, i)} = {' + '.join(terms)}")
        if plain:
            return sums
        return [*sums, *(self._softmax(layer) if activation == "softmax" else self._activations(layer, activation))]

    def _activations(self, layer: int, activation: str) -> list[str]:
        found = []
        for i in range(self._net.sizes[layer]):
            z = self._name("z", layer, i)
            if activation == "leaky_relu":
                called = f"max({z}, 0) + {self._net.leaky_slope!r}·min({z}, 0)"
            else:
                called = {"identity": z, "sigmoid": f"σ({z})"}.get(activation, f"{activation}({z})")
            skip = f" + {self._name('a', layer - 1, i)}" if self._skips(layer) else ""
            found.append(f"{self._name('a', layer, i)} = {called}{skip}")
        return found

    def _softmax(self, layer: int) -> list[str]:
        assert SOFTMAX.formula.startswith("exp(z) / sum(exp(z))")
        each = range(self._net.sizes[layer])
        powers = [f"p{i + 1} = exp({self._name('z', layer, i)})" for i in each]
        total = f"s = {' + '.join(f'p{i + 1}' for i in each)}"
        return [*powers, total, *(f"{self._name('a', layer, i)} = p{i + 1} / s" for i in each)]

    def _skips(self, layer: int) -> bool:
        return layer < len(self._net.sizes) - 1 and self._net.residual[layer - 1]

    def _weighed(self, layer: int, to: int, source: int) -> str:
        return self._known(self._weight(layer, to, source), self._tape.weight(layer, to, source))

    def _input(self, layer: int, k: int) -> str:
        if layer > 1:
            return self._name("a", layer - 1, k)
        return self._known(self._name("x", 0, k), float(self._tape.a(0)[k, self._sample]))

    def _known(self, name: str, value: float) -> str:
        self._values.setdefault(name, float(value))
        return name

    def _loss(self, loss: Loss, huber_delta: float) -> str:
        last, count = len(self._net.sizes) - 1, self._net.sizes[-1]

        def name(letter: str, j: int) -> str:
            if letter == "a":
                return self._name("a", last, j)
            if letter == "y":
                own = "y" if count == 1 else f"y{j + 1}"
                return self._known(own, float(self._tape.y[j, self._sample]))
            return repr(huber_delta)

        written = _HUBER if loss.name == "huber" else loss.written.formula
        return f"C = {_text(expression(written).tree, name, count)}"


def _text(tree: Tree, name: Callable[[str, int], str], count: int, j: int = 0) -> str:
    """Return a tree as it is typed, sums over the outputs written out."""
    if isinstance(tree, str):
        return name(tree, j)
    if not isinstance(tree, tuple):
        return f"{tree:g}"
    sign, *parts = tree
    assert isinstance(sign, str)
    if sign in ("sum", "mean"):
        terms = [_text(parts[0], name, count, k) for k in range(count)]
        if count == 1:
            return terms[0] if _LOOSE.get(_sign(parts[0]), 9) > 2 else f"({terms[0]})"
        total = f"({' + '.join(terms)})"
        return f"{total} / {count}" if sign == "mean" else total
    if sign not in _LOOSE:
        return f"{sign}({', '.join(_text(part, name, count, j) for part in parts)})"
    if tree == ("/", 1, 2):
        return "½"
    own = _LOOSE[sign]
    texts = [
        f"({text})" if _LOOSE.get(_sign(part), 9) < own + (k > 0 or sign == "**") else text
        for k, part in enumerate(parts)
        for text in [_text(part, name, count, j)]
    ]
    if len(parts) == 1:
        return f"−{texts[0]}" if _LOOSE.get(_sign(parts[0]), 9) > 1 else f"−({texts[0]})"
    if sign == "**" and parts[1] == 2:
        return f"{texts[0]}²"
    return (_SIGNS[sign] if sign == "*" else f" {_SIGNS.get(sign, sign)} ").join(texts)


def _sign(tree: Tree) -> str:
    return str(tree[0]) if isinstance(tree, tuple) else ""
