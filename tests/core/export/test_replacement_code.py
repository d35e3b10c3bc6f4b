"""Continual backpropagation in scripts: new units are drawn as the run draws them, and rules forget what is gone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from backscope.core import INITIALIZERS, OPTIMIZERS, RunConfig, Trainer
from backscope.core.export import numpy_script, torch_script
from backscope.core.ground.streams import stream
from drawn_runs import check, random_tasks, run_script, trained

#: Units are replaced every few steps.
BUSY: dict[str, Any] = {
    "data": {"name": "wine"},
    "network": {"hidden": [7, 5], "activation": "relu"},
    "batch_size": 9,
    "replacement_rate": 0.02,
    "maturity_threshold": 6,
    "utility_decay": 0.9,
}


@pytest.mark.parametrize("scale", [None, 0.7])
@pytest.mark.parametrize("name", INITIALIZERS)
def test_new_weights_are_drawn_as_they_are_in_the_run(name: str, scale: float | None) -> None:
    script = run_script(
        numpy_script(Trainer(RunConfig.from_json({**BUSY, "initializer": name, "initializer_scale": scale})))
    )
    record, rng = INITIALIZERS[name], stream(0, "replacement")
    wanted = record.weights(rng, 13, 7, record.scale if scale is None else scale)
    np.testing.assert_array_equal(script["new_weights"](13, 7), wanted)


@pytest.mark.parametrize("rule", ["adam", "lbfgs", "schedule_free"])
def test_a_rule_forgets_what_it_knew_of_units_that_are_gone(rule: str) -> None:
    optimizer = {"name": rule, "learning_rate": 0.02}
    trainer = Trainer(RunConfig.from_json({**BUSY, "replacement_rate": 0.1, "optimizer": optimizer}))
    losses = [trainer.step() for _ in range(60)]
    script = run_script(numpy_script(trainer))
    assert script["losses"] == pytest.approx(losses, rel=1e-9)
    assert sum((age < 60).sum() for age in script["age"]) > 5  # of twelve units that have been replaced


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_rule_is_written_with_what_it_forgets(name: str) -> None:
    text = numpy_script(Trainer(RunConfig.from_json({**BUSY, "optimizer": {"name": name}})))
    rule = OPTIMIZERS[name]
    method = text.partition("def forget(self, w, new):")[2].partition("def ")[0]
    for entry in rule.memory:
        assert entry in rule.unwritten or f"self.{entry}[new] = {'w[new]' if entry in rule.places else 0}" in method
    assert set(rule.unwritten) & set(rule.memory) == set() or rule.forgetting


def test_it_is_written_only_where_units_are_replaced() -> None:
    plain = Trainer(RunConfig.from_json({**BUSY, "replacement_rate": 0.0}))
    plain.run(3)
    assert "replace_units" not in numpy_script(plain)
    assert "forget" not in numpy_script(plain)
    plain.edit(replacement_rate=0.01)
    plain.run(1)
    for script in (numpy_script, torch_script):
        assert script(plain).count("begin_replacing()") == 2  # its definition, and where it is switched on


@pytest.mark.long
@pytest.mark.parametrize("seed", [seed for seed in range(60) if seed % 3 != 1])
def test_scripts_have_the_losses_of_runs_with_it(seed: int) -> None:
    check(numpy_script, seed, random_tasks)
    assert "replace_units" in numpy_script(trained(*random_tasks(seed))[0])
