"""What of a large net travels: some layers in turn, those looked at every time, and all where the run rests."""

import json
from typing import Any

import numpy as np
import pytest
from backscope.core.config.config import DataConfig, NetworkConfig, OptimizerConfig, RunConfig
from backscope.core.ground.errors import ConfigError
from backscope.core.nets.network import Network
from backscope.server.wire.commands import CommandError
from backscope.server.wire.detail import Detail
from stage import CIRCLE, Stage, parse

DEEP = RunConfig(DataConfig("circle"), NetworkConfig((64,) * 50, "sigmoid"), OptimizerConfig("sgd", 0.1))


def runs(stage: Stage, steps: int = 3) -> dict[str, Any]:
    """The next frame while it trains on."""
    stage.session.run.trainer.run(steps)
    stage.session.run.version += 1
    return stage.see()


def playing(config: RunConfig = DEEP) -> Stage:
    stage = Stage(config)
    stage.do("play")
    stage.see()
    return stage


def blocks(frame: dict[str, Any], quantity: str) -> dict[int, np.ndarray]:
    found = (name.split(":") for name in frame["arrays"] if name.startswith(f"{quantity}:"))
    return {int(at): frame["arrays"][f"{quantity}:{at}"] for _, at in found}


def test_a_newcomer_gets_a_large_net_whole_and_then_some_layers_at_a_time() -> None:
    stage = Stage(DEEP)
    stage.do("play")
    assert len(stage.see()["arrays"]["P"]) == stage.trainer.network.parameter_count
    frame = runs(stage)
    assert "P" not in frame["arrays"]
    assert "G" not in frame["arrays"]
    for at, numbers in blocks(frame, "P").items():
        np.testing.assert_allclose(numbers, stage.trainer.theta[at : at + len(numbers)], rtol=2**-8)
    assert blocks(frame, "P")


def test_frames_of_fifty_layers_of_64_stay_below_100_kb_and_bring_every_layer_in_turn() -> None:
    stage, seen = playing(), set()
    offsets = {block.offset for block in stage.trainer.network.blocks}
    for _ in range(12):
        frame = runs(stage)
        assert len(stage.message) < 100_000
        seen |= blocks(frame, "P").keys()
    assert seen == offsets


def test_layers_looked_at_come_every_time_with_their_gradients() -> None:
    stage = playing()
    stage.do("look", layers=[7, 8])
    wanted = {stage.trainer.network.blocks[layer - 1].offset for layer in (7, 8)}
    for _ in range(3):
        frame = runs(stage)
        assert blocks(frame, "G").keys() == wanted <= blocks(frame, "P").keys()
        for at, numbers in blocks(frame, "G").items():
            np.testing.assert_allclose(numbers, stage.trainer.gradient[at : at + len(numbers)], rtol=2**-8)
    stage.do("look", layers=[])
    assert not blocks(runs(stage), "G")


def test_who_looks_at_a_layer_looks_at_it_after_a_new_beginning_too() -> None:
    stage = playing()
    stage.do("look", layers=[7])
    stage.do("reset")
    stage.do("play")
    stage.see()
    assert blocks(runs(stage), "G").keys() == {stage.trainer.network.blocks[6].offset}
    stage.do("configure", network={"hidden": [64] * 40})
    stage.do("play")
    stage.see()
    assert blocks(runs(stage), "G").keys() == {stage.trainer.network.blocks[6].offset}


def test_the_newest_of_many_clients_are_served() -> None:
    detail = Detail()
    for client in range(1, 12):
        detail.look(client, [client])
    assert detail.looked == frozenset(range(4, 12))


def test_all_is_sent_where_steps_are_few() -> None:
    stage = playing()
    stage.do("speed", steps_per_second=1)
    assert "P" in runs(stage, 1)["arrays"]
    stage.do("speed", steps_per_second=0)
    assert "P" not in runs(stage, 1)["arrays"]


def test_all_is_sent_where_the_run_rests() -> None:
    stage = playing()
    runs(stage)
    stage.do("pause")
    frame = stage.see()
    np.testing.assert_allclose(frame["arrays"]["P"], stage.trainer.theta, rtol=2**-8)
    np.testing.assert_allclose(frame["arrays"]["G"], stage.trainer.gradient, rtol=2**-8)
    assert frame["measured"] == frame["step"] == stage.trainer.step_count
    assert frame["loss"] == stage.trainer.evaluate().loss


def test_a_small_net_comes_whole_whatever_is_looked_at() -> None:
    stage = playing(CIRCLE)
    stage.do("look", layers=[1])
    frame = runs(stage)
    np.testing.assert_array_equal(frame["arrays"]["P"], stage.trainer.theta.astype(np.float32))
    assert not blocks(frame, "P")


@pytest.mark.parametrize("layers", [[0], [66], list(range(1, 10)), "all", [1.5]])
def test_what_is_no_layer_is_refused(layers: object) -> None:
    with pytest.raises((CommandError, ConfigError), match="layers must be"):
        parse(json.dumps({"op": "look", "layers": layers}))


def test_a_layer_that_all_look_at_is_not_sent_twice() -> None:
    detail, network = Detail(), Network([2, 4, 1])
    detail.look(1, [1, 2, 9])
    assert detail.next(network, 0) == ([1, 2], [])
    detail.look(1, [2])
    assert detail.next(network, 0) == ([2], [1])
    detail.forget()
    assert detail.looked == frozenset()
