"""The whole table of initializers: spread, and the same draw for the same seed."""

import numpy as np
import pytest
from backscope.core import INITIALIZERS, ConfigError, Network
from backscope.core.nets.initializers import GAINS

N_IN, N_OUT = 300, 200

#: Standard deviation of the weights, from the papers.
DEVIATION = {
    "xavier_uniform": np.sqrt(2 / (N_IN + N_OUT)),
    "xavier_normal": np.sqrt(2 / (N_IN + N_OUT)),
    "he_uniform": np.sqrt(2 / N_IN),
    "he_normal": np.sqrt(2 / N_IN),
    "lecun_uniform": np.sqrt(1 / N_IN),
    "lecun_normal": np.sqrt(1 / N_IN),
    "orthogonal": np.sqrt(1 / N_IN),
    "uniform": 0.5 / np.sqrt(3),
    "normal": 1.0,
    "nielsen": np.sqrt(1 / N_IN),
    "pytorch": np.sqrt(1 / (3 * N_IN)),
    "zeros": 0.0,
    "constant": 0.0,
}


def draw(name, scale=None):
    record = INITIALIZERS[name]
    return record.weights(np.random.default_rng(0), N_IN, N_OUT, record.scale if scale is None else scale)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_spread(name):
    weights = draw(name)
    assert weights.std() == pytest.approx(DEVIATION[name], rel=0.02, abs=1e-15)
    assert weights.mean() == pytest.approx(0.1 if name == "constant" else 0, abs=0.02 * DEVIATION[name] + 1e-15)
    if name.endswith(("uniform", "pytorch")):
        limit = DEVIATION[name] * np.sqrt(3)
        assert 0.999 * limit < np.abs(weights).max() <= limit


@pytest.mark.parametrize("name", INITIALIZERS)
def test_same_seed_same_weights(name):
    net = Network([5, 4, 3])
    np.testing.assert_array_equal(net.initialize(name, seed=3), net.initialize(name, seed=3))
    assert net.initialize(name, seed=3).shape == (5 * 4 + 4 + 4 * 3 + 3,)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_scale_multiplies_the_weights(name):
    expected = draw(name) * 3.0 / INITIALIZERS[name].scale
    np.testing.assert_allclose(draw(name, scale=3.0), expected, rtol=1e-9, atol=1e-16)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_biases_start_at_zero_unless_drawn(name):
    net = Network([5, 400, 400])
    first, second = net.unpack(net.initialize(name))
    deviation = {"nielsen": (1, 1), "pytorch": (1 / np.sqrt(15), 1 / np.sqrt(1200))}.get(name, (0, 0))
    for layer, expected in zip((first, second), deviation, strict=True):
        assert layer.b.std() == pytest.approx(expected, rel=0.1, abs=1e-15)


@pytest.mark.parametrize("shape", [(30, 50), (50, 30), (40, 40)])
def test_orthogonal(shape):
    W = INITIALIZERS["orthogonal"].weights(np.random.default_rng(0), *shape, 1.0)
    product = W @ W.T if shape[0] <= shape[1] else W.T @ W
    np.testing.assert_allclose(product, np.eye(min(shape)), atol=1e-12)


@pytest.mark.parametrize(
    ("initializer", "activation", "scale"),
    [("he_normal", "relu", 1.0), ("xavier_normal", "identity", 1.0), ("lecun_normal", "selu", 1.0)],
)
def test_signals_stay_alive_through_fifty_layers(initializer, activation, scale):
    net = Network([100] * 52, activation)
    rng = np.random.default_rng(1)
    result = net.backpropagate(
        net.initialize(initializer, seed=2, scale=scale), rng.normal(size=(50, 100)), rng.normal(size=(50, 100))
    )
    sizes = [np.sqrt(np.mean(layer.z**2)) for layer in result.layers]
    errors = [np.sqrt(np.mean(layer.delta**2)) for layer in result.layers]
    assert 0.2 < sizes[-1] / sizes[0] < 5
    assert 0.1 < errors[0] / errors[-1] < 10


def test_signals_die_or_explode_with_another_spread():
    """Each of 50 ReLU layers multiplies the signal by the scale, so it ends at scale⁵⁰ of what He's keeps."""
    net, X = Network([100] * 52, "relu"), np.random.default_rng(1).normal(size=(50, 100))
    ends = [net.predict(net.initialize("he_normal", seed=2, scale=scale), X).std() for scale in (0.5, 1.0, 2.0)]
    np.testing.assert_allclose(np.array(ends) / ends[1], [0.5**51, 1, 2.0**51], rtol=1e-6)


def test_gains_are_those_of_pytorch():
    assert GAINS["tanh"] == 5 / 3
    assert GAINS["leaky_relu"] == pytest.approx(1.41414, abs=1e-5)


def test_unknown_name_is_refused():
    with pytest.raises(ConfigError, match=r"initializer must be one of xavier_uniform, .* got 'glorot'"):
        Network([2, 1]).initialize("glorot")
