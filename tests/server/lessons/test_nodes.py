"""Formulas and words as trees of harmless elements."""

from typing import Any

import pytest
from backscope.server.lessons.faults import LessonError
from backscope.server.lessons.nodes import Place, formula

PLACE = Place("en.md", 5)


def text_of(node: Any) -> str:
    return node if isinstance(node, str) else "".join(map(text_of, node[2:]))


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\delta^l_j = \frac{\partial C}{\partial z^l_j}", "δjl=∂C∂zjl"),
        (r"w \leftarrow w - \eta \, \frac{\partial C}{\partial w}", "w←w-η∂C∂w"),
        (r"\lVert \delta \rVert", "‖δ‖"),
        (r"\sqrt{2/n} \approx 0.5", "2/n≈0.5"),
        (r"\sigma'(z) \le \tfrac14", None),
        (r"(W^{l+1})^T \odot \lambda_{\max}", None),
        (r"\sum_{k=1}^{n} a_k \cdot \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", None),
    ],
)
def test_formulas_are_mathml(tex: str, text: str | None) -> None:
    node = formula(tex, PLACE, block=True)
    assert node[:2] == ["math", {"display": "block"}]
    assert "\\" not in text_of(node)
    if text is not None:
        assert text_of(node).replace("−", "-") == text


@pytest.mark.parametrize("tex", ["x^", r"\foo", r"\frac{1}", r"{", r"\text{<b onclick=x>}"])
def test_what_is_no_formula_is_refused(tex: str) -> None:
    with pytest.raises(LessonError, match=r"en\.md, line 5: expected a formula"):
        formula(tex, PLACE, block=False)


@pytest.mark.parametrize("tex", [r"\href{javascript:x}{y}", r"\color{red}{x}", r"\class{a}{x}"])
def test_no_attribute_leads_anywhere(tex: str) -> None:
    def attributes(node: Any) -> list[str]:
        return [] if isinstance(node, str) else [*node[1], *(name for child in node[2:] for name in attributes(child))]

    assert set(attributes(formula(tex, PLACE, block=False))) <= {"display", "stretchy", "mathvariant"}
