"""Where a run stood: to be there again, with its lanes or from plain data."""

import json
import time
from typing import Any

import pytest
from backscope.core.ground.errors import ConfigError
from backscope.server.run.moment import Moment, Place
from backscope.server.run.pace import Pace
from backscope.server.run.run import Run
from backscope.server.wire.edits import Edits
from backscope.server.wire.presets import PRESETS

XOR = PRESETS["xor"]


def run_at(step: int) -> Run:
    run = Run({0: (XOR, Edits()), 2: (XOR, Edits())}, 2, Pace(60))
    to(run, step)
    return run


def to(run: Run, step: int) -> None:
    run.go_to(step)
    run.advance(time.perf_counter() + 60, 0.0)
    assert run.target is None


def there_again(run: Run, moment: Moment) -> bytes:
    """Bring a run back to a moment, and return the parameters of its lane in focus."""
    lanes = {number: place.come_back() for number, place in moment.places.items()}
    run.come_back(lanes, moment.focus, {number: place.step for number, place in moment.places.items()})
    run.advance(time.perf_counter() + 60, 0.0)
    return run.trainer.theta.tobytes()


@pytest.mark.parametrize("how", ["with its lanes", "without", "from plain data"])
def test_a_run_comes_back_to_the_same_bits(how: str) -> None:
    run = run_at(10)
    run.set({"learning_rate": 0.4})
    to(run, 25)
    moment, before = Moment.of(run, 3), run.trainer.theta.tobytes()
    if how == "without":
        moment = moment.without(moment.lanes())
    elif how == "from plain data":
        moment = Moment.from_json(json.loads(json.dumps(moment.to_json())))
    assert (moment.lanes() == set(run.lanes.values())) is (how == "with its lanes")
    assert (moment.focus, moment.sample, moment.places[2].step, len(moment.places[2].edits)) == (2, 3, 25, 1)
    run.set({"learning_rate": 0.1})
    to(run, 40)
    assert there_again(run, moment) == before
    assert run.trainer.furthest >= 25


def test_it_is_the_same_run_until_something_is_changed_and_lives_on_while_a_lane_does() -> None:
    run = run_at(5)
    moment = Moment.of(run)
    to(run, 9)
    assert moment.same_run(run)
    run.set({"learning_rate": 0.4}, 0)
    assert not moment.same_run(run)
    assert moment.lives_on(run)
    run.restart({number: lane.config for number, lane in run.lanes.items()})
    assert not moment.lives_on(run)


def test_where_it_is_bound_for_counts_and_a_ghost_is_of_the_lane_in_focus() -> None:
    run = run_at(0)
    assert Moment.of(run).ghost() is None
    run.go_to(30)
    assert {place.step for place in Moment.of(run).places.values()} == {30}
    to(run, 30)
    moment = Moment.of(run)
    ghost = moment.ghost()
    assert ghost is not None
    assert (ghost.step, ghost.data) == (30, "xor")
    assert moment.without({run.lane}).ghost() is None
    assert moment.without({run.lanes[0]}).ghost() == ghost


@pytest.mark.parametrize("change", [{"step": -1}, {"furthest": 0.5}, {"log": [{"at": 3}]}, {"config": {"seed": -1}}])
def test_what_is_no_place_is_refused(change: dict[str, Any]) -> None:
    values = Place(XOR, (), 3, 5).to_json()
    assert Place.from_json(values) == Place(XOR, (), 3, 5)
    with pytest.raises(ConfigError):
        Place.from_json({**values, **change})
