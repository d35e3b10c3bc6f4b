"""Clipping as it acts, and the layer in which a divergence began."""

import numpy as np
import pytest
from backscope.core.config.config import DataConfig, NetworkConfig, OptimizerConfig, RunConfig
from backscope.core.insight.origin import Origin, origin_of
from backscope.core.nets.network import Network
from backscope.core.run.trainer import Trainer


def run(**more: object) -> Trainer:
    values = {"data": DataConfig("plane"), "network": NetworkConfig((6, 6), "identity"), "seed": 1, **more}
    return Trainer(RunConfig(**values))  # type: ignore[arg-type]


def test_clipping_tells_norms_and_how_many_steps_were_cut() -> None:
    trainer, lengths = run(clip_norm=0.05, optimizer=OptimizerConfig("sgd", 0.3)), []
    assert trainer.view.clipping is not None
    assert (trainer.view.clipping.steps, trainer.view.clipping.clipped) == (0, 0)
    for _ in range(300):
        trainer.step()
        lengths.append(float(np.linalg.norm(trainer.gradient)))
        assert trainer.view.clipping.before == pytest.approx(lengths[-1], rel=1e-12)
        assert trainer.view.clipping.after == pytest.approx(min(lengths[-1], 0.05), rel=1e-4)
    found = trainer.view.clipping
    assert (found.steps, found.clipped) == (300, sum(length > 0.05 for length in lengths))
    assert 0 < found.clipped < 300


def test_clipping_by_value_shortens_too() -> None:
    trainer = run(clip_value=0.01)
    trainer.step()
    assert trainer.view.clipping is not None
    assert trainer.view.clipping.after == pytest.approx(np.linalg.norm(np.clip(trainer.gradient, -0.01, 0.01)))
    assert trainer.view.clipping.after < trainer.view.clipping.before


def test_it_counts_from_where_its_bounds_hold_and_goes_back_with_the_run() -> None:
    trainer = run()
    trainer.run(10)
    assert trainer.view.clipping is None
    trainer.edit(clip_norm=0.05)
    trainer.run(20)
    assert trainer.view.clipping is not None
    assert trainer.view.clipping.steps == 20
    known = trainer.view.clipping
    trainer.run(500)
    trainer.seek(30)
    assert trainer.view.clipping == known
    trainer.edit(clip_norm=None)
    assert trainer.view.clipping is None


def test_the_layer_that_was_thrown_farthest_is_named() -> None:
    network = Network([3, 4, 4, 1], activation="identity")
    theta = network.initialize("xavier_normal", seed=0)
    update = 0.01 * theta
    second = network.blocks[1]
    update[second.offset : second.end] *= 700
    trainer = run()
    trainer.step()
    engine_pass = trainer._at.engine.last_pass
    assert engine_pass is not None
    found = origin_of(network, engine_pass, theta, update)
    assert (found.layer, found.overflow) == (2, None)
    assert found.ratio == pytest.approx(7.0)
    update[network.blocks[0].offset], update[network.blocks[2].offset] = np.nan, np.inf
    assert origin_of(network, engine_pass, theta, update) == Origin(3, float("inf"), None)
    assert origin_of(network, engine_pass, theta, np.zeros_like(theta)).layer is None


def test_a_run_that_diverges_says_where_it_began() -> None:
    network = NetworkConfig((8,) * 20, "identity")
    trainer = run(network=network, optimizer=OptimizerConfig("sgd", 0.1), initializer="normal", initializer_scale=0.4)
    trainer.run(100)
    assert trainer.diverged is not None
    origin = trainer.diverged.origin
    assert origin.layer is not None
    assert origin.ratio is not None
    assert origin.ratio > 1
    weights = [np.linalg.norm(block.view(trainer.last_step.before)[:-1]) for block in trainer.network.blocks]
    moved = [np.linalg.norm(block.view(trainer.update)[:-1]) for block in trainer.network.blocks]
    ratios = np.divide(moved, weights)
    assert origin.layer == int(np.argmax(ratios)) + 1
    assert origin.ratio == pytest.approx(ratios.max())


def test_a_first_pass_that_overflows_names_the_layer() -> None:
    network = NetworkConfig((100,) * 40, "identity")
    trainer = run(network=network, initializer="normal", initializer_scale=100.0, precision="float32")
    trainer.run(5)
    assert trainer.diverged is not None
    origin = trainer.diverged.origin
    assert (origin.layer, origin.ratio) == (None, None)
    assert origin.overflow is not None
    assert 5 < origin.overflow < 40
