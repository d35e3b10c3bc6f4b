"""Runs that come by link or file: the same bits on another server, and whatever else is refused in words."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from backscope.core import ConfigError
from backscope.server.front.commands import COMMANDS
from backscope.server.front.hello import reading_record
from backscope.server.wire.commands import CommandError, parse
from backscope.server.wire.edits import exhausted
from backscope.server.wire.messages import Record
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.protocol import VERSION
from backscope.server.wire.settings import Limits
from talking import SECRET, Talk, housed

RUBBISH = [None, True, -1, 1e400, float("nan"), 2**70, "", "circle", "x" * 500, [], [[]], {}, {"name": []}, "\0", 0.5]


def stands(talk: Talk, step: int) -> dict[str, Any]:
    """Return the frame at a step, once the run stands there or has diverged on the way.

    It may have come before the answer to what led there.
    """

    def there(frame: dict[str, Any]) -> bool:
        return bool((frame["step"] == step and frame["status"] == "paused") or frame["status"] == "diverged")

    return next((frame for frame in reversed(talk.frames) if there(frame)), None) or talk.frame(there)


@pytest.mark.long
@pytest.mark.parametrize("preset", PRESETS)
def test_a_link_of_each_preset_opens_with_the_same_bits_in_a_fresh_server(preset: str) -> None:
    with housed() as house, house.visit("one") as talk:
        talk.hello(preset=preset)
        talk.do("step", count=20)
        here = stands(talk, 20)
        if here["status"] == "paused":
            talk.do("set", learning_rate=talk.state["config"]["optimizer"]["learning_rate"] / 2)
            talk.do("step", count=13)
            here = stands(talk, 33)
        link = {"config": talk.state["config"], "log": talk.state["log"], "step": here["step"]}
    with housed() as house, house.visit("other") as talk:
        talk.hello(**json.loads(json.dumps(link)))
        there = stands(talk, here["step"])
        assert there["step"] == here["step"]
        assert there["arrays"]["P"].tobytes() == here["arrays"]["P"].tobytes()
        assert str(there["loss"]) == str(here["loss"])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the ways to all that lies in a piece of JSON."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, part in inner for place in places(part, (*path, key)))]


def broken(run: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Return a run of which something is missing, too much, or something else."""
    run = copy.deepcopy(run)
    *way, last = chance.choice(places(run)[1:])
    holder: Any = run
    for key in way:
        holder = holder[key]
    deed = chance.randrange(3)
    if deed == 0:
        del holder[last]
    elif deed == 1 and isinstance(holder, dict):
        holder[chance.choice(["nothing", "__proto__", ""])] = chance.choice(RUBBISH)
    else:
        holder[last] = chance.choice(RUBBISH)
    return run


def test_a_thousand_broken_runs_are_refused_in_words_or_are_runs() -> None:
    """What the page has unpacked from a link or a file is a config, a log and a step, or something else entirely."""
    chance, words = random.Random(5), []
    presets = list(PRESETS.values())
    for number in range(1000):
        run: dict[str, Any] = {
            "config": presets[number % len(presets)].to_json(),
            "log": [{"step": 3, "change": {"learning_rate": 0.2}}, {"step": 9, "change": {"optimizer": "adam"}}],
            "step": 12,
        }
        for _ in range(chance.randrange(1, 3)):
            run = broken(run, chance)
        try:
            hello = parse(json.dumps({"op": "hello", "secret": SECRET, "version": VERSION, **run}), COMMANDS)
            assert isinstance(exhausted(reading_record(hello.fields, Limits())), Record)
        except (ConfigError, CommandError) as error:
            words.append(str(error))
    assert len(words) > 500
    assert min(map(len, words)) > 10
