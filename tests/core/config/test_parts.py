"""Parts of a config: each comes back from its JSON, and refuses with name, value and range."""

import json

import pytest
from backscope.core import ConfigError
from backscope.core.config.parts import DataConfig, NetworkConfig, OptimizerConfig, ScheduleConfig, StoppingConfig


@pytest.mark.parametrize(
    ("part", "values"),
    [
        (DataConfig, {"name": "moons", "features": ["x2", "x1"], "painted": [[0.5, 0.5, 1]], "erased": [3, 1]}),
        (NetworkConfig, {"hidden": [3, 3], "activation": ["relu", "tanh"], "residual": True, "dropout": 0.2}),
        (OptimizerConfig, {"name": "adam", "learning_rate": 0.2, "beta1": 0.5}),
        (ScheduleConfig, {"name": "step"}),
        (StoppingConfig, {"steps": 30}),
    ],
)
def test_a_part_comes_back_from_its_json(part, values):
    built = part.from_json(values)
    again = part.from_json(json.loads(json.dumps(built.to_json())))
    assert again == built
    assert again != part.from_json({"name": "circle"} if part is DataConfig else {})


@pytest.mark.parametrize(
    ("part", "values", "words"),
    [
        (DataConfig, {"noise": 2}, r"noise must lie in \[0, 1\], got 2"),
        (DataConfig, {"features": "x1"}, "features must be a list of names, got 'x1'"),
        (OptimizerConfig, {"name": "adam", "beta1": 1}, r"beta1 must lie in \[0, 1\), got 1"),
        (StoppingConfig, {"paws": 3}, "unknown key 'paws' in stopping"),
    ],
)
def test_what_cannot_be_is_refused(part, values, words):
    with pytest.raises(ConfigError, match=words):
        part.from_json(values)


def test_given_samples_have_no_noise_to_change():
    assert DataConfig("moons").disturbed(noise=0.5).noise == 0.5
    with pytest.raises(ConfigError, match="noise cannot change: the samples of iris are given"):
        DataConfig("iris").disturbed(noise=0.5)
    with pytest.raises(ConfigError, match="label_noise cannot change: plane has no classes"):
        DataConfig("plane").disturbed(label_noise=0.5)
