"""Every sentence of the page "What the numbers mean" is true of the core: one test for each entry."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from backscope.core import Network, RunConfig, Trainer
from backscope.core.insight.evaluation import classes_of
from backscope.core.nets.losses import smooth
from definitions import DEFINITIONS, penalty

WORDS = json.loads((Path(__file__).parents[2] / "static/i18n/en.json").read_text("utf-8"))
OTHER = {"title", "close"}


def trained(steps: int, **changes: object) -> Trainer:
    trainer = Trainer(RunConfig.from_json(changes))
    trainer.run(steps)
    return trainer


def epoch() -> None:
    """It counts completed passes: the last batch of a pass raises it."""
    trainer = Trainer(RunConfig.from_json({"data": {"name": "circle"}, "batch_size": 32}))
    a_pass = -(-len(trainer.dataset.X_train) // 32)
    trainer.run(a_pass - 1)
    assert trainer.epoch == 0
    trainer.run(1)
    assert trainer.epoch == 1


def outputs() -> None:
    """Two equal outputs: the mean is that of one, the sum twice as much."""
    for name, times in {"mse": 1, "mae": 1, "huber": 1, "bce": 2, "hinge": 2, "half_squared_error": 2}.items():
        found = []
        for count in (1, 2):
            net = Network([2, count], output="sigmoid" if name == "bce" else "identity")
            y = np.ones((3, count))
            found.append(net.backpropagate(np.zeros(net.parameter_count), np.ones((3, 2)), y, loss=name).loss)
        assert found[1] == pytest.approx(times * found[0]), name


def delta() -> None:
    """δ is that of one sample; ‖δ‖ the root mean square over neurons and samples, without penalties."""
    plain, odd = (trained(1, data={"name": "circle"}, batch_size=None, l2=l2) for l2 in (0.0, 0.5))
    assert plain.last_step.norms()[0] == pytest.approx(odd.last_step.norms()[0], rel=1e-12)
    trainer = trained(0, data={"name": "circle"}, batch_size=None)
    rows = range(len(trainer.dataset.X_train))
    D = np.array([trainer.view.trace(row).D[-1] for row in rows])
    a = np.array([trainer.view.trace(row).A[-1] for row in rows])
    np.testing.assert_allclose(D, a - trainer.dataset.y_train[:, 0], atol=1e-6)
    trainer.run(1)
    assert trainer.last_step.norms()[0][-1] == pytest.approx(np.sqrt(np.mean(D**2)), rel=1e-5)


def gradient() -> None:
    """‖∂W‖ holds penalties, and what clipping does comes after it."""
    changes = {"data": {"name": "circle"}, "precision": "float64"}
    plain, odd = (trained(1, l2=l2, **changes).last_step.norms()[1] for l2 in (0.0, 0.5))
    assert (np.abs(plain - odd) > 1e-6).all()
    clipped = trained(1, l2=0.5, clip_norm=1e-3, **changes).last_step.norms()[1]
    np.testing.assert_allclose(clipped, odd, rtol=1e-12)


def ties() -> None:
    values = np.array([[0.4, 0.4 + 9e-7, 0.2], [0.4, 0.4 + 3e-6, 0.2]])
    assert classes_of(values, (0.0, 1.0)).tolist() == [0, 1]
    assert classes_of(np.array([[0.5], [0.5 + 2e-6]]), (0.0, 1.0)).tolist() == [0, 1]


def smoothing() -> None:
    s = 0.2
    for K, y in ((3, np.eye(3)), (2, np.array([[0.0], [1.0]]))):
        np.testing.assert_allclose(smooth(y, s), (1 - s) * y + s / K)


def lambdas() -> None:
    trainer = trained(5, data={"name": "circle"}, l1=0.03, l2=0.2, precision="float64")
    assert trainer.view.penalty == pytest.approx(penalty(trainer), rel=1e-12)
    assert DEFINITIONS["objective"](trainer) > trainer.evaluate().loss


def function() -> None:
    """On a function the last gradient is the slope where the step began, and λ its curvature."""
    trainer = Trainer(RunConfig.from_json({"data": {"name": "bowl"}, "batch_size": None}))
    start = trainer.theta.copy()
    trainer.run(1)
    np.testing.assert_allclose(trainer.gradient, start, rtol=1e-6)


CHECKS: dict[str, Callable[[], None]] = {
    "epoch": epoch,
    "outputs": outputs,
    "delta": delta,
    "gradient": gradient,
    "ties": ties,
    "smoothing": smoothing,
    "lambda": lambdas,
    "curvature": function,
    "gradient_function": function,
}


def test_every_entry_has_a_check() -> None:
    keys = {key.removeprefix("meaning.") for key in WORDS if key.startswith("meaning.")}
    entries = {key for key in keys - OTHER if not key.endswith(("_term", "_here", "_mean", "_sum"))}
    assert entries == CHECKS.keys()


@pytest.mark.parametrize("name", CHECKS)
def test_what_is_said_is_so(name: str) -> None:
    CHECKS[name]()
