"""Formulas as they are typed: what is read, in which forms, and at which column something else was expected."""

import pytest
from backscope.core.ground.formula_text import DEEPEST, LONGEST, WIDEST, FormulaError, read

FUNCTIONS = {"sigmoid": (1, 1), "ln": (1, 1), "sqrt": (1, 1), "max": (2, 9)}


def tree(text: str) -> object:
    return read(text, FUNCTIONS).statements[-1][1]


@pytest.mark.parametrize(
    ("text", "same"),
    [("a − b − c", "(a − b) − c"), ("a / b · c", "(a / b)·c"), ("−a²", "−(a²)"), ("a^b^c", "a^(b^c)"),
     ("a^−b", "a^(−b)"),
     ("2x²", "2·(x²)"), ("½(a + b)", "0.5·(a + b)"), ("a × b ÷ c", "a * b / c"), ("a ** 2", "a²"),
     ("x₁ + x_1", "x1 + x1"),
     ("log(a)", "ln(a)"), ("σ(a)", "sigmoid(a)"), ("√(a)", "sqrt(a)"), ("max(a, b, c)", "max(max(a, b), c)"),
     ("（a＋b）－c", "(a + b) - c"), ("2 · 3 + a", "6 + a"), ("[a + b]·c", "(a + b)·c"), ("a¹²", "a^12")],
)  # fmt: skip
def test_it_is_read_as_the_textbook_means_it(text: str, same: str) -> None:
    assert tree(text) == tree(same)


def test_numbers_belong_to_variables_and_formulas_to_names() -> None:
    found = read("z = w·x + b\na = σ(z); (a − y)², w = −0.5; x = 1/4", FUNCTIONS)
    assert [name for name, _ in found.statements] == ["z", "a", ""]
    assert found.values == {"w": -0.5, "x": 0.25}


def test_e_and_pi_are_numbers_unless_somebody_says_otherwise() -> None:
    assert tree("x + e·π") == ("+", "x", pytest.approx(8.539734222673566))
    assert tree("x + e; e = 2") == ("+", "x", "e")


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [("a + ", "ended", 5), ("a + * b", "unexpected", 5), ("(a + b", "open", 1), ("a + b)", "unexpected", 6),
     ("a b", "unexpected", 3),
     ("f(a)", "unknown", 1), ("a + σ", "function", 5), ("σ(a, b)", "operands", 1), ("max(a)", "operands", 1),
     ("a # b", "letter", 3),
     ("z = a; z = b; C = z", "twice", 8), ("C = z²; z = a·b", "before", 5), ("z = z + a", "before", 5),
     ("z = a; b²", "unused", 1),
     ("", "nothing", 1), ("a = 2", "nothing", 6), ("1e999 + a", "letter", 1), ("__import__('os')", "letter", 1),
     ("(" * (DEEPEST + 1), "deep", DEEPEST + 2), ("-" * (DEEPEST + 2), "deep", DEEPEST + 2), ("a" * (LONGEST + 1),
     "long", LONGEST),
     ("+".join("a" * WIDEST), "wide", 1)],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_column(text: str, code: str, column: int) -> None:
    with pytest.raises(FormulaError, match=f"column {column}: ") as caught:
        read(text, FUNCTIONS)
    assert (caught.value.code, caught.value.column) == (code, column)
