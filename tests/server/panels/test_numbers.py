"""Whatever a run's arrays hold, every message is JSON or bytes, and starting again starts again."""

import json
import math
from contextlib import suppress

import numpy as np
import pytest
from backscope.core import RunConfig
from backscope.server.wire.commands import CommandError
from backscope.server.wire.protocol import Arrays, accept, decode, encode, text
from stage import Stage, parse

ODD = {"infinite": np.inf, "minus infinite": -np.inf, "no number": np.nan, "huge": 1e300, "tiny": 1e-320}


def no_words(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


@pytest.mark.parametrize("odd", ODD)
def test_numbers_without_a_word_in_json_are_null_wherever_they_stand(odd: str) -> None:
    value = ODD[odd]
    fields = {
        "plain": value, "list": [1.0, value, (value, 2)], "deep": {"a": [{"b": np.float64(value)}]},
        "array": np.array([value, 1.0]), "single": np.float32(1.5), "count": np.int64(3), "empty": [],
    }  # fmt: skip
    arrays = Arrays()
    arrays.add("x", np.array([value, 1.0]))
    for message in (text("state", fields), accept(3, step=2, **fields)):
        read = json.loads(message, parse_constant=no_words)
        expected = value if math.isfinite(value) else None
        assert read["plain"] == expected
        assert read["list"] == [1.0, expected, [expected, 2]]
        assert read["deep"] == {"a": [{"b": expected}]}
        assert read["array"] == [expected, 1.0]
        assert (read["single"], read["count"], read["empty"]) == (1.5, 3, [])
    header, found = decode(encode(fields, arrays))
    assert header["plain"] == expected
    assert found["x"].shape == (2,)


#: What a page can ask of a run, with the panel that asks.
PANELS: dict[str, dict[str, object]] = {
    "explain": {"target": {"layer": 1, "to": 0, "source": 1}},
    "difference": {"target": {"layer": 1, "to": 0, "source": 1}},
    "watch": {"target": {"layer": 2, "to": 1}},
    "check": {},
    "microscope": {},
    "cut": {},
    "sharpness": {},
    "anatomy": {},
    "sample": {"row": 3},
}


def ask(stage: Stage, op: str, **fields: object) -> None:
    """Ask, have it computed if it takes time; the answer is something, or a refusal in words, and all of it is JSON."""
    stage.said.clear()
    with suppress(CommandError):
        stage.session.obey(1, parse(json.dumps({"id": 5, "op": op, **fields})))
    stage.serve_jobs()
    for said in stage.said:
        for words in (getattr(said, "text", None), getattr(said, "payload", None)):
            if isinstance(words, str):
                json.loads(words, parse_constant=no_words)
            elif isinstance(words, bytes):
                decode(words)


def stage_with(value: float, **changes: object) -> Stage:
    """A run some of whose parameters have just become such a number."""
    config = RunConfig.from_json({"data": {"name": "circle"}, "network": {"hidden": [4, 3]}, **changes})
    stage = Stage(config)
    stage.travel("step", count=40)
    trainer = stage.trainer
    trainer._at.engine.theta[[0, 5, -1]] = value
    trainer._at.engine.gradient[[1, 4]] = value
    trainer._metrics = None
    return stage


def seen(stage: Stage) -> None:
    """Let the session say all it has to say, for a while."""
    for _ in range(12):
        stage.now += 0.5
        stage.work()
        stage.serve_jobs()
        stage.frame()


@pytest.mark.parametrize("penalty", [0.0, 10.0])
@pytest.mark.parametrize("odd", ODD)
def test_every_panel_lives_with_every_number(odd: str, penalty: float) -> None:
    stage = stage_with(ODD[odd], l2=penalty)
    with np.errstate(all="ignore"):
        seen(stage)
        stage.do("play")
        seen(stage)
        stage.do("pause")
        for op, fields in PANELS.items():
            ask(stage, op, **fields)
        for plane in ("random", "weights", "pca", "sharpest"):
            ask(stage, "surface", plane=plane, resolution=16)
            seen(stage)
        stage.do("reset")
        seen(stage)
    assert stage.trainer.step_count == 0
    assert np.isfinite(stage.trainer.theta).all()
    assert stage.trainer.diverged is None
