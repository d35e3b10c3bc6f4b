"""What a run asks of a machine: more for whatever is more of it, and in the right order of size."""

from itertools import pairwise

import pytest
from backscope.core.config.config import DataConfig, NetworkConfig, RunConfig
from backscope.server.front.hosts import HEAVY
from backscope.server.run.cost import cost_of
from backscope.server.wire.messages import Cost
from backscope.server.wire.presets import PRESETS


def cost(config: RunConfig) -> Cost:
    return cost_of([(config, config.parameter_count)])


def run(width: int = 8, depth: int = 2, samples: int = 500, batch: int | None = 10) -> RunConfig:
    return RunConfig(DataConfig("circle", samples=samples), NetworkConfig((width,) * depth), batch_size=batch)


@pytest.mark.parametrize("name", ["width", "depth", "samples"])
@pytest.mark.parametrize("batch", [10, None])
def test_whatever_is_larger_costs_more(name: str, batch: int | None) -> None:
    costs = [cost(run(**{name: value}, batch=batch)) for value in (10, 20, 40, 60)]  # type: ignore[arg-type]
    for small, large in pairwise(costs):
        assert small.memory < large.memory
        assert small.step <= large.step
        assert small.longest <= large.longest
    assert name == "samples" or costs[0].longest < costs[-1].longest


@pytest.mark.parametrize("name", PRESETS)
def test_no_preset_is_heavy(name: str) -> None:
    assert cost(PRESETS[name]).longest < HEAVY
    assert cost(PRESETS[name]).memory < 1 << 26


@pytest.mark.parametrize("batch", [10, None])
def test_the_largest_nets_are_heavy_and_take_hundreds_of_megabytes(batch: int | None) -> None:
    largest = cost(run(128, 64, batch=batch))
    assert largest.longest > HEAVY
    assert 1e8 < largest.memory < 1e9


def test_lanes_add_up_and_hold_others_up_one_by_one() -> None:
    one = cost(run())
    config = run()
    three = cost_of([(config, config.parameter_count)] * 3)
    assert three.step == pytest.approx(3 * one.step)
    assert three.memory == 3 * one.memory
    assert three.longest == one.longest
