"""Batches of several runs are those that each run deals itself."""

from dataclasses import replace

import numpy as np
import pytest
from backscope.core import DataConfig, RunConfig, Trainer
from backscope.core.data.datasets import make_dataset
from backscope.core.ensemble.dealing import Deal
from backscope.core.ground.streams import stream
from backscope.core.run.batches import Batches
from backscope.core.run.samples import Samples


def samples_of(config: RunConfig) -> Samples:
    return Samples(config, make_dataset(config.data, config.seed, *config.output_and_loss()))


@pytest.mark.parametrize("size", [1, 7, 24, None, 1000])
@pytest.mark.parametrize("seeds", [(3, 3), (3, 4, 3)])
def test_every_member_gets_the_batches_of_its_own_run(size: int | None, seeds: tuple[int, ...]) -> None:
    configs = [RunConfig(DataConfig("circle", 30), seed=seed, batch_size=size) for seed in seeds]
    known = {config.seed: samples_of(config) for config in configs}
    samples = [known[config.seed] for config in configs]
    deal, ahead = Deal(configs, samples), Deal(configs, samples)
    assert deal.alike == (len(set(seeds)) == 1)
    alone = [
        Batches(own.rows, own.targets(0.0)[0], stream(config.seed, "batches"), config.batch_size)
        for config, own in zip(configs, samples, strict=True)
    ]
    for _ in range(12):
        x, y, batch = deal.next()
        at, same, count = ahead.ahead(1)
        ahead.pass_by(1, same)
        assert (same, count) == (batch, 1)
        for k, batches in enumerate(alone):
            if not batches.left:
                batches.begin_epoch()
            rows, targets, _ = batches.views[batches.index]
            batches.advance(1)
            np.testing.assert_array_equal(x[0 if deal.alike else k], rows)
            np.testing.assert_array_equal(y[:, k], targets)
            order = ahead.orders[ahead.order_of[k], at : at + batch]
            np.testing.assert_array_equal(ahead.sets[ahead.set_of[k]][0][order].T, rows)


def test_batches_of_one_size_are_told_in_one_go_as_far_as_the_epoch_lasts() -> None:
    config = replace(RunConfig(DataConfig("circle", 30), batch_size=8), seed=1)
    deal = Deal([config], [samples_of(config)])
    count = len(Trainer(config).dataset.X_train)
    assert deal.ahead(100) == (0, 8, count // 8)
    assert deal.ahead(2) == (0, 8, 2)
    deal.pass_by(count // 8, 8)
    assert deal.ahead(100) == (count // 8 * 8, count % 8, 1)
