"""What is served of the tables and limits: each stands in one place, and the page has no other."""

import json

import pytest
from backscope.core.config.config import LIMITS
from backscope.core.run.lanes import MOST_LANES
from backscope.server.front.options import options
from backscope.server.panels.surface_choice import SurfaceChoice
from backscope.server.session.commands import OPERATIONS
from backscope.server.wire.commands import CommandError, parse
from backscope.server.wire.settings import Limits


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
