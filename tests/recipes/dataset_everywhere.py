"""Whether a data set made up by `tests/test_recipes.py` is found in everything that knows of data sets.

Run where the recipe has been followed: in a copy of the project.
"""

from pathlib import Path

import numpy as np
from backscope import core
from backscope.core import DATASETS, RunConfig, Trainer
from backscope.core.export.numpy_script import numpy_script
from backscope.server.front.options import options
from backscope.server.wire.settings import Limits
from stage import Stage

assert Path(core.__file__).parents[1] == Path(__file__).parents[2], "these are not the copy's modules"

# It is offered, with its inputs and classes, and has a picture.
(choice,) = (entry for entry in options(Limits())["datasets"] if entry["name"] == "truth_nand")
assert list(choice["class_names"]) == ["0", "1"]
assert choice["table"] == [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 0]]

# A run learns it, from the beginning and by a command, and comes back to the bit.
config = RunConfig.from_json({"data": {"name": "truth_nand"}})
trainer = Trainer(config)
assert len(trainer.dataset.X_train) == len(DATASETS["truth_nand"].load()[0]) == 4
before = trainer.evaluate().loss
trainer.run(400)
assert trainer.evaluate().loss < before
stage = Stage()
stage.do("configure", data={"name": "truth_nand"})
assert stage.trainer.config.data.name == "truth_nand"
stage.travel("step", count=6)
end = stage.trainer.theta.copy()
stage.travel("seek", step=2)
stage.travel("seek", step=6)
assert np.array_equal(stage.trainer.theta, end)
assert stage.see()["step"] == 6

# It is taken away.
assert "truth_nand" in numpy_script(trainer)
print("found everywhere")
