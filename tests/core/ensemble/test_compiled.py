"""The compiled engine says what it lacks."""

from importlib.util import find_spec

import pytest
from backscope.core import ConfigError, gaussian_net, trainability_map
from backscope.core.ensemble import compiled


def test_the_compiled_engine_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    net = gaussian_net(2, "mish", 5)
    assert trainability_map(net.W0, net.W1, net.X, net.Y, "mish", 5, resolution=2).engine == "numpy"
    if find_spec("numba"):
        with pytest.raises(ConfigError, match="knows the activations identity, relu, tanh, got mish"):
            trainability_map(net.W0, net.W1, net.X, net.Y, "mish", 5, resolution=2, engine="compiled")
    monkeypatch.setattr(compiled, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"needs numba, which is not installed"):
        trainability_map(net.W0, net.W1, net.X, net.Y, "relu", 5, resolution=2, engine="compiled")
    assert trainability_map(net.W0, net.W1, net.X, net.Y, "relu", 5, resolution=2).engine == "numpy"
