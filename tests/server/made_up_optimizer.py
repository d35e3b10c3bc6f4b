"""A rule that nobody has heard of, in a process of its own: run by `test_made_up_optimizer`.

It is put into the table before the server is imported, as a file of its own would be, and then has to be found in
everything that knows of rules.
"""

import json
import sys
from pathlib import Path

import numpy as np
from backscope.core.ground.hyperparameters import Hyperparameter
from backscope.core.optimizers import table
from backscope.core.optimizers.formula import memory, term
from backscope.core.optimizers.optimizer import Optimizer, UsualRate


class Drift(Optimizer):
    """v ← κv + g, step −η v / (|v| + f)."""

    name = "drift"
    hyperparameters = (Hyperparameter("pull", 0.6, 0.0, 0.9), Hyperparameter("floor", 0.5, 1e-6, 10.0))
    memory = ("v",)
    usual = UsualRate("rate", 0.02)
    symbols = {"pull": "κ", "floor": "f"}  # noqa: RUF012
    momentum_part = "v"
    rates = "eta / (abs(v) + floor)"
    stability = "2 * (1 + pull)"

    def lines(self):
        return memory("v", "pull * v + g", gradient=True), term("step", "-eta * (v / (abs(v) + floor))", gradient=True)

    def _rule(self, theta, gradient):
        self.v[...] = self.pull * self.v + gradient
        self.update[...] = -self.learning_rate * (self.v / (np.abs(self.v) + self.floor))


table._RULES["drift"] = Drift

sys.path.insert(0, str(Path(__file__).parent))

from backscope.core import LANDSCAPES, OptimizerConfig, RunConfig, make_optimizer  # noqa: E402
from backscope.core.landscapes.problem import fitting_rate  # noqa: E402
from backscope.core.surface.stability import stability_factor  # noqa: E402
from backscope.server.front.options import options  # noqa: E402
from backscope.server.wire.messages import Reply  # noqa: E402
from backscope.server.wire.protocol import decode  # noqa: E402
from backscope.server.wire.settings import Limits  # noqa: E402
from stage import Stage  # noqa: E402

# It is offered, with its numbers and rates.
offered = options(Limits())
(choice,) = (entry for entry in offered["optimizers"] if entry["name"] == "drift")
assert [entry["name"] for entry in choice["hyperparameters"]] == ["pull", "floor"]
assert (choice["measure"], choice["rate"]) == ("rate", 0.02)
assert all(landscape["rates"]["drift"] > 0 for landscape in offered["landscapes"])
assert fitting_rate(LANDSCAPES["bowl"], "drift") == fitting_rate(LANDSCAPES["bowl"], "adam")
assert table.usual_rate("drift", "adam", 0.01) == 0.02

# A run is begun with it, and changed to it while it goes on; numbers of its own can be set.
stage = Stage(RunConfig(optimizer=OptimizerConfig("drift", 0.02, {"pull": 0.3})))
stage.travel("step", count=7)
stage.do("set", floor=0.25)
stage.travel("step", count=3)
assert dict(stage.trainer.config.optimizer.hyperparameters) == {"pull": 0.3, "floor": 0.25}
end = stage.trainer.theta.copy()
stage.travel("seek", step=4)
stage.travel("seek", step=10)
assert np.array_equal(stage.trainer.theta, end)
other = Stage()
other.do("set", optimizer="drift", pull=0.1)
other.travel("step", count=2)
assert other.trainer.config.optimizer.name == "drift"

# The inspector tells its lines and terms.
stage.do("watch", target={"layer": 1, "to": 0, "from": 0}, over="batch", key="k")
stage.travel("step")
(found,) = stage.see()["inspections"]
rule = found["formula"]
assert [line["name"] for line in rule["lines"]] == ["v", "step"]
assert rule["symbols"]["pull"] == "κ"
v = found["terms"]["v"]
assert abs(found["terms"]["step"] - found["update"]) < 1e-12
assert abs(-0.02 * v / (abs(v) + 0.25) - found["update"]) < 1e-12

# So does slow motion, for every parameter.
stage.do("microscope")
(message,) = (said.text for said in stage.said if isinstance(said, Reply) and isinstance(said.text, bytes))
header, arrays = decode(message)
assert header["formula"]["name"] == "drift"
assert header["numbers"] == {"pull": 0.3, "eta": 0.02, "floor": 0.25}
step = -0.02 * arrays["term_v"] / (np.abs(arrays["term_v"]) + 0.25)
np.testing.assert_allclose(step, arrays["step"], rtol=1e-5, atol=1e-9)

# A step is taken apart, and the limit of stability is known.
parts = stage.trainer.anatomy()
np.testing.assert_allclose(parts.step, parts.momentum * parts.rates / 0.02, rtol=1e-9)
assert make_optimizer("drift", pull=0.5).limit() == 3.0
assert stability_factor("drift", {}) is None
assert json.dumps(stage.trainer.config.to_json())
print("found everywhere")
