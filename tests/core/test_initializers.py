"""The whole table of initializers: spread, and the same draw for the same seed."""

import numpy as np
import pytest
from backscope.core import INITIALIZERS, ConfigError, Network

N_IN, N_OUT = 300, 200

#: Standard deviation of the weights, from the papers.
DEVIATION = {
    "xavier_uniform": np.sqrt(2 / (N_IN + N_OUT)),
    "xavier_normal": np.sqrt(2 / (N_IN + N_OUT)),
    "he_uniform": np.sqrt(2 / N_IN),
    "he_normal": np.sqrt(2 / N_IN),
    "normal": 1.0,
}


def draw(name, seed=0):
    return INITIALIZERS[name].weights(np.random.default_rng(seed), N_IN, N_OUT)


@pytest.mark.parametrize("name", DEVIATION)
def test_spread(name):
    weights = draw(name)
    assert weights.std() == pytest.approx(DEVIATION[name], rel=0.02)
    assert abs(weights.mean()) < 0.02 * DEVIATION[name]
    if name.endswith("uniform"):
        limit = DEVIATION[name] * np.sqrt(3)
        assert 0.999 * limit < np.abs(weights).max() <= limit


@pytest.mark.parametrize("name", INITIALIZERS)
def test_same_seed_same_weights(name):
    net = Network([5, 4, 3])
    np.testing.assert_array_equal(net.initialize(name, seed=3), net.initialize(name, seed=3))
    assert net.initialize(name, seed=3).shape == (5 * 4 + 4 + 4 * 3 + 3,)


@pytest.mark.parametrize("name", DEVIATION)
def test_biases_start_at_zero_and_layers_differ(name):
    net = Network([5, 4, 4])
    first, second = net.unpack(net.initialize(name))
    np.testing.assert_array_equal(first.b, 0)
    np.testing.assert_array_equal(second.b, 0)
    assert not np.array_equal(first.W[:, :4], second.W)


def test_unknown_name_is_refused():
    with pytest.raises(ConfigError, match=r"initializer must be one of xavier_uniform, .* got 'glorot'"):
        Network([2, 1]).initialize("glorot")
