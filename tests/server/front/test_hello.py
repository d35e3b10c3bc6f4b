"""What a hello wants: the default, a preset, a run or lanes, and what is refused."""

import json
from collections.abc import Generator, Mapping
from typing import Any

import pytest
from backscope.core.ground.errors import ConfigError
from backscope.server.front.hello import fresh_number, log_length, reading_record
from backscope.server.wire.commands import CommandError
from backscope.server.wire.messages import Record
from backscope.server.wire.presets import DEFAULT, PRESETS
from backscope.server.wire.settings import Limits

CIRCLE = PRESETS["circle"].to_json()
LOG = [{"step": 3, "change": {"learning_rate": 0.5}}]


def record_of(fields: Mapping[str, Any], limits: Limits | None = None) -> Record:
    def read() -> Generator[None, None, None]:
        found.append((yield from reading_record(json.loads(json.dumps(fields)), limits or Limits())))

    found: list[Record] = []
    for _ in read():
        pass
    return found[0]


def test_who_wants_nothing_gets_the_default_and_a_preset_by_its_name() -> None:
    assert record_of({}).config == PRESETS[DEFAULT].to_json()
    assert record_of({"preset": "digits"}).config == PRESETS["digits"].to_json()
    assert record_of({"preset": "digits", "step": 7}).step == 0, "a step belongs to a run of one's own"


def test_a_run_comes_with_its_log_and_its_step() -> None:
    record = record_of({"config": CIRCLE, "log": LOG, "step": 9, "playing": True})
    assert (record.config, record.step, record.playing) == (CIRCLE, 9, True)
    assert [(edit.step, edit.change) for edit in record.log] == [(3, {"learning_rate": 0.5})]


def test_lanes_keep_their_numbers_and_the_focus_is_one_of_them() -> None:
    lanes = [{"id": 4, "config": CIRCLE}, {"id": 7, "config": CIRCLE, "log": LOG}]
    record = record_of({"lanes": lanes, "lane": 7, "step": 5})
    assert (record.lane, record.step, list(record.others)) == (7, 5, [4])
    assert len(record.log) == 1
    assert record_of({"lanes": lanes}).lane == 4
    with pytest.raises(ConfigError, match="lane must be one of 4, 7, got 5"):
        record_of({"lanes": lanes, "lane": 5})


def test_what_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(CommandError, match="a log can have 1 edits, got 2"):
        record_of({"config": CIRCLE, "log": LOG * 2}, Limits(edits=1))
    with pytest.raises(ConfigError, match="parameters"):
        record_of({"config": CIRCLE}, Limits(parameters=3))


def test_logs_of_all_lanes_count() -> None:
    assert log_length({"config": CIRCLE, "log": LOG}) == 1
    assert log_length({"lanes": [{"log": LOG}, {"log": LOG * 2}, {}]}) == 3


def test_numbers_go_on_where_another_server_left_off() -> None:
    assert 1.7e12 < record_of({}).number <= fresh_number()
