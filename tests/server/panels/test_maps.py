"""Trainability maps on the wire: tiles that make up the core's map, a pixel's run, and the boundary's dimension."""

import json
from typing import Any

import numpy as np
import pytest
from backscope.core import box_dimension, gaussian_net, trainability_map
from backscope.core.ground.errors import ConfigError
from backscope.server.wire.commands import CommandError
from backscope.server.wire.messages import Reply
from stage import Stage, parse

MAP: dict[str, Any] = {
    "width": 3, "activation": "tanh", "steps": 40, "map_seed": 5, "axes": "rates",
    "x": [-3, 6], "y": [-2, 5], "size": 17,
}  # fmt: skip


def ask(stage: Stage, op: str, **fields: object) -> dict[str, Any]:
    stage.said.clear()
    stage.session.obey(1, parse(json.dumps({"id": 9, "op": op, **fields})))
    for job in stage.jobs():
        if job.topic == "order":
            stage.serve(job)
    return next(json.loads(said.text) for said in stage.said if isinstance(said, Reply) and said.number == 9)


def test_tiles_from_coarse_to_fine_make_up_the_cores_map_and_a_pixel_tells_its_losses() -> None:
    stage, found = Stage(), np.full((17, 17), np.nan)
    for stride in (8, 4, 2, 1):
        for first in (0, 9):
            stop, fresh = min(first + 9, 17), stride < 8
            reply = ask(stage, "map_tile", **MAP, stride=stride, first=first, stop=stop, fresh=fresh)
            places = [
                (row, column)
                for row in range(first, stop) if row % stride == 0
                for column in range(0, 17, stride)
                if not (fresh and row % (2 * stride) == 0 and column % (2 * stride) == 0)
            ]  # fmt: skip
            assert len(places) == len(reply["measures"])
            for place, measure in zip(places, reply["measures"], strict=True):
                assert np.isnan(found[place])
                found[place] = measure
            assert reply["engine"] in ("numpy", "compiled")
    net = gaussian_net(3, "tanh", 40, seed=5)
    expected = trainability_map(net.W0, net.W1, net.X, net.Y, "tanh", 40, (-3, 6), (-2, 5), 17)
    assert ((found < 0) == expected.converged).mean() > 0.98
    calm = expected.converged & (found < 0)
    np.testing.assert_allclose(found[calm], expected.measure[calm], rtol=0.01)
    losses = ask(stage, "map_run", **MAP, row=2, column=3)["losses"]
    assert len(losses) == 40
    np.testing.assert_allclose(-sum(losses) / losses[0], expected.measure[2, 3], rtol=1e-6)
    rows = ["".join("01"[bit] for bit in row) for row in (found < 0).astype(int)]
    reply, known = ask(stage, "box_dimension", bitmap=rows), box_dimension(found < 0)
    assert known is not None
    assert (reply["dimension"], reply["error"]) == (known.dimension, known.error)
    assert ask(stage, "box_dimension", bitmap=["1" * 17] * 17)["dimension"] is None


@pytest.mark.parametrize(
    ("op", "change", "words"),
    [
        ("map_tile", {"width": 17}, "width must be a whole number in"),
        ("map_tile", {"axes": "none"}, "axes must be one of"),
        ("map_tile", {"x": [2, 1]}, "x must be two numbers"),
        ("map_tile", {"x": [2, 2.0000000000000004]}, "float64 cannot tell neighbours apart"),
        ("map_tile", {"size": 512, "stop": 512, "stride": 1}, "pixels of a tile"),
        ("map_run", {"row": 17}, "row must be a whole number in"),
        ("box_dimension", {"bitmap": ["0" * 17] * 16 + ["1" * 18]}, "all of one length"),
    ],
)
def test_what_cannot_be_is_refused_in_words(op: str, change: dict[str, Any], words: str) -> None:
    given = {"map_tile": {**MAP, "stride": 8, "first": 0, "stop": 17}, "map_run": {**MAP, "row": 0, "column": 0}}
    with pytest.raises((ConfigError, CommandError), match=words):  # before the session sees it, or by its answer
        raise CommandError("", ask(Stage(), op, **{**given.get(op, {}), **change})["message"], {})
