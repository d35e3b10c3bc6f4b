"""A tape reads what a pass left behind: its terms make the gradient that the pass wrote, and its trees their values."""

import numpy as np
import pytest
from backscope.core import Network
from backscope.core.insight.chain import Target
from backscope.core.insight.tape import Tape, same_mask
from backscope.core.nets.normalization import fresh_statistics
from backscope.core.nets.passes import Pass, Training

SHAPES = {
    "plain": ({}, "identity", "mse"),
    "no biases": ({"bias": False}, "tanh", "half_squared_error"),
    "softmax": ({}, "softmax", "cross_entropy"),
    "batch": ({"normalization": "batch"}, "sigmoid", "bce"),
    "layer": ({"normalization": "layer"}, "identity", "mae"),
    "skips": ({"residual": (False, True)}, "identity", "huber"),
    "dropout": ({"dropout": 0.4}, "identity", "mse"),
    "all": (
        {"normalization": ("batch", "layer"), "residual": (False, True), "dropout": 0.3},
        "softmax",
        "cross_entropy",
    ),
}


def tape_of(shape, batch=7, seed=2):
    """A tape after a pass, that pass's gradient and θ."""
    extras, output, loss = SHAPES[shape]
    rng = np.random.default_rng(seed)
    net = Network([3, 6, 6, 3], "tanh", output, **extras)
    theta = net.initialize("xavier_normal", rng)
    training = None
    if net.dropout:
        training = Training(rng, fresh_statistics(net.normalization, net.sizes[1:-1], theta.dtype))
    gradient = np.zeros_like(theta)
    run = Pass(net, loss, theta, gradient, batch, training=training)
    x = rng.normal(size=(3 + net.bias, batch))
    x[3:] = 1.0
    y = np.eye(3)[:, rng.integers(3, size=batch)] if output != "identity" else rng.normal(size=(3, batch))
    run(x, y)
    return Tape(net, theta, run, x, y), gradient, theta


def parameters(net):
    """A target for every parameter that is trained."""
    for layer, block in enumerate(net.blocks, start=1):
        for to in range(block.cols):
            sources = [*range(block.rows), *(("gamma", "beta") if block.normalized else ())]
            for source in sources:
                target = Target(layer, to, source)
                if not net.is_fixed(target.index(net)):
                    yield target


def value(node):
    """What a tree's leaves come to, unfolded to the end of what a test can afford."""
    children = node.children if node.combine else []
    if not children:
        return node.value
    values = [child.value for child in children]
    if node.combine == "product":
        return np.prod(values)
    return np.mean(values) if node.combine == "mean" else np.sum(values)


@pytest.mark.parametrize("shape", SHAPES)
def test_terms_are_the_gradient_of_every_parameter(shape):
    tape, gradient, _ = tape_of(shape)
    seen = 0
    for target in parameters(tape.network):
        found = tape.terms(target)
        assert found.shape == (tape.samples,)
        assert found.mean() == pytest.approx(gradient[target.index(tape.network)], rel=1e-10, abs=1e-15)
        seen += 1
    assert seen > 60


@pytest.mark.parametrize("shape", SHAPES)
def test_a_tree_has_the_value_of_its_children(shape):
    tape, gradient, _ = tape_of(shape)
    for target in list(parameters(tape.network))[::5]:
        whole = tape.gradient(target, None)
        assert whole.value == pytest.approx(gradient[target.index(tape.network)], rel=1e-10, abs=1e-15)
        for node in (whole, tape.gradient(target, 0), tape.gradient(target, tape.samples - 1)):
            assert value(node) == pytest.approx(node.value, rel=1e-9, abs=1e-14)
            for child in node.children if node.combine else []:
                assert value(child) == pytest.approx(child.value, rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_weighted_input_is_the_sum_of_its_terms(shape):
    tape, _, _ = tape_of(shape)
    for layer in range(1, tape.last + 1):
        node = tape.weighted_input(layer, 1, 2)
        assert len(node.children) == tape.network.sizes[layer - 1] + tape.network.bias
        assert value(node) == pytest.approx(node.value, rel=1e-12)
        assert node.value == tape.z(layer)[1, 2]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_slopes_lead_from_what_reaches_a_neuron_to_its_error(shape):
    tape, _, _ = tape_of(shape)
    for layer in range(1, tape.last):
        if tape.network.normalization[layer - 1] is None:
            for i in range(3):
                expected = tape.to_activation(layer, i, 4) * tape.slope(layer)[i, 4]
                assert tape.delta(layer, i, 4) == pytest.approx(expected, rel=1e-10, abs=1e-16)


@pytest.mark.parametrize("shape", ["dropout", "all"])
def test_the_same_mask_is_drawn_again(shape):
    tape, gradient, theta = tape_of(shape)
    net, run = tape.network, tape._run
    for training in (tape.training(), same_mask(run.mask, net)):
        again = Pass(net, SHAPES[shape][2], theta, np.zeros_like(gradient), tape.samples, training=training)
        again(tape.x, tape.y)
        np.testing.assert_array_equal(again.mask, run.mask)
        np.testing.assert_allclose(again._gradient, gradient, rtol=1e-12, atol=1e-15)
    assert tape_of("plain")[0].training() is None


@pytest.mark.parametrize("shape", ["plain", "batch", "layer", "skips", "dropout"])
def test_a_direction_is_how_its_layer_moves_with_a_parameter(shape):
    """Z (or u) of the layer, moved along the direction by h, moves the loss as the sample's term says."""
    tape, _, theta = tape_of(shape)
    net, h = tape.network, 1e-6
    probe = Pass(net, SHAPES[shape][2], theta, np.zeros_like(theta), tape.samples, training=tape.training())
    probe(tape.x, tape.y)  # draws the mask
    for target in list(parameters(net))[::3]:
        direction, behind = tape.direction(target, 3)
        losses = [probe.nudged(tape.x, tape.y, target.layer - 1, s * h * direction, behind) for s in (1, -1)]
        slope = tape.samples * (losses[0] - losses[1]) / (2 * h)
        assert slope == pytest.approx(tape.terms(target)[3], rel=2e-4, abs=2e-8)
