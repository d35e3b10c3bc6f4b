"""Skips between hidden layers of equal width, against their definition and against differences."""

import json
import math

import numpy as np
import pytest
from backscope.core import ACTIVATIONS, Network, RunConfig, Trainer, diagnose, make_plane
from backscope.core.insight.explain import Target, explain
from backscope.core.nets.differences import compare_gradient
from backscope.core.nets.normalization import EPSILON, NORMALIZATIONS, fresh_statistics
from backscope.core.nets.passes import Pass, Training
from backscope.core.surface.loss_function import LossFunction

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(6, 3)), RNG.normal(size=(6, 2))
SIZES = [3, 4, 4, 4, 5, 5, 2]


def make(activation="tanh", residual=True, **options):
    net = Network(SIZES, activation, normalization=options.pop("normalization", None), residual=residual, **options)
    theta = net.initialize("nielsen", seed=1) + 0.2 * np.random.default_rng(2).normal(size=net.parameter_count)
    theta[[net.is_fixed(index) for index in range(len(theta))]] = 0.0
    return net, theta


def normalized(kind, z, layer):
    if kind is None:
        return z
    axis = {"batch": 0, "layer": 1}[kind]
    z_hat = (z - z.mean(axis=axis, keepdims=True)) / np.sqrt(z.var(axis=axis, keepdims=True) + EPSILON)
    return layer.gamma * z_hat + layer.beta


@pytest.mark.parametrize("normalization", [None, *NORMALIZATIONS])
@pytest.mark.parametrize("bias", [True, False])
def test_a_layer_adds_what_the_layer_before_passes_on(normalization, bias):
    net, theta = make(normalization=normalization, bias=bias)
    assert net.residual == (False, True, True, False, True)
    a, hidden = X, []
    for layer, skip in zip(net.unpack(theta)[:-1], net.residual, strict=True):
        z = a @ layer.W.T + (layer.b if bias else 0)
        a = np.tanh(normalized(normalization, z, layer)) + (a if skip else 0)
        hidden.append(a)
    last = net.unpack(theta)[-1]
    result = net.backpropagate(theta, X, Y)
    for found, expected in zip(result.layers, hidden, strict=False):
        np.testing.assert_allclose(found.a, expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(net.predict(theta, X), a @ last.W.T + (last.b if bias else 0), rtol=1e-12)


def test_the_error_comes_back_along_both_ways():
    net, theta = make()
    layers, found = net.unpack(theta), net.backpropagate(theta, X, Y).layers
    error = found[-1].delta @ layers[-1].W
    for index in range(len(net.residual) - 1, -1, -1):
        f = found[index].a - (found[index - 1].a if net.residual[index] else 0)
        delta = error * (1 - f**2)
        np.testing.assert_allclose(found[index].delta, delta, rtol=1e-12, atol=1e-15)
        below = X if index == 0 else found[index - 1].a
        np.testing.assert_allclose(found[index].dW, delta.T @ below, rtol=1e-11, atol=1e-14)
        error = delta @ layers[index].W + (error if net.residual[index] else 0)


@pytest.mark.parametrize("normalization", [None, *NORMALIZATIONS])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradient_matches_differences(activation, normalization):
    net, theta = make(activation, normalization=normalization)
    trained = [index for index in range(net.parameter_count) if not net.is_fixed(index)]
    result = compare_gradient(net, theta, X, Y, "mse", parameters=trained)
    assert result.error < 1e-6
    assert result.skipped <= len(trained) // 20
    assert make(activation, residual=False)[0].predict(make()[1], X) != pytest.approx(net.predict(theta, X), rel=1e-3)


@pytest.mark.parametrize("normalization", [None, *NORMALIZATIONS])
def test_dropout_leaves_the_skip_alone(normalization):
    net, theta = make(normalization=normalization, dropout=0.5)
    training = Training(np.random.default_rng(3), fresh_statistics(net.normalization, net.sizes[1:-1], theta.dtype))
    gradient, x, y = np.zeros_like(theta), np.column_stack([X, np.ones(6)]).T, Y.T.copy()
    run = Pass(net, "mse", theta, gradient, 6, training=training)
    run(x, y)
    rows, kept = run.arena.rows, run.mask.copy()
    assert 0 < np.count_nonzero(kept[rows[1]]) < kept[rows[1]].size
    own = run.arena.A[rows[1]] * kept[rows[1]]
    np.testing.assert_allclose(run.passed[rows[1]], own + run.passed[rows[0]], rtol=1e-12)
    found, h = gradient.copy(), 1e-5
    for index in range(0, len(theta), 5):
        if net.is_fixed(index):
            continue
        losses = []
        for step in (h, -h):
            moved = theta.copy()
            moved[index] += step
            same = Training(np.random.default_rng(3), training.running)
            losses.append(Pass(net, "mse", moved, np.zeros_like(theta), 6, training=same).loss(x, y))
        assert (losses[0] - losses[1]) / (2 * h) == pytest.approx(found[index], rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("normalization", [None, *NORMALIZATIONS])
def test_the_chain_rule_sums_the_paths_through_and_past_a_layer(normalization):
    net, theta = make(normalization=normalization)
    result = net.backpropagate(theta, X, Y)
    size = np.abs(result.gradient).max()
    for layer, block in enumerate(net.blocks, start=1):
        for to in range(block.cols):
            for source in (to % net.sizes[layer - 1], *(("gamma", "beta") if block.normalized else ())):
                target = Target(layer, to, source)
                tree = explain(net, theta, X, Y, "mse", target).tree
                assert tree.value == pytest.approx(result.gradient[target.index(net)], rel=1e-12, abs=1e-12 * size)
                assert tree.combined() == pytest.approx(tree.value, rel=1e-12, abs=1e-12 * size)
    found = explain(net, theta, X, Y, "mse", Target(1, 2, 0), None if normalization == "batch" else 3)
    assert found.difference.value == pytest.approx(found.value, rel=1e-6)
    skips, node = [], found.tree
    for part in node.walk():
        if part.combine:
            children = part.children
            assert part.combined() == pytest.approx(part.value, rel=1e-12, abs=1e-12 * largest(children))
            skips += [child for child in children if child.name == "skip"]
            assert sum(child.name == "skip" for child in children) == (
                part.name == "dC_da" and part.at[0] < 5 and net.residual[part.at[0]]
            )
        if len(skips) > 40:
            break
    assert skips[0].symbol.startswith("past layer")
    assert [child.name for child in skips[0].children] == ["dC_da", "da_da"]
    assert skips[0].children[1].value == 1.0


def largest(nodes):
    return max(
        math.prod(abs(leaf.value) for leaf in node.children) if node.children else abs(node.value) for node in nodes
    )


def test_the_parts_of_a_layers_factor_make_it_up():
    net, theta = make("sigmoid", normalization=["layer", None, "batch", None, None])
    layers = diagnose(net, theta, X, Y)
    deltas = [np.linalg.norm(layer.delta) for layer in net.backpropagate(theta, X, Y).layers]
    for layer, found in enumerate(layers[:-1]):
        assert found.factor == pytest.approx(deltas[layer] / deltas[layer + 1], rel=1e-9)


@pytest.mark.parametrize("normalization", [None, "batch", ["layer", None, "batch", "layer", None]])
@pytest.mark.parametrize("bias", [True, False])
def test_loss_surfaces_are_those_of_the_net_with_its_skips(normalization, bias):
    net, theta = make(normalization=normalization, bias=bias)
    samples, targets = RNG.normal(size=(600, 3)), RNG.normal(size=(600, 2))
    thetas = theta + 0.2 * RNG.normal(size=(9, len(theta)))
    expected = [net.backpropagate(one, samples, targets).loss for one in thetas]
    np.testing.assert_allclose(LossFunction(net, samples, targets).at(thetas), expected, rtol=1e-9)
    plane = make_plane("random", net, theta)
    value = LossFunction(net, samples, targets).on(plane, np.array([0.4]), np.array([-0.3]))[0]
    assert value == pytest.approx(net.backpropagate(plane.point(0.4, -0.3), samples, targets).loss, rel=1e-9)


def test_a_deep_sigmoid_net_with_skips_keeps_its_error():
    samples, targets = RNG.normal(size=(40, 8)), RNG.integers(2, size=(40, 1))
    ratios = []
    for residual in (False, True):
        net = Network([8] * 31 + [1], "sigmoid", "sigmoid", residual=residual)
        layers = net.backpropagate(net.initialize(), samples, targets, "bce").layers
        ratios.append(np.linalg.norm(layers[0].dW) / np.linalg.norm(layers[-2].dW))
    assert ratios[0] < 1e-12
    assert ratios[1] > 1e-3


@pytest.mark.parametrize("residual", [True, [False, True, False]])
@pytest.mark.parametrize("extra", [{}, {"normalization": "batch", "dropout": 0.3}], ids=["plain", "batch, dropout"])
def test_a_run_survives_json_and_comes_back_to_the_same_bits(residual, extra):
    network = {"hidden": [5, 5, 5], "activation": "relu", "residual": residual, **extra}
    config = RunConfig.from_json({"network": network})
    assert RunConfig.from_json(json.loads(json.dumps(config.to_json()))) == config
    trainer = Trainer(config)
    trainer.run(40)
    theta = trainer.theta.copy()
    trainer.run(40)
    trainer.seek(40)
    np.testing.assert_array_equal(trainer.theta, theta)
    assert trainer.network.residual == config.make_network().residual
    trace = trainer.view.trace(3)
    data = trainer.dataset
    sample = trainer.network.predict(theta, data.X_train[3:4], trainer.view.running_statistics)
    np.testing.assert_allclose(trace.A[-1], sample[0, 0], rtol=1e-12)


def test_the_coming_step_tells_what_is_passed_on_and_what_comes_back():
    trainer = Trainer(RunConfig.from_json({"network": {"hidden": [4, 4, 4], "residual": True, "dropout": 0.3}}))
    trainer.run(7)
    preview = trainer.preview()
    f, mask, passed, error = preview.sample.A, preview.mask, preview.sample.H, preview.sample.E
    first, second = slice(2, 6), slice(6, 10)
    np.testing.assert_allclose(passed[second], f[second] * mask[second] + passed[first], rtol=1e-12)
    slope = preview.sample.F[first] * mask[first]
    np.testing.assert_allclose(preview.sample.D[first], error[first] * slope, rtol=1e-12)
    W = trainer.network.unpack(preview.theta)[1].W
    np.testing.assert_allclose(error[first], preview.sample.D[second] @ W + error[second], rtol=1e-12)
    assert not len(Trainer(RunConfig()).preview().sample.H)
