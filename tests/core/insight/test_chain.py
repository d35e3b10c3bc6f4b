"""Nodes of a chain rule: what children make, how names are written, and where parameters lie."""

import pytest
from backscope.core import ConfigError, Network
from backscope.core.insight.chain import Node, Target, symbol


def leaf(value):
    return Node("w", (1, 0, 0), value)


def test_a_node_is_what_its_children_make():
    parts = [leaf(2.0), leaf(-3.0), leaf(0.5)]
    for combine, value in (("product", -3.0), ("sum", -0.5), ("mean", -0.5 / 3)):
        node = Node("dC_dw", (1, 0, 0), value, combine, lambda: parts)
        assert node.combined() == pytest.approx(value)
        assert list(node.walk()) == [node, *parts]
    assert leaf(7.0).children == ()
    small = Node("dC_dz", (1, 0), 1e-30, "sum", lambda: [leaf(1.0), leaf(1e-30), leaf(-1.0)])
    assert small.combined() == 1e-30


@pytest.mark.parametrize(
    ("name", "at", "written"),
    [
        ("dC_dw", (2, 2, 0), "∂C/∂w²₃₁"),
        ("dC_dw", (2, 11, 0), "∂C/∂w²₁₂,₁"),
        ("a", (0, 1), "x₂"),
        ("dC_da", (0, 1), "∂C/∂x₂"),
        ("da_dz", (1, 0), "∂a¹₁/∂z¹₁"),
        ("slope", (1, 3), "f′(z¹₄)"),
        ("sample", (4,), "sample 5"),
        ("dC_dgamma", (10, 0), "∂C/∂γ¹⁰₁"),
    ],
)
def test_names_are_written_as_in_nielsens_book(name, at, written):
    assert symbol(name, at) == written


def test_every_parameter_is_the_target_of_one_place():
    net = Network([2, 3, 1], normalization="layer")
    weights = [Target(layer, to, k) for layer, n_in in ((1, 2), (2, 3)) for k in range(n_in + 1)
               for to in range(net.sizes[layer])]  # fmt: skip
    scales = [Target(1, to, which) for which in ("gamma", "beta") for to in range(3)]
    places = [target.check(net).index(net) for target in [*weights, *scales]]
    assert sorted(places) == list(range(net.parameter_count))
    assert [target.is_bias(net) for target in weights[:9]] == [False] * 6 + [True] * 3
    assert Target(1, 0).index(net) is None


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (Target(3, 0), r"layer must be a whole number in \[0, 2\], got 3"),
        (Target(1, 3), r"to must be a whole number in \[0, 2\], got 3"),
        (Target(1, 0, 3), r"from must be a whole number in \[0, 2\], got 3"),
        (Target(2, 0, "beta"), "layer 2 is not normalized: it has no beta"),
    ],
)
def test_a_place_that_is_not_there_is_refused(target, words):
    with pytest.raises(ConfigError, match=words):
        target.check(Network([2, 3, 1], normalization="layer"))
