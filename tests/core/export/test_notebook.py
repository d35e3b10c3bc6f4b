"""A notebook's cells do the run again."""

import json
from typing import Any

import pytest
from backscope.core import RunConfig, Trainer
from backscope.core.export.notebook import notebook


def test_the_cells_of_a_notebook_run_one_after_the_other_to_the_losses_of_the_run() -> None:
    trainer = Trainer(RunConfig.from_json({"data": {"name": "spiral"}, "network": {"hidden": [5]}}))
    losses = [trainer.step() for _ in range(30)]
    content = json.loads(notebook(trainer))
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in content["cells"]}) == len(content["cells"])
    namespace: dict[str, Any] = {"print": lambda *_: None}
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            exec("".join(cell["source"]), namespace)
    assert namespace["losses"] == pytest.approx(losses, rel=1e-10)
