"""What the laboratory measures over a run: when it is asked for, of the run as it was, beside theory."""

from dataclasses import replace

import numpy as np
import pytest
from backscope.core import DataConfig, NetworkConfig, RunConfig
from backscope.core.config.problem import Problem
from backscope.core.insight.gradient_noise import NoiseMeter
from backscope.core.insight.modes import LinearModes
from backscope.server.wire.commands import CommandError
from backscope.server.wire.messages import Reply
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.protocol import decode
from stage import Stage


def ask(stage: Stage, over: str | None):
    """Ask until all is there; the header's part, and rows by step."""
    known, more, header, arrays = {}, True, {}, {}
    while more:
        stage.do("laboratory", **known, **({"over": over} if over else {}))
        (message,) = [said for said in stage.said if isinstance(said, Reply) and isinstance(said.text, bytes)]
        header, arrays = decode(message.text)
        known, more = {"number": header["number"], "since": header["serial"]}, header["more"]
    steps = arrays.get("over_steps", np.empty(0)).tolist()
    return header.get("over"), dict(zip(steps, arrays.get("over", []), strict=True)), arrays.get("over_theory")


def test_modes_come_with_their_closed_form_from_step_0_on() -> None:
    stage = Stage(PRESETS["linear_modes"])
    start = np.array(stage.trainer.theta)
    stage.travel("step", count=300)
    header, rows, theory = ask(stage, "modes")
    modes = LinearModes(Problem.of(stage.trainer.config, stage.trainer.dataset))
    assert (header["name"], header["why"], header["descent"]) == ("modes", None, True)
    assert header["values"] == modes.values.tolist()
    assert {0, 300} <= set(rows)
    assert len(rows) > 60
    np.testing.assert_allclose(rows[0], modes.strengths(start), rtol=1e-6)
    np.testing.assert_allclose(rows[300], modes.strengths(stage.trainer.theta), rtol=1e-6)
    np.testing.assert_allclose(theory, modes.closed_form(start, 0.03 * np.array(list(rows))), rtol=1e-5)
    stage.do("set", learning_rate=0.06)
    stage.travel("step", count=100)
    _, rows, theory = ask(stage, "modes")
    np.testing.assert_allclose(theory[-1], modes.closed_form(start, np.array([9 + 6.0]))[0], rtol=1e-5)
    stage.travel("seek", step=100)
    assert max(ask(stage, "modes")[1]) == 100


OTHERWISE = [
    ({"l2": 0.1}, {"l2": 0.0}),
    ({"batch_size": 2}, {"batch_size": None}),
    ({"optimizer": "adam"}, {"optimizer": "sgd"}),
]


@pytest.mark.parametrize(("change", "back"), OTHERWISE)
def test_another_rule_has_modes_but_no_closed_form_also_afterwards(change, back) -> None:
    stage = Stage(PRESETS["linear_modes"])
    stage.do("set", **change)
    stage.travel("step", count=5)
    header, rows, theory = ask(stage, "modes")
    assert (header["descent"], theory, rows[5].shape) == (False, None, (4,))
    stage.do("set", **back)
    stage.travel("step", count=5)
    assert not ask(stage, "modes")[0]["descent"]
    stage.do("reset")
    assert ask(stage, "modes")[0]["descent"]


def test_weights_that_a_hand_has_moved_follow_no_closed_form() -> None:
    stage = Stage(PRESETS["linear_modes"])
    stage.travel("step", count=5)
    stage.trainer.edit(parameters={"0": 0.5})
    assert not ask(stage, "modes")[0]["descent"]


def test_noise_is_measured_beside_the_batch() -> None:
    stage = Stage(replace(PRESETS["noise_scale"], data=DataConfig("circle", samples=100)))
    stage.travel("step", count=20)
    header, rows, theory = ask(stage, "noise")
    trainer = stage.trainer
    found = NoiseMeter(Problem.of(trainer.config, trainer.dataset)).measure(trainer.theta)
    np.testing.assert_allclose(rows[20], [found.scale, found.signal, found.noise], rtol=1e-5)
    whole = len(trainer.dataset.X_train)
    assert (header["batch"], header["whole"], header["samples"], theory) == (64, whole, whole, None)
    stage.do("set", batch_size=7)
    assert ask(stage, "noise")[0]["batch"] == 7


def test_what_is_in_the_way_is_said_and_nothing_is_measured_unasked() -> None:
    stage = Stage(RunConfig(network=NetworkConfig(normalization="batch")))
    for over, why in (("modes", "bends"), ("noise", "coupled")):
        header, rows, _ = ask(stage, over)
        assert (header["why"], rows) == (why, {})
    assert ask(stage, None)[0] is None
    with pytest.raises(CommandError, match="over must be one of modes, noise, tasks"):
        stage.ask("laboratory", over="nothing")


def test_another_data_set_is_measured_anew() -> None:
    stage = Stage(RunConfig(DataConfig("circle", samples=60)))
    before = ask(stage, "noise")[1][0]
    stage.do("set", noise=0.9)
    assert (ask(stage, "noise")[1][0] != before).any()
