"""Runs translated from links of TensorFlow Playground are runs that the server opens."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from backscope.core import RunConfig, Trainer

ROOT = Path(__file__).parents[3]
SETS = [("classification", "dataset", name) for name in ("circle", "xor", "gauss", "spiral")]
SETS += [("regression", "regDataset", name) for name in ("reg-plane", "reg-gauss")]
EVERY = [
    f"networkShape=4,2&problem={problem}&{key}={name}&activation={activation}&regularization={penalty}"
    "&regularizationRate=0.001&noise=10&xSquared=true&sinX=true&cosY=true"
    for (problem, key, name), activation, penalty in itertools.product(
        SETS, ("relu", "tanh", "sigmoid", "linear"), ("none", "L1", "L2")
    )
]
SCRIPT = """
import {translate} from "./static/js/app/playground.js";
const all = JSON.parse(process.argv[1]).map(text => translate(new URLSearchParams(text)).run.config);
console.log(JSON.stringify(all));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node to read the page's translation")
def test_every_combination_is_a_config_that_trains() -> None:
    done = subprocess.run(
        ["node", "--input-type=module", "-e", SCRIPT, json.dumps(EVERY)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    configs = json.loads(done.stdout)
    assert len(configs) == len(EVERY)
    for values in configs:
        trainer = Trainer(RunConfig.from_json(values))
        assert trainer.run(3) == 3
        assert trainer.config.optimizer.learning_rate == 0.03
