"""Questions to a class in the front: asked while the run stands, and answered by a copy of the run."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from typing import Any

from ..classroom.polls import OF_THE_RUN, Poll
from ..classroom.room import Room
from ..classroom.rooms import Rooms
from ..wire.commands import Command, CommandError
from ..wire.messages import Order, Reply
from .entries import Entry, digest
from .sessions import Sessions

#: Seconds of training that the answer to a question may take.
_MOST_FORECAST = 30.0
#: The client that the front itself is.
FRONT = 0


class Questions:
    """What `Classroom` offers of them.

    Parameters
    ----------
    rooms : Rooms
    sessions : Sessions
    changed : callable
        Tells everybody in a room, soon.
    """

    def __init__(self, rooms: Rooms, sessions: Sessions, changed: Callable[[Room], None]) -> None:
        self._rooms, self._sessions, self._changed = rooms, sessions, changed
        self._numbers = itertools.count(1)
        self._asked: dict[int, Callable[[dict[str, Any]], None]] = {}

    def halt(self, room: Room) -> None:
        """Have the run of a room stand."""
        entry = self._sessions.entries.get(room.session)
        if entry is not None and not entry.asleep:
            entry.link.send(Order(room.session, FRONT, Command("pause", None, {})))

    def answered(self, reply: Reply) -> None:
        """A host has answered the front itself."""
        done = self._asked.pop(reply.number, None) if reply.number is not None else None
        if done is not None and isinstance(reply.text, str):
            done(json.loads(reply.text))

    def ask(self, room: Room, fields: Mapping[str, Any]) -> Poll:
        """Ask everybody a question: the run stands, and answers are taken until it goes on."""
        entry = self._sessions.entries.known(room.session)
        kind, step = fields["kind"], fields.get("step")
        if kind in OF_THE_RUN and step is not None:
            seconds = entry.record.cost.step * (step - entry.step) * 2
            if seconds > _MOST_FORECAST:
                most = entry.step + int(_MOST_FORECAST / entry.record.cost.step / 2)
                words = (
                    f"step must be {most} at most: further ahead this run cannot be trained for an answer, got {step}"
                )
                raise CommandError(
                    "out_of_range", words, {"name": "step", "value": step, "low": entry.step, "high": most}
                )
        lanes = [entry.record.lane, *entry.record.others]
        poll = room.polls.ask(kind, entry.step, fields, sorted(lanes))
        poll.lane, poll.runs = entry.record.lane, _runs_of(entry)
        self.halt(room)
        self._changed(room)
        return poll

    def moved(self, name: str, entry: Entry) -> None:
        """A session has come to another step: what was asked before takes no answers any more."""
        room = self._rooms.of(name)
        poll = room.polls.newest if room else None
        if room is not None and poll is not None and poll.open and entry.step != poll.asked_at:
            room.polls.close()
            self._changed(room)

    def reveal(self, room: Room, number: int, *, named: bool, done: Callable[[dict[str, Any]], None]) -> None:
        """Show everybody what was answered, beside what the run does; `done` hears of it then."""
        poll = room.polls.get(number)
        room.polls.close()

        def show(reply: Mapping[str, Any]) -> None:
            if reply["ok"]:
                poll.outcome = reply.get("outcome", poll.outcome)
                poll.revealed, poll.named = True, named
                self._changed(room)
            done(dict(reply))

        if poll.kind not in OF_THE_RUN or poll.outcome is not None:
            outcome = {"value": poll.right} if poll.right is not None else poll.outcome
            show({"ok": True, "outcome": outcome})
            return
        lanes = self._lanes_of(room, poll)
        if not lanes:
            show({"ok": True, "outcome": {"value": None, "gone": True}})
            return
        way: dict[str, Any] = {"kind": poll.kind, "start": poll.asked_at, "end": poll.step, "lanes": lanes}
        if poll.rate is not None:
            way["rate"] = poll.rate
        self._order(room.session, Command("forecast", next(self._numbers), way), show)
        self._changed(room)

    def _lanes_of(self, room: Room, poll: Poll) -> list[int]:
        """Return the lanes that a question is about; none where those are other runs by now."""
        now = _runs_of(self._sessions.entries.known(room.session))
        about = [int(lane) for lane in poll.choices] if poll.kind == "lane" else [poll.lane]
        same = [lane for lane in about if poll.runs.get(str(lane)) == now.get(str(lane))]
        return about if len(same) >= (2 if poll.kind == "lane" else 1) else []

    def _order(self, session: str, command: Command, done: Callable[[dict[str, Any]], None]) -> None:
        entry = self._sessions.entries.known(session)
        if entry.asleep:
            raise CommandError("trainer_lost", "no process trains this run just now; it is being built again")
        assert command.number is not None
        self._asked[command.number] = done
        entry.pending[FRONT, command.number] = command
        entry.link.send(Order(session, FRONT, command))


def _runs_of(entry: Entry) -> dict[str, str]:
    """Return by lane what tells its run from another one: a digest of the config that it began with."""
    record = entry.record
    configs = {record.lane: record.config, **{lane: config for lane, (config, _) in record.others.items()}}
    return {str(lane): digest(json.dumps(config, sort_keys=True)).hex() for lane, config in configs.items()}
