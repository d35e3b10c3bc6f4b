"""Each preset shows what `claims` says of it: for a few seeds here, for 20 with ``-m long``, and under every kernel."""

from dataclasses import replace
from functools import singledispatch
from typing import Any

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer, fitted_factor
from backscope.core.config.problem import Problem
from backscope.core.ensemble.ensemble import Ensemble
from backscope.core.insight.gradient_noise import NoiseMeter
from backscope.core.insight.modes import LinearModes
from backscope.core.surface.curvature import sharpness
from backscope.core.surface.stability import scale_of
from backscope.server.wire.claims import (
    CLAIMS,
    BornDead,
    Catapults,
    Claim,
    Cure,
    DescendsTwice,
    DrownsInNoise,
    Explodes,
    Falls,
    Groks,
    GrowsByModes,
    Learns,
    Prints,
    Rests,
    Sharpens,
    StaysPlastic,
    Stiffens,
    Vanishes,
)
from backscope.server.wire.edits import patched
from backscope.server.wire.presets import PRESETS, SHOWN

FEW, MANY = 3, 20
#: Presets that take minutes: all of their seeds are for ``-m long``.
SLOW = {"grokking", "double_descent", "plasticity"}
CURES = [
    (name, cure)
    for name, claims in CLAIMS.items()
    for claim in claims
    if isinstance(claim, Vanishes | Explodes | BornDead | Stiffens)
    for cure in claim.cures
]
#: Presets that begin at a point of their own, where a seed decides nothing, or moves the start elsewhere.
PLACED = [name for name, config in PRESETS.items() if config.on_landscape or config.initial is not None]


def seeds_of(name: str) -> list[int]:
    return [0] if name in PLACED else list(range(MANY))


def case(name: str, seed: int, *cure: Cure) -> Any:
    """Return the arguments of a test; those of later seeds are for ``-m long``."""
    called = "-".join([name, *(f"{part} {value}" for it in cure for part, value in it.patch.items()), str(seed)])
    return pytest.param(name, seed, *cure, id=called, marks=[pytest.mark.long] if seed >= FEW or name in SLOW else [])


def trained(config: RunConfig, steps: int) -> Trainer:
    trainer = Trainer(config)
    trainer.run(steps)
    return trainer


@singledispatch
def hold(claim: Claim, config: RunConfig) -> None:
    """Fail unless a run shows what is claimed of it."""
    raise NotImplementedError(f"no test holds a preset to {claim}")


@hold.register
def _(claim: Learns, config: RunConfig) -> None:
    trainer, looks = Trainer(config), []
    for steps in range(claim.steps - 200, claim.steps + 1, 50):  # one step can throw a run about
        trainer.run(steps - trainer.step_count)
        looks.append(trainer.evaluate().test_accuracy)
    assert trainer.diverged is None
    assert np.median(looks) >= claim.accuracy


@hold.register
def _(claim: Vanishes, config: RunConfig) -> None:
    trainer = Trainer(config)
    for steps in (1, claim.steps):
        trainer.run(steps - trainer.step_count)
        delta = trainer.last_step.norms()[0]
        assert fitted_factor(delta) <= claim.factor
        assert delta[0] <= claim.left * delta[-2]
    assert trainer.evaluate().test_accuracy < claim.accuracy


@hold.register
def _(claim: Explodes, config: RunConfig) -> None:
    trainer = trained(config, 1)
    assert fitted_factor(trainer.last_step.norms()[0]) >= claim.factor
    trainer.run(claim.steps)
    assert trainer.diverged is not None
    assert trainer.diverged.step <= claim.steps


@hold.register
def _(claim: Rests, config: RunConfig) -> None:
    trainer = trained(config, claim.steps)
    assert trainer.evaluate().loss == pytest.approx(claim.loss, abs=1e-5)
    trainer.run(1)
    assert np.linalg.norm(trainer.gradient) < 1e-2


@hold.register
def _(claim: Prints, config: RunConfig) -> None:
    trainer = Trainer(config)
    assert trainer.evaluate().loss == pytest.approx(claim.loss, abs=5e-10)
    trainer.run(1)
    places = list(claim.moved)
    np.testing.assert_allclose(trainer.theta[places], list(claim.moved.values()), atol=5e-9)


@hold.register
def _(claim: Falls, config: RunConfig) -> None:
    trainer = trained(config, claim.hesitates)
    assert trainer.evaluate().loss > -0.1
    trainer.run(claim.steps - claim.hesitates)
    assert trainer.evaluate().loss < claim.loss


def curvature(trainer: Trainer) -> float:
    """The largest curvature that the rule sees, as a share of its limit."""
    optimizer, data = trainer.last_step.optimizer, trainer.dataset
    net, theta, scale = trainer.network, np.array(trainer.theta), scale_of(optimizer)
    limit = optimizer.limit() / trainer.learning_rate
    return sharpness(net, theta, data.X_train, data.y_train, trainer.loss_name, scale=scale).value / limit


@hold.register
def _(claim: Sharpens, config: RunConfig) -> None:
    trainer = trained(config, 20)
    assert curvature(trainer) < claim.begins
    shares = []
    for steps in range(claim.steps, claim.steps + 450, 50):
        trainer.run(steps - trainer.step_count)
        shares.append(curvature(trainer))
    assert np.median(shares) == pytest.approx(1, abs=claim.tolerance)


@hold.register
def _(claim: Catapults, config: RunConfig) -> None:
    trainer = Trainer(config)
    first, share = trainer.evaluate().loss, curvature(trainer)
    assert 1 < share < 2
    trainer.run(claim.steps)
    assert trainer.losses.tail(0).losses.max() > claim.rises * first
    assert trainer.evaluate().test_accuracy >= claim.accuracy
    assert curvature(trainer) < 1
    for factor, diverges in ((claim.converges, False), (claim.diverges, True)):  # of 1/λ₀
        rate = config.optimizer.learning_rate * factor / (2 * share)
        other = trained(replace(config, optimizer=replace(config.optimizer, learning_rate=rate)), claim.steps)
        assert (other.diverged is not None) == diverges


@hold.register
def _(claim: BornDead, config: RunConfig) -> None:
    trainer = Trainer(config)
    start = np.array(trainer.theta)
    trainer.run(claim.steps)
    assert np.flatnonzero(trainer.theta != start).tolist() == [len(start) - 1]
    assert trainer.evaluate().accuracy < 0.7


@hold.register
def _(claim: GrowsByModes, config: RunConfig) -> None:
    trainer = Trainer(config)
    modes = LinearModes(Problem.of(config, trainer.dataset))
    start, steps, found = np.array(trainer.theta), np.arange(0, claim.steps, 5), []
    for step in steps:
        trainer.run(int(step) - trainer.step_count)
        found.append(modes.strengths(trainer.theta) / modes.values)
    shares, theory = np.array(found), modes.closed_form(start, config.optimizer.learning_rate * steps) / modes.values
    assert np.abs(shares - theory).max() <= claim.off
    for share, expected in zip(shares.T, theory.T, strict=True):
        assert np.interp(0.5, share, steps) == pytest.approx(np.interp(0.5, expected, steps), rel=claim.late)


@hold.register
def _(claim: DrownsInNoise, config: RunConfig) -> None:
    trainer = Trainer(config)
    problem = Problem.of(config, trainer.dataset)
    meter, batch, count = NoiseMeter(problem), config.batch_size or 0, len(problem.X)
    scales = [meter.measure(trainer.theta).scale]
    for step in range(claim.steps, claim.steps + 450, 50):
        trainer.run(step - trainer.step_count)
        scales.append(meter.measure(trainer.theta).scale)
    assert scales[0] <= claim.begins * batch
    assert np.median(scales[1:]) >= claim.ends * batch
    noise, rng = meter.measure(trainer.theta), np.random.default_rng(0)
    rows = [rng.choice(count, batch, replace=False) for _ in range(400)]
    gradients = (
        problem.net.backpropagate(trainer.theta, problem.X[k], problem.y[k], problem.loss).gradient for k in rows
    )
    # Of n samples drawn without replacement; McCandlish's n has no end.
    expected = noise.signal * (1 + noise.scale / batch * (count - batch) / (count - 1))
    assert np.mean([g @ g for g in gradients]) == pytest.approx(expected, rel=0.25)


@hold.register
def _(claim: Groks, config: RunConfig) -> None:
    trainer = trained(config, claim.known)
    found = trainer.evaluate()
    assert found.accuracy >= 0.99
    assert found.test_accuracy <= claim.guessed
    trainer.run((claim.times - 1) * claim.known)
    assert trainer.evaluate().test_accuracy < claim.half
    trainer.run(claim.steps - trainer.step_count)
    assert trainer.evaluate().test_accuracy >= claim.found


def wide(config: RunConfig, width: int) -> RunConfig:
    """The run with one hidden layer of so many neurons."""
    return replace(config, network=replace(config.network, hidden=(width,)))


@hold.register
def _(claim: DescendsTwice, config: RunConfig) -> None:
    found = {}
    for width in (claim.narrowest, claim.narrow, *claim.peak, claim.wide):
        shape, first = wide(config, width), claim.seeds * config.seed
        ensemble = Ensemble([replace(shape, seed=seed) for seed in range(first, first + claim.seeds)])
        ensemble.run(claim.steps)
        found[width] = np.median(np.array(ensemble.evaluate()), axis=0)
    loss, test_loss = ({width: each[k] for width, each in found.items()} for k in (0, 1))
    highest = max(test_loss[width] for width in claim.peak)
    assert highest >= claim.times * test_loss[claim.narrow]
    assert highest >= claim.times * test_loss[claim.wide]
    assert test_loss[claim.narrow] <= (1 + claim.slack) * test_loss[claim.narrowest]
    assert loss[claim.narrow] >= claim.unlearnt
    assert max(loss[claim.peak[-1]], loss[claim.wide]) <= claim.learnt
    targets = Trainer(config).dataset.y_train.size
    least, most = (wide(config, width).parameter_count / targets for width in (claim.peak[0], claim.peak[-1]))
    assert 0.5 <= least < most <= 1 < wide(config, claim.peak[-1] + 1).parameter_count / targets


def test_what_a_preset_opens_with_is_a_sweep_that_can_be() -> None:
    assert SHOWN.keys() <= PRESETS.keys()
    for name, shows in SHOWN.items():
        assert shows.keys() <= {"sweep", "accuracy", "log_steps"}
        if plan := shows.get("sweep"):
            assert plan["x"] == "width"
            assert 1 <= len(plan["values"]) <= 16
            claim = next(each for each in CLAIMS[name] if isinstance(each, DescendsTwice))
            assert {claim.narrowest, claim.narrow, *claim.peak, claim.wide} <= set(plan["values"])
            assert (plan["seeds"], plan["steps"]) == (claim.seeds, claim.steps)


@hold.register
def _(claim: Stiffens, config: RunConfig) -> None:
    early, late = errors(config, claim.tasks)
    assert late - early >= claim.worse
    length = config.data.steps_per_task or 0
    last = [config.at(task * length) for task in range(claim.tasks - 6, claim.tasks)]
    assert np.mean([1 - trained(fresh, length).track.tasks()[0, 2] for fresh in last]) <= claim.fresh


@hold.register
def _(claim: StaysPlastic, config: RunConfig) -> None:
    early, late = errors(config, claim.tasks)
    assert late - early <= claim.worse


def errors(config: RunConfig, tasks: int) -> tuple[float, float]:
    """Return the share of samples that a run has wrong at the end of a task: of the first six tasks, of the last."""
    wrong = 1 - trained(config, tasks * (config.data.steps_per_task or 0)).track.tasks()[:, 2]
    return float(np.mean(wrong[:6])), float(np.mean(wrong[-6:]))


def test_every_preset_has_a_claim_and_every_claim_a_preset() -> None:
    assert CLAIMS.keys() == PRESETS.keys()
    assert all(CLAIMS.values())


@pytest.mark.parametrize(("name", "seed"), [case(name, seed) for name in PRESETS for seed in seeds_of(name)])
def test_a_preset_shows_what_is_claimed(name: str, seed: int) -> None:
    for claim in CLAIMS[name]:
        hold(claim, replace(PRESETS[name], seed=seed))


@pytest.mark.parametrize(
    ("name", "seed", "cure"), [case(name, seed, cure) for name, cure in CURES for seed in seeds_of(name)]
)
def test_a_preset_is_cured(name: str, seed: int, cure: Cure) -> None:
    hold(cure.then, replace(patched(PRESETS[name], cure.patch), seed=seed))
