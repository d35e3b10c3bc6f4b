"""Whether an activation made up by `tests/test_recipes.py` is found in everything that knows of activations.

Run where the recipe has been followed: in a copy of the project.
"""

import math
from pathlib import Path

import numpy as np
from backscope import core
from backscope.core import ACTIVATIONS, Network, RunConfig, check_gradient
from backscope.core.insight.explain import Node, Target, explain
from backscope.core.nets.losses import OUTPUTS
from backscope.server.front.options import options
from backscope.server.wire.messages import Reply
from backscope.server.wire.protocol import decode
from backscope.server.wire.settings import Limits
from stage import Stage

assert Path(core.__file__).parents[1] == Path(__file__).parents[2], "these are not the copy's modules"


def f(z: np.ndarray) -> np.ndarray:
    return z / np.sqrt(1 + z * z)


# It is offered, for hidden layers and for the output.
assert "bend" in options(Limits())["activations"]
assert "bend" in OUTPUTS

# Backpropagation through it agrees with differences, alone, normalized and past skips.
rng = np.random.default_rng(0)
X, y = rng.normal(size=(9, 2)), rng.normal(size=(9, 2))
for shape in ({}, {"normalization": "layer"}, {"normalization": "batch"}, {"residual": True}):
    net = Network([2, 4, 4, 2], activation="bend", output="bend", **shape)
    theta = net.initialize("xavier_uniform", seed=1)
    assert check_gradient(net, theta, X, y, loss="mse") < 1e-6

# The forward pass passes on what its formula says.
layers = net.backpropagate(theta, X, y, loss="mse").layers
np.testing.assert_allclose(layers[0].a, f(layers[0].z), rtol=1e-14)


def value(node: Node) -> float:
    parts = [value(child) for child in node.children]
    if not parts:
        return node.value
    if node.combine == "product":
        return math.prod(parts)
    return math.fsum(parts) / (len(parts) if node.combine == "mean" else 1)


# The chain rule's tree has its slope among the factors, and makes the gradient.
net = Network([2, 3, 1], activation="bend", output="identity")
theta, t = net.initialize("xavier_uniform", seed=2), y[:, :1]
found = explain(net, theta, X, t, "mse", Target(1, 1, 0))
gradient = net.backpropagate(theta, X, t, loss="mse").layers[0].dW[1, 0]
assert abs(value(found.tree) - gradient) < 1e-12
assert abs(found.difference.value - gradient) < 1e-8

# A run is begun with it, changed to it while it goes on, and comes back to the bit.
stage = Stage(RunConfig.from_json({"network": {"hidden": [4, 3], "activation": ["bend", "tanh"]}}))
stage.travel("step", count=5)
stage.do("set", activation=["bend", "bend"])
stage.travel("step", count=5)
assert tuple(stage.trainer.network.activations[:-1]) == ("bend", "bend")
assert RunConfig.from_json(stage.trainer.config.to_json()) == stage.trainer.config
end = stage.trainer.theta.copy()
stage.travel("seek", step=3)
stage.travel("seek", step=10)
assert np.array_equal(stage.trainer.theta, end)

# The inspector tells its tree, slow motion its numbers, the layout its name.
stage.do("watch", target={"layer": 1, "to": 0, "from": 0}, over="batch", key="k")
stage.travel("step")
(seen,) = stage.see()["inspections"]
assert abs(seen["tree"]["v"] + seen["penalty"] - seen["gradient"]) < 1e-9
stage.do("microscope")
(message,) = (said.text for said in stage.said if isinstance(said, Reply) and isinstance(said.text, bytes))
_, arrays = decode(message)
inputs, hidden = 2, 4
np.testing.assert_allclose(arrays["A"][inputs : inputs + hidden], f(arrays["U"][inputs : inputs + hidden]), rtol=1e-5)
assert ACTIVATIONS["bend"].bounded
print("found everywhere")
