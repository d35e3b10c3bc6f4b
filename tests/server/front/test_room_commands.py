"""Commands of rooms: what they take is checked before a room hears of it."""

import json
from typing import Any

import pytest
from backscope.server.front.commands import COMMANDS
from backscope.server.front.room_commands import OF_ROOMS
from backscope.server.wire.commands import CommandError, parse


def read(op: str, **fields: Any) -> Any:
    return parse(json.dumps({"op": op, **fields}), COMMANDS)


@pytest.mark.parametrize(
    ("op", "fields"),
    [
        ("point", {"at": {"panel": "network", "x": 1.5, "y": 0}}),
        ("point", {"at": {"panel": "<b>", "x": 0, "y": 0}}),
        ("point", {"at": {"panel": "network", "x": 0}}),
        ("point", {"at": [0, 0]}),
        ("join", {"code": "", "name": "Ada", "secret": "x" * 20}),
        ("join", {"code": "AAAAAA", "name": "", "secret": "x" * 20}),
        ("join", {"code": "AAAAAA", "name": "Ada", "secret": "short"}),
        ("ask", {"kind": "weather"}),
        ("ask", {"kind": "choice", "choices": ["one"]}),
        ("ask", {"kind": "choice", "choices": ["a\nb", "c"]}),
        ("ask", {"kind": "loss", "step": -1}),
        ("room_rules", {}),
        ("room_picture", {"address": "javascript:alert(1)"}),
        ("doing", {"what": "sleeps"}),
        ("glance", {"view": "network"}),
        ("copy", {"session": "../x", "secret": "x" * 20, "step": 0}),
    ],
)
def test_what_is_none_of_it_is_refused(op: str, fields: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        read(op, **fields)


def test_a_place_is_a_panel_and_fractions_of_it() -> None:
    assert read("point", at={"panel": "network", "x": 0.25, "y": 1}).fields["at"]["x"] == 0.25
    assert read("point", at=None).fields["at"] is None
    assert set(OF_ROOMS) <= set(COMMANDS)
