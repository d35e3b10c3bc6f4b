"""The coming step on the wire: to the client that asked, in float32, and bit for bit the one that is then taken."""

import json

import numpy as np
import pytest
from backscope.core.config.config import DataConfig, NetworkConfig, OptimizerConfig, RunConfig
from backscope.server.wire.messages import Reply
from backscope.server.wire.protocol import decode
from stage import Stage
from talking import Talk

CONFIGS = {
    "default": RunConfig(),
    "adam": RunConfig(
        network=NetworkConfig((6, 4), "relu", normalization="batch"), optimizer=OptimizerConfig("adam", 0.05)
    ),
    "digits": RunConfig(data=DataConfig("digits"), network=NetworkConfig((12,), "relu")),
}


def look(stage: Stage, **fields: int) -> tuple[dict, dict]:  # type: ignore[type-arg]
    """Ask for the coming step, and return header and arrays."""
    stage.do("microscope", **fields)
    (message,) = [said for said in stage.said if isinstance(said, Reply) and isinstance(said.text, bytes)]
    assert message.client == 1
    return decode(message.text)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CONFIGS)
def test_the_step_that_was_shown_is_the_one_that_is_taken(name: str) -> None:
    stage = Stage(CONFIGS[name])
    stage.travel("step", count=20)
    header, arrays = look(stage)
    assert header["kind"] == "microscope"
    assert header["step"] == 21
    assert header["layout"] == json.loads(stage.published["layout"])["id"]
    assert header["row"] == arrays["rows"][header["index"]]
    assert stage.trainer.step_count == 20
    stage.travel("step")
    assert np.array_equal(arrays["P_after"], stage.trainer.theta.astype(np.float32))
    assert np.array_equal(arrays["G"], stage.trainer.gradient.astype(np.float32))
    assert np.array_equal(arrays["step"], stage.trainer.update.astype(np.float32))
    assert header["loss"][1] == stage.trainer.evaluate().loss
    assert {name for name in arrays if name.startswith("term_")} == (
        {"term_m", "term_v", "term_m_hat", "term_v_hat"} if name == "adam" else set()
    )
    optimizer = stage.trainer.config.optimizer
    assert header["formula"]["name"] == optimizer.name
    assert header["numbers"]["eta"] == optimizer.learning_rate


def test_of_a_net_with_skips_what_is_passed_on_goes_along() -> None:
    stage = Stage(RunConfig(network=NetworkConfig((4, 4), residual=True)))
    header, arrays = look(stage)
    assert header["residual"] == [False, True]
    np.testing.assert_allclose(arrays["H"][6:10], arrays["A"][6:10] + arrays["A"][2:6], rtol=1e-6)
    np.testing.assert_allclose(arrays["D"][2:10], arrays["E"][2:10] * arrays["F"][2:10], rtol=1e-6)
    assert {"mean_H", "after_H"} <= set(arrays)
    assert "H" not in look(Stage())[1]


def test_another_sample_of_the_batch_can_be_chosen_and_none_beside_it() -> None:
    stage = Stage()
    _, first = look(stage)
    chosen = int(first["rows"][3])
    header, arrays = look(stage, row=chosen)
    assert header["row"] == chosen
    assert header["index"] == 3
    assert np.array_equal(arrays["A"][:2], stage.trainer.dataset.X_train[chosen].astype(np.float32))
    other = next(row for row in range(280) if row not in first["rows"])
    refusal = stage.ask("microscope", row=other)
    assert refusal["ok"] is False
    assert "row must be a sample of the coming batch" in refusal["message"]


def test_it_makes_the_run_stand_still_and_waits_for_a_replay() -> None:
    stage = Stage()
    stage.do("play")
    stage.pass_time(0.5)
    header, _ = look(stage)
    assert stage.state()["status"]["kind"] == "paused"
    assert header["step"] == stage.trainer.step_count + 1


def test_it_travels_over_a_socket(talk: Talk) -> None:
    talk.send("microscope")
    heard = talk.hear()
    while heard.get("kind") != "microscope":
        heard = talk.hear()
    assert heard["step"] == 1
    while heard.get("kind") != "reply":
        heard = talk.hear()
    assert heard["ok"]
