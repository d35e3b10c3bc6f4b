"""What holds for every net and every run: scaling through the layers, and runs that are saved, loaded and replayed."""

import json

import numpy as np
import pytest
from backscope.core import Network, RunConfig, Trainer
from hypothesis import given, settings
from hypothesis import strategies as st

seeds = st.integers(0, 2**31)
SIGNS = 1e100
"""Targets so far away that the slope of the mean absolute error is their sign: errors that no weight has a part in."""


def passed(net, initializer, seed, scale=None):
    """Return what the layers of a net computed forward and back, with random inputs and errors of random sign."""
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(4, net.sizes[0])), SIGNS * rng.choice([-1.0, 1.0], size=(4, net.sizes[-1]))
    return net.backpropagate(net.initialize(initializer, rng, scale), X, y, "mae").layers


def size(values):
    return float(np.sqrt(np.mean(values**2)))


@pytest.mark.parametrize(
    ("initializer", "activation"),
    [("he_normal", "relu"), ("he_uniform", "relu"), ("xavier_normal", "identity"), ("xavier_uniform", "identity")],
)
@given(seed=seeds)
@settings(max_examples=6, deadline=None)
def test_he_and_xavier_keep_signals_and_errors_through_fifty_layers(initializer, activation, seed):
    """Within what single draws vary by; a spread that is wrong by a tenth would be off by 1.1⁵⁰ = 117."""
    layers = passed(Network([200] * 51, activation, bias=False), initializer, seed)
    assert 1 / 25 < size(layers[-1].z) / size(layers[0].z) < 25
    assert 1 / 25 < size(layers[0].delta) / size(layers[-1].delta) < 25


@given(
    seed=seeds,
    depth=st.integers(1, 50),
    width=st.integers(1, 12),
    scale=st.floats(0.5, 2),
    initializer=st.sampled_from(["he_normal", "he_uniform", "xavier_normal", "xavier_uniform", "lecun_normal"]),
    activation=st.sampled_from(["relu", "leaky_relu", "identity"]),
)
@settings(max_examples=50, deadline=None)
def test_a_spread_times_s_makes_signals_and_errors_of_depth_l_times_s_to_the_l(
    seed, depth, width, scale, initializer, activation
):
    net = Network([width] * (depth + 1), activation, bias=False)
    one, other = (passed(net, initializer, seed, factor) for factor in (1.0, scale))
    for index, (before, after) in enumerate(zip(one, other, strict=True), start=1):
        for found, reference, factor in (after.z, before.z, index), (after.delta, before.delta, depth - index):
            expected = reference * scale**factor
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * size(expected))


@given(seed=seeds, depth=st.integers(2, 40), width=st.integers(2, 8), activation=st.sampled_from(["sigmoid", "tanh"]))
@settings(max_examples=40, deadline=None)
def test_along_skips_of_dead_branches_signals_and_errors_pass_unchanged(seed, depth, width, activation):
    """With all weights of the branches 0, each layer adds the same f(0), and hands the error on as it is."""
    net = Network([width] * (depth + 2), activation, residual=True)
    theta = net.initialize("xavier_normal", seed)
    for layer in net.unpack(theta)[1:-1]:
        layer.W[...] = 0.0
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(3, width)), rng.normal(size=(3, width))
    layers = net.backpropagate(theta, X, y).layers
    rest = {"sigmoid": 0.5, "tanh": 0.0}[activation] * (depth - 1)
    np.testing.assert_allclose(layers[-2].a, layers[0].a + rest, rtol=1e-12, atol=1e-13)
    straight = layers[-1].delta @ net.unpack(theta)[-1].W
    slope = layers[0].a * (1 - layers[0].a) if activation == "sigmoid" else 1 - layers[0].a ** 2
    np.testing.assert_allclose(layers[0].delta, straight * slope, rtol=1e-12, atol=1e-15)


@given(seed=seeds, order=st.permutations(range(9)), residual=st.booleans())
@pytest.mark.parametrize("kind", [None, "batch", "layer"])
@settings(max_examples=20, deadline=None)
def test_no_net_cares_for_the_order_of_the_samples_in_its_batch(kind, seed, order, residual):
    rng = np.random.default_rng(seed)
    net = Network([3, 4, 4, 2], "tanh", normalization=kind, residual=residual)
    theta, X, y = net.initialize("xavier_normal", rng), rng.normal(size=(9, 3)), rng.normal(size=(9, 2))
    one, other = net.backpropagate(theta, X, y), net.backpropagate(theta, X[order], y[order])
    np.testing.assert_allclose(one.gradient, other.gradient, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(one.layers[1].delta[order], other.layers[1].delta, rtol=1e-9, atol=1e-12)


EDITS = st.sampled_from([
    {"learning_rate": 0.02}, {"learning_rate": 0.3}, {"batch_size": 7}, {"batch_size": None}, {"optimizer": "adam"},
    {"optimizer": "momentum", "momentum": 0.5}, {"optimizer": "sgd"}, {"l2": 0.01}, {"clip_norm": 0.1},
    {"dropout": 0.5}, {"dropout": 0.0}, {"schedule": {"name": "cosine", "period": 90}}, {"parameters": {"3": 0.25}},
])  # fmt: skip

ACTIONS = st.lists(
    st.tuples(st.just("run"), st.integers(1, 60))
    | st.tuples(st.just("seek"), st.integers(0, 150))
    | st.tuples(st.just("edit"), EDITS),
    min_size=2,
    max_size=9,
)

NETWORKS = st.sampled_from([
    {"hidden": [4, 2]}, {"hidden": [5, 5], "residual": True, "dropout": 0.3},
    {"hidden": [4, 4, 3], "normalization": "batch", "residual": True}, {"hidden": [3], "normalization": "layer"},
])  # fmt: skip


def everything(trainer):
    """Return what must come back to the bit."""
    return (
        trainer.step_count, trainer.theta.tobytes(), trainer.gradient.tobytes(), trainer.update.tobytes(),
        repr(trainer.evaluate()), json.dumps(trainer.config.to_json()),
    )  # fmt: skip


@given(network=NETWORKS, actions=ACTIONS, seed=st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_a_run_that_was_saved_and_loaded_is_the_same_run(network, actions, seed):
    """Saved as JSON: how it began, and its log. Whatever was done to it, going there again gives the same bits."""
    config = RunConfig.from_json({"data": {"samples": 60}, "network": network, "seed": seed})
    trainer = Trainer(config)
    for what, value in actions:
        if what == "run":
            trainer.run(value)
        elif what == "seek":
            trainer.seek(value)
        else:
            trainer.edit(**value)
    saved = json.dumps([config.to_json(), [entry.to_json() for entry in trainer.edits.log]])
    begun, log = json.loads(saved)
    loaded = Trainer.from_log(RunConfig.from_json(begun), log, trainer.edits.branches, reached=trainer.furthest)
    there = trainer.step_count
    loaded.seek(there)
    assert everything(loaded) == everything(trainer)
    trainer.seek(0)
    trainer.seek(there)
    assert everything(loaded) == everything(trainer)
