"""Runs on landscapes: paths of every optimizer, exact surfaces, where they diverge, noise, time travel, refusals."""

import json
from pathlib import Path

import numpy as np
import pytest
from backscope.core import (
    LANDSCAPES,
    OPTIMIZERS,
    ConfigError,
    DataConfig,
    LossFunction,
    NetworkConfig,
    OptimizerConfig,
    RunConfig,
    Target,
    Trainer,
    check_gradient,
    explain,
    loss_grid,
)
from backscope.core.landscapes.problem import fitting_rate
from backscope.core.surface.surface import SurfaceTask, loss_points
from twin import agreed_steps

#: Made by make_landscape_paths.py beside it, without anything of Backscope.
STORED = json.loads((Path(__file__).parents[2] / "fixtures" / "landscape_paths.json").read_text())
#: Paths that a twin one unit beside them leaves before the hundredth step: no machine's numbers are those of another.
CHAOTIC = {("ackley", "rmsprop"), ("ackley", "muon"), ("rosenbrock", "muon"), ("saddle", "lbfgs")}
CHAOTIC |= {("himmelblau", "sam"), ("three_hump_camel", "sam")}  # it goes to and fro about a top, or a floor


def make(name="himmelblau", optimizer="sgd", rate=None, **run):
    rate = fitting_rate(LANDSCAPES[name], optimizer) if rate is None else rate
    return Trainer(RunConfig(DataConfig(name), optimizer=OptimizerConfig(optimizer, rate), **run))


def test_every_optimizer_on_every_landscape_is_stored():
    assert {(name, rule) for name, rules in STORED.items() for rule in rules} == {
        (name, rule) for name in LANDSCAPES for rule in OPTIMIZERS
    }


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", LANDSCAPES)
def test_first_and_hundredth_point_of_a_path(name, optimizer):
    stored = STORED[name][optimizer]
    trainer = make(name, optimizer, stored["rate"])
    trainer.run(1)
    np.testing.assert_allclose(trainer.theta, stored["first"], rtol=1e-13)
    trainer.run(99)
    if agreed_steps(trainer.config, 100) < 100:
        assert (name, optimizer) in CHAOTIC
    elif stored["hundredth"] is None:
        assert trainer.diverged is not None
        assert trainer.diverged.loss == "huge"
    else:
        assert trainer.step_count == 100
        np.testing.assert_allclose(trainer.theta, stored["hundredth"], rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("name", LANDSCAPES)
def test_the_surface_is_the_function_and_the_path_lies_on_it(name):
    landscape, trainer = LANDSCAPES[name], make(name, "momentum")
    trainer.run(60)
    function = LossFunction(trainer.network, trainer.dataset.X_train, trainer.dataset.y_train, name)
    positions = trainer.track.path(100)[1]
    np.testing.assert_allclose(function.at(positions), landscape.loss(positions), rtol=1e-9, atol=1e-9)
    assert trainer.evaluate().loss == pytest.approx(float(landscape.loss(trainer.theta)), abs=1e-9)
    plane = landscape.plane
    expected = landscape.grid(plane, 24)
    grid = loss_grid(trainer.network, trainer.dataset.X_train, trainer.dataset.y_train, plane, 24, name)
    np.testing.assert_allclose(grid, expected, rtol=1e-9, atol=1e-9)
    task = SurfaceTask.of(trainer.config, plane, 24)  # as it is computed in another process
    np.testing.assert_allclose(loss_points(task, 3 * 24, 7 * 24), expected[3:7].ravel(), rtol=1e-9, atol=1e-9)
    assert plane.share(positions) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("name", LANDSCAPES)
def test_the_gradient_is_that_of_the_function_and_so_is_its_explanation(name):
    landscape, trainer = LANDSCAPES[name], make(name)
    before = trainer.theta.copy()
    trainer.run(1)
    np.testing.assert_array_equal(trainer.gradient, landscape.gradient(before))
    one, none = trainer.dataset.X_train, trainer.dataset.y_train
    assert check_gradient(trainer.network, before, one, none, loss=name) < 1e-6
    for i in (0, 1):
        found = explain(trainer.network, before, one, none, name, Target(1, i, 0))
        assert found.value == pytest.approx(float(landscape.gradient(before)[i]), rel=1e-12)


@pytest.mark.parametrize(("name", "curvature"), [("bowl", 1.0), ("valley", 25.0), ("booth", 18.0)])
def test_gradient_descent_on_a_quadratic_diverges_just_above_two_over_its_curvature(name, curvature):
    edge = 2 / curvature
    below, above = make(name, rate=0.995 * edge), make(name, rate=1.005 * edge)
    first = below.evaluate().loss
    below.run(6000)
    above.run(6000)
    assert below.diverged is None
    assert below.evaluate().loss < 1e-6 * first
    assert above.diverged is not None


@pytest.mark.parametrize(("factor", "gone"), [(0.99, False), (1.01, True)])
def test_the_heavy_ball_diverges_just_above_two_times_one_plus_momentum_over_the_curvature(factor, gone):
    trainer = make("valley", "momentum", factor * 2 * 1.9 / 25)
    trainer.run(6000)
    assert (trainer.diverged is not None) == gone


def test_a_landscape_without_a_bottom_ends_where_the_numbers_end():
    trainer = make("saddle", rate=0.5)
    trainer.run(1000)
    assert trainer.diverged is not None
    assert trainer.evaluate().loss < -1e12


def test_the_start_is_the_landscapes_own_the_seeds_or_the_users():
    landscape = LANDSCAPES["beale"]
    assert tuple(make("beale").theta) == landscape.start
    drawn = [make("beale", seed=seed).theta for seed in (1, 2, 3)]
    assert len({tuple(point) for point in drawn}) == 3
    assert landscape.plane.contains(np.array(drawn))
    np.testing.assert_array_equal(make("beale", seed=2).theta, drawn[1])
    assert tuple(make("beale", initial=(0.25, -4.0)).theta) == (0.25, -4.0)


def test_noise_on_the_gradient_has_its_deviation_and_a_stream_of_its_own():
    quiet, noisy = make("bowl", rate=0.0), make("bowl", rate=0.0, gradient_noise=0.5)
    drawn = []
    for _ in range(2000):
        quiet.step()
        noisy.step()
        drawn.append(noisy.gradient - quiet.gradient)
    assert np.std(drawn, axis=0) == pytest.approx([0.5, 0.5], rel=0.06)
    assert np.mean(drawn, axis=0) == pytest.approx([0, 0], abs=0.05)
    assert abs(np.corrcoef(np.transpose(drawn))[0, 1]) < 0.1


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_seeking_gives_the_same_bits_with_noise_that_comes_and_goes(optimizer):
    trainer = make("rosenbrock", optimizer, gradient_noise=0.2, clip_norm=5.0)
    seen = {}
    for step, change in [
        (100, {"gradient_noise": 0.0}),
        (170, {"gradient_noise": 1.5}),
        (260, {"learning_rate": 5e-4}),
    ]:
        trainer.run(step - trainer.step_count)
        seen[step] = trainer.theta.copy()
        trainer.edit(**change)
    trainer.run(400 - trainer.step_count)
    seen[400] = trainer.theta.copy()
    for step in (170, 400, 100, 260, 0, 400):
        trainer.seek(step)
        if step:
            np.testing.assert_array_equal(trainer.theta, seen[step])
    again = Trainer.from_log(
        RunConfig.from_json(json.loads(json.dumps(trainer.edits.start.to_json()))), trainer.edits.log
    )
    again.run(400)
    np.testing.assert_array_equal(again.theta, seen[400])
    assert trainer.twin().step() == trainer.step()


def test_noise_works_on_networks_too_and_off_means_off():
    plain, off, on = (Trainer(RunConfig(gradient_noise=noise)) for noise in (0.0, 0.0, 0.01))
    off.edit(gradient_noise=0.3)
    off.edit(gradient_noise=0.0)
    for trainer in (plain, off, on):
        trainer.run(50)
    np.testing.assert_array_equal(plain.theta, off.theta)
    assert not np.array_equal(plain.theta, on.theta)


@pytest.mark.parametrize("schedule", ["step", "cosine", "plateau"])
def test_schedules_and_stopping_rules_hold_on_landscapes(schedule):
    config = {
        "data": {"name": "bowl"},
        "optimizer": {"name": "sgd", "learning_rate": 0.1},
        "schedule": {"name": schedule},
        "stopping": {"loss": 1e-3},
    }
    trainer = Trainer(RunConfig.from_json(config))
    trainer.run(500)
    assert trainer.stopped is not None
    assert trainer.evaluate().loss < 1e-3


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"network": NetworkConfig((3,), bias=False)}, r"without a network: hidden must be \[\], got \[3\]"),
        ({"network": NetworkConfig((), bias=True)}, "bias must be False"),
        ({"network": NetworkConfig((), bias=False, dropout=0.5)}, "it has no dropout, got 0.5"),
        ({"network": NetworkConfig((), bias=False, output="sigmoid")}, "it has no output, got sigmoid"),
        ({"loss": "mse"}, "is its own loss: none can be chosen, got mse"),
        ({"label_smoothing": 0.1}, "label_smoothing needs the loss bce or cross_entropy"),
        ({"initial": (1.0,)}, "initial must have 2 numbers, got 1"),
        ({"gradient_noise": -1.0}, r"gradient_noise must lie in \[0, 1000\], got -1"),
    ],
)
def test_what_only_a_network_has_is_refused_in_words(part, words):
    with pytest.raises(ConfigError, match=words):
        RunConfig(DataConfig("bowl"), **part)


def test_an_unknown_name_is_told_all_data_sets_and_landscapes():
    with pytest.raises(ConfigError, match=r"circle.*styblinski_tang, got 'hill'"):
        DataConfig("hill")


@pytest.mark.parametrize("name", LANDSCAPES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_fitting_rate_goes_down_in_sight(name, optimizer):
    trainer = make(name, optimizer)
    first = trainer.evaluate().loss
    trainer.run(20)
    if (name, optimizer) == ("himmelblau", "sam"):  # it starts so near to a top that a distance of ρ leads beyond it
        assert trainer.evaluate().loss == pytest.approx(first, rel=1e-3)
    else:
        assert trainer.evaluate().loss < first
