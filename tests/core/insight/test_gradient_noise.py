"""The gradient noise scale against gradients of single samples, written down one by one."""

import numpy as np
import pytest
from backscope.core import DataConfig, NetworkConfig, RunConfig, Trainer
from backscope.core.config.problem import Problem
from backscope.core.insight import gradient_noise
from backscope.core.insight.gradient_noise import GradientNoise, NoiseMeter


def problem_of(data="circle", samples=60, **network) -> Problem:
    config = RunConfig(DataConfig(data, samples=samples), NetworkConfig(**network))
    return Problem.of(config, Trainer(config).dataset)


def one_by_one(problem: Problem, theta: np.ndarray) -> np.ndarray:
    rows = zip(problem.X[:, None], problem.y[:, None], strict=True)
    return np.array([problem.net.backpropagate(theta, x, y, problem.loss).gradient for x, y in rows])


@pytest.mark.parametrize(
    "network",
    [
        {"hidden": (5, 4), "activation": "tanh"},
        {"hidden": (), "bias": False},
        {"hidden": (4, 4, 4), "activation": "relu", "residual": True},
        {"hidden": (4, 3), "normalization": "layer"},
        {"hidden": (4,), "activation": "sigmoid", "dropout": 0.5},
    ],
)
@pytest.mark.parametrize("data", ["circle", "blobs", "sine"])
def test_it_is_that_of_the_gradients_of_all_samples(data, network) -> None:
    problem = problem_of(data, **network)
    theta = problem.net.initialize(seed=3)
    meter = NoiseMeter(problem)
    found, each = meter.measure(theta), one_by_one(problem, theta)
    assert meter.exact
    assert found.signal == pytest.approx(float(np.square(each.mean(axis=0)).sum()))
    assert found.noise == pytest.approx(float(each.var(axis=0).sum()))
    assert found.scale == pytest.approx(found.noise / found.signal)


def test_of_a_part_of_the_samples_it_is_estimated_without_bias(monkeypatch) -> None:
    problem = problem_of("plane", samples=600, hidden=(3,))
    theta = problem.net.initialize(seed=0)
    whole = NoiseMeter(problem).measure(theta)
    monkeypatch.setattr(gradient_noise, "_MOST_SAMPLES", 40)
    rng, parts = np.random.default_rng(0), []
    for _ in range(150):
        rows = rng.permutation(len(problem.X))
        meter = NoiseMeter(problem._replace(X=problem.X[rows], y=problem.y[rows]))
        assert (meter.exact, meter.samples <= 40) == (False, True)
        parts.append(meter.measure(theta))
    assert np.mean([part.noise for part in parts]) == pytest.approx(whole.noise, rel=0.05)
    assert np.mean([part.signal for part in parts]) == pytest.approx(whole.signal, rel=0.1)


def test_samples_that_batch_normalization_couples_have_no_gradients() -> None:
    with pytest.raises(ValueError, match="couples"):
        NoiseMeter(problem_of(normalization="batch"))


def test_its_ends() -> None:
    assert GradientNoise(0.0, 1.0).scale == np.inf
    assert np.isnan(GradientNoise(0.0, 0.0).scale)
    assert GradientNoise(2.0, 0.0).scale == 0
