"""Where a run stood, kept so that it can be there again: what each lane is made of, and its step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from ...core.config.config import RunConfig
from ...core.ground.errors import check_integer
from ..wire.edits import Edit, Edits
from .ghost import Ghost
from .lane import Lane
from .run import Run


@dataclass(frozen=True, slots=True)
class Place:
    """Where one lane stood.

    Parameters
    ----------
    config : RunConfig
        As it began.
    edits : tuple of Edit
        What was changed since.
    step, furthest : int
        Where it stood, and how far it had come on its branch.
    lane : Lane or None
        The lane itself, which may have other edits by now; without it, it is trained again.
    """

    config: RunConfig
    edits: tuple[Edit, ...]
    step: int
    furthest: int
    lane: Lane | None = field(default=None, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Return it without the lane, as plain data."""
        edits = [edit.to_json() for edit in self.edits]
        return {"config": self.config.to_json(), "log": edits, "step": self.step, "furthest": self.furthest}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Build it from plain data.

        Raises
        ------
        ConfigError
            If there is no such run.
        """
        edits = tuple(Edit.from_json(edit) for edit in values["log"])
        step, furthest = (check_integer(name, values[name], 0, 2**53) for name in ("step", "furthest"))
        return cls(RunConfig.from_json(values["config"]), edits, step, furthest)

    def come_back(self) -> Lane:
        """Return the lane with the edits that it had.

        Raises
        ------
        ConfigError
            If its data are not there any more.
        """
        lane = Lane(self.config, Edits(self.edits)) if self.lane is None else self.lane.as_of(self.edits)
        lane.trainer.furthest = max(lane.trainer.furthest, self.furthest)
        return lane


@dataclass(frozen=True, slots=True)
class Moment:
    """Where all lanes stood, which was in focus, and which sample was looked at."""

    places: Mapping[int, Place]
    focus: int
    sample: int = 0

    @classmethod
    def of(cls, run: Run, sample: int = 0) -> Moment:
        """Return where a run stands, or where it is bound for."""
        places = {}
        for number, lane in run.lanes.items():
            step = lane.trainer.step_count if run.target is None else run.target
            furthest = max(step, lane.trainer.furthest)
            places[number] = Place(lane.config, lane.edits.record(), step, furthest, lane)
        return cls(places, run.focus, sample)

    def to_json(self) -> dict[str, Any]:
        """Return it without lanes, as plain data."""
        places = {str(number): place.to_json() for number, place in self.places.items()}
        return {"places": places, "focus": self.focus, "sample": self.sample}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Build it from plain data; ConfigError if there is no such run."""
        places = {int(number): Place.from_json(place) for number, place in values["places"].items()}
        return cls(places, int(values["focus"]), int(values["sample"]))

    def same_run(self, run: Run) -> bool:
        """Whether a run is made of just this, wherever it stands."""
        return self.places.keys() == run.lanes.keys() and all(
            place.lane is run.lanes[number] and place.edits == run.lanes[number].edits.record()
            for number, place in self.places.items()
        )

    def lives_on(self, run: Run) -> bool:
        """Whether any of its lanes is still there."""
        return not self.lanes().isdisjoint(run.lanes.values())

    def ghost(self) -> Ghost | None:
        """Return the ghost of its lane in focus; None if that is no longer held, or had taken no step."""
        place = self.places[self.focus]
        return None if place.lane is None or not place.step else Ghost.of(place.lane, place.step)

    def lanes(self) -> set[Lane]:
        """Return the lanes that it still holds."""
        return {place.lane for place in self.places.values() if place.lane is not None}

    def without(self, lanes: set[Lane]) -> Moment:
        """Return it without these lanes: to come back to them is to train them again."""
        places = {n: replace(place, lane=None) if place.lane in lanes else place for n, place in self.places.items()}
        return replace(self, places=places)
