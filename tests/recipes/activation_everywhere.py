"""Whether an activation and a loss made up by `tests/test_recipes.py` are found in everything that knows of such.

Run where the recipe has been followed: in a copy of the project.
"""

import json
import math
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from backscope import core
from backscope.core import ACTIVATIONS, LOSSES, Network, RunConfig, Trainer, check_gradient
from backscope.core.export import numpy_script
from backscope.core.insight.explain import Node, Target, explain
from backscope.core.nets.losses import OUTPUTS
from backscope.server.front.options import options
from backscope.server.panels.microscope import microscope_message
from backscope.server.session.frames import layout_of
from backscope.server.wire.messages import Reply
from backscope.server.wire.protocol import decode
from backscope.server.wire.settings import Limits
from playwright._impl._driver import compute_driver_executable
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

# The loss is offered, and its gradient agrees with differences.
assert "soft" in options(Limits())["losses"]
net = Network([2, 3, 2], activation="bend", output="tanh")
assert check_gradient(net, net.initialize("xavier_uniform", seed=3), X, y, loss="soft") < 1e-6
assert "soft" in LOSSES

# The script that does a run again has both.
trainer = Trainer(RunConfig.from_json({"data": {"name": "plane"}, "loss": "soft", "network": {"activation": "bend"}}))
losses = [trainer.step() for _ in range(20)]
script: dict = {"print": lambda *_: None}
exec(compile(numpy_script(trainer), "script", "exec"), script)
np.testing.assert_allclose(script["losses"], losses, rtol=1e-9)

# The page prints both, and their derivatives, from what is served.
preview = trainer.preview()
assert preview.diverged is None
layout = layout_of(trainer)
with tempfile.TemporaryDirectory() as folder:
    (Path(folder) / "step.bin").write_bytes(microscope_message(trainer, layout["id"], preview.row))
    case = {"layout": layout, "y": trainer.dataset.y_train[preview.row].tolist()}
    (Path(folder) / "case.json").write_text(json.dumps(case))
    script_path = Path(__file__).with_name("printed_lines.mjs")
    command = [str(compute_driver_executable()[0]), str(script_path), folder]
    phases = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)
printed = {(phase["kind"], phase["layer"]): phase["lines"] for phase in phases}
last = len(layout["sizes"]) - 1
assert printed["activate", 1][0] == "a11=[z11/1+z112]", printed["activate", 1]
assert printed["loss", last][0] == f"Cx=1+(a1{last}−y)2−1", printed["loss", last]
assert any(line.startswith("f′(z11)=[1/") for line in printed["error", 1]), printed["error", 1]
assert printed["error", last][0] == f"∂C/∂a1{last}=[a1{last}−y/1+(a1{last}−y)2]", printed["error", last]
assert all(len(lines) > 2 and lines[1].startswith("=") for lines in (printed["activate", 1], printed["loss", last]))
print("found everywhere")
