"""The fields that speak of a run: all that can be changed is among them, and is checked before anything is."""

from dataclasses import fields
from typing import Any

import pytest
from backscope.core.config.config import LIMITS, LIVE_NAMES, RunConfig
from backscope.core.ground.errors import ConfigError
from backscope.core.ground.hyperparameters import Hyperparameter
from backscope.core.optimizers.table import OPTIMIZERS
from backscope.core.run.lanes import MOST_LANES
from backscope.server.wire import run_fields
from backscope.server.wire.commands import CommandError, Field
from backscope.server.wire.run_fields import CONFIG_FIELDS, LANE, LIVE_FIELDS, SEED, hyperparameters, lane_records


def refused(field: Field, value: Any) -> bool:
    try:
        field.check("field", value)
    except (ConfigError, CommandError):
        return True
    return False


def test_every_hyperparameter_of_every_rule_can_be_changed_within_its_range() -> None:
    assert set(LIVE_FIELDS) == {*LIVE_NAMES, "learning_rate", "batch_size", "optimizer", *hyperparameters()}
    assert len(LIVE_FIELDS) == len(list(LIVE_FIELDS))
    for name, entry in hyperparameters().items():
        assert LIVE_FIELDS[name].check(name, entry.default) == entry.default
        assert refused(LIVE_FIELDS[name], entry.high + 1)
        assert refused(LIVE_FIELDS[name], "half")


def test_a_rule_that_is_registered_later_brings_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyError):
        LIVE_FIELDS["wit"]
    beside = LIVE_FIELDS.beside({"lane": LANE})
    own = type("Own", (OPTIMIZERS["sgd"],), {"hyperparameters": (Hyperparameter("wit", 0.5, 0, 1),)})
    monkeypatch.setattr(run_fields, "OPTIMIZERS", {**OPTIMIZERS, "own": own})
    for known in (LIVE_FIELDS, beside):
        assert "wit" in list(known)
        assert known["wit"].check("wit", 1) == 1
        assert refused(known["wit"], 2)
    assert "lane" in beside
    assert "lane" not in LIVE_FIELDS


def test_all_of_a_config_makes_a_run_begin_anew() -> None:
    assert set(CONFIG_FIELDS) == {entry.name for entry in fields(RunConfig)}
    for name, right, wrong in (
        ("data", {"name": "xor"}, "xor"),
        ("network", {}, []),
        ("optimizer", {}, "sgd"),
        ("batch_size", None, 0),
        ("seed", LIMITS["seed"], -1),
    ):
        assert CONFIG_FIELDS[name].check(name, right) == right
        assert refused(CONFIG_FIELDS[name], wrong)
    assert (refused(LANE, MOST_LANES), refused(LANE, MOST_LANES - 1)) == (True, False)
    assert (refused(SEED, LIMITS["seed"] + 1), refused(SEED, 0)) == (True, False)


def test_lanes_that_a_page_hands_back_have_a_number_each_and_a_config() -> None:
    lanes = [{"id": 1, "config": {}, "log": []}, {"id": 0, "config": {}}]
    assert lane_records("lanes", lanes) == lanes
    many = [{"id": number % MOST_LANES, "config": {}} for number in range(MOST_LANES + 1)]
    wrong: list[Any] = [[], {}, many, [{"id": 0}], [{"config": {}}], [lanes[0], lanes[0]], [{**lanes[0], "log": 1}]]
    for value in [*wrong, [{"id": MOST_LANES, "config": {}}], [{"id": "a", "config": {}}]]:
        assert refused(Field(lane_records), value), value
