"""How lanes begin that a client brings: what the front and a session read alike, and refuse."""

from typing import Any

import pytest
from backscope.core.ground.errors import ConfigError
from backscope.server.run.beginning import reading_lanes
from backscope.server.wire.commands import CommandError
from backscope.server.wire.edits import exhausted
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.settings import Limits

CIRCLE = PRESETS["circle"].to_json()
LOG = [{"step": step, "change": {"learning_rate": 0.5}} for step in (3, 4)]


def read(most: int = 100, limits: Limits | None = None, **fields: Any) -> tuple[dict[int, Any], int]:
    return exhausted(reading_lanes(fields, limits or Limits(), most))


def test_lanes_come_with_their_logs_and_the_first_is_in_focus_unless_told() -> None:
    lanes = [{"id": 2, "config": CIRCLE, "log": LOG}, {"id": 0, "config": {**CIRCLE, "l2": 0.1}}]
    begun, focus = read(lanes=lanes)
    assert focus == 2
    assert {number: (config.to_json()["l2"], len(log)) for number, (config, log) in begun.items()} == {
        2: (CIRCLE["l2"], 2),
        0: (0.1, 0),
    }
    assert read(lanes=lanes, lane=0)[1] == 0


def test_edits_of_all_lanes_are_counted_together() -> None:
    lanes = [{"id": number, "config": CIRCLE, "log": LOG} for number in range(3)]
    assert read(6, lanes=lanes)
    with pytest.raises(CommandError) as refused:
        read(5, lanes=lanes)
    assert refused.value.params == {"name": "log", "value": 6, "high": 5}


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ConfigError, match="lane must be one of 0"):
        read(lanes=[{"id": 0, "config": CIRCLE}], lane=1)
    with pytest.raises(ConfigError):
        read(lanes=[{"id": 0, "config": CIRCLE}, {"id": 1, "config": PRESETS["xor"].to_json()}])
    with pytest.raises(ConfigError, match=r"parameters must be a whole number in \[1, 5\]"):
        read(limits=Limits(parameters=5), config=CIRCLE)
