"""The computation graph of a formula: values forward, derivatives backward, one node at a time.

A node is a variable, or one operation on nodes. Forward, each takes the values of its inputs. Backward, the derivative
of the result by a node is what arrives from all that use it, each its own derivative times a local one; where paths
meet, they are added. That is reverse-mode differentiation, and for the formula of a network it is backpropagation
(Griewank & Walther 2008, chapter 3).

>>> graph = graph_of("C = (w·x − y)²; w = 2; x = 3; y = 5")
>>> passes = graph.run(graph.given)
>>> graph.nodes[-1].name, passes.values[-1], dict(zip([n.name for n in graph.nodes], passes.derivatives))["w"]
('C', 1.0, 6.0)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..ground.expressions import SIGNS, Expression, Tree, expression
from ..ground.formula_text import Arity, FormulaError, read
from ..nets.activations import ACTIVATIONS, Activation, Array
from ..nets.differences import Difference, central_difference

#: Nodes that can still be looked through.
MOST_NODES = 200
#: A difference and a derivative are the same up to so many times the error that the difference is thought to have.
_TRUST = 10
_LEVELS = 12
#: Where exp would leave the numbers, activations hold it: what they return below this is right to no digit.
_LEAST = 1e-304

#: Derivatives of operations by what they take, u and v; r is the result.
_RULES: Mapping[str, tuple[str, ...]] = {
    "*": ("v", "u"),
    "/": ("1 / v", "-u / v**2"),
    "**": ("v * u**(v - 1)", "r * ln(u)"),
    "exp": ("r",),
    "ln": ("1 / u",),
    "sqrt": ("1 / (2 * r)",),
    "abs": ("sign(u)",),
    "sin": ("cos(u)",),
    "cos": ("-sin(u)",),
    "max": ("1 if u >= v else 0", "1 if u < v else 0"),
    "min": ("1 if u <= v else 0", "1 if u > v else 0"),
}
_SLOPE = 0.01  # of leaky ReLU

#: What a formula may call, with how many operands.
FUNCTIONS: Mapping[str, Arity] = {
    **dict.fromkeys(("exp", "ln", "sqrt", "abs", "sin", "cos", *ACTIVATIONS), (1, 1)),
    **dict.fromkeys(("max", "min"), (2, 9)),
}

#: A node of the graph by its number, or a number.
_Operand = int | float


@dataclass(frozen=True, slots=True)
class Node:
    """One step of the computation.

    Attributes
    ----------
    name : str
        As it was written; what has none is called v1, v2, ….
    sign : str
        ``"variable"``, ``"+"`` for sums of any length and signs, or a sign of `SIGNS` or `ACTIVATIONS`.
    tree : Tree
        The operation, of the names of its inputs; a variable's own name.
    inputs : tuple of int
        The nodes that it takes, as often as it takes them.
    rules : tuple of Tree
        For each of them, how this node changes with it.
    """

    name: str
    sign: str
    tree: Tree
    inputs: tuple[int, ...] = ()
    rules: tuple[Tree, ...] = ()


@dataclass(frozen=True, slots=True)
class Passes:
    """The numbers of a graph.

    Attributes
    ----------
    values : list of float
        Of each node.
    slopes : list of tuple
        Of each node by each of its inputs.
    derivatives : list of float
        Of the result by each node.
    """

    values: list[float]
    slopes: list[tuple[float, ...]]
    derivatives: list[float]


@dataclass(frozen=True)
class Graph:
    """What `graph_of` makes of a text; the result is the last node, and inputs come before what takes them.

    Attributes
    ----------
    nodes : tuple of Node
    given : dict
        A value for every variable: that of the text, or 1.
    """

    nodes: tuple[Node, ...]
    given: Mapping[str, float]

    @cached_property
    def variables(self) -> tuple[int, ...]:
        """The nodes that are variables, as they come in the text."""
        return tuple(i for i, node in enumerate(self.nodes) if node.sign == "variable")

    def run(self, given: Mapping[str, float]) -> Passes:
        """Return values, local slopes and derivatives at values of the variables."""
        with np.errstate(all="ignore"):
            values = self._forward(given)
            slopes = [self._slopes(i, values) for i in range(len(self.nodes))]
        derivatives = [0.0] * len(values)
        derivatives[-1] = 1.0
        for i in reversed(range(len(self.nodes))):
            for source, slope in zip(self.nodes[i].inputs, slopes[i], strict=True):
                derivatives[source] += derivatives[i] * slope
        return Passes(values, slopes, derivatives)

    def difference(self, given: Mapping[str, float], index: int) -> Difference:
        """Return the derivative of the result by a node from differences: the node is shifted, all after it follows."""
        with np.errstate(all="ignore"):
            value = self._forward(given)[index]
            reach = 0.1 * max(1.0, abs(value)) if math.isfinite(value) else 0.1
            return central_difference(lambda h: self._forward(given, index, h)[-1], reach, _LEVELS)

    def _forward(self, given: Mapping[str, float], shifted: int = -1, by: float = 0.0) -> list[float]:
        values: list[float] = []
        for i, node in enumerate(self.nodes):
            value = float(given[node.name]) if node.sign == "variable" else self._value(node, values)
            values.append(value + by if i == shifted else value)
        return values

    def _value(self, node: Node, values: Sequence[float]) -> float:
        if node.sign in ACTIVATIONS:
            return _of(ACTIVATIONS[node.sign].apply, values[node.inputs[0]])
        return float(Expression("", node.tree, ()).value(self._known(node, values)))

    def _slopes(self, i: int, values: Sequence[float]) -> tuple[float, ...]:
        node = self.nodes[i]
        if node.sign in ACTIVATIONS:
            return (_of(ACTIVATIONS[node.sign].slope, values[node.inputs[0]]),)
        known = {**self._known(node, values), node.name: values[i]}
        return tuple(float(Expression("", rule, ()).value(known)) for rule in node.rules)

    def _known(self, node: Node, values: Sequence[float]) -> dict[str, float]:
        return {self.nodes[k].name: values[k] for k in node.inputs}


def agree(derivative: float, found: Difference) -> bool:
    """Return whether a derivative is the one that differences find, as far as these can tell."""
    size = abs(derivative)
    near = abs(derivative - found.value) <= max(_TRUST * found.error, 1e-7 * size)
    return bool(near and found.error <= 1e-3 * max(1.0, size))


def graph_of(text: str) -> Graph:
    """Return the graph of formulas: see `ground.formula_text.read`.

    Raises
    ------
    FormulaError
        With the column of what is wrong.
    """
    formulas = read(text, FUNCTIONS)
    names = {name for name, _ in formulas.statements} | set(formulas.columns)
    builder = _Builder(names)
    for name, tree in formulas.statements:
        builder.define(name, tree)
    name, _ = formulas.statements[-1]
    result = builder.defined[name]
    if not isinstance(result, int) or not builder.nodes[result].inputs:
        raise FormulaError("nothing", 1, "expected a formula with a variable in it")
    idle = sorted(set(formulas.values) - {node.name for node in builder.nodes})
    if idle:
        raise FormulaError("unused", 1, f"{idle[0]} is used by no formula", name=idle[0])
    values = {node.name: formulas.values.get(node.name, 1.0) for node in builder.nodes if node.sign == "variable"}
    return Graph(tuple(builder.nodes), values)


class _Builder:
    """Makes nodes of trees, inputs first."""

    def __init__(self, taken: set[str]) -> None:
        self.nodes: list[Node] = []
        self.defined: dict[str, _Operand] = {}
        self._taken = taken
        self._count = 0
        self._letter = next(x for x in "vuqs" if not any(name.startswith(x) and name[1:].isdigit() for name in taken))

    def define(self, name: str, tree: Tree) -> None:
        """Take in a formula; the last needs no name."""
        wanted = name or next(x for x in ("C", "f", "L", "result") if x not in self._taken)
        self.defined[name] = self._operand(tree, wanted)

    def _operand(self, tree: Tree, name: str = "") -> _Operand:
        if isinstance(tree, str):
            known = self.defined.get(tree)
            if known is None:
                known = self.defined[tree] = self._add(Node(tree, "variable", tree))
            return self._renamed(known, name) if name else known
        if not isinstance(tree, tuple):
            return float(tree)
        sign, *parts = tree
        if sign in ("+", "-"):
            return self._sum(tree, name)
        return self._operation(str(sign), [self._operand(part) for part in parts], name)

    def _renamed(self, known: _Operand, name: str) -> _Operand:
        """``C = a`` alone: a step that leaves its input as it is."""
        if not isinstance(known, int):
            return known
        return self._add(Node(name, "+", self.nodes[known].name, (known,), (1.0,)))

    def _sum(self, tree: Tree, name: str) -> _Operand:
        terms = [(weight, self._operand(part)) for weight, part in _terms(tree, 1.0)]
        if not any(isinstance(term, int) for _, term in terms):
            return sum(weight * term for weight, term in terms)
        written: Tree | None = None
        for weight, term in terms:
            part = self._shown(term)
            if written is None:
                written = part if weight > 0 else ("-", part)
            else:
                written = ("+" if weight > 0 else "-"), written, part
        assert written is not None
        inner = [(weight, term) for weight, term in terms if isinstance(term, int)]
        inputs, rules = tuple(term for _, term in inner), tuple(weight for weight, _ in inner)
        return self._add(Node(self._name(name), "+", written, inputs, rules))

    def _operation(self, sign: str, operands: list[_Operand], name: str) -> _Operand:
        if all(not isinstance(operand, int) for operand in operands):
            return self._number(sign, operands)
        own = self._name(name)
        shown = [self._shown(operand) for operand in operands]
        rules = [
            rule for operand, rule in zip(operands, _rules(sign, shown, own), strict=True) if isinstance(operand, int)
        ]
        inputs = tuple(operand for operand in operands if isinstance(operand, int))
        return self._add(Node(own, sign, (sign, *shown), inputs, tuple(rules)))

    def _number(self, sign: str, operands: list[_Operand]) -> float:
        with np.errstate(all="ignore"):
            if sign in ACTIVATIONS:
                value = _of(ACTIVATIONS[sign].apply, float(operands[0]))
            else:
                value = float(SIGNS[sign](*(np.float64(x) for x in operands)))
        if not math.isfinite(value):
            raise FormulaError("number", 1, "a part of it without variables comes to no number")
        return value

    def _shown(self, operand: _Operand) -> Tree:
        return self.nodes[operand].name if isinstance(operand, int) else operand

    def _name(self, name: str) -> str:
        if name:
            return name
        self._count += 1
        return f"{self._letter}{self._count}"

    def _add(self, node: Node) -> int:
        if len(self.nodes) >= MOST_NODES:
            raise FormulaError("large", 1, f"expected at most {MOST_NODES} steps", most=MOST_NODES)
        self.nodes.append(node)
        return len(self.nodes) - 1


def _terms(tree: Tree, weight: float) -> list[tuple[float, Tree]]:
    """Return what a chain of sums and differences adds, each with its sign."""
    if not isinstance(tree, tuple) or tree[0] not in ("+", "-"):
        return [(weight, tree)]
    sign, first, *second = tree
    if not second:
        return _terms(first, -weight)
    return _terms(first, weight) + _terms(second[0], weight if sign == "+" else -weight)


def _rules(sign: str, shown: Sequence[Tree], own: str) -> list[Tree]:
    """Return the derivatives of an operation by its operands, in the names of the graph."""
    if sign == "**" and isinstance(shown[1], float):
        power = shown[1]
        return [_power_rule(shown[0], power), 0.0]
    if sign in ACTIVATIONS:
        return [_activation_rule(ACTIVATIONS[sign], shown[0], own)]
    by = {"u": shown[0], "v": shown[-1], "r": own}
    return [_replaced(expression(rule).tree, by) for rule in _RULES[sign]]


def _power_rule(base: Tree, power: float) -> Tree:
    if power == 1:
        return 1.0
    return ("*", power, base if power == 2 else ("**", base, power - 1))


def _activation_rule(activation: Activation, operand: Tree, own: str) -> Tree:
    written = activation.written
    by: dict[str, Tree] = {**written.constants, "leaky_slope": _SLOPE, "z": operand, "a": own}
    return _replaced(expression(written.derivative).tree, by)


def _replaced(tree: Tree, by: Mapping[str, Tree]) -> Tree:
    if isinstance(tree, tuple):
        return (tree[0], *(_replaced(part, by) for part in tree[1:]))
    return by.get(tree, tree) if isinstance(tree, str) else tree


def _of(function: Callable[[Array], Array], value: float) -> float:
    """Return f or f′; what a flat end leaves below the range in which activations keep their digits is told as 0."""
    found = float(function(np.array([value]))[0])
    return 0.0 if abs(found) < _LEAST and abs(value) > 1 else found
