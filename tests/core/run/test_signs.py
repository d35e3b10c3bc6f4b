"""One look at a run: its numbers are those of the run, and a look changes nothing."""

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer
from backscope.core.run.signs import RECENT, signs_of

CONFIG = {"network": {"hidden": [4, 3], "activation": ["relu", "tanh"]}, "batch_size": 30, "clip_norm": 0.5}


def test_it_holds_what_the_run_says_of_itself():
    trainer = Trainer(RunConfig.from_json(CONFIG))
    start = np.array(trainer.theta)
    trainer.run(RECENT + 6)
    theta = np.array(trainer.theta)
    signs = signs_of(trainer, np.array([[8.0, 0.7, 0.8]]))
    metrics = trainer.evaluate()
    assert (signs.step, signs.per_epoch, signs.rate) == (RECENT + 6, -(-280 // 30), trainer.learning_rate)
    assert (signs.loss, signs.test_loss) == (metrics.loss, metrics.test_loss)
    assert signs.sizes == pytest.approx((np.linalg.norm(start), np.linalg.norm(theta)))
    assert signs.functions == ("relu", "tanh")
    assert signs.clipping == trainer.view.clipping
    assert signs.pull is None
    assert len(signs.recent) == RECENT
    np.testing.assert_array_equal(signs.past, [[8, 0.7, 0.8], [RECENT + 6, metrics.loss, metrics.test_loss]])
    np.testing.assert_array_equal(trainer.theta, theta)


def test_a_layer_of_dead_neurons_is_flat():
    trainer = Trainer(RunConfig.from_json(CONFIG))
    trainer.step()
    assert signs_of(trainer, np.empty((0, 3))).flat == (False, False)
    biases = trainer.network.blocks[0].offset + 2 * 4
    trainer.edit(parameters={str(biases + to): -1000.0 for to in range(4)})
    assert signs_of(trainer, np.empty((0, 3))).flat == (True, False)
