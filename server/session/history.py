"""What can be undone and redone: where the run stood before each command that changed it, in bounded memory."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from ..run.ghost import Ghost
from ..run.lane import Lane
from ..run.moment import Moment
from ..run.run import Run
from ..wire.commands import Command, CommandError

#: Commands that can be undone.
_MOST = 50
#: Lanes that are kept whole beside those of the run, and so are back at once: their bytes, all together.
_KEPT_BYTES = 64 * 2**20
#: Runs that were left whose curves are kept, the newest.
_MOST_GHOSTS = 3
#: Seconds between two edits of one value that are still one movement of a hand.
_ONE_MOVEMENT = 0.4
#: Commands that a hand on a slider or on a weight gives many times a second.
_DRAGGED = ("set", "set_parameter")
#: Characters of a change that are told for the words on a button.
_MOST_TOLD = 600


@dataclass(frozen=True, slots=True)
class Deed:
    """A command that changed the run, and where that stood: before it, or when it was undone.

    One that began `anew` left nothing of the run that stood there: that has become a `ghost`, if it had been trained.
    """

    op: str
    change: Mapping[str, Any]
    moment: Moment
    anew: bool = False
    ghost: Ghost | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it without lanes, as plain data."""
        values = {"op": self.op, "change": dict(self.change), "moment": self.moment.to_json(), "anew": self.anew}
        return values if self.ghost is None else {**values, "ghost": self.ghost.to_json()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Build it from plain data; ConfigError if it is about no run that can be."""
        ghost = Ghost.from_json(values["ghost"]) if "ghost" in values else None
        moment, anew = Moment.from_json(values["moment"]), bool(values.get("anew"))
        return cls(str(values["op"]), dict(values["change"]), moment, anew, ghost)

    def told(self) -> dict[str, Any]:
        """Return what it was, as plain data; a long change is left out."""
        short = len(json.dumps(self.change, default=str)) <= _MOST_TOLD
        return {"op": self.op, "change": dict(self.change) if short else {}}


Deeds = tuple[tuple[Deed, ...], tuple[Deed, ...]]


def deeds_to_json(deeds: Deeds) -> list[list[dict[str, Any]]]:
    """Return past and future deeds, from `History.record`, as plain data."""
    return [[one.to_json() for one in some] for some in deeds]


def deeds_from_json(values: Sequence[Sequence[Mapping[str, Any]]]) -> Deeds:
    """Return past and future deeds from plain data; ConfigError if one is about no run that can be."""
    past, future = (tuple(Deed.from_json(one) for one in some) for some in values)
    return past, future


class History:
    """The deeds that can be undone, and those undone that can be done again.

    Parameters
    ----------
    past, future : tuple of Deed
        As a session before this one had them; the newest last.
    """

    def __init__(self, past: tuple[Deed, ...] = (), future: tuple[Deed, ...] = ()) -> None:
        self._past, self._future = list(past), list(future)
        self._hand: tuple[Any, ...] | None = None
        self._moved = -math.inf

    def joins(self, command: Command, now: float) -> bool:
        """Whether an edit goes on with the movement of a hand that made the last one.

        That is so if it is of the same values, and either by the same press of a pointer or right after it.
        """
        hand, before = _hand_of(command), self._hand
        if hand is None or before is None or hand[:-1] != before[:-1]:
            return False
        same_press = hand[-1] is not None and hand[-1] == before[-1]
        return same_press or (hand[-1] is before[-1] is None and now - self._moved < _ONE_MOVEMENT)

    def note(self, command: Command, before: Moment, run: Run, now: float) -> None:
        """Note a command that has been carried out, where the run stood before it; one that changed nothing is none."""
        if before.same_run(run):
            return
        joined = self.joins(command, now)
        self._hand, self._moved = _hand_of(command), now
        self._future.clear()
        if not joined or not self._past:
            change = {name: value for name, value in command.fields.items() if name != "hand"}
            anew = not before.lives_on(run)
            deed = Deed(command.op, change, before, anew, before.ghost() if anew else None)
            self._past = _haunted([*self._past, deed][-_MOST:])
        self._let_go(run)

    def undo(self, run: Run, now: Moment) -> Moment:
        """Take back the last deed: bring the run to where it stood before, standing still, and return where that is.

        Raises
        ------
        CommandError
            If there is nothing to undo.
        ConfigError
            If what it was trained on is not there any more. Nothing is changed then.
        """
        return self._swap(self._past, self._future, run, now, "undo")

    def undo_to_ghost(self, run: Run, now: Moment) -> Moment:
        """Bring back the run that was left last: take back all deeds since, and the one that left it; see `undo`."""
        count = next((k for k, deed in enumerate(reversed(self._past), 1) if deed.ghost is not None), 0)
        return self._swap(self._past if count else [], self._future, run, now, "undo", count)

    def redo(self, run: Run, now: Moment) -> Moment:
        """Do again what was undone last: bring the run to where it stood then; see `undo`."""
        return self._swap(self._future, self._past, run, now, "redo")

    def _swap(self, source: list[Deed], other: list[Deed], run: Run, now: Moment, word: str, count: int = 1) -> Moment:
        if not source:
            raise CommandError(f"nothing_to_{word}", f"there is nothing to {word}", {"name": word})
        deeds = source[-count:]
        moment = deeds[0].moment
        lanes = {number: place.come_back() for number, place in moment.places.items()}
        left = now.ghost() if other is self._past and deeds[-1].anew else None
        run.come_back(lanes, moment.focus, {number: place.step for number, place in moment.places.items()})
        del source[-count:]
        later = [*(deed.moment for deed in deeds[1:]), now]
        undone = [replace(deed, moment=there, ghost=None) for deed, there in zip(deeds, later, strict=True)]
        other += reversed([*undone[:-1], replace(undone[-1], ghost=left)])
        self._past[:] = _haunted(self._past)
        self._hand = None
        self._let_go(run)
        return moment

    @property
    def ghost(self) -> Ghost | None:
        """The run that was left last, and can come back with `undo_to_ghost`."""
        return next((deed.ghost for deed in reversed(self._past) if deed.ghost is not None), None)

    def curve_left(self) -> Mapping[str, Any] | None:
        """Return the curve of that run."""
        return None if self.ghost is None else self.ghost.curve

    def told(self) -> dict[str, Any]:
        """Return what a click would undo and redo, and which run would come back, None for nothing."""
        return {
            "undo": self._past[-1].told() if self._past else None,
            "redo": self._future[-1].told() if self._future else None,
            "ghost": None if self.ghost is None else self.ghost.told(),
        }

    def record(self) -> Deeds:
        """Return past and future without lanes, to be taken to another session."""
        return _bare(self._past), _bare(self._future)

    def _let_go(self, run: Run) -> None:
        """Let go of lanes that are too much to keep, those first that would come last."""
        kept: set[Lane] = set(run.lanes.values())
        dropped: set[Lane] = set()
        room = float(_KEPT_BYTES)
        for deed in [*reversed(self._future), *reversed(self._past)]:
            for lane in deed.moment.lanes() - kept - dropped:
                room -= lane.trainer.past_bytes
                (kept if room >= 0 else dropped).add(lane)
        for deeds in (self._past, self._future):
            deeds[:] = [replace(deed, moment=deed.moment.without(dropped)) for deed in deeds]


def _hand_of(command: Command) -> tuple[Any, ...] | None:
    """Return what tells one movement of a hand from another: the values, the lane, and the press of a pointer.

    Only numbers can be dragged.
    """
    fields = command.fields
    values = {name: value for name, value in fields.items() if name not in ("hand", "lane", "index")}
    if command.op not in _DRAGGED or not all(type(value) in (int, float) for value in values.values()):
        return None
    return command.op, tuple(sorted(values)), fields.get("lane"), fields.get("index"), fields.get("hand")


def _bare(deeds: list[Deed]) -> tuple[Deed, ...]:
    return tuple(replace(deed, moment=deed.moment.without(deed.moment.lanes())) for deed in deeds)


def _haunted(deeds: list[Deed]) -> list[Deed]:
    """Return deeds of which the newest have ghosts: what is to be written of a run stays small."""
    ghosts = [deed for deed in deeds if deed.ghost is not None][-_MOST_GHOSTS:]
    return [deed if deed in ghosts or deed.ghost is None else replace(deed, ghost=None) for deed in deeds]
