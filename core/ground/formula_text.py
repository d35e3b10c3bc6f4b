"""Formulas as people type them, read into trees: ``C = (σ(w·x + b) − y)²; w = 0.6``.

Nothing is evaluated by Python: a reader of its own knows numbers, names, the signs of arithmetic, brackets and the
functions that it is given, and says at which column it expected something else.

>>> read("a = σ(2x); C = (a − y)²; x = 0.5", {"sigmoid": (1, 1)}).statements
(('a', ('sigmoid', ('*', 2.0, 'x'))), ('C', ('**', ('-', 'a', 'y'), 2.0)))
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from .errors import BackscopeError
from .expressions import Tree

#: Letters of a text, signs and names of one of its formulas, and brackets in each other, at most.
LONGEST, WIDEST, DEEPEST = 8000, 300, 60

#: Other ways to write a sign: in print, on a Chinese keyboard. One letter each, so that columns stay.
_ALIKE = str.maketrans("−–×·⋅∙÷（）［］，；＝＋－＊／＾。", "--****/()[],;=+-*/^.", "")
_POWERS = {letter: str(digit) for digit, letter in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
_FRACTIONS = {"½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅛": 1 / 8}
_BELOW = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_CONSTANTS = {"π": math.pi, "pi": math.pi, "e": math.e}
#: Other names of functions.
ALIASES = {"σ": "sigmoid", "log": "ln", "√": "sqrt"}
#: What numbers alone are joined by, when they are read.
_PLAIN: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)

#: How many operands a function takes: at least, at most.
Arity = tuple[int, int]


class FormulaError(BackscopeError, ValueError):
    """What is typed is no formula.

    Parameters
    ----------
    code : str
        What is wrong, for translations.
    column : int
        Where, from 1.
    message : str
        The same in words, without the column.
    params : str or int
        What the words are made of.
    """

    def __init__(self, code: str, column: int, message: str, **params: str | int) -> None:
        super().__init__(f"column {column}: {message}")
        self.code, self.column, self.params = code, column, params


@dataclass(frozen=True, slots=True)
class Formulas:
    """What a text says.

    Attributes
    ----------
    statements : tuple of (str, Tree)
        Names and what they stand for, in the order of the text; the last is what it is all about. Every name is defined
        before it is used, or is a variable.
    values : dict
        Numbers that variables were given.
    columns : dict
        Where each name stands first.
    """

    statements: tuple[tuple[str, Tree], ...]
    values: Mapping[str, float]
    columns: Mapping[str, int]


class _Token(NamedTuple):
    kind: str  # "number", "name", "power" (a raised number), "end", or the sign itself
    text: str
    column: int
    value: float = 0.0


def read(text: str, functions: Mapping[str, Arity]) -> Formulas:
    """Read formulas, separated by semicolons, commas or new lines.

    Parameters
    ----------
    text : str
        Each is ``name = formula``, or the formula alone. ``name = number`` gives a variable its value. Signs are
        ``+ - * / ^ **`` and their relatives in print; raised digits are powers; between a number and what follows, a
        product needs no sign.
    functions : mapping
        Names of functions with how many operands they take.

    Raises
    ------
    FormulaError
        For anything else, with its column.
    """
    if len(text) > LONGEST:
        raise FormulaError("long", LONGEST, f"expected at most {LONGEST} letters, got {len(text)}", most=LONGEST)
    return _Reader(_tokens(text), functions).formulas()


def _tokens(text: str) -> list[_Token]:
    plain, found, at = text.translate(_ALIKE), [], 0
    while at < len(plain):
        letter, column = plain[at], at + 1
        if letter in "\n\r":
            found.append(_Token(";", "\n", column))
            at += 1
        elif letter.isspace():
            at += 1
        else:
            token, at = _token(plain, at, column)
            found.append(token)
    return [*found, _Token("end", "", len(text) + 1)]


def _token(plain: str, at: int, column: int) -> tuple[_Token, int]:
    letter = plain[at]
    if number := _NUMBER.match(plain, at):
        if not math.isfinite(float(number[0])):
            raise FormulaError("letter", column, f"{number[0]!r} is too large a number", got=number[0])
        return _Token("number", number[0], column, float(number[0])), number.end()
    if letter in _FRACTIONS:
        return _Token("number", letter, column, _FRACTIONS[letter]), at + 1
    if letter in _POWERS:
        stop = at
        while stop < len(plain) and plain[stop] in _POWERS:
            stop += 1
        return _Token("power", plain[at:stop], column, float("".join(_POWERS[x] for x in plain[at:stop]))), stop
    if letter.isalpha() or letter == "√":
        stop = at + 1
        while stop < len(plain) and (plain[stop].isalpha() or plain[stop] in "_0123456789₀₁₂₃₄₅₆₇₈₉") and letter != "√":
            stop += 1
        name = re.sub(r"^([^\W\d_]+)_(\d+)$", r"\1\2", plain[at:stop].translate(_BELOW))
        return _Token("name", name, column), stop
    if plain.startswith("**", at):
        return _Token("^", "**", column), at + 2
    if letter in "+-*/^()[],;=":
        return _Token({"[": "(", "]": ")"}.get(letter, letter), letter, column), at + 1
    raise FormulaError("letter", column, f"{letter!r} has no meaning here", got=letter)


class _Reader:
    """Reads by precedence, from the loosest sign to the tightest."""

    def __init__(self, tokens: list[_Token], functions: Mapping[str, Arity]) -> None:
        self._tokens, self._functions = tokens, functions
        self._at = self._depth = 0
        #: Where each name is used first; and the names that the text defines, which are constants no more.
        self._columns: dict[str, int] = {}
        self._own = {token.text for token, sign in pairwise(tokens) if sign.kind == "="}

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        self._at += token.kind != "end"
        return token

    def formulas(self) -> Formulas:
        statements: list[tuple[str, Tree]] = []
        values: dict[str, float] = {}
        defined: dict[str, int] = {}
        while self._next.kind != "end":
            if self._next.kind in (";", ","):
                self._take()
                continue
            start = self._next.column
            name, tree = self._statement()
            if name in defined:
                raise FormulaError("twice", start, f"{name} is defined twice", name=name)
            if name:
                defined[name] = start
            if name and isinstance(tree, float):
                values[name] = tree
                continue
            if name in self._columns:
                words = f"{name} is used before it is defined"
                raise FormulaError("before", self._columns[name], words, name=name)
            statements.append((name, tree))
        self._check(statements, defined)
        return Formulas(tuple(statements), values, dict(self._columns))

    def _check(self, statements: list[tuple[str, Tree]], defined: Mapping[str, int]) -> None:
        if not statements:
            raise FormulaError("nothing", self._next.column, "expected a formula with a variable in it")
        for k, (name, _) in enumerate(statements[:-1]):
            if not name or not any(_holds(tree, name) for _, tree in statements[k + 1 :]):
                where = defined.get(name, 1)
                raise FormulaError("unused", where, f"{name or 'this'} is used by no later formula", name=name or "?")

    def _statement(self) -> tuple[str, Tree]:
        """A name and what it stands for; a number alone is a float."""
        name, first = "", self._at
        if self._next.kind == "name" and self._tokens[self._at + 1].kind == "=":
            name = self._take().text
            self._take()
        tree = self._sum()
        if self._next.kind not in (";", ",", "end"):
            raise self._unexpected()
        if self._at - first > WIDEST:
            column = self._tokens[first].column
            raise FormulaError("wide", column, f"expected at most {WIDEST} signs and names in a formula", most=WIDEST)
        return name, tree

    def _sum(self) -> Tree:
        tree = self._product()
        while self._next.kind in ("+", "-"):
            sign = self._take().kind
            tree = _joined(sign, tree, self._product())
        return tree

    def _product(self) -> Tree:
        tree = self._signed()
        while True:
            if self._next.kind in ("*", "/"):
                sign = self._take().kind
                tree = _joined(sign, tree, self._signed())
            elif self._next.kind in ("name", "(") and self._tokens[self._at - 1].kind == "number":
                tree = _joined("*", tree, self._power())
            else:
                return tree

    def _signed(self) -> Tree:
        if self._next.kind in ("+", "-"):
            minus = self._take().kind == "-"
            tree = self._deeper(self._signed)
            if not minus:
                return tree
            return -tree if isinstance(tree, float) else ("-", tree)
        return self._power()

    def _power(self) -> Tree:
        tree = self._operand()
        while self._next.kind == "power":
            tree = _joined("**", tree, self._take().value)
        if self._next.kind == "^":
            self._take()
            return _joined("**", tree, self._deeper(self._signed))
        return tree

    def _operand(self) -> Tree:
        token = self._take()
        if token.kind == "number":
            return token.value
        if token.kind == "(":
            tree = self._deeper(self._sum)
            self._close(token)
            return tree
        if token.kind == "name":
            return self._called(token)
        self._at -= token.kind != "end"
        raise self._unexpected()

    def _called(self, token: _Token) -> Tree:
        name = ALIASES.get(token.text, token.text)
        if self._next.kind != "(":
            if name in self._functions:
                words = f"{token.text} is a function: write {token.text}(…)"
                raise FormulaError("function", token.column, words, name=token.text)
            if token.text in _CONSTANTS and token.text not in self._own:
                return _CONSTANTS[token.text]
            self._columns.setdefault(token.text, token.column)
            return token.text
        if name not in self._functions:
            words = f"{token.text} is no function that is known here; a product needs its sign: {token.text}·(…)"
            raise FormulaError("unknown", token.column, words, name=token.text)
        opening, operands = self._take(), [self._deeper(self._sum)]
        while self._next.kind == ",":
            self._take()
            operands.append(self._deeper(self._sum))
        self._close(opening)
        least, most = self._functions[name]
        if not least <= len(operands) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            words = f"{token.text} takes {wanted}, got {len(operands)}"
            raise FormulaError("operands", token.column, words, name=token.text, wanted=wanted, got=len(operands))
        tree = operands[0] if least == 2 else (name, operands[0])
        for operand in operands[1:]:
            tree = (name, tree, operand)
        return tree

    def _close(self, opening: _Token) -> None:
        if self._next.kind == "end" or self._next.kind == ";":
            raise FormulaError("open", opening.column, "this bracket is not closed")
        if self._next.kind != ")":
            raise self._unexpected()
        self._take()

    def _deeper(self, part: Callable[[], Tree]) -> Tree:
        self._depth += 1
        if self._depth > DEEPEST:
            words = f"expected at most {DEEPEST} brackets in each other"
            raise FormulaError("deep", self._next.column, words, most=DEEPEST)
        tree = part()
        self._depth -= 1
        return tree

    def _unexpected(self) -> FormulaError:
        token = self._next
        if token.kind == "end" or token.text == "\n":
            return FormulaError("ended", token.column, "expected a number, a name or a bracket, got the end")
        return FormulaError("unexpected", token.column, f"{token.text!r} was not expected here", got=token.text)


def _joined(sign: str, left: Tree, right: Tree) -> Tree:
    if isinstance(left, float) and isinstance(right, float) and sign in _PLAIN:
        with suppress(ArithmeticError):
            return _PLAIN[sign](left, right)
    return sign, left, right


def _holds(tree: Tree, name: str) -> bool:
    return any(_holds(part, name) for part in tree[1:]) if isinstance(tree, tuple) else tree == name
