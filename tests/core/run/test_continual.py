"""Continual backpropagation beside a plain transcription of the published algorithm, and in the log of a run."""

from dataclasses import replace

import numpy as np
import pytest
from backscope.core.config.config import DataConfig, NetworkConfig, OptimizerConfig, RunConfig
from backscope.core.ground.errors import ConfigError
from backscope.core.ground.streams import stream
from backscope.core.nets.initializers import INITIALIZERS
from backscope.core.optimizers.table import OPTIMIZERS
from backscope.core.run.trainer import Trainer

#: Units are replaced every few steps.
BUSY = RunConfig(
    DataConfig("wine"),
    NetworkConfig((7, 5), "relu"),
    OptimizerConfig("sgd", 0.1),
    initializer="he_normal",
    batch_size=9,
    replacement_rate=0.02,
    maturity_threshold=6,
    utility_decay=0.9,
)


class Published:
    """Algorithm 1 of Dohare et al. 2024, line by line, on the weights of a `Trainer` that knows nothing of it."""

    def __init__(self, config: RunConfig) -> None:
        self.rho, self.m, self.eta = config.replacement_rate, config.maturity_threshold, config.utility_decay
        self.trainer = Trainer(replace(config, replacement_rate=0.0))
        self.draw = INITIALIZERS[config.initializer]
        hidden = config.network.hidden
        self.u, self.a = ([np.zeros(n) for n in hidden] for _ in range(2))
        self.c = [0.0] * len(hidden)
        self.rng = stream(config.seed, "replacement")
        self.replaced: list[tuple[int, int]] = []

    def step(self) -> None:
        self.trainer.step()
        engine = self.trainer._at.engine
        layers, run = self.trainer.network.unpack(engine.theta), engine.last_pass
        self.replaced.clear()
        for l in range(len(self.u)):  # noqa: E741  the paper's letter
            u, a, h = self.u[l], self.a[l], run.passed[run.arena.rows[l]]
            a += 1
            for i in range(len(u)):
                contribution = np.mean(np.abs(h[i])) * sum(abs(w) for w in layers[l + 1].W[:, i])
                u[i] = self.eta * u[i] + (1 - self.eta) * contribution
            eligible = [i for i in range(len(u)) if a[i] > self.m]
            self.c[l] += len(eligible) * self.rho
            if self.c[l] > 1:
                r = min(eligible, key=lambda i: u[i])
                n_in, n_out = layers[l].W.shape[1], len(u)
                layers[l].W[r] = self.draw.weights(self.rng, n_in, n_out, self.draw.scale)[:, r]
                if layers[l].b is not None:
                    layers[l].b[r] = 0
                layers[l + 1].W[:, r] = 0
                u[r], a[r] = 0, 0
                self.c[l] -= 1
                self.replaced.append((l, r))


@pytest.mark.parametrize("bias", [True, False])
def test_it_is_the_published_algorithm(bias: bool) -> None:
    config = replace(BUSY, network=replace(BUSY.network, bias=bias))
    trainer, published, replaced = Trainer(config), Published(config), 0
    for _ in range(150):
        trainer.step()
        published.step()
        replaced += len(published.replaced)
        np.testing.assert_allclose(trainer.theta, published.trainer.theta, rtol=1e-9, atol=1e-12)
    assert replaced > 20
    state = trainer._at.engine.state().continual
    np.testing.assert_allclose(state.utility, np.concatenate(published.u), rtol=1e-9)
    np.testing.assert_array_equal(state.age, np.concatenate(published.a))
    np.testing.assert_allclose(state.due, published.c)


def test_a_dead_unit_is_the_first_to_go_and_no_answer_changes_by_it() -> None:
    trainer = Trainer(replace(BUSY, network=NetworkConfig((7,), "relu"), maturity_threshold=0, replacement_rate=0.15))
    block = trainer.network.blocks[0]
    dead = block.offset + (block.rows - 1) * block.cols + 2
    trainer.edit(learning_rate=0.0, parameters={str(dead): -1000.0})
    outputs, before = trainer.network.predict(trainer.theta, trainer.dataset.X_train), trainer.theta.copy()
    trainer.step()
    moved = np.flatnonzero(trainer.theta != before)
    incoming = block.offset + 2 + block.cols * np.arange(block.rows)
    outgoing = trainer.network.blocks[1].offset + 2 * 3 + np.arange(3)
    np.testing.assert_array_equal(moved, [*incoming, *outgoing])
    np.testing.assert_array_equal(trainer.network.predict(trainer.theta, trainer.dataset.X_train), outputs)


def test_a_step_knows_where_it_began_although_units_were_replaced_behind_it() -> None:
    trainer, seen = Trainer(BUSY), 0
    for _ in range(60):
        before = trainer.theta.copy()
        trainer.step()
        seen += not np.allclose(trainer.theta - trainer.update, before, atol=1e-12)
        np.testing.assert_allclose(trainer.last_step.before, before, rtol=1e-12, atol=1e-14)
    assert seen > 5


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_a_rule_remembers_nothing_of_weights_that_are_gone(rule: str) -> None:
    trainer = Trainer(replace(BUSY, optimizer=OptimizerConfig(rule, 0.003)))
    optimizer, looked = trainer.last_step.optimizer, 0
    for _ in range(40):
        trainer.step()
        gone = list(trainer._at.engine._continual.before)
        looked += len(gone)
        for name in optimizer.memory:
            wanted = trainer.theta[gone] if name in optimizer.places else 0.0
            np.testing.assert_array_equal(getattr(optimizer, name)[gone], wanted)
    assert looked > 50
    assert np.isfinite(trainer.theta).all()


@pytest.mark.parametrize("kind", ["batch", "layer"])
def test_gamma_and_beta_begin_anew_with_their_unit(kind: str) -> None:
    trainer = Trainer(replace(BUSY, network=replace(BUSY.network, normalization=kind)))
    trainer.run(60)
    gone = set(trainer._at.engine._continual.before)
    while not gone:
        trainer.step()
        gone = set(trainer._at.engine._continual.before)
    block = trainer.network.blocks[0 if min(gone) < trainer.network.blocks[0].end else 1]
    unit = next(j for j in range(block.cols) if block.end - block.cols + j in gone)
    assert (block.gamma(trainer.theta)[unit], block.beta(trainer.theta)[unit]) == (1.0, 0.0)


def test_it_is_switched_on_and_off_live_and_every_step_comes_back_bit_for_bit() -> None:
    trainer = Trainer(replace(BUSY, replacement_rate=0.0, data=replace(BUSY.data, steps_per_task=37)))
    states = {}
    edits = {50: {"replacement_rate": 0.02}, 90: {"maturity_threshold": 2, "utility_decay": 0.5}, 140: {"l2": 0.01},
             170: {"replacement_rate": 0.0}, 200: {"replacement_rate": 0.05}}  # fmt: skip
    for step in range(260):
        if step in edits:
            trainer.edit(**edits[step])
        trainer.step()
        states[step + 1] = trainer.theta.tobytes(), repr(trainer._at.engine.state().continual)
    for step in (260, 3, 91, 92, 51, 37, 38, 36, 171, 201, 148, 259):
        trainer.seek(step)
        assert (trainer.theta.tobytes(), repr(trainer._at.engine.state().continual)) == states[step], step
    trainer.seek(120)
    other = Trainer.from_log(trainer.edits.start, trainer.edits.entries)
    other.resume(trainer.kept())
    other.run(260 - other.step_count)
    assert other.theta.tobytes() == states[260][0]
    np.testing.assert_array_equal(other.track.tasks()[:3], trainer.track.tasks())
    trainer.edit(replacement_rate=0.0)  # a branch
    trainer.run(140)
    assert trainer.theta.tobytes() != states[260][0]


def test_what_a_run_cannot_have_is_refused() -> None:
    for change in ({"replacement_rate": 1.5}, {"maturity_threshold": -1}, {"utility_decay": 1.0}):
        with pytest.raises(ConfigError, match=next(iter(change))):
            BUSY.edited(change)
    with pytest.raises(ConfigError, match="replacement_rate must be 0 with skips"):
        replace(BUSY, network=NetworkConfig((4, 4), "relu", residual=True))
    trainer = Trainer(BUSY)
    trainer.run(3)
    kept = trainer.kept()
    kept["frame"] = {**kept["frame"], "continual": {**kept["frame"]["continual"], "utility": np.zeros(3)}}
    with pytest.raises(ConfigError, match="what was kept"):
        Trainer(BUSY).resume(kept)
