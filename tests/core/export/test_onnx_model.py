"""The ONNX model predicts what the net predicts, by another's reading of the format."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from backscope.core import ACTIVATIONS, RunConfig, Trainer
from backscope.core.export import onnx_model
from backscope.core.export.onnx_model import MissingExtraError

#: How far float32 agrees with the core's float64, relative to the largest output.
AGREES = 2e-5


def predicted(content: bytes, X: Any) -> Any:
    from onnx import load_from_string
    from onnx.reference import ReferenceEvaluator

    with np.errstate(over="ignore"):
        return ReferenceEvaluator(load_from_string(content)).run(None, {"x": X.astype(np.float32)})[0]


def agree(trainer: Trainer, factor: float = 1.0) -> None:
    X = factor * trainer.dataset.X_train
    mine = trainer.network.predict(trainer.theta, X, trainer.view.running_statistics)
    found = predicted(onnx_model(trainer), X)
    assert found.shape == mine.shape
    np.testing.assert_allclose(found, mine, atol=AGREES * max(1.0, np.abs(mine).max()), rtol=AGREES)


@pytest.mark.parametrize("normalization", [None, "batch", "layer"])
@pytest.mark.parametrize("residual", [False, True])
def test_it_predicts_as_the_net_does_with_normalization_and_skips(normalization: str | None, residual: bool) -> None:
    pytest.importorskip("onnx")
    network = {"hidden": [6, 6, 6], "activation": "tanh", "normalization": normalization, "residual": residual}
    trainer = Trainer(RunConfig.from_json({"data": {"name": "spiral"}, "network": network}))
    trainer.run(60)
    agree(trainer)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_is_said_also_far_out(activation: str) -> None:
    pytest.importorskip("onnx")
    network = {"hidden": [5, 5], "activation": activation}
    trainer = Trainer(RunConfig.from_json({"data": {"name": "circle"}, "network": network}))
    trainer.run(20)
    agree(trainer)
    agree(trainer, 50.0)


def test_live_changes_and_many_classes_are_in_it() -> None:
    pytest.importorskip("onnx")
    config = {"data": {"name": "digits"}, "network": {"hidden": [8], "activation": "leaky_relu"}}
    trainer = Trainer(RunConfig.from_json(config))
    trainer.run(10)
    trainer.edit(leaky_slope=0.3)
    trainer.run(10)
    agree(trainer)
    trainer.edit(activation="gelu")
    agree(trainer)
    assert trainer.network.output == "softmax"


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["backscope.core.export.onnx_model"], "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r'pip install "backscope\[onnx\]"'):
        onnx_model(Trainer(RunConfig.from_json({"data": {"name": "xor"}})))
