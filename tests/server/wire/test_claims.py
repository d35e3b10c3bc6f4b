"""Each preset shows what `claims` says of it: for a few seeds here, for 20 with ``-m long``, and under every kernel."""

from dataclasses import replace
from functools import singledispatch
from typing import Any

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer, fitted_factor
from backscope.server.wire.claims import CLAIMS, Claim, Cure, Explodes, Falls, Learns, Rests, Vanishes
from backscope.server.wire.edits import patched
from backscope.server.wire.presets import PRESETS

FEW, MANY = 3, 20
CURES = [
    (name, cure)
    for name, claims in CLAIMS.items()
    for claim in claims
    if isinstance(claim, Vanishes | Explodes)
    for cure in claim.cures
]
#: Presets that begin at a point of their own, where a seed decides nothing, or moves the start elsewhere.
PLACED = [name for name, config in PRESETS.items() if config.on_landscape or config.initial is not None]


def seeds_of(name: str) -> list[int]:
    return [0] if name in PLACED else list(range(MANY))


def case(name: str, seed: int, *cure: Cure) -> Any:
    """Return the arguments of a test; those of later seeds are for ``-m long``."""
    called = "-".join([name, *(f"{part} {value}" for it in cure for part, value in it.patch.items()), str(seed)])
    return pytest.param(name, seed, *cure, id=called, marks=[pytest.mark.long] if seed >= FEW else [])


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
    trainer = trained(config, claim.steps)
    assert trainer.diverged is None
    assert trainer.evaluate().test_accuracy >= claim.accuracy


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
def _(claim: Falls, config: RunConfig) -> None:
    trainer = trained(config, claim.hesitates)
    assert trainer.evaluate().loss > -0.1
    trainer.run(claim.steps - claim.hesitates)
    assert trainer.evaluate().loss < claim.loss


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
