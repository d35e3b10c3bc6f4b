"""What each command does to a session: the table of actions.

An action returns the fields of its reply, or None if it will be answered later. It raises where it refuses, before it
has changed anything.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.config.config import RunConfig
from ...core.ground.errors import ConfigError, check_integer
from ...core.insight.depth_map import MapTask, first_to_last
from ..panels.checks import check_of, summary
from ..panels.inspection import curve_of, difference_of, history_of, inspect, measured, watch_of
from ..panels.lines import SharpnessRecord, anatomy_on, cut_of, cut_reply
from ..panels.microscope import microscope_message
from ..run.lane_changes import added, check_level, check_sizes, lane_of, patched_all, present
from ..run.pace import Pace
from ..wire.commands import Command, CommandError
from ..wire.edits import patched
from ..wire.messages import Work
from ..wire.presets import PRESETS
from ..wire.protocol import finite

if TYPE_CHECKING:
    from .session import Session

#: Seconds that a command may train before it is answered.
_AT_ONCE = 0.008

#: Commands that mean the step that the run is bound for: until it is there, they wait.
EXACT = frozenset(
    {"play", "step", "step_back", "set", "microscope", "recover", "check", "set_parameter", "difference", "lane_add"}
)


def _play(session: Session, client: int, command: Command) -> dict[str, Any]:
    gone = session.run.trainer.diverged
    if gone is not None and session.run.stuck:
        words = f"the loss left the numbers at step {gone.step}: go back, or begin anew"
        raise CommandError("diverged", words, {"name": "step", "value": gone.step})
    if not session.run.playing:
        session.run.play(session.clock())
    return {}


def _pause(session: Session, client: int, command: Command) -> dict[str, Any]:
    session.supersede()
    session.run.stop()
    return {}


def _travel(session: Session, step: int) -> dict[str, Any]:
    session.run.go_to(step)
    session.surface.go_back({number: lane.trainer.step_count for number, lane in session.run.lanes.items()})
    session.run.advance(time.perf_counter() + _AT_ONCE, session.clock())
    return {"target": step}


def _step(session: Session, client: int, command: Command) -> dict[str, Any]:
    return _travel(session, session.run.front + command.fields.get("count", 1))


def _step_back(session: Session, client: int, command: Command) -> dict[str, Any]:
    return _travel(session, max(0, session.run.front - command.fields.get("count", 1)))


def _seek(session: Session, client: int, command: Command) -> dict[str, Any]:
    session.supersede()
    return _travel(session, command.fields["step"])


def _recover(session: Session, client: int, command: Command) -> dict[str, Any] | None:
    if session.run.trainer.diverged is None:
        raise CommandError("not_diverged", "there is nothing to recover from: the loss is a number")
    step, rate = session.run.trainer.good_step()
    _travel(session, step)
    session.waiting.insert(0, (client, Command("go_on", command.number, {"learning_rate": rate})))
    return None


def _go_on(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Train on with a smaller rate: the second half of `recover`."""
    session.run.set(command.fields)
    session.run.play(session.clock())
    return dict(command.fields)


def _set(session: Session, client: int, command: Command) -> dict[str, Any]:
    run = session.run
    number = lane_of(run, command.fields.get("lane"))
    change = {name: value for name, value in command.fields.items() if name != "lane"}
    config = run.lanes[number].trainer.config
    if config.edited(change) == config:
        return {}
    _room_for_an_edit(session)
    check_level(run, change)
    run.set(change, number)
    session.screen.renew()
    if run.playing:
        run.step_at_once()
    return {}


def _speed(session: Session, client: int, command: Command) -> dict[str, Any]:
    session.run.pace = Pace(command.fields["steps_per_second"])
    session.run.pace.start(session.clock())
    return {}


def _restart(session: Session, configs: Mapping[int, RunConfig], reason: str, *, play: bool = False) -> dict[str, Any]:
    check_sizes(configs, session.limits)
    session.supersede()
    run = session.run
    run.restart(configs)
    if run.playing and play:
        run.play(session.clock())
    else:
        run.playing = False
    session.surface.restart()
    session.sharpness = SharpnessRecord()
    session.surface.show(run.focus, run.trainer, run.company())
    session.screen.introduce()
    session.explain(reason)
    return {"restarted": True, "reason": reason}


def _reset(session: Session, client: int, command: Command) -> dict[str, Any]:
    return _restart(session, present(session.run), "reset")


def _reseed(session: Session, client: int, command: Command) -> dict[str, Any]:
    patch: dict[str, Any] = {"seed": command.fields.get("seed", random.randrange(1, 100_000))}
    if session.run.trainer.config.on_landscape:
        patch["initial"] = None  # what a landscape draws is its start
    configs = {number: patched(config, patch) for number, config in present(session.run).items()}
    return _restart(session, configs, "reseed")


def _configure(session: Session, client: int, command: Command) -> dict[str, Any]:
    number = lane_of(session.run, command.fields.get("lane"))
    patch = {name: value for name, value in command.fields.items() if name != "lane"}
    return _restart(session, patched_all(present(session.run), number, patch), "configured", play=True)


def _preset(session: Session, client: int, command: Command) -> dict[str, Any]:
    configs = {0: PRESETS[command.fields["name"]]}
    check_sizes(configs, session.limits)
    _keep_alone(session, session.run.focus)
    return _restart(session, configs, "preset")


def _add_lane(session: Session, client: int, command: Command) -> dict[str, Any]:
    run, fields = session.run, command.fields
    model = lane_of(run, fields.get("from"), "from")
    start = fields.get("start", "start")
    config, edits = added(run, model, fields.get("change", {}), start, session.limits)
    playing, step = run.playing, run.front
    number = run.add(config, edits, model if start == "here" else None)
    _show_lanes(session)
    if run.target is not None:
        session.catch_up(_AT_ONCE)
        if playing:
            session.waiting.insert(0, (0, Command("play", None, {})))
    return {"lane": number, "target": step}


def _remove_lane(session: Session, client: int, command: Command) -> dict[str, Any]:
    run = session.run
    number = lane_of(run, command.fields["lane"])
    if len(run.lanes) == 1:
        raise CommandError("last_lane", "the last lane stays: a run has one at least", {"name": "lanes", "value": 0})
    run.remove(number)
    _show_lanes(session)
    return {"lane": run.focus}


def _focus_on_lane(session: Session, client: int, command: Command) -> dict[str, Any]:
    number = lane_of(session.run, command.fields["lane"])
    if number != session.run.focus:
        session.run.look_at(number)
        _show_lanes(session)
    return {"lane": number}


def _promote_lane(session: Session, client: int, command: Command) -> dict[str, Any]:
    _keep_alone(session, lane_of(session.run, command.fields["lane"]))
    _show_lanes(session)
    return {"lane": 0}


def _keep_alone(session: Session, lane: int) -> None:
    session.run.promote(lane)
    session.surface.renumber(lane)


def _show_lanes(session: Session) -> None:
    """Other lanes are there, or another one is in focus: show them."""
    run = session.run
    session.sharpness = SharpnessRecord()
    session.surface.show(run.focus, run.trainer, run.company())
    session.screen.introduce_change()
    session.urge()


def _needs_a_network(action: Action) -> Action:
    """Return an action that is refused, in words, on a landscape."""

    def refusing(session: Session, client: int, command: Command) -> dict[str, Any] | None:
        config = session.run.trainer.config
        if config.on_landscape:
            words = f"{command.op} needs a network: {config.data.name} is a function of two parameters"
            raise CommandError("no_network", words, {"name": command.op, "value": config.data.name})
        return action(session, client, command)

    return refusing


def _look_at_sample(session: Session, client: int, command: Command) -> dict[str, Any]:
    row, last = command.fields["row"], session.run.rows - 1
    if row > last:
        raise ConfigError(f"row must lie in [0, {last}], got {row}", "row", row, 0, last)
    session.screen.sample = row
    session.run.version += 1
    return {}


def _look_at_layers(session: Session, client: int, command: Command) -> dict[str, Any]:
    session.screen.look(client, command.fields["layers"])
    return {}


def _look_at_surface(session: Session, client: int, command: Command) -> dict[str, Any]:
    config = session.run.trainer.config
    if config.on_landscape and not command.fields.keys() <= {"resolution", "off"}:
        words = f"{config.data.name} has one plane only: that of its two parameters"
        raise CommandError("no_network", words, {"name": "surface", "value": config.data.name})
    index = max(command.fields.get("weights", (0,)))
    last = session.run.trainer.network.parameter_count - 1
    if index > last:
        raise ConfigError(f"weights must lie in [0, {last}], got {index}", "weights", index, 0, last)
    session.look_at_surface(session.surface.choice.changed(command.fields))
    return {}


def _stop_surface(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Leave the picture as it is until the run goes on."""
    session.stop_surface()
    return {}


def _explain(session: Session, client: int, command: Command) -> dict[str, Any]:
    trainer = session.run.trainer
    return {"inspection": inspect(trainer, watch_of(command.fields, trainer), session.screen.sample)}


def _watch(session: Session, client: int, command: Command) -> dict[str, Any]:
    trainer = session.run.trainer
    watch = watch_of(command.fields, trainer) if command.fields["target"] is not None else None
    session.screen.watch(client, watch)
    if watch is None:
        return {}
    session.run.version += 1
    history = history_of(trainer, watch.target.index(trainer.network))
    return {"inspection": inspect(trainer, watch, session.screen.sample), "history": history}


def _activation(session: Session, client: int, command: Command) -> dict[str, Any]:
    trainer, layer = session.run.trainer, command.fields["layer"]
    check_integer("layer", layer, 1, len(trainer.network.blocks))
    batch = command.fields.get("over", "sample") == "batch"
    network = trainer.batch_config.make_network() if batch else trainer.network
    return curve_of(network, layer, command.fields.get("low", -6.0), command.fields.get("high", 6.0))


def _set_parameter(session: Session, client: int, command: Command) -> dict[str, Any]:
    _room_for_an_edit(session)
    run, index = session.run, command.fields["index"]
    run.set({"parameters": {str(index): command.fields["value"]}})
    return {}


def _room_for_an_edit(session: Session) -> None:
    count, most = session.run.edit_count, session.limits.edits
    if count >= most:
        words = f"a run can have {most} live edits: reset it to begin anew with the present values"
        raise CommandError("log_full", words, {"name": "edits", "value": count, "high": most})


def _difference(session: Session, client: int, command: Command) -> None:
    trainer = session.run.trainer
    work = difference_of(trainer, watch_of(command.fields, trainer), session.screen.sample)
    session.order(client, command, work, partial(measured, work.task))


def _map_depths(session: Session, client: int, command: Command) -> None:
    """Try one depth in some widths; the page asks depth by depth, and to cancel is to ask no more."""
    fields, limits = command.fields, session.limits
    check_integer("number of hidden layers", fields["depth"], 1, limits.layers)
    check_integer("neurons per layer", max(fields["widths"]), 1, limits.neurons)
    trainer, shapes = session.run.trainer, tuple((fields["depth"], width) for width in fields["widths"])
    chosen = fields["activation"], fields["initializer"], fields.get("normalization")
    task = MapTask.of(trainer.config, trainer.dataset, shapes, *chosen)

    def answer(ratios: Any) -> dict[str, Any]:
        return {"depth": fields["depth"], "ratios": [finite(ratio) for ratio in ratios]}

    session.order(client, command, Work(first_to_last, task, len(shapes)), answer)


def _magnify(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Stand still, and show one client the coming step."""
    gone = session.run.trainer.diverged
    if gone is not None:
        words = f"the loss left the numbers at step {gone.step}: there is no coming step"
        raise CommandError("diverged", words, {"name": "step", "value": gone.step})
    message = microscope_message(session.run.trainer, session.screen.layout, command.fields.get("row"))
    if session.run.playing:
        session.run.stop()
    session.tell(client, message)
    return {}


def _check(session: Session, client: int, command: Command) -> None:
    work = check_of(session.run.trainer)
    session.order(client, command, work, partial(summary, work.task))


def _cut(session: Session, client: int, command: Command) -> None:
    """The loss along the straight line from the start of the run to now."""
    work = cut_of(session.run.trainer)
    session.order(client, command, work, partial(cut_reply, work.task))


def _anatomy(session: Session, client: int, command: Command) -> dict[str, Any]:
    """The coming step on the surface's plane, taken apart; the last one where the run is under way."""
    plane, trainer = session.surface.plane, session.run.trainer
    coming = not session.run.playing
    gone = plane is None or trainer.diverged is not None or session.run.target is not None
    parts = None if gone or plane is None else anatomy_on(plane, trainer, coming)
    return {"anatomy": parts, "plane_id": session.surface.plane_id}


def _sharpness(session: Session, client: int, command: Command) -> dict[str, Any] | None:
    """The largest eigenvalue of the Hessian at one more step of the run, and at all those that are known."""
    record, trainer = session.sharpness, session.run.trainer
    work = record.next(trainer)
    if work is None or not np.isfinite(trainer.theta).all():
        return record.reply(trainer, more=False)

    def answer(rows: Any) -> dict[str, Any]:
        if session.sharpness is record:
            record.take(work.task, rows)
        now = session.run.trainer
        return session.sharpness.reply(now, more=session.sharpness.next(now) is not None)

    session.order(client, command, work, answer)
    return None


def _laboratory(session: Session, client: int, command: Command) -> dict[str, Any]:
    number, since = command.fields.get("number", -1), command.fields.get("since", -1)
    session.tell(client, session.laboratory.message(session.run.trainer, session.screen.layout, number, since))
    return {}


Action = Callable[["Session", int, Command], dict[str, Any] | None]

#: op -> what it does
ACTIONS: Mapping[str, Action] = {
    "play": _play,
    "pause": _pause,
    "step": _step,
    "step_back": _step_back,
    "seek": _seek,
    "reset": _reset,
    "reseed": _reseed,
    "speed": _speed,
    "set": _set,
    "configure": _configure,
    "lane_add": _add_lane,
    "lane_remove": _remove_lane,
    "lane_focus": _focus_on_lane,
    "lane_promote": _promote_lane,
    "preset": _preset,
    "recover": _recover,
    "go_on": _go_on,
    "sample": _needs_a_network(_look_at_sample),
    "look": _needs_a_network(_look_at_layers),
    "surface": _look_at_surface,
    "surface_stop": _stop_surface,
    "cut": _cut,
    "anatomy": _anatomy,
    "sharpness": _sharpness,
    "check": _check,
    "depth_map": _needs_a_network(_map_depths),
    "microscope": _needs_a_network(_magnify),
    "laboratory": _needs_a_network(_laboratory),
    "explain": _explain,
    "watch": _watch,
    "difference": _difference,
    "activation": _needs_a_network(_activation),
    "set_parameter": _set_parameter,
}
