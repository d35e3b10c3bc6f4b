"""Samples as passes take them: with a one for the bias, in the run's precision, with targets as the loss wants them."""

import numpy as np
import pytest
from backscope.core import DataConfig, NetworkConfig, RunConfig
from backscope.core.data.datasets import make_dataset
from backscope.core.run.samples import Samples


def samples_of(**fields):
    config = RunConfig(**fields)
    output, loss = config.output_and_loss()
    return Samples(config, make_dataset(config.data, config.seed, output, loss))


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("bias", [True, False])
def test_rows_end_in_a_one_where_there_are_biases(bias, precision):
    samples = samples_of(network=NetworkConfig((3,), bias=bias), precision=precision)
    for rows, X in ((samples.rows, samples.dataset.X_train), (samples.test_rows, samples.dataset.X_test)):
        assert rows.dtype == precision
        assert rows.shape == (len(X), X.shape[1] + bias)
        np.testing.assert_array_equal(rows[:, : X.shape[1]], X.astype(precision))
        assert (rows[:, X.shape[1] :] == 1).all()


def test_smoothed_targets_keep_their_sum():
    samples = samples_of(data=DataConfig("digits"))
    plain, smoothed = (samples.targets(share)[0] for share in (0.0, 0.2))
    np.testing.assert_array_equal(plain, samples.dataset.y_train)
    np.testing.assert_allclose(smoothed.sum(axis=1), 1.0)
    np.testing.assert_allclose(np.unique(smoothed), [0.02, 0.82])
    assert samples.targets(0.2)[0] is smoothed, "they are made once"
    rows, targets = samples.training_set(0.0)
    assert rows is samples.rows
    np.testing.assert_array_equal(targets, plain)
