"""What the numbers of a run say."""

from itertools import pairwise

import numpy as np
import pytest
from backscope.core import DataConfig, Network, RunConfig, Trainer, diagnose, make_dataset
from backscope.core.insight.diagnostics import Histogram, confusion
from backscope.core.nets.normalization import NORMALIZATIONS

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(40, 2)), RNG.normal(size=(40, 1))


def make(activation="tanh", scale=1.0, **options):
    net = Network([2, 6, 5, 1], activation, **options)
    return net, net.initialize("xavier_normal", seed=1, scale=scale)


@pytest.mark.parametrize("normalization", [None, *NORMALIZATIONS])
def test_the_factors_tell_how_the_error_changes_from_layer_to_layer(normalization):
    net, theta = make(normalization=normalization)
    layers = diagnose(net, theta, X, Y)
    deltas = [np.linalg.norm(layer.delta) for layer in net.backpropagate(theta, X, Y).layers]
    for layer, (here, above) in enumerate(pairwise(deltas)):
        assert layers[layer].factor == pytest.approx(here / above)
        assert (layers[layer].normalization_factor == 1) == (normalization is None)
    assert np.isnan(layers[-1].factor)


def test_each_factor_is_what_its_name_says():
    net, theta = make()
    result, layers = net.backpropagate(theta, X, Y), diagnose(net, theta, X, Y)
    W, above = net.unpack(theta)[2].W, result.layers[2].delta
    assert layers[1].weights_factor == pytest.approx(np.linalg.norm(above @ W) / np.linalg.norm(above))
    sloped = (above @ W) * (1 - result.layers[1].a ** 2)
    assert layers[1].slope_factor == pytest.approx(np.linalg.norm(sloped) / np.linalg.norm(above @ W))
    assert layers[1].slope == pytest.approx(np.mean(1 - result.layers[1].a ** 2))


def test_norms_agree_with_those_of_a_full_batch_step():
    trainer = Trainer(RunConfig.from_json({"batch_size": None}))
    before = np.array(trainer.theta)
    trainer.step()
    data, norms = trainer.dataset, trainer.last_step.norms()
    layers = diagnose(trainer.network, before, data.X_train, data.y_train, "bce", trainer.update)
    for index, layer in enumerate(layers):
        assert layer.delta == pytest.approx(norms[0, index])
        assert layer.gradient == pytest.approx(norms[1, index])
        assert layer.update == pytest.approx(norms[3, index])
        assert layer.ratio == pytest.approx(layer.update / layer.weight)


def test_vanishing_gradients_have_small_slopes_and_batch_normalization_cures_them():
    deep = {"activation": "sigmoid", "output": "sigmoid"}
    samples, targets = RNG.normal(size=(60, 10)), RNG.integers(2, size=(60, 1))
    factors = []
    for normalization in (None, "batch"):
        net = Network([10] * 9 + [1], **deep, normalization=normalization)
        layers = diagnose(net, net.initialize(), samples, targets, "bce")
        factors.append(np.median([layer.factor for layer in layers[:-1]]))
    assert all(layer.slope < 0.26 for layer in layers)
    assert factors[0] < 0.4
    assert factors[1] > 0.7


def test_saturation_is_the_share_on_the_flat_ends():
    for scale, least, most in ((0.1, 0.0, 0.01), (100.0, 0.8, 1.0)):
        first = diagnose(*make("sigmoid", scale), X, Y)[0]
        assert least <= first.saturated <= most
    assert np.isnan(diagnose(*make("relu"), X, Y)[0].saturated)


def test_dead_neurons_learn_nothing():
    net, theta = make("relu")
    first = net.unpack(theta)[0]
    first.b[:] = 10
    first.b[[1, 4]] = -100
    assert diagnose(net, theta, X, Y)[0].dead == pytest.approx(2 / 6)
    result = net.backpropagate(theta, X, Y)
    np.testing.assert_array_equal(result.layers[0].dW[[1, 4]], 0)


def test_histograms_count_everything():
    net, theta = make()
    for layer, size in zip(diagnose(net, theta, X, Y, bins=10), (6, 5, 1), strict=True):
        for histogram in (layer.z, layer.a, layer.delta_sizes):
            assert histogram.counts.sum() + histogram.zeros == 40 * size
            assert len(histogram.edges) == len(histogram.counts) + 1 == 11


def test_a_logarithmic_histogram_sees_what_is_small():
    histogram = Histogram.of(np.array([1e-9, -1e-9, 1e-3, 0.0, np.nan]), 6, logarithmic=True)
    assert (histogram.counts[0], histogram.counts[-1], histogram.zeros) == (2, 1, 1)
    assert (histogram.edges[0], histogram.edges[-1]) == (-9, -3)
    assert Histogram.of(np.zeros(3), 4, logarithmic=True).counts.sum() == 0


def test_large_sets_are_looked_at_in_part():
    net, theta = make()
    many, targets = RNG.normal(size=(10_000, 2)), RNG.normal(size=(10_000, 1))
    first = diagnose(net, theta, many, targets)[0]
    assert first.z.counts.sum() == 6 * 3334
    assert first.slope == pytest.approx(diagnose(net, theta, many[:4000], targets[:4000])[0].slope, rel=0.05)


def test_confusion_of_two_classes_and_of_many():
    two = make_dataset(DataConfig("circle"), seed=0)
    table = confusion(np.array([[0.9], [0.2], [0.6], [0.1]]), np.array([[1.0], [1.0], [0.0], [0.0]]), two)
    np.testing.assert_array_equal(table, [[1, 1], [1, 1]])
    digits = make_dataset(DataConfig("digits"), seed=0)
    table = confusion(np.eye(10)[[3, 3, 8]], np.eye(10)[[3, 8, 8]], digits)
    assert (table[3, 3], table[8, 3], table[8, 8], table.sum()) == (1, 1, 1, 3)
    plane = make_dataset(DataConfig("plane"), seed=0)
    with pytest.raises(ValueError, match="no classes"):
        confusion(np.ones((1, 1)), np.ones((1, 1)), plane)


def test_a_trainer_tells_its_confusion_and_diagnosis():
    trainer = Trainer(RunConfig.from_json({"data": {"name": "digits"}, "network": {"hidden": [12]}}))
    trainer.run(300)
    for test, metric in ((False, "accuracy"), (True, "test_accuracy")):
        table = trainer.view.confusion(test)
        assert table.trace() / table.sum() == pytest.approx(getattr(trainer.evaluate(), metric))
    state = np.array(trainer.theta), np.array(trainer.gradient), trainer.last_step.norms()
    layers = trainer.view.diagnose()
    assert [np.isnan(layer.slope) for layer in layers] == [False, True]
    for before, after in zip(state, (trainer.theta, trainer.gradient, trainer.last_step.norms()), strict=True):
        np.testing.assert_array_equal(before, after)
