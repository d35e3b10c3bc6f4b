"""Published or recomputed numbers that a right implementation reproduces; sources in the docstrings."""

from itertools import pairwise

import numpy as np
import pytest
from backscope.core import DataConfig, Network, RunConfig, Trainer, make_dataset, make_optimizer


def test_mazur_worked_step():
    """Mazur, "A Step by Step Backpropagation Example" (2015); biases are not trained.

    The article's error after the step, .291027924, was computed with weights that were already updated.
    """
    net = Network([2, 2, 2], "sigmoid", "sigmoid")
    theta = net.pack([([[0.15, 0.20], [0.25, 0.30]], [0.35, 0.35]), ([[0.40, 0.45], [0.50, 0.55]], [0.60, 0.60])])
    X, y = [[0.05, 0.10]], [[0.01, 0.99]]
    result = net.backpropagate(theta, X, y, "half_squared_error")
    hidden, output = result.layers
    np.testing.assert_allclose(hidden.a, [[0.593269992, 0.596884378]], atol=5e-10)
    np.testing.assert_allclose(output.a, [[0.751365070, 0.772928465]], atol=5e-10)
    assert result.loss == pytest.approx(0.298371109, abs=5e-10)
    assert output.dW[0, 0] == pytest.approx(0.082167041, abs=5e-10)
    assert hidden.dW[0, 0] == pytest.approx(0.000438568, abs=5e-10)

    gradient = result.gradient.copy()
    for layer in net.unpack(gradient):
        layer.b[...] = 0
    theta += make_optimizer("sgd", 0.5).step(theta, gradient)
    first, second = net.unpack(theta)
    np.testing.assert_allclose(first.W, [[0.149780716, 0.19956143], [0.24975114, 0.29950229]], atol=5e-9)
    np.testing.assert_allclose(second.W, [[0.35891648, 0.408666186], [0.511301270, 0.561370121]], atol=5e-9)
    assert net.backpropagate(theta, X, y, "half_squared_error").loss == pytest.approx(0.291027774, abs=5e-10)


@pytest.mark.parametrize(
    ("start", "steps", "output"), [((0.6, 0.9), 300, 0.0940), ((2.0, 2.0), 150, 0.9334), ((2.0, 2.0), 300, 0.2028)]
)
def test_nielsen_saturating_neuron(start, steps, output):
    """Nielsen, chapter 3: one sigmoid neuron, x = 1, target 0, quadratic cost, η = .15."""
    net = Network([1, 1], output="sigmoid")
    theta, optimizer = np.array(start), make_optimizer("sgd", 0.15)
    for _ in range(steps):
        gradient = net.backpropagate(theta, [[1.0]], [[0.0]], "half_squared_error").gradient
        theta = theta + optimizer.step(theta, gradient)
    assert net.predict(theta, [[1.0]])[0, 0] == pytest.approx(output, abs=5e-5)


def nielsen_start(net, rng):
    """W ~ N(0, 1/fan_in), b ~ N(0, 1)."""
    return net.pack([
        (rng.normal(0, n_in**-0.5, (n_out, n_in)), rng.normal(size=n_out))
        for n_in, n_out in pairwise(net.sizes)
    ])  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_nielsen_vanishing_gradients_on_digits(seed):
    """Nielsen, chapter 5: the norm of the mean δ grows about fivefold per sigmoid layer towards the output."""
    data = make_dataset(DataConfig("digits"), seed=0, output="sigmoid", loss="bce")
    net = Network([64, 30, 30, 30, 10], "sigmoid", "sigmoid")
    theta = nielsen_start(net, np.random.default_rng(seed))
    result = net.backpropagate(theta, data.X_train[:1000], data.y_train[:1000], "bce")
    norms = [np.linalg.norm(layer.delta.sum(axis=0)) for layer in result.layers[:-1]]
    for below, above in pairwise(norms):
        assert 3.5 < above / below < 7


TABLE = {"optimizer": {"learning_rate": 0.1}, "loss": "mse", "batch_size": None}
ONE_NEURON = {**TABLE, "network": {"hidden": [], "bias": False}}


def tutorial_weights():
    """Return `2 * random - 1` of the tutorials: np.random.seed(1), standard normal."""
    return np.random.RandomState(1).randn(3).tolist()


@pytest.mark.parametrize(
    ("name", "weights", "outputs"),
    [
        ("truth_table", [0, 0, 0], [0.5] * 4),
        ("truth_table_column", [7.2704, -0.2254, -3.4153], [0.0318, 0.0256, 0.9792, 0.9741]),
    ],
)
def test_the_sample_of_the_tutorials(name, weights, outputs):
    """One sigmoid neuron, no bias, gradient Xᵀ((p − y) p(1 − p)) summed over samples, η = .1, 10,000 steps.

    Half the squared error is a mean over the four samples here, so the rate that does the same is four times as large.
    The labels of the first table are the XOR of two columns, which one neuron cannot learn: it ends at W = 0.
    """
    run = {**ONE_NEURON, "data": {"name": name}, "loss": "half_squared_error", "initial": tutorial_weights()}
    trainer = Trainer(RunConfig.from_json({**run, "optimizer": {"learning_rate": 0.4}}))
    trainer.run(10_000)
    np.testing.assert_allclose(trainer.theta, weights, atol=5e-4)
    data = trainer.dataset
    assert len(data.X_train) == 4
    np.testing.assert_allclose(trainer.network.predict(trainer.theta, data.X_train)[:, 0], outputs, atol=2e-3)


def test_the_sample_of_the_tutorials_needs_a_hidden_layer():
    run = {**TABLE, "data": {"name": "truth_table"}, "network": {"hidden": [4]}, "loss": "bce"}
    trainer = Trainer(RunConfig.from_json({**run, "optimizer": {"name": "adam", "learning_rate": 0.1}}))
    trainer.run(1000)
    assert trainer.evaluate().accuracy == 1
    assert trainer.evaluate().loss < 0.01
