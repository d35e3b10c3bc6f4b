"""The tree of the chain rule makes the gradient, and differences agree with it within the error they claim."""

import itertools
import math

import numpy as np
import pytest
from backscope.core.ground.errors import ConfigError
from backscope.core.insight.explain import Explanation, Node, Target, difference, explain, symbol
from backscope.core.nets.activations import ACTIVATIONS
from backscope.core.nets.losses import LOSSES, OUTPUTS, check_fit
from backscope.core.nets.network import Network


def fits(output: str, loss: str) -> bool:
    try:
        check_fit(output, loss)
    except ConfigError:
        return False
    return True


PAIRS = [(output, loss) for output, loss in itertools.product(OUTPUTS, LOSSES) if fits(output, loss)]
SHAPES = {"plain": {}, "layer": {"normalization": "layer"}, "batch": {"normalization": "batch"}}


def problem(network: Network, loss: str, n: int = 5, seed: int = 0):
    rng = np.random.default_rng(seed)
    theta = network.initialize("normal", rng, 0.7)
    theta += rng.normal(0, 0.1, theta.size)
    for block in network.blocks:
        if block.normalized:
            block.view(theta)[-1] = 0.0
    X = rng.normal(size=(n, network.sizes[0]))
    y = rng.normal(size=(n, network.sizes[-1]))
    if loss in ("bce", "hinge"):
        y = (y > 0).astype(float) if loss == "bce" else np.sign(y)
    if loss == "cross_entropy":
        y = np.eye(network.sizes[-1])[rng.integers(network.sizes[-1], size=n)]
    return theta, X, y


def targets(network: Network):
    for layer, block in enumerate(network.blocks, start=1):
        for source, to in itertools.product(range(block.rows), range(block.cols)):
            if not (block.normalized and source == network.sizes[layer - 1]):
                yield Target(layer, to, source)
        if block.normalized:
            yield from itertools.starmap(Target, itertools.product([layer], range(block.cols), ("gamma", "beta")))


def scale(node: Node) -> float:
    """The size of what is added up in a tree: rounding is a part in 10¹⁶ of it, whatever the sum is."""
    parts = [scale(child) for child in node.children]
    if not parts:
        return abs(node.value)
    return math.prod(parts) if node.combine == "product" else math.fsum(parts)


def check_tree(node: Node) -> None:
    for part in node.walk():
        if part.combine:
            assert part.children
            assert part.combined() == pytest.approx(part.value, rel=1e-12, abs=1e-12 * scale(part) + 1e-300), part


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("output", "loss"), PAIRS, ids="-".join)
def test_products_and_sums_equal_the_gradient(activation: str, output: str, loss: str) -> None:
    net = Network([2, 3, 2, 2], activation, output)
    theta, X, y = problem(net, loss)
    gradient = net.backpropagate(theta, X, y, loss).gradient
    size = np.abs(gradient).max()
    for target in targets(net):
        tree = explain(net, theta, X, y, loss, target).tree
        assert tree.value == pytest.approx(gradient[target.index(net)], rel=1e-12, abs=1e-12 * size)
    check_tree(explain(net, theta, X, y, loss, Target(1, 1, 0)).tree)
    check_tree(explain(net, theta, X, y, loss, Target(3, 1, 1)).tree)


@pytest.mark.parametrize("kind", ["layer", "batch"])
@pytest.mark.parametrize(("output", "loss"), [("sigmoid", "bce"), ("softmax", "cross_entropy"), ("identity", "mse")])
def test_normalized_layers(kind: str, output: str, loss: str) -> None:
    net = Network([2, 3, 3, 2], "tanh", output, normalization=kind)
    theta, X, y = problem(net, loss, n=4)
    result = net.backpropagate(theta, X, y, loss)
    size = np.abs(result.gradient).max()
    for target in targets(net):
        tree = explain(net, theta, X, y, loss, target).tree
        assert tree.value == pytest.approx(result.gradient[target.index(net)], rel=1e-12, abs=1e-12 * size)
    check_tree(explain(net, theta, X, y, loss, Target(2, 1, 0), row=2).tree)
    for which in ("gamma", "beta"):
        tree = explain(net, theta, X, y, loss, Target(1, 1, which)).tree
        check_tree(tree)
        assert [leaf.symbol for leaf in tree.children[0].children][1:] == [
            "∂a¹₂/∂u¹₂",
            {"gamma": "ẑ¹₂", "beta": "1"}[which],
        ]
    # one sample of a coupled batch: its own term of the batch's gradient, and what it does through the others
    tree = explain(net, theta, X, y, loss, Target(2, 1), row=2).tree
    assert tree.value == pytest.approx(4 * result.layers[1].delta[2, 1], rel=1e-10)
    assert {child.name for child in tree.children} == ({"path"} if kind == "layer" else {"path", "sample"})


@pytest.mark.parametrize("row", [0, 2])
@pytest.mark.parametrize("kind", ["batch", ["batch", "layer"], ["layer", "batch"]], ids=str)
@pytest.mark.parametrize("residual", [False, True])
def test_one_sample_of_a_coupled_batch_is_checked_by_moving_it_alone(kind, residual: bool, row: int) -> None:
    net = Network([2, 3, 3, 2], "tanh", "sigmoid", normalization=kind, residual=residual)
    theta, X, y = problem(net, "bce", n=4)
    weights, neurons = [(1, 1, 0), (1, 2, 1), (2, 0, 2), (3, 1, 0)], [(2, 0), (1, 1), (3, 0)]
    for place in [*weights, *neurons, (1, 0, "gamma"), (1, 0, "beta"), (2, 2, "gamma")]:
        target = Target(*place)
        found = explain(net, theta, X, y, "bce", target, row=row)
        value, error, _ = found.difference
        assert abs(value - found.value) <= error + 1e-13, target
        assert error < 1e-8
        assert abs(found.value) > 1e-4


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_deep_nets_unfold_to_the_loss(activation: str) -> None:
    net = Network([2, *[2] * 8, 1], activation, "sigmoid")
    theta, X, y = problem(net, "bce", n=1, seed=3)
    gradient = net.backpropagate(theta, X, y, "bce").gradient
    tree = explain(net, theta, X, y, "bce", Target(1, 0, 1), row=0).tree
    assert tree.value == pytest.approx(gradient[Target(1, 0, 1).index(net)], rel=1e-12)
    check_tree(tree)
    leaves = [node for node in tree.walk() if node.combine is None]
    assert sum(node.name == "dC_da" for node in leaves) == 2**7  # every path ends at the loss


def test_a_wide_deep_tree_costs_what_is_looked_at() -> None:
    net = Network([2, *[32] * 20, 1], "sigmoid", "sigmoid")
    theta, X, y = problem(net, "bce", n=2)
    node, depth = explain(net, theta, X, y, "bce", Target(1, 0, 1), row=0).tree, 0
    while node.children:
        node, depth = node.children[0], depth + 1
    assert depth > 40


def test_three_factors_read_as_in_a_lecture() -> None:
    net = Network([2, 3, 1], "tanh", "sigmoid")
    theta, X, y = problem(net, "bce", n=1)
    tree = explain(net, theta, X, y, "bce", Target(1, 2, 0), row=0).tree
    assert tree.symbol == "∂C/∂w¹₃₁"
    assert [factor.symbol for factor in tree.children] == ["∂C/∂a¹₃", "∂a¹₃/∂z¹₃", "x₁"]
    (path,) = tree.children[0].children
    assert [factor.symbol for factor in path.children] == ["∂C/∂z²₁", "w²₁₃"]
    bias = explain(net, theta, X, y, "bce", Target(1, 2, 2), row=0).tree
    assert bias.symbol == "∂C/∂b¹₃"
    assert bias.children[-1].value == 1.0
    assert symbol("dC_dw", (12, 10, 0)) == "∂C/∂w¹²₁₁,₁"


def test_softmax_says_that_every_output_has_a_part() -> None:
    net = Network([2, 3], output="softmax")
    theta, X, y = problem(net, "cross_entropy", n=1)
    tree = explain(net, theta, X, y, "cross_entropy", Target(1, 0, 0), row=0).tree
    assert [child.name for child in tree.children] == ["dC_dz", "dz_dw"]
    assert len(tree.children[0].children) == 3
    check_tree(tree)


@pytest.mark.parametrize(("output", "loss"), [("sigmoid", "bce"), ("softmax", "cross_entropy"), ("tanh", "mse")])
def test_a_saturated_output_has_no_quotient_of_zeros(output: str, loss: str) -> None:
    net = Network([1, 2], output=output)
    theta = net.pack([([[900.0], [-900.0]], [0.0, 0.0])])
    for y in ([[1.0, 0.0]], [[0.0, 1.0]]):
        tree = explain(net, theta, [[1.0]], y, loss, Target(1, 0, 0), row=0).tree
        expected = net.backpropagate(theta, np.array([[1.0]]), y, loss).gradient[0]
        assert tree.value == expected
        assert all(math.isfinite(node.value) for node in tree.walk())


def test_a_neuron_is_the_sum_of_its_terms() -> None:
    net = Network([2, 3, 1], "tanh", "sigmoid")
    theta, X, y = problem(net, "bce")
    result = net.backpropagate(theta, X, y, "bce")
    found = explain(net, theta, X, y, "bce", Target(1, 1), row=3)
    assert found.value == pytest.approx(5 * result.layers[0].delta[3, 1], rel=1e-12)
    assert found.forward is not None
    assert found.forward.value == result.layers[0].z[3, 1]
    assert found.forward.combined() == pytest.approx(found.forward.value, rel=1e-12)
    assert [child.symbol for child in found.forward.children[-1].children] == ["b¹₂", "1"]
    mean = explain(net, theta, X, y, "bce", Target(1, 1))
    assert mean.value == pytest.approx(result.layers[0].db[1], rel=1e-12)
    assert len(mean.tree.children) == 5


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("kind", [None, "layer", "batch"])
def test_the_difference_agrees_within_its_own_error_estimate(activation: str, kind: str | None) -> None:
    net = Network([2, 3, 2, 1], activation, "sigmoid", normalization=kind)
    theta, X, y = problem(net, "bce")
    seen = 0
    scales = [Target(1, 1, "gamma"), Target(2, 0, "beta")] if kind else []
    weights = [Target(1, 2, 1), Target(2, 0, 1), Target(3, 0, 0), Target(3, 0, 2)]
    for target in [*weights, *scales, Target(1, 0), Target(2, 1)]:
        found = explain(net, theta, X, y, "bce", target)
        value, error, _ = found.difference
        if math.isnan(value):
            continue  # at a kink, which is said and not estimated
        seen += 1
        assert abs(value - found.value) <= error + 1e-14  # terms that cancel leave the rounding of the tree itself
        assert error < (1e-3 if ACTIVATIONS[activation].kinks else 1e-7)
    assert seen >= 4


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("output", ["softmax", "identity"])
def test_an_input_has_a_derivative_through_all_it_feeds(shape: str, output: str) -> None:
    net = Network([2, 3, 3, 2], "tanh", output, residual=[False, True], **SHAPES[shape])
    loss = "cross_entropy" if output == "softmax" else "mse"
    theta, X, y = problem(net, loss)

    def cost(step: float, rows: slice) -> float:
        moved = X.copy()
        moved[rows, 1] += step
        return net.backpropagate(theta, moved, y, loss).loss

    for row, rows in ((None, slice(None)), (3, slice(3, 4))):
        found = explain(net, theta, X, y, loss, Target(0, 1), row=row)
        n = 1 if row is None else len(X)
        expected = n * (cost(1e-5, rows) - cost(-1e-5, rows)) / 2e-5
        assert found.value == pytest.approx(expected, rel=1e-6, abs=1e-9)
        value, error, _ = found.difference
        assert abs(value - found.value) <= error + 1e-14
        assert error < 1e-7
        assert found.forward is None
    paths = found.tree.children
    assert [path.name for path in paths] == ["path"] * 3
    assert found.tree.symbol == "∂C/∂x₂"
    check_tree(found.tree)


def test_a_neuron_without_bias_is_shifted_all_the_same() -> None:
    net = Network([2, 3, 1], "tanh", "sigmoid", bias=False)
    theta, X, y = problem(net, "bce")
    found = explain(net, theta, X, y, "bce", Target(1, 1), row=2)
    value, error, _ = found.difference
    assert abs(value - found.value) <= error < 1e-8


def test_dropout_is_seen_in_the_tree() -> None:
    from backscope.core.insight.explain import Tape
    from backscope.core.nets.passes import Pass, Training

    net = Network([2, 6, 5, 1], "tanh", "sigmoid", dropout=0.5)
    theta, X, y = problem(net, "bce")
    theta_, x, targets_ = net.arguments(theta, X, y)
    gradient = np.empty_like(theta_)
    run = Pass(net, "bce", theta_, gradient, 5, training=Training(np.random.default_rng(0), (None, None)))
    run(x, targets_)
    tape = Tape(net, theta_, run, x, targets_)
    for target in targets(net):
        tree = tape.gradient(target, None)
        assert tree.value == pytest.approx(gradient[target.index(net)], rel=1e-12, abs=1e-15)
        value, error, _ = difference(net, theta, X, y, "bce", target, training=tape.training())
        assert abs(value - tree.value) <= error
    check_tree(tape.gradient(Target(1, 0, 0), 1))


@pytest.mark.parametrize(
    "wrong", [Target(0, 2), Target(0, 0, 0), Target(3, 0), Target(1, 3), Target(1, 0, 3), Target(1, -1, 0)]
)
def test_places_that_are_not_there_are_refused(wrong: Target) -> None:
    net = Network([2, 3, 1])
    theta, X, y = problem(net, "mse")
    with pytest.raises(ConfigError, match="must be a whole number in"):
        explain(net, theta, X, y, "mse", wrong)


@pytest.mark.parametrize("which", ["gamma", "beta"])
def test_a_plain_layer_has_no_scale(which: str) -> None:
    net = Network([2, 3, 3, 1], normalization=["layer", None])
    theta, X, y = problem(net, "mse")
    assert explain(net, theta, X, y, "mse", Target(1, 0, which)).tree.name == f"dC_d{which}"
    with pytest.raises(ConfigError, match=f"layer 2 is not normalized: it has no {which}"):
        explain(net, theta, X, y, "mse", Target(2, 0, which))
    with pytest.raises(ConfigError, match="from must be one of gamma, beta, got 'delta'"):
        explain(net, theta, X, y, "mse", Target(1, 0, "delta"))


def test_explanations_are_frozen() -> None:
    net = Network([2, 3, 1])
    theta, X, y = problem(net, "mse")
    found = explain(net, theta, X, y, "mse", Target(1, 0, 0))
    before = found.tree.combined()
    with pytest.raises(AttributeError):
        found.tree.value = 0.0  # type: ignore[misc]
    assert isinstance(found, Explanation)
    theta += 1.0
    assert found.tree.combined() == before


def test_given_statistics_make_samples_independent() -> None:
    from backscope.core.nets.normalization import Statistics

    net = Network([2, 3, 1], "tanh", "sigmoid", normalization="batch")
    theta, X, y = problem(net, "bce")
    statistics = (Statistics(np.array([0.1, 0.2, 0.3]), np.array([1.0, 2.0, 0.5])),)
    found = explain(net, theta, X, y, "bce", Target(1, 1, 0), row=1, statistics=statistics)
    check_tree(found.tree)
    value, error, _ = difference(net, theta, X[1:2], y[1:2], "bce", Target(1, 1, 0), statistics)
    assert abs(value - found.value) <= error < 1e-8
    for which in ("gamma", "beta"):
        found = explain(net, theta, X, y, "bce", Target(1, 1, which), row=1, statistics=statistics)
        value, error, _ = difference(net, theta, X[1:2], y[1:2], "bce", Target(1, 1, which), statistics)
        assert abs(value - found.value) <= error < 1e-8
