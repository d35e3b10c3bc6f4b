"""Computation graphs: values and derivatives of made-up formulas against mpmath and against differences."""

import math
import random

import mpmath
import numpy as np
import pytest
from backscope.core.ground.formula_text import FormulaError
from backscope.core.insight.graph import FUNCTIONS, MOST_NODES, agree, graph_of
from backscope.core.landscapes.functions import LANDSCAPES
from backscope.core.nets.activations import ACTIVATIONS

NAMES = "abcd"
#: How what is typed is written for mpmath.
WORDS = {"σ": "sigmoid", "max": "max", "min": "min", "abs": "abs"}


def formula(rng: random.Random, depth: int) -> str:
    """A formula that is smooth where it is tried, with every sign of arithmetic and many functions."""
    if depth == 0:
        return rng.choice([*NAMES, f"{rng.uniform(0.2, 3):.3f}"])

    def part() -> str:
        return formula(rng, rng.randrange(depth))

    kind = rng.choice(
        ["+", "-", "*", "/", "^", "exp", "ln", "tanh", "sigmoid", "softplus", "max", "sqrt", "sin", "cos"]
    )
    if kind in ("+", "-", "*"):
        return f"({part()} {kind} {part()})"
    if kind == "/":
        return f"({part()} / (1.5 + ({part()})^2))"
    if kind == "^":
        return f"({part()})^{rng.choice([2, 3])}"
    if kind == "exp":
        return f"exp(tanh({part()}))"
    if kind in ("ln", "sqrt"):
        return f"{kind}(2 + ({part()})^2)"
    return f"max({part()}, {part()} + 0.37)" if kind == "max" else f"{kind}({part()})"


def exact(text: str, values: dict[str, float], name: str) -> float:
    """The derivative by mpmath, which knows nothing of ours."""
    known = {
        "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)), "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
        "ln": mpmath.log,
        "exp": mpmath.exp, "tanh": mpmath.tanh, "sqrt": mpmath.sqrt, "sin": mpmath.sin, "cos": mpmath.cos, "max": max,
    }  # fmt: skip
    code = compile(text.replace("^", "**"), "formula", "eval")
    with mpmath.workdps(40):
        return float(mpmath.diff(lambda x: eval(code, {**known, **values, name: x}), mpmath.mpf(values[name])))


@pytest.mark.parametrize("seed", range(40))
def test_derivatives_of_made_up_formulas_are_those_of_mpmath_and_of_differences(seed: int) -> None:
    rng = random.Random(seed)
    text = f"{formula(rng, 4)} + 0.1*{rng.choice(NAMES)}"
    graph = graph_of(text)
    values = {name: rng.uniform(-1.5, 1.5) for name in graph.given}
    passes = graph.run(values)
    for i in graph.variables:
        found = exact(text, values, graph.nodes[i].name)
        assert passes.derivatives[i] == pytest.approx(found, rel=1e-9, abs=1e-12), text
    for i, derivative in enumerate(passes.derivatives):
        assert agree(derivative, graph.difference(values, i)), (text, graph.nodes[i].name)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_rule_that_is_shown_of_every_function_is_its_slope(name: str) -> None:
    from backscope.core.ground.expressions import Expression

    least, _ = FUNCTIONS[name]
    graph = graph_of(f"{name}({', '.join('ab'[:least])})")
    for a in (0.3, 1.7) if name in ("ln", "sqrt") else (-1.3, 0.3, 2.1):
        passes = graph.run({"a": a, "b": 0.9})
        known = {node.name: value for node, value in zip(graph.nodes, passes.values, strict=True)}
        for rule, slope in zip(graph.nodes[-1].rules, passes.slopes[-1], strict=True):
            assert Expression("", rule, ()).value(known) == pytest.approx(slope, rel=1e-9, abs=1e-12)
        for i in graph.variables:
            assert agree(passes.derivatives[i], graph.difference({"a": a, "b": 0.9}, i))


@pytest.mark.parametrize("name", LANDSCAPES)
def test_every_landscape_has_the_same_graph_as_everything_else(name: str) -> None:
    landscape = LANDSCAPES[name]
    graph = graph_of(landscape.typed)
    assert set(graph.given) == {"x", "y"}
    for x, y in np.random.default_rng(1).uniform(-2, 2, (20, 2)):
        passes = graph.run({"x": x, "y": y})
        point = np.array([x, y])
        assert passes.values[-1] == pytest.approx(float(landscape.loss(point)), rel=1e-12, abs=1e-12)
        found = {graph.nodes[i].name: passes.derivatives[i] for i in graph.variables}
        np.testing.assert_allclose([found["x"], found["y"]], landscape.gradient(point), rtol=1e-9, atol=1e-10)


def test_nielsens_neuron_and_paths_that_meet() -> None:
    """Chapter 3: from w = .6, b = .9, x = 1 the output is .82; ∂C/∂w = (a − y) σ′(z) x."""
    graph = graph_of("z = w·x + b; a = σ(z); C = ½(a − y)²; w = .6; b = .9; x = 1; y = 0")
    passes = graph.run(graph.given)
    by = {node.name: i for i, node in enumerate(graph.nodes)}
    a = passes.values[by["a"]]
    assert a == pytest.approx(0.8176, abs=1e-4)
    assert passes.derivatives[by["w"]] == pytest.approx(a * a * (1 - a), rel=1e-12)
    twice = graph_of("z = a·b; C = z² + 3z; a = 2; b = 5")
    found = twice.run(twice.given).derivatives
    assert found[[node.name for node in twice.nodes].index("z")] == 2 * 10 + 3


def test_at_a_kink_the_difference_does_not_agree() -> None:
    graph = graph_of("C = relu(x) + x; x = 0")
    assert not agree(graph.run(graph.given).derivatives[0], graph.difference(graph.given, 0))
    assert math.isnan(graph_of("ln(x)").run({"x": -1.0}).values[-1])


def test_what_lies_beyond_all_numbers_is_told_as_zero() -> None:
    for text in ("σ(x); x = -123456", "tanh(x) − 1; x = 40", "σ(x); x = -746"):
        assert graph_of(text).run(graph_of(text).given).values[-1] == 0
    small = graph_of("C = tanh(x) + sigmoid(y); x = 0; y = -700").run({"x": 1e-320, "y": -700.0})
    assert small.values[-1] == pytest.approx(math.exp(-700), rel=1e-9)


@pytest.mark.parametrize(
    ("text", "code"),
    [("2 + 3", "nothing"), ("z = 3; C = z; y = 2", "unused"), ("x/0 + 1/0", "number"), ("x + ln(0)", "number"),
     ("; ".join(f"z{k} = x{k}·w" for k in range(MOST_NODES)) + "; C = w" + "".join(f" + z{k}" for k in range(140)),
     "unused")],
)  # fmt: skip
def test_what_is_no_graph_is_refused(text: str, code: str) -> None:
    with pytest.raises(FormulaError) as caught:
        graph_of(text)
    assert caught.value.code == code


def test_too_many_nodes_are_refused() -> None:
    lines = [f"z{k} = x{k}·w{k}" for k in range(70)]
    with pytest.raises(FormulaError, match=f"at most {MOST_NODES}"):
        graph_of("; ".join([*lines, "C = " + " + ".join(f"z{k}" for k in range(70))]))


def test_every_activation_can_be_called() -> None:
    assert set(ACTIVATIONS) <= set(FUNCTIONS)
