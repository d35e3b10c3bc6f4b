"""Formulas as data: what they come to, how they are nested, and what is refused."""

import json
import math
from statistics import NormalDist

import numpy as np
import pytest
from backscope.core.ground.expressions import SIGNS, expression

VALUES = {"a": 2.0, "b": -3.0, "c": 0.25}


@pytest.mark.parametrize(
    "source",
    ["a", "7", "-a", "a + b", "a - b - c", "a * b + c", "a / b / c", "-a * b", "a**2", "-(a**2)", "a - (b - c)",
     "a ** c ** c", "(a + b) * (a - b) / -c"],
)  # fmt: skip
def test_it_comes_to_what_python_makes_of_it(source: str) -> None:
    assert expression(source).value(VALUES) == pytest.approx(eval(source, dict(VALUES)), rel=1e-15)


@pytest.mark.parametrize("name", [name for name in SIGNS if name.isalpha() and name != "if"])
def test_every_word_can_be_called(name: str) -> None:
    known = {"abs": abs, "sign": lambda x: math.copysign(1, x), "ln": math.log, "max": max, "min": min}
    known |= {"normal": NormalDist().cdf, **dict.fromkeys(("sum", "mean", "largest"), lambda x: x)}
    source = f"{name}(a, c)" if name in ("max", "min") else f"{name}(a)"
    given = (2.0, 0.25) if name in ("max", "min") else (2.0,)
    expected = known.get(name) or getattr(math, name)
    assert expression(source).value(VALUES) == pytest.approx(expected(*given), rel=1e-14)


def test_arrays_go_in_and_come_out_whole() -> None:
    x = np.array([1, 4, 9], np.float32)
    found = expression("sqrt(x) - k").value({"x": x, "k": 1})
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, [0, 1, 2])


def test_numbers_are_joined_along_the_first_axis() -> None:
    y = np.array([[1.0, 2.0], [3.0, 5.0]])
    np.testing.assert_array_equal(expression("sum(y)").value({"y": y}), [4.0, 7.0])
    np.testing.assert_array_equal(expression("mean(y) - largest(y)").value({"y": y}), [-1.0, -1.5])


def test_one_of_two_formulas_holds() -> None:
    found = expression("x if x > 0 else k * x")
    assert found.tree == ("if", (">", "x", 0), "x", ("*", "k", "x"))
    np.testing.assert_array_equal(found.value({"x": np.array([-2.0, 3.0]), "k": 0.5}), [-1.0, 3.0])


def test_a_tree_is_nested_json() -> None:
    found = expression("-eta * (g / (sqrt(s) + eps))")
    assert found.tree == ("*", ("-", "eta"), ("/", "g", ("+", ("sqrt", "s"), "eps")))
    assert found.names == ("eta", "g", "s", "eps")
    assert json.loads(json.dumps(found.tree))[0] == "*"


def test_no_number_is_a_value_like_any_other() -> None:
    with np.errstate(all="ignore"):
        assert np.isnan(expression("a / a").value({"a": 0.0}))
        assert np.isinf(expression("1 / a").value({"a": 0.0}))


@pytest.mark.parametrize(
    "source",
    ["a if b else c", "a.b", "f(a)", "a[0]", "a < b", "a % b", "max(a, key=b)", "'a'", "True", "a @ b"],
)
def test_what_is_no_arithmetic_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="is no arithmetic"):
        expression(source)


def test_a_name_without_a_value_is_named() -> None:
    with pytest.raises(KeyError, match="speed"):
        expression("speed * 2").value({})
