"""The gradient checked on the spot: which parameters and samples, and what is said of them."""

from dataclasses import replace

import numpy as np
import pytest
from backscope.core.config.config import NetworkConfig
from backscope.core.nets.differences import compare_gradient
from backscope.core.run.trainer import Trainer
from backscope.server.panels.checks import CheckTask, check_of, summary
from backscope.server.wire.presets import PRESETS


def test_all_of_a_small_net_is_checked_and_a_large_one_evenly_to_its_ends() -> None:
    small = Trainer(PRESETS["circle"])
    work = check_of(small)
    assert work.task.parameters.tolist() == list(range(small.network.parameter_count))
    assert work.size == len(work.task.parameters)
    large = Trainer(replace(PRESETS["circle"], network=NetworkConfig((40, 40))))
    chosen = check_of(large).task.parameters
    assert (len(chosen), chosen[0], chosen[-1]) == (1000, 0, large.network.parameter_count - 1)
    assert np.ptp(np.diff(chosen)) <= 1
    assert len(work.task.X) == len(work.task.y) == 32


def test_parts_of_the_work_make_up_the_check_of_all_parameters() -> None:
    trainer = Trainer(PRESETS["xor"])
    trainer.run(20)
    work = check_of(trainer)
    half = work.size // 2
    rows = np.vstack([work.function(work.task, 0, half), work.function(work.task, half, work.size)])
    told = summary(work.task, rows)
    assert told["error"] < 1e-6
    assert told["analytic"] == pytest.approx(told["numeric"], rel=1e-5, abs=1e-9)
    whole = compare_gradient(trainer.network, trainer.theta, work.task.X, work.task.y, work.task.loss)
    assert (told["error"], told["parameter"]) == (max(rows[:, 0]), whole.parameter)
    assert whole.error == pytest.approx(told["error"])


def test_the_worst_part_is_told_with_all_that_was_skipped() -> None:
    task: CheckTask = check_of(Trainer(PRESETS["xor"])).task
    rows = np.array([[1e-9, 3, 0.5, 0.5, 1], [2e-3, 7, 0.1, np.nan, 2], [1e-8, 1, 0.2, 0.2, 0]])
    told = summary(task, rows)
    assert (told["error"], told["parameter"], told["analytic"], told["numeric"]) == (2e-3, 7, 0.1, None)
    assert (told["skipped"], told["parameters"], told["samples"]) == (3, len(task.parameters), len(task.X))
