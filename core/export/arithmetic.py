"""Formulas of records as NumPy source."""

from __future__ import annotations

import ast
from collections.abc import Mapping

#: What NumPy calls otherwise; the rest goes by its own name.
_CALLS: Mapping[str, str] = {"max": "np.maximum", "min": "np.minimum", "ln": "np.log", "largest": "np.max"}
#: Names that the script defines by itself.
_OWN = frozenset({"normal"})
#: What goes over outputs, which are the columns in the script.
_ALONG = frozenset({"sum", "mean", "largest"})


def numpy_source(formula: str, names: Mapping[str, str] | None = None) -> str:
    """Return a formula as an expression of NumPy, in which samples are rows.

    Parameters
    ----------
    formula : str
        As `ground.expressions.expression` takes it.
    names : dict, optional
        What stands for its names: source of expressions.
    """
    tree = ast.parse(formula, mode="eval")
    return ast.unparse(ast.fix_missing_locations(_Numpy(names or {}).visit(tree)))


class _Numpy(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = {name: ast.parse(text, mode="eval").body for name, text in names.items()}

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._names.get(node.id, node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        node.args = [self.visit(part) for part in node.args]
        node.func = ast.Name(name if name in _OWN else _CALLS.get(name, f"np.{name}"))
        if name in _ALONG:
            node.keywords = [ast.keyword("axis", ast.Constant(1)), ast.keyword("keepdims", ast.Constant(value=True))]
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        parts = [self.visit(part) for part in (node.test, node.body, node.orelse)]
        return ast.Call(ast.parse("np.where", mode="eval").body, parts, [])
