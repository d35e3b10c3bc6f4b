"""Configs: JSON there and back, and every bad value refused with name, value and range."""

import json
import math
import pickle

import pytest
from backscope.core import (
    ACTIVATIONS,
    DATASETS,
    INITIALIZERS,
    NORMALIZATIONS,
    OPTIMIZERS,
    SCHEDULES,
    ConfigError,
    OptimizerConfig,
    RunConfig,
)
from hypothesis import given, settings
from hypothesis import strategies as st


def test_defaults_survive_json():
    config = RunConfig()
    assert RunConfig.from_json(json.loads(json.dumps(config.to_json(), allow_nan=False))) == config
    assert RunConfig.from_json({}) == config


@st.composite
def configs(draw):
    hidden = draw(st.lists(st.integers(1, 128), max_size=5))
    activation = draw(
        st.one_of(
            st.sampled_from(list(ACTIVATIONS)),
            st.lists(st.sampled_from(list(ACTIVATIONS)), min_size=len(hidden), max_size=len(hidden)),
        )
    )
    name, schedule = draw(st.sampled_from(list(OPTIMIZERS))), draw(st.sampled_from(list(SCHEDULES)))
    kinds = st.sampled_from([None, *NORMALIZATIONS])
    return {
        "data": {
            "name": draw(st.sampled_from(list(DATASETS))),
            "samples": draw(st.integers(10, 5000)),
            "noise": draw(st.floats(0, 1)),
            "test_fraction": draw(st.floats(0, 0.9)),
            "steps_per_task": draw(st.none() | st.integers(1, 10**9)),
        },
        "network": {
            "hidden": hidden,
            "activation": activation,
            "bias": draw(st.booleans()),
            "normalization": draw(kinds | st.lists(kinds, min_size=len(hidden), max_size=len(hidden))),
            "dropout": draw(st.floats(0, 0.95)),
            "residual": draw(st.booleans() | st.just([k > 0 and hidden[k - 1] == n for k, n in enumerate(hidden)])),
        },
        "schedule": {"name": schedule, **{entry.name: entry.default for entry in SCHEDULES[schedule].hyperparameters}},
        "stopping": {"steps": draw(st.none() | st.integers(1, 10**9)), "loss": draw(st.none() | st.floats(0, 1e6))},
        "l1": draw(st.floats(0, 10)),
        "clip_norm": draw(st.none() | st.floats(0, 1e6)),
        "gradient_noise": draw(st.floats(0, 1000)),
        "maturity_threshold": draw(st.integers(0, 10**9)),
        "utility_decay": draw(st.floats(0, 1, exclude_max=True)),
        "precision": draw(st.sampled_from(["float64", "float32"])),
        "optimizer": {"name": name, "learning_rate": draw(st.floats(0, 100))},
        "initializer": draw(st.sampled_from(list(INITIALIZERS))),
        "batch_size": draw(st.none() | st.integers(1, 5000)),
        "seed": draw(st.integers(0, 2**32 - 1)),
    }


@given(configs())
@settings(max_examples=60, deadline=None)
def test_a_config_survives_json_and_pickle(values):
    config = RunConfig.from_json(values)
    assert RunConfig.from_json(json.loads(json.dumps(config.to_json()))) == config
    assert pickle.loads(pickle.dumps(config)) == config
    assert hash(pickle.loads(pickle.dumps(config))) == hash(config)


JUNK = [
    None, True, 0, -1, 2, 3.5, 1e9, 10**400, -(10**400), 1e308, math.nan, math.inf, -math.inf, "", "x", "tanh", "adam",
    [], {}, [None], [1], ["x"], [True], [[1]], [{}], [1.5], [math.nan], [10**400], [1] * 70, {"x": 1}, {"name": None},
    {"name": []}, {"name": "adam", "beta1": "x"}, {"name": "step", "period": None}, object(), b"x",
]  # fmt: skip


def places(values, here=()):
    """Yield the way to every entry of a config's JSON."""
    yield here
    for name, value in values.items() if isinstance(values, dict) else ():
        yield from places(value, (*here, name))


def replaced(values, place, value):
    if not place:
        return value
    return {**values, place[0]: replaced(values[place[0]], place[1:], value)}


@pytest.mark.parametrize("place", list(places(RunConfig().to_json())), ids=lambda place: ".".join(place) or "all")
def test_anything_anywhere_is_taken_or_refused_in_words(place):
    values = RunConfig().to_json()
    for junk in JUNK:
        try:
            config, refusal = RunConfig.from_json(replaced(values, place, junk)), None
        except ConfigError as error:
            refusal = error
        if refusal:
            assert refusal.name
            assert 10 < len(str(refusal)) < 1000
        else:
            assert RunConfig.from_json(json.loads(json.dumps(config.to_json(), allow_nan=False))) == config


def test_optimizer_json_is_flat_and_complete():
    values = {"name": "momentum", "learning_rate": 0.1, "momentum": 0.8, "dampening": 0.5}
    assert OptimizerConfig.from_json(values).to_json() == values
    assert OptimizerConfig("adam").to_json()["beta2"] == 0.999


#: what is given, the name in the error, and the words
BAD = [
    ({"optimizer": {"learning_rate": -1}}, "learning_rate", r"learning_rate must lie in \[0, 100\], got -1$"),
    ({"optimizer": {"learning_rate": 100.5}}, "learning_rate", r"\[0, 100\], got 100.5"),
    ({"optimizer": {"learning_rate": float("nan")}}, "learning_rate", "got nan"),
    ({"optimizer": {"learning_rate": float("inf")}}, "learning_rate", "got inf"),
    ({"optimizer": {"learning_rate": "0.1"}}, "learning_rate", "got '0.1'"),
    ({"optimizer": {"learning_rate": True}}, "learning_rate", "got True"),
    ({"optimizer": {"learning_rate": None}}, "learning_rate", "got None"),
    ({"optimizer": {"learning_rate": 10**400}}, "learning_rate", r"\[0, 100\], got"),
    ({"optimizer": {"name": "adam", "beta1": 1}}, "beta1", r"beta1 must lie in \[0, 1\), got 1"),
    ({"optimizer": {"name": "momentum", "momentum": 1.5}}, "momentum", r"\[0, 1\], got 1.5"),
    ({"optimizer": {"name": "sgd", "momentum": 0.5}}, "momentum", "unknown key 'momentum' in optimizer sgd"),
    ({"optimizer": {"name": "no_such"}}, "optimizer", "optimizer must be one of sgd, .*, got 'no_such'"),
    ({"optimizer": 3}, "optimizer", "optimizer must be an object, got int"),
    ({"batch_size": 0}, "batch_size", r"batch_size must be a whole number in \[1, 5000\], got 0"),
    ({"batch_size": 5001}, "batch_size", "got 5001"),
    ({"batch_size": 2.5}, "batch_size", "got 2.5"),
    ({"seed": -1}, "seed", r"\[0, 4294967295\], got -1"),
    ({"seed": 2**32}, "seed", "got 4294967296"),
    ({"loss": "l2"}, "loss", "loss must be one of mse, .*, got 'l2'"),
    ({"initializer": 5}, "initializer", "initializer must be one of .*, got 5"),
    ({"initial": [0.0] * 3}, "initial", "initial must have .* numbers, got 3"),
    ({"initial": "zeros"}, "initial", "initial must be a list of numbers, got str"),
    ({"data": {"name": "no_such"}}, "data", "data must be one of circle, .*, got 'no_such'"),
    ({"data": {"samples": 9}}, "samples", r"samples must be a whole number in \[10, 5000\], got 9"),
    ({"data": {"samples": 5001}}, "samples", "got 5001"),
    ({"data": {"noise": 1.1}}, "noise", r"noise must lie in \[0, 1\], got 1.1"),
    ({"data": {"test_fraction": 0.95}}, "test_fraction", r"\[0, 0.9\], got 0.95"),
    ({"data": {"sample": 10}}, "sample", "unknown key 'sample' in data; known are name, samples, "),
    ({"network": {"hidden": [0]}}, "neurons per layer", r"must be a whole number in \[1, 4096\], got 0"),
    ({"network": {"hidden": [4097]}}, "neurons per layer", "got 4097"),
    ({"network": {"hidden": [1] * 65}}, "number of hidden layers", r"\[0, 64\], got 65"),
    ({"network": {"hidden": 4}}, "hidden", "hidden must be a list of layer sizes, got 4"),
    ({"network": {"activation": "no_such"}}, "activation", "activation must be one of .*, got 'no_such'"),
    ({"network": {"activation": "softmax"}}, "activation", "got 'softmax'"),
    ({"network": {"activation": ["tanh"]}}, "activation", "one for each of 2 hidden layers, got 1"),
    ({"network": {"output": "no_such"}}, "output", "output must be one of .*, got 'no_such'"),
    ({"network": {"bias": 1}}, "bias", "bias must be true or false, got 1"),
    ({"network": {"output": "tanh"}, "loss": "bce"}, "output", "bce needs a sigmoid output, got tanh"),
    ({"data": {"name": "plane"}, "loss": "bce"}, "loss", "bce needs binary or classes targets"),
    ({"network": {"normalization": "no_such"}}, "normalization", "must be one of batch, layer, got 'no_such'"),
    ({"network": {"normalization": ["batch"]}}, "normalization", "one for each of 2 hidden layers, got 1"),
    ({"network": {"dropout": 1}}, "dropout", r"dropout must lie in \[0, 0.95\], got 1"),
    ({"network": {"residual": "yes"}}, "residual", "residual must be true or false, got 'yes'"),
    ({"network": {"residual": [False, True]}}, "residual", "layer 2 has 2 neurons and one of 4 before it"),
    ({"network": {"leaky_slope": -0.1}}, "leaky_slope", r"\[0, 1\], got -0.1"),
    ({"schedule": {"name": "no_such"}}, "schedule", "schedule must be one of constant, .*, got 'no_such'"),
    ({"schedule": {"name": "step", "period": 0}}, "period", r"whole number in \[1, 10000000\], got 0"),
    ({"schedule": {"name": "step", "floor": 0}}, "floor", "unknown key 'floor' in schedule step; known are period, "),
    ({"schedule": 5}, "schedule", "schedule must be an object, got int"),
    ({"stopping": {"steps": 0}}, "stopping steps", r"must be a whole number in \[1, 1000000000\], got 0"),
    ({"stopping": {"loss": -1}}, "stopping loss", r"stopping loss must lie in \[0, 1e\+06\], got -1"),
    ({"stopping": {"monitor": "speed"}}, "monitor", "monitor must be one of loss, test_loss, got 'speed'"),
    ({"huber_delta": 0}, "huber_delta", r"huber_delta must lie in \[1e-06, 100\], got 0"),
    ({"label_smoothing": 0.6}, "label_smoothing", r"\[0, 0.5\], got 0.6"),
    ({"label_smoothing": 0.1, "loss": "mse"}, "label_smoothing", "needs the loss bce or cross_entropy, got mse"),
    ({"initializer_scale": -1}, "initializer_scale", r"\[0, 100\], got -1"),
    ({"l1": -0.1}, "l1", r"l1 must lie in \[0, 10\], got -0.1"),
    ({"l2": None}, "l2", r"l2 must lie in \[0, 10\], got None"),
    ({"clip_value": -1}, "clip_value", r"clip_value must lie in \[0, 1e\+06\], got -1"),
    ({"clip_norm": "much"}, "clip_norm", "got 'much'"),
    ({"precision": "float16"}, "precision", "precision must be one of float64, float32, got 'float16'"),
    ({"speed": 3}, "speed", "unknown key 'speed' in config"),
    ([], "config", "config must be an object, got list"),
]


@pytest.mark.parametrize(("values", "name", "words"), BAD)
def test_a_bad_value_is_refused_with_name_value_and_range(values, name, words):
    with pytest.raises(ConfigError, match=words) as caught:
        RunConfig.from_json(values)
    assert caught.value.name == name
    assert isinstance(caught.value, ValueError)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.name, copy.low, copy.high) == (str(caught.value), name, caught.value.low, caught.value.high)


def test_an_error_does_not_repeat_what_is_huge():
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_json({"loss": "x" * 100_000})
    assert len(str(caught.value)) < 300


def test_live_edits_give_a_new_config():
    config = RunConfig.from_json({"optimizer": {"name": "momentum", "momentum": 0.7}})
    edited = config.edited({"learning_rate": 0.5, "batch_size": None})
    assert edited.optimizer.to_json() == {"name": "momentum", "learning_rate": 0.5, "momentum": 0.7, "dampening": 0.0}
    assert (edited.batch_size, config.batch_size) == (None, 10)
    switched = edited.edited({"optimizer": "adam", "beta1": 0.8})
    assert switched.optimizer.learning_rate == 0.5
    assert switched.optimizer.hyperparameters == {"beta1": 0.8, "beta2": 0.999, "eps": 1e-8}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"learning_rate": -1}, r"learning_rate must lie in \[0, 100\], got -1"),
        ({"momentum": 0.5}, "unknown key 'momentum' in edit; known are learning_rate, batch_size, .*optimizer"),
        ({"hidden": [3]}, "unknown key 'hidden' in edit"),
        ({"optimizer": "no_such"}, "optimizer must be one of"),
        ({"batch_size": 0}, "batch_size must be a whole number"),
        ({"l1": -1}, r"l1 must lie in \[0, 10\], got -1"),
        ({"dropout": 2}, r"dropout must lie in \[0, 0.95\], got 2"),
        ({"schedule": {"name": "step", "period": -1}}, "period must be a whole number"),
        ({"stopping": {"speed": 1}}, "unknown key 'speed' in stopping"),
        ({"stopping": 5}, "stopping must be an object, got int"),
    ],
)
def test_a_bad_edit_is_refused(change, words):
    with pytest.raises(ConfigError, match=words):
        RunConfig().edited(change)


@pytest.mark.parametrize("name", DATASETS)
def test_parameter_count_is_that_of_the_network(name):
    from backscope.core import Trainer

    for bias in (True, False):
        config = RunConfig.from_json({"data": {"name": name}, "network": {"hidden": [3], "bias": bias}})
        assert config.parameter_count == Trainer(config).network.parameter_count
