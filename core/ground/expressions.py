"""Formulas as data: written once as arithmetic, reckoned with numbers or arrays, and served as a tree to be drawn.

>>> step = expression("-eta * m_hat / (sqrt(v_hat) + eps)")
>>> step.names
('eta', 'm_hat', 'v_hat', 'eps')
>>> round(step.value({"eta": 0.1, "m_hat": 2.0, "v_hat": 4.0, "eps": 0.0}), 12)
-0.1
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

import numpy as np

#: A name, a number, or a sign with what it joins: ``("/", "g", ("+", ("sqrt", "s"), "eps"))``.
Tree = str | float | tuple["Tree", ...]

_OPERATORS: Mapping[type[ast.AST], str] = MappingProxyType(
    {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
)
_COMPARISONS: Mapping[type[ast.AST], str] = MappingProxyType({ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="})


def _normal(x: Any) -> Any:
    """Return the normal distribution function."""
    return import_module("scipy.special").ndtr(x)  # when it is first needed


def _along(reduce: Callable[..., Any]) -> Callable[[Any], Any]:
    """Return what joins numbers along the first axis; a single number is joined with nothing."""
    return lambda x: reduce(np.atleast_1d(x), axis=0)


#: What a sign does; those that are words are written as calls.
SIGNS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "+": operator.add,
        "-": lambda a, *b: a - b[0] if b else -a,
        "*": operator.mul,
        "/": np.divide,
        "**": np.power,
        "sqrt": np.sqrt,
        "abs": np.abs,
        "sign": np.sign,
        "exp": np.exp,
        "ln": np.log,
        "tanh": np.tanh,
        "sin": np.sin,
        "cos": np.cos,
        "max": np.maximum,
        "min": np.minimum,
        "normal": _normal,
        "sum": _along(np.sum),
        "mean": _along(np.mean),
        "largest": _along(np.max),
        "if": np.where,
        "<": np.less,
        "<=": np.less_equal,
        ">": np.greater,
        ">=": np.greater_equal,
    }
)


@dataclass(frozen=True, slots=True)
class Expression:
    """Arithmetic on named numbers: see `expression`.

    Attributes
    ----------
    source : str
        As it was written.
    tree : Tree
        The same as nested tuples, each a sign of `SIGNS` and what it joins.
    names : tuple of str
        The names in it, in the order in which they come.
    """

    source: str
    tree: Tree
    names: tuple[str, ...]

    def value(self, values: Mapping[str, Any]) -> Any:
        """Return what it comes to: numbers and arrays that broadcast go in by name, float64 comes out.

        What cannot be divided or rooted becomes infinite or NaN, with NumPy's warning.

        Raises
        ------
        KeyError
            For a name without a value.
        """
        return _value(self.tree, values)


@lru_cache(maxsize=512)
def expression(source: str) -> Expression:
    """Return the expression that is written in a line of arithmetic.

    Parameters
    ----------
    source : str
        Names, numbers, ``+ - * / **``, brackets, and calls of what `SIGNS` knows by a word, with Python's precedence;
        ``x if a < b else y``, which becomes ``("if", ("<", a, b), x, y)``. ``sum``, ``mean`` and ``largest`` go over
        the first axis of arrays.

    Raises
    ------
    ValueError
        For anything else.
    """
    tree = _tree(ast.parse(source, mode="eval").body, source)
    return Expression(source, tree, tuple(dict.fromkeys(_names(tree))))


def _tree(node: ast.expr, source: str) -> Tree:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return "-", _tree(operand, source)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)], _tree(left, source), _tree(right, source)
        case ast.Call(func=ast.Name(id=name), args=operands, keywords=[]) if name.isalpha() and name in SIGNS:
            return name, *(_tree(operand, source) for operand in operands)
        case ast.IfExp(test=ast.Compare(left=left, ops=[op], comparators=[right]), body=yes, orelse=no):
            if type(op) in _COMPARISONS:
                held = (_COMPARISONS[type(op)], _tree(left, source), _tree(right, source))
                return "if", held, _tree(yes, source), _tree(no, source)
    raise ValueError(f"{ast.unparse(node)!r} in the formula {source!r} is no arithmetic")


def _names(tree: Tree) -> list[str]:
    if isinstance(tree, tuple):
        return [name for part in tree[1:] for name in _names(part)]
    return [tree] if isinstance(tree, str) else []


def _value(tree: Tree, values: Mapping[str, Any]) -> Any:
    if isinstance(tree, tuple):
        sign = tree[0]
        assert isinstance(sign, str)
        return SIGNS[sign](*(_value(part, values) for part in tree[1:]))
    return np.asarray(values[tree], np.float64)[()] if isinstance(tree, str) else np.float64(tree)
