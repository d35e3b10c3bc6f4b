"""Whether a run is small enough: each bound at its edge, named with value and range."""

from dataclasses import replace

import pytest
from backscope.core.config.config import DataConfig, NetworkConfig, RunConfig
from backscope.core.ground.errors import ConfigError
from backscope.server.run.bounds import check_size, most_samples
from backscope.server.wire.settings import Limits

SMALL = RunConfig(data=DataConfig("circle", samples=100), network=NetworkConfig((4, 3)))
EXACT = replace(Limits(), layers=2, neurons=4, parameters=SMALL.parameter_count, samples=100)


def test_a_run_at_every_bound_is_small_enough() -> None:
    check_size(SMALL, EXACT)


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        ("layers", "hidden layers"),
        ("neurons", "neurons per layer"),
        ("parameters", "parameters"),
        ("samples", "samples"),
    ],
)
def test_one_less_is_too_small_for_it(bound: str, words: str) -> None:
    high = getattr(EXACT, bound) - 1
    with pytest.raises(ConfigError, match=f"{words} must .*{high}"):
        check_size(SMALL, replace(EXACT, **{bound: high}))


def test_a_measured_set_counts_as_it_is() -> None:
    digits = RunConfig(data=DataConfig("digits"), network=NetworkConfig((3,)))
    with pytest.raises(ConfigError, match="samples"):
        check_size(digits, replace(Limits(), samples=1000))


def test_only_uploads_may_have_more_samples_where_the_net_is_smaller() -> None:
    assert most_samples(SMALL, 500, 10_000) == 500
