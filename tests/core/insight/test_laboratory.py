"""How the error signal fares in every layer, and what theory expects of it."""

import numpy as np
import pytest
from backscope.core import INITIALIZERS, DataConfig, Network, RunConfig, Trainer, make_dataset
from backscope.core.insight.health import DEAD_NEURON, FINE, SATURATED_NEURON
from backscope.core.insight.laboratory import Laboratory, moved, steps_to_move
from backscope.core.insight.theory import expect, fitted_factor
from backscope.core.nets.arena import with_ones
from backscope.core.nets.losses import LOSSES
from backscope.core.nets.normalization import NORMALIZATIONS

DIGITS = make_dataset(DataConfig("digits"), seed=0)


def laboratory(net, loss="cross_entropy", X=DIGITS.X_train, y=DIGITS.y_train):
    return Laboratory(net, LOSSES[loss], with_ones(X, net.bias, np.float64), y)


def deep(activation, width, hidden=6, **options):
    return Network([64] + [width] * hidden + [10], activation, "softmax", **options)


def fit(net, initializer, seed):
    lab = laboratory(net)
    return fitted_factor(lab.norms(net.initialize(initializer, seed))[0])


# Nielsen, Neural Networks and Deep Learning, chapter 5


@pytest.mark.parametrize("hidden", [3, 4, 12])
def test_sigmoid_layers_pass_on_about_a_fifth_of_the_error_as_in_nielsens_chapter_5(hidden):
    net = Network([64] + [30] * hidden + [10], "sigmoid", "sigmoid")
    lab = laboratory(net, "bce")
    back = [1 / fitted_factor(lab.norms(net.initialize("nielsen", seed))[0]) for seed in range(20)]
    assert 3.5 < min(back) < max(back) < 7
    assert 4.5 < np.mean(back) < 5.5


def test_relu_with_hes_weights_passes_on_all_of_it():
    factors = [fit(deep("relu", 30, 12), "he_normal", seed) for seed in range(20)]
    assert 0.7 < min(factors) < max(factors) < 1.3


# Theory


@pytest.mark.parametrize("width", [64, 128])
@pytest.mark.parametrize("initializer", ["xavier_uniform", "he_normal", "nielsen", "orthogonal", "pytorch"])
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_theory_agrees_with_the_mean_of_ten_seeds_in_wide_layers(activation, initializer, width):
    net = deep(activation, width)
    lab = laboratory(net)
    readings = [lab.read(net.initialize(initializer, seed)) for seed in range(10)]
    theory = expect(net, initializer, lab.square)
    measured = np.mean([reading.factor[:-1] for reading in readings], axis=0)
    np.testing.assert_allclose(theory.factors, measured, rtol=0.1)
    assert theory.factor == pytest.approx(np.mean([fitted_factor(r.delta) for r in readings]), rel=0.1)


def test_theory_holds_behind_layer_normalization_and_is_silent_behind_batch_normalization():
    net = deep("tanh", 128, normalization="layer")
    lab = laboratory(net)
    measured = np.mean([lab.read(net.initialize("xavier_uniform", s)).factor[:-1] for s in range(10)], axis=0)
    np.testing.assert_allclose(expect(net, "xavier_uniform", lab.square).factors, measured, rtol=0.1)
    mixed = deep("tanh", 64, 4, normalization=[None, None, "batch", None])
    assert list(np.isnan(expect(mixed, "xavier_uniform", 1.0).factors)) == [False, False, True, True]
    assert np.isnan(expect(mixed, "xavier_uniform", 1.0).factor)


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_theory_holds_with_skips(activation):
    net = deep(activation, 128, residual=True)
    assert sum(net.residual) == 5
    lab = laboratory(net)
    measured = np.mean([lab.read(net.initialize("xavier_uniform", s)).factor[:-1] for s in range(10)], axis=0)
    np.testing.assert_allclose(expect(net, "xavier_uniform", lab.square).factors, measured, rtol=0.1)


def test_weights_that_are_all_equal_are_not_random_and_zeros_pass_on_nothing():
    assert np.isnan(expect(deep("tanh", 64), "constant", 1.0).factors).all()
    assert expect(deep("tanh", 64), "zeros", 1.0).factor == 0


@pytest.mark.parametrize("name", INITIALIZERS)
def test_declared_variances_are_those_of_the_draws(name):
    record, rng = INITIALIZERS[name], np.random.default_rng(0)
    if record.variance is None:
        assert np.ptp(record.weights(rng, 5, 4, record.scale)) == 0
        return
    for n_in, n_out in ((300, 200), (150, 400)):
        drawn = np.mean(record.weights(rng, n_in, n_out, 1.0) ** 2)
        assert drawn == pytest.approx(record.variance(n_in, n_out), rel=0.03)
    assert (record.biases is None) == (record.bias_variance is None)
    if record.biases is not None:
        assert np.mean(record.biases(rng, 50, 20_000) ** 2) == pytest.approx(record.bias_variance(50), rel=0.05)


# Why


@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("normalization", [None, *NORMALIZATIONS])
@pytest.mark.parametrize("activation", ["sigmoid", "relu", "gelu"])
def test_the_parts_multiply_to_the_measured_factor(activation, normalization, residual):
    sizes = [64, 20, 35, 35, 12, 10]
    net = Network(sizes, activation, "softmax", normalization=normalization, residual=residual)
    reading = laboratory(net).read(net.initialize("pytorch", 3))
    np.testing.assert_allclose(reading.factor[:-1], reading.delta[:-1] / reading.delta[1:], rtol=1e-9)
    assert np.isnan(reading.factor[-1])
    assert (reading.normalization_part[:-1] == 1).all() == (normalization is None)


def test_gains_are_those_of_the_weights_above():
    net = Network([64, 20, 35, 10], "tanh", "softmax")
    theta = net.initialize("he_normal", 1)
    reading, W = laboratory(net).read(theta), net.unpack(theta)[2].W
    assert reading.most_gain[1] == pytest.approx(np.linalg.norm(W, 2) * np.sqrt(10 / 35))
    errors = np.random.default_rng(0).normal(size=(20_000, 10))
    mean = np.sqrt(np.mean((errors @ W) ** 2)) / np.sqrt(np.mean(errors**2))
    assert reading.mean_gain[1] == pytest.approx(mean, rel=0.02)
    assert (reading.weights_part[:-1] <= reading.most_gain[:-1] * (1 + 1e-9)).all()


def test_spectral_norms_can_be_taken_in_turn():
    net = Network([64, 20, 35, 12, 10], "tanh", "softmax")
    lab, theta = laboratory(net), net.initialize("he_normal", 1)
    first, last = lab.read(theta).most_gain, lab.read(3 * theta).most_gain
    lab = laboratory(net)
    np.testing.assert_array_equal(lab.read(theta, spectra=1).most_gain, first)
    for _ in range(4):
        gains = lab.read(3 * theta, spectra=1).most_gain
        assert np.isin(gains[:3], [*first, *last]).all()
    np.testing.assert_array_equal(gains, last)


def test_dead_and_saturated_neurons_are_named():
    net = Network([64, 6, 5, 10], ["relu", "sigmoid"], "softmax")
    theta = net.initialize("xavier_normal", 1)
    first, second, _ = net.unpack(theta)
    first.b[:] = 100
    second.W[...] /= 100
    first.b[[1, 4]] = -1000
    second.b[2], second.b[3] = 8.0, 40.0
    health = laboratory(net).read(theta).health
    dead, flat = DEAD_NEURON, SATURATED_NEURON
    assert list(health) == [FINE, dead, FINE, FINE, dead, FINE] + [FINE, FINE, flat, dead, FINE] + [FINE] * 10


@pytest.mark.parametrize("normalization", [None, "batch"])
def test_histograms_hold_every_neuron_and_sample(normalization):
    net = Network([64, 20, 35, 10], "tanh", "softmax", normalization=normalization)
    lab = laboratory(net)
    reading = lab.read(50 * net.initialize("he_normal", 1), bins=20)
    counts = lab.samples * np.array([20, 35, 10])
    np.testing.assert_array_equal(reading.input_counts.sum(axis=1), counts)
    np.testing.assert_array_equal(reading.z_counts.sum(axis=1), counts * (normalization is not None) * [1, 1, 0])
    assert (reading.reach[:2] >= 4).all()
    assert np.isnan(reading.z_reach).all() == (normalization is None)


def test_samples_are_few_and_evenly_taken():
    net = deep("tanh", 8, 2)
    lab = laboratory(net)
    every = -(-len(DIGITS.X_train) // 256)
    assert lab.samples == len(DIGITS.X_train[::every]) <= 256
    theta = net.initialize("he_normal", 0)
    result = net.backpropagate(theta, DIGITS.X_train[::every], DIGITS.y_train[::every], "cross_entropy")
    sizes = [lab.samples * np.sqrt(np.mean(layer.delta**2)) for layer in result.layers]
    np.testing.assert_allclose(lab.norms(theta)[0], sizes)
    np.testing.assert_allclose(lab.norms(theta)[1], [np.linalg.norm(layer.dW) for layer in result.layers])


def test_large_nets_are_looked_at_with_fewer_samples():
    assert laboratory(deep("tanh", 128, 12)).samples <= 32


def test_parameters_that_are_no_numbers_give_no_exception():
    net = deep("relu", 8, 3)
    theta = net.initialize("he_normal", 0)
    theta[5] = np.nan
    assert np.isnan(laboratory(net).read(theta).delta).any()


# How fast layers learn


def test_it_is_told_after_how_many_steps_a_layer_has_moved_by_a_hundredth():
    config = {"data": {"name": "digits"}, "network": {"hidden": [12] * 4, "activation": "sigmoid"}}
    trainer = Trainer(RunConfig.from_json(config))
    net, start, far, shares = trainer.network, np.array(trainer.theta), np.zeros(5), []
    for _ in range(300):
        trainer.step()
        shares.append(moved(net, start, np.array(trainer.theta)))
    first = [next((k + 1 for k, row in enumerate(shares) if row[layer] >= 0.01), np.nan) for layer in range(5)]
    found = trainer.track.steps_to_move()
    far = ~np.isnan(first)
    assert far.any()
    assert not far.all()
    assert np.isnan(found[~far]).all()
    assert (np.abs(found[far] - np.array(first)[far]) <= 1).all()
    np.testing.assert_allclose(trainer.track.moved(), shares[-1])


def test_the_way_between_two_known_steps_is_taken_as_straight():
    shares = np.array([[0, 0, 0], [0.004, 0, 0.02], [0.012, 0.009, 0.03]])
    found = steps_to_move(np.array([0, 10, 20]), shares)
    np.testing.assert_allclose(found, [17.5, np.nan, 5])


# As part of a run


def test_a_trainer_has_a_laboratory_that_changes_nothing():
    config = {"data": {"name": "digits"}, "network": {"hidden": [10] * 3, "normalization": "batch"}}
    trainer, twin = (Trainer(RunConfig.from_json(config)) for _ in range(2))
    assert trainer.last_step.statistics == ()
    for run in (trainer, twin):
        run.run(20)
    trainer.view.laboratory.read(trainer.theta)
    assert np.isnan(trainer.view.expectation().factors).all()
    assert [statistics is None for statistics in trainer.last_step.statistics] == [False] * 3
    for run in (trainer, twin):
        run.run(20)
    np.testing.assert_array_equal(trainer.theta, twin.theta)
    assert trainer.view.laboratory is trainer.view.laboratory
    steps = trainer.track.snapshots(15)
    assert steps[0] == 0
    assert 8 <= len(steps) <= 15
    trainer.seek(40)
    there = trainer.track.snapshot(steps[5])
    trainer.seek(steps[5])
    np.testing.assert_array_equal(there, trainer.theta)
    assert trainer.track.snapshot(steps[6]) is None
