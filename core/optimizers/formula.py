"""How an update rule is written: the lines of its formula, as a textbook has them, and the numbers in them.

A rule is stated twice, for two readers: `Optimizer._rule` is what runs, in place and as fast as NumPy goes; its lines
are what is shown. Tests hold the two together: reckoned from what a step left behind, the lines give the step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..ground.expressions import Expression, Tree, expression

if TYPE_CHECKING:
    from .optimizer import Optimizer

#: How the names of terms are written: a letter, ``^`` before it for a hat, ``_`` before what is set below it.
SYMBOLS: Mapping[str, str] = MappingProxyType(
    {
        "eta": "η",
        "eps": "ε",
        "momentum": "μ",
        "dampening": "τ",
        "weight_decay": "λ",
        "beta": "β",
        "beta1": "β_1",
        "beta2": "β_2",
        "alpha": "α",
        "rho": "ρ",
        "m_hat": "^m",
        "v_hat": "^v",
        "step": "Δw",
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a rule's formula.

    Attributes
    ----------
    name : str
        The term that it makes.
    formula : Expression
        Of what.
    kind : str
        ``"memory"``: what the rule remembers, name ← formula; the name within the formula is what it was before.
        ``"term"``: name = formula. ``"known"``: what other lines need and is told without its formula.
    gradient : bool
        Whether it is a gradient or a mean of gradients, and not of their squares.
    """

    name: str
    formula: Expression
    kind: Literal["memory", "term", "known"]
    gradient: bool = False


def memory(name: str, formula: str, gradient: bool = False) -> Line:
    """Return the line of a term that is remembered from step to step."""
    return Line(name, expression(formula), "memory", gradient)


def term(name: str, formula: str, gradient: bool = False) -> Line:
    """Return the line of a term that is made anew in each step."""
    return Line(name, expression(formula), "term", gradient)


def known(name: str, formula: str, gradient: bool = False) -> Line:
    """Return the line of a number that is told as it is, such as what a memory was before."""
    return Line(name, expression(formula), "known", gradient)


def terms(optimizer: Optimizer, gradient: Any, before: Any, index: int | slice = slice(None)) -> dict[str, Any]:
    """Return the terms of an optimizer's last step by name, those of its lines after what they are made of.

    Parameters
    ----------
    optimizer : Optimizer
        After the step.
    gradient, before : float or array (P,)
        The gradient as the optimizer saw it, ``"g"``, and the parameters before the step, ``"w"``.
    index : int, optional
        The parameter that both are of; all of them if left out.

    Returns
    -------
    dict of str to float or array (P,)
        ``g``, ``w``, ``eta``, ``t``; hyperparameters; the rule's memory after the step; what its lines derive from
        these, the last of it ``step``, which is NaN before the first step.
    """
    found: dict[str, Any] = {"g": gradient, "w": before, "eta": optimizer.learning_rate, "t": optimizer.t}
    found |= {entry.name: getattr(optimizer, entry.name) for entry in optimizer.hyperparameters}
    found |= {name: getattr(optimizer, name)[index] for name in (*optimizer.memory, *optimizer.told)}
    found |= {name: getattr(optimizer, name)[0] for name in optimizer.numbers}
    found = {name: np.asarray(value, np.float64)[()] for name, value in found.items()}
    if optimizer.t == 0:
        return {**found, "step": np.nan * found["g"]}
    with np.errstate(all="ignore"):
        for line in optimizer.lines():
            if line.kind != "memory":
                found[line.name] = line.formula.value(found)
    return found


def part(formula: str | None, found: Mapping[str, Any]) -> NDArray[np.float64] | None:
    """Return what a formula of the rule, such as its `rates`, comes to with the `terms` of a step; None for None."""
    if formula is None:
        return None
    with np.errstate(all="ignore"):
        return np.asarray(expression(formula).value(found), np.float64)


def formula_json(optimizer: Optimizer) -> dict[str, Any]:
    """Return the lines of a rule for the page to draw.

    Returns
    -------
    dict
        ``name`` of the rule. ``lines``: name, kind and tree of each. ``symbols``: how each name in them is written, a
        text as in `SYMBOLS` or the tree of what stands for it. ``fixed``: names of numbers that are no measurements, to
        be written as they were chosen. ``gradients``: names of what is drawn in the colour of gradients.
    """
    lines = optimizer.lines()
    names = dict.fromkeys(name for line in lines for name in (*line.formula.names, line.name))
    fixed = {"eta", "t", *(entry.name for entry in optimizer.hyperparameters), *optimizer.numbers}
    for line in lines:
        if line.kind == "term" and fixed.issuperset(line.formula.names):
            fixed.add(line.name)
    return {
        "name": optimizer.name,
        "lines": [{"name": line.name, "kind": line.kind, "formula": line.formula.tree} for line in lines],
        "symbols": {name: _written(optimizer.symbol(name)) for name in names},
        "fixed": [name for name in names if name in fixed],
        "gradients": ["g", *(line.name for line in lines if line.gradient)],
    }


def _written(symbol: str | Expression) -> Tree:
    return symbol.tree if isinstance(symbol, Expression) else symbol
