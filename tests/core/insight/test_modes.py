"""Modes of linear nets: what they are, and the closed form against the flow that it solves."""

import numpy as np
import pytest
from backscope.core import DataConfig, NetworkConfig, OptimizerConfig, RunConfig, Trainer
from backscope.core.config.problem import Problem
from backscope.core.insight.modes import LinearModes, obstacle_of


def problem_of(hidden=(24,), activation="identity", loss=None, data="items", **network) -> Problem:
    config = RunConfig(DataConfig(data), NetworkConfig(hidden, activation, **network), OptimizerConfig(), loss=loss)
    return Problem.of(config, Trainer(config).dataset)


def test_the_modes_of_the_living_things_are_the_singular_values_of_their_table() -> None:
    problem = problem_of(bias=False)
    assert obstacle_of(problem) is None
    values = LinearModes(problem).values
    np.testing.assert_allclose(values, np.linalg.svd(problem.y, compute_uv=False))
    assert np.diff(values).max() < -0.3
    total = (problem.net.initialize(seed=s) for s in range(3))
    for theta in total:
        W1, W2 = (layer.W for layer in problem.net.unpack(theta))
        U, _, V = np.linalg.svd(problem.y.T)
        np.testing.assert_allclose(LinearModes(problem).strengths(theta), np.diag(U.T @ W2 @ W1 @ V.T)[:4])


@pytest.mark.parametrize("loss", ["half_squared_error", "mse"])
@pytest.mark.parametrize("hidden", [(), (5,)])
def test_the_closed_form_is_what_descent_does_from_a_start_along_the_modes(loss, hidden) -> None:
    """Halves along the modes stay so: there the form is exact, but for the length of a step."""
    problem = problem_of(hidden, loss=loss, bias=False)
    modes, net = LinearModes(problem), problem.net
    U, _, V = np.linalg.svd(problem.y.T, full_matrices=False)
    first = np.array([0.3, 0.2, 0.25, 0.1])
    R = np.linalg.qr(np.random.default_rng(1).normal(size=(5, 4)))[0]
    halves = [(U * first @ V, None)] if not hidden else [(R * first @ V, None), (U * first @ R.T, None)]
    start, rate = net.pack(halves), {"mse": 0.012, "half_squared_error": 0.002}[loss]
    theta, found = start.copy(), []
    np.testing.assert_allclose(modes.strengths(start), first if not hidden else first**2)
    for step in range(3001):
        if step % 500 == 0:
            found.append(modes.strengths(theta))
        theta -= rate * net.backpropagate(theta, problem.X, problem.y, loss).gradient
    theory = modes.closed_form(start, rate * np.arange(0, 3001, 500))
    np.testing.assert_allclose(found, theory, atol=0.006)
    assert np.ptp(theory[:, 0]) > 2


def test_what_has_no_modes_says_why() -> None:
    assert obstacle_of(problem_of(activation="tanh")) == "bends"
    assert obstacle_of(problem_of((4, 4), residual=True)) == "bends"
    assert obstacle_of(problem_of((4,), normalization="layer")) == "bends"
    assert obstacle_of(problem_of(loss="mae")) == "loss"
    assert obstacle_of(problem_of(data="plane")) == "inputs"


@pytest.mark.parametrize(("hidden", "bias"), [((4, 4), False), ((4,), True)])
def test_deeper_nets_and_biases_have_modes_but_no_closed_form(hidden, bias) -> None:
    problem = problem_of(hidden, bias=bias)
    modes = LinearModes(problem)
    assert not modes.solved
    theta = problem.net.initialize(seed=0)
    assert np.isfinite(modes.strengths(theta)).all()
    with pytest.raises(ValueError, match="closed form"):
        modes.closed_form(theta, np.zeros(1))


def test_from_weights_that_are_zero_nothing_ever_grows() -> None:
    problem = problem_of(bias=False)
    theta = np.zeros(problem.net.parameter_count)
    np.testing.assert_array_equal(LinearModes(problem).closed_form(theta, np.array([0.0, 1e3, 1e9])), 0)
