"""What is offered to a run that shows a symptom: changes by their numbers, and nothing that would change nothing."""

from types import SimpleNamespace

import pytest
from backscope.core import RunConfig
from backscope.core.optimizers.table import OPTIMIZERS
from backscope.core.run import remedies


def signs(functions=("tanh",), pull=None, clipping=None, **config):
    given = {"optimizer": {"name": "sgd", "learning_rate": 0.1}, **config}
    config = RunConfig.from_json(given)
    return SimpleNamespace(config=config, functions=functions, pull=pull, clipping=clipping)


def sgd(rate):
    return {"optimizer": {"name": "sgd", "learning_rate": rate}}


def test_a_rate_far_above_the_usual_one_is_what_changes_first():
    usual = OPTIMIZERS["sgd"].usual.rate
    assert remedies.slower(signs(**sgd(usual * 2))) is None
    assert remedies.slower(signs(**sgd(usual * 5))).change == {"learning_rate": usual * 0.5}
    assert remedies.slower(signs(**sgd(50))).change == {"learning_rate": usual}
    for other in (remedies.spread, remedies.relu, remedies.normalized):
        assert other(signs(initializer="zeros", **sgd(50))) is None
        assert other(signs(initializer="zeros", **sgd(usual))) is not None


def test_from_here_on_a_quarter_of_the_rate_is_taken():
    remedy = remedies.slower_here(signs(**sgd(2)))
    assert (remedy.change, remedy.here) == ({"learning_rate": 0.5}, True)
    assert remedies.slower_here(signs(**sgd(0))) is None


def test_what_a_run_has_already_is_not_offered():
    assert remedies.spread(signs(initializer="xavier_normal")) is None
    assert remedies.relu(signs(("relu", "relu"))) is None
    assert remedies.normalized(signs(network={"hidden": [3, 3], "normalization": [None, "batch"]})) is None
    assert remedies.hidden(signs()) is None
    assert remedies.hidden(signs(())).change == {"network": {"hidden": [8]}}
    assert remedies.penalized(signs()).change == {"l2": 0.02}
    assert remedies.penalized(signs(l2=0.01)).change == {"l2": pytest.approx(0.03)}
    assert remedies.penalized(signs(l2=0.05)) is None


def test_a_pull_is_weakened_at_the_usual_rate_and_a_bound_is_loosened():
    assert remedies.weaker_pull(signs()) is None
    decay, penalty = SimpleNamespace(kind="decay"), SimpleNamespace(kind="penalty")
    assert remedies.weaker_pull(signs(pull=decay)).change == {"weight_decay": 0.001}
    assert remedies.weaker_pull(signs(pull=penalty, **sgd(50))).change == {"l2": 0.001, "learning_rate": 0.1}
    assert remedies.looser(signs()) is None
    told = remedies.looser(signs(clipping=SimpleNamespace(before=3.0)))
    assert (told.change, told.here) == ({"clip_norm": 6.0, "clip_value": None}, True)


def test_units_are_replaced_where_tasks_follow_one_another_and_none_are_yet():
    tasks = {"data": {"name": "wine", "steps_per_task": 50}}
    assert remedies.continual(signs()) is None
    assert remedies.continual(signs(**tasks)).change == {"replacement_rate": remedies.REPLACEMENT}
    assert remedies.continual(signs(replacement_rate=0.01, **tasks)) is None
    assert remedies.continual(signs(network={"hidden": [3, 3], "residual": True}, **tasks)) is None
