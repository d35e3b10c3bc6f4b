"""Whether a rule made up by `tests/test_recipes.py` is found in everything that knows of rules.

Run where the recipe has been followed: in a copy of the project.
"""

import json
from pathlib import Path

import numpy as np
from backscope import core
from backscope.core import LANDSCAPES, OptimizerConfig, RunConfig, make_optimizer
from backscope.core.landscapes.problem import fitting_rate
from backscope.core.optimizers.table import usual_rate
from backscope.core.run.lanes import suiting_rates
from backscope.core.surface.stability import stability_factor
from backscope.server.front.options import options
from backscope.server.wire.messages import Reply
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.protocol import decode
from backscope.server.wire.settings import Limits
from stage import Stage

assert Path(core.__file__).parents[1] == Path(__file__).parents[2], "these are not the copy's modules"

# It is offered, with its numbers and rates.
offered = options(Limits())
(choice,) = (entry for entry in offered["optimizers"] if entry["name"] == "drift")
assert [entry["name"] for entry in choice["hyperparameters"]] == ["pull", "floor"]
assert all(landscape["rates"]["drift"] > 0 for landscape in offered["landscapes"])
assert all(suiting_rates(preset)["drift"] > 0 for preset in PRESETS.values())
assert fitting_rate(LANDSCAPES["bowl"], "drift") == fitting_rate(LANDSCAPES["bowl"], "adam")
assert usual_rate("drift", "adam", 0.01) == 0.02

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
parts = stage.trainer.last_step.anatomy()
np.testing.assert_allclose(parts.step, parts.momentum * parts.rates / 0.02, rtol=1e-9)
assert make_optimizer("drift", pull=0.5).limit() == 3.0
assert stability_factor("drift", {"pull": 0.5}) == 1.5
assert json.dumps(stage.trainer.config.to_json())
print("found everywhere")
