"""What is served of the tables and limits: each stands in one place, and the page has no other."""

import json

import pytest
from backscope.core import Hyperparameter, forget, own_activation, own_optimizer, register
from backscope.core.config.config import LIMITS
from backscope.core.run.lanes import MOST_LANES
from backscope.server.front.options import options, options_text
from backscope.server.panels.surface_choice import SurfaceChoice
from backscope.server.session.commands import OPERATIONS
from backscope.server.wire.commands import CommandError, parse
from backscope.server.wire.settings import Limits
from stage import Stage


def told(op: str, **fields: object) -> dict[str, object]:
    return dict(parse(json.dumps({"op": op, **fields}), OPERATIONS).fields)


def test_a_server_allows_by_default_what_the_core_can() -> None:
    limits = Limits()
    for name in ("layers", "neurons", "samples"):
        assert getattr(limits, name) == LIMITS[name]


def test_every_limit_is_served_and_can_be_carried_by_json() -> None:
    served = json.loads(json.dumps(options(Limits(layers=7)), allow_nan=False))
    assert served["limits"]["layers"] == 7
    assert served["limits"]["lanes"] == MOST_LANES
    assert set(Limits.__dataclass_fields__) <= served["limits"].keys()


def test_resolutions_that_are_offered_are_taken_and_finer_ones_are_refused() -> None:
    offered = options(Limits())["resolutions"]
    assert offered == sorted(offered)
    for resolution in offered:
        assert told("surface", resolution=resolution) == {"resolution": resolution}
    assert SurfaceChoice().resolution == offered[-1]
    with pytest.raises(Exception, match="resolution must be a whole number in"):
        told("surface", resolution=offered[-1] + 1)


@pytest.mark.parametrize("kind", ["planes", "through"])
def test_choices_of_a_surface_are_those_that_are_offered(kind: str) -> None:
    name = kind.rstrip("s")
    for choice in options(Limits())[kind]:
        assert told("surface", **{name: choice}) == {name: choice}
    with pytest.raises(CommandError):
        told("surface", **{name: "elsewhere"})


def test_what_is_registered_is_offered_at_once_with_its_words_and_numbers_and_commands_take_it() -> None:
    """Also where the tables of commands are there already, as in a notebook."""
    before = options(Limits())
    assert before["words"] == {}
    lines = ["v <- zeal * v + g", "step = -eta * v"]
    register(own_optimizer("eager", lines, [Hyperparameter("zeal", 0.5, 0.0, 1.0)]), words={"en": "Eager", "zh": "急"})
    register(own_activation("half", "z / 2", "1 / 2"))
    try:
        served = options(Limits())
        zeal = {"name": "zeal", "default": 0.5, "low": 0.0, "high": 1.0}
        assert served["optimizers"][-1]["hyperparameters"] == [zeal]
        assert served["words"] == {
            "hyperparameter.zeal": {"en": "zeal"},
            "optimizer.eager": {"en": "Eager", "zh": "急"},
            "activation.half": {"en": "Half"},
        }
        assert served["activations"][-1] == "half"
        assert json.loads(options_text(Limits())) == json.loads(json.dumps(served))
        assert told("set", optimizer="eager", zeal=0.25) == {"optimizer": "eager", "zeal": 0.25}
        stage = Stage()
        stage.do("set", optimizer="eager", zeal=0.25)
        stage.do("lane_add", change={"optimizer": {"name": "eager", "zeal": 0.75}}, start="start")
        stage.travel("step", count=2)
        assert stage.trainer.config.optimizer.hyperparameters == {"zeal": 0.25}
    finally:
        forget("eager")
        forget("half")
    assert options(Limits()) == before
    with pytest.raises(CommandError, match="zeal"):
        told("set", zeal=0.25)
