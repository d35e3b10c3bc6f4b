"""The compiled engine says what it lacks."""

from importlib.util import find_spec

import numpy as np
import pytest
from backscope.core import ConfigError, gaussian_net, trainability_map
from backscope.core.ensemble import compiled
from backscope.core.ensemble.pixels import losses_of
from backscope.core.ensemble.trainability import map_net


def test_the_compiled_engine_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    net = gaussian_net(2, "mish", 5)
    assert trainability_map(net.W0, net.W1, net.X, net.Y, "mish", 5, resolution=2).engine == "numpy"
    if find_spec("numba"):
        with pytest.raises(ConfigError, match="knows the activations identity, relu, tanh, got mish"):
            trainability_map(net.W0, net.W1, net.X, net.Y, "mish", 5, resolution=2, engine="compiled")
    monkeypatch.setattr(compiled, "installed", lambda: False)
    with pytest.raises(ConfigError, match=r"needs numba, which is not installed"):
        trainability_map(net.W0, net.W1, net.X, net.Y, "relu", 5, resolution=2, engine="compiled")
    assert trainability_map(net.W0, net.W1, net.X, net.Y, "relu", 5, resolution=2).engine == "numpy"


@pytest.mark.skipif(find_spec("numba") is None, reason="numba is not installed")
def test_the_compiled_engine_takes_arrays_that_must_not_be_written_as_another_machine_hands_them_over() -> None:
    net = gaussian_net(3, "tanh", 30)
    given = [array.copy() for array in (net.W0, net.W1, net.X, net.Y)]
    for array in given:
        array.flags.writeable = False
    found = trainability_map(*given, "tanh", 30, resolution=3, engine="compiled")
    expected = trainability_map(net.W0, net.W1, net.X, net.Y, "tanh", 30, resolution=3, engine="compiled")
    np.testing.assert_array_equal(found.measure, expected.measure)


@pytest.mark.skipif(find_spec("numba") is None, reason="numba is not installed")
@pytest.mark.parametrize("inputs", range(1, 10))
def test_sums_over_any_number_of_inputs_are_those_of_numpy(inputs: int) -> None:
    rng = np.random.default_rng(inputs)
    W0, W1 = rng.standard_normal((inputs, 3)), rng.standard_normal((3, 2))
    net = map_net(W0, W1, rng.standard_normal((7, inputs)), rng.standard_normal((7, 2)), "tanh", 12)
    rates = np.full(2, 0.1)
    found, expected = (losses_of(net, rates, rates, np.ones(2), engine) for engine in ("compiled", "numpy"))
    np.testing.assert_allclose(found, expected, rtol=1e-11)
