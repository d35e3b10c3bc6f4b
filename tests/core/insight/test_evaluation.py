"""Which class outputs stand for: ties by rule, never by rounding, in accuracy and in the confusion matrix alike."""

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer
from backscope.core.insight.diagnostics import confusion
from backscope.core.insight.evaluation import TIE, classes_of


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-1.0, 1.0)])
def test_the_middle_is_the_class_with_the_lower_number(low, high):
    middle = (low + high) / 2
    values = np.array([[low], [middle], [middle + TIE / 2], [middle - TIE / 2], [middle + 2 * TIE], [high], [np.nan]])
    assert classes_of(values, (low, high)).tolist() == [0, 0, 0, 0, 1, 1, -1]


@pytest.mark.parametrize("seed", range(5))
def test_rounding_decides_no_tie(seed):
    """Equal outputs, each a few last places away from where it should be."""
    rng = np.random.default_rng(seed)
    values = np.repeat(rng.normal(size=(40, 1)), 6, axis=1)
    values[:, 4:] -= 1.0
    noise = np.float32(1) + np.float32(6e-8) * rng.integers(-2, 3, size=values.shape)
    assert (classes_of(values * noise, (0.0, 1.0)) == 0).all()


@pytest.mark.parametrize("data", ["circle", "iris"])
def test_a_net_that_says_nothing_says_the_first_class(data):
    """All weights 0: every output is a tie, at any precision, and matrix and accuracy agree about it."""
    for precision in ("float64", "float32"):
        trainer = Trainer(RunConfig.from_json({
            "data": {"name": data}, "network": {"hidden": [3]}, "initializer": "zeros", "precision": precision,
        }))  # fmt: skip
        found = trainer.dataset
        outputs = trainer.network.predict(trainer.theta.astype(np.float64), found.X_train)
        table = confusion(outputs, found.y_train, found)
        assert table[:, 1:].sum() == 0
        assert trainer.evaluate().accuracy == pytest.approx(table[0, 0] / table.sum())


def test_the_free_parameters_are_those_that_can_move():
    for normalization in (None, "batch", "layer"):
        for bias in (True, False):
            network = RunConfig.from_json({
                "network": {"hidden": [5, 3], "normalization": normalization, "bias": bias},
            }).make_network()  # fmt: skip
            fixed = sum(network.is_fixed(index) for index in range(network.parameter_count))
            assert network.free_count == network.parameter_count - fixed
            assert fixed == (8 if normalization == "batch" and bias else 0)
