"""Commands in: the table of operations and their fields, and the check of a message against it.

What is checked here needs no session: form, types and ranges. What depends on the run is checked where it is known.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from reprlib import repr as shorten
from types import MappingProxyType
from typing import Any, NoReturn

from ...core.config.config import LIMITS, LIVE_NAMES, RunConfig
from ...core.data.tables import MOST_ROWS
from ...core.ground.errors import ConfigError, check_choice, check_flag, check_integer, check_number
from ...core.ground.hyperparameters import Hyperparameter
from ...core.nets.activations import ACTIVATIONS
from ...core.nets.initializers import INITIALIZERS
from ...core.nets.normalization import NORMALIZATIONS
from ...core.optimizers.rules import LEARNING_RATE, OPTIMIZERS
from ...core.run.lanes import MOST_LANES
from ...core.surface.planes import PLANES, THROUGH
from .detail import MOST_LOOKED
from .presets import PRESETS, preset_name

#: Commands that only look: they change nothing that others would have to hear of, and hurry nothing.
GLANCES = frozenset({"laboratory", "depth_map", "cut", "sharpness", "anatomy"})

Check = Callable[[str, object], Any]

#: Where a lane that is added begins: at step 0, or with the present parameters of another one.
STARTS = ("start", "here")

MOST_STEPS = 1_000_000_000
_EXACT = 2**53  # whole numbers up to here survive a browser


class CommandError(Exception):
    """A command that is refused.

    Parameters
    ----------
    code : str
        For programs and translations.
    message : str
        Words for the user, naming value and range.
    params : mapping, optional
        What the words are made of.
    number : int, optional
        The command's id.
    """

    def __init__(
        self, code: str, message: str, params: Mapping[str, Any] | None = None, number: int | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.params, self.number = code, dict(params or {}), number

    @classmethod
    def of(cls, error: ConfigError, number: int | None = None) -> CommandError:
        """Return the refusal that says what a ConfigError says."""
        params = {"name": error.name, "value": plain(error.value), "low": error.low, "high": error.high}
        if error.name == "own_data":
            code = "own_data"
        elif error.low is not None:
            code = "out_of_range"
        else:
            code = "unknown_choice" if "must be one of" in str(error) else "bad_config"
        return cls(code, str(error), params, number)


@dataclass(frozen=True, slots=True)
class Command:
    """A message that has passed all checks that need no session."""

    op: str
    number: int | None
    fields: Mapping[str, Any]

    def __reduce__(self) -> tuple[object, ...]:
        return Command, (self.op, self.number, dict(self.fields))


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a command: its check, and whether it can be left out."""

    check: Check
    required: bool = False


def plain(value: object) -> str | float | bool | None:
    """Return `value` if JSON can carry it as it is, else a short description."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) < _EXACT and math.isfinite(value):
        return value
    return value[:80] if isinstance(value, str) else shorten(value)[:80]


def _integer(low: int, high: int) -> Check:
    return lambda name, value: check_integer(name, value, low, high)


def _text(pattern: str, words: str) -> Check:
    known = re.compile(pattern)

    def check(name: str, value: object) -> str:
        if isinstance(value, str) and known.fullmatch(value):
            return value
        raise CommandError("wrong_type", f"{name} must be {words}, got {shorten(value)}", _params(name, value))

    return check


def _of_type(kind: type, words: str) -> Check:
    def check(name: str, value: object) -> Any:
        if isinstance(value, kind):
            return value
        raise CommandError("wrong_type", f"{name} must be {words}, got {shorten(value)}", _params(name, value))

    return check


def _maybe(check: Check) -> Check:
    return lambda name, value: None if value is None else check(name, value)


def _flag(name: str, value: object) -> bool:
    try:
        return check_flag(name, value)
    except ConfigError as error:
        raise CommandError("wrong_type", str(error), _params(name, value)) from None


def _choice(choices: Callable[[], Any]) -> Check:
    return lambda name, value: check_choice(name, value, choices())


def _preset(name: str, value: object) -> str:
    if isinstance(value, str) and (known := preset_name(value)) is not None:
        return known
    return check_choice("preset", value, PRESETS)


def _two_indices(name: str, value: object) -> tuple[int, int]:
    words = f"{name} must be two different parameter indices, got {shorten(value)}"
    if not isinstance(value, list) or len(value) != 2:
        raise CommandError("wrong_type", words, _params(name, value))
    first, second = (check_integer(name, index, 0, _EXACT) for index in value)
    if first == second:
        raise CommandError("wrong_type", words, _params(name, value))
    return first, second


def _widths(name: str, value: object) -> list[int]:
    if not isinstance(value, list) or not 1 <= len(value) <= 16:
        words = f"{name} must be a list of 1 to 16 numbers of neurons, got {shorten(value)}"
        raise CommandError("wrong_type", words, _params(name, value))
    return [check_integer("neurons per layer", width, 1, LIMITS["neurons"]) for width in value]


def _layers(name: str, value: object) -> list[int]:
    if not isinstance(value, list) or len(value) > MOST_LOOKED:
        words = f"{name} must be a list of up to {MOST_LOOKED} layers, got {shorten(value)}"
        raise CommandError("wrong_type", words, _params(name, value))
    return [check_integer(name, layer, 1, LIMITS["layers"] + 1) for layer in value]


def _lane_records(name: str, value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_LANES:
        words = f"{name} must be a list of 1 to {MOST_LANES} lanes, got {shorten(value)}"
        raise CommandError("wrong_type", words, _params(name, value))
    for one in value:
        known = isinstance(one, dict) and isinstance(one.get("config"), dict) and isinstance(one.get("log", []), list)
        if not known or "id" not in one:
            words = f"a lane must have id and config, and may have a log, got {shorten(one)}"
            raise CommandError("wrong_type", words, _params(name, one))
        check_integer("lane", one["id"], 0, MOST_LANES - 1)
    if len({one["id"] for one in value}) < len(value):
        raise CommandError("wrong_type", f"{name} must have different ids", _params(name, value))
    return value


def _params(name: str, value: object) -> dict[str, Any]:
    return {"name": name, "value": plain(value)}


def _hyperparameters() -> dict[str, Field]:
    """Return a field for each hyperparameter of any optimizer; the one in use checks it again."""
    known = {entry.name: entry for rule in OPTIMIZERS.values() for entry in rule.hyperparameters}
    return {name: Field(_hyperparameter(entry)) for name, entry in known.items()}


def _hyperparameter(entry: Hyperparameter) -> Check:
    return lambda name, value: entry.check(value)


def _table() -> dict[str, dict[str, Field]]:
    record = Field(_of_type(dict, "an object"))
    lane = Field(_integer(0, MOST_LANES - 1))
    this_lane = Field(lane.check, required=True)
    steps = Field(_integer(1, MOST_STEPS))
    batch_size = Field(_maybe(_integer(1, LIMITS["batch_size"])))
    seed = Field(_integer(0, LIMITS["seed"]))
    looked_at = {
        "target": Field(_of_type(dict, "an object"), required=True),
        "over": Field(_of_type(str, "a text")),
        "unfold": Field(_of_type(list, "a list")),
        "key": Field(_text(r"[\x20-\x7e]{0,80}", "a text of up to 80 characters")),
    }
    anything = Field(lambda name, value: value)  # the config checks it, where its partners are known
    return {
        "hello": {
            "secret": Field(_text(r"[\x20-\x7e]{16,128}", "a text of 16 to 128 characters"), required=True),
            "version": Field(_integer(0, 1_000_000)),
            "token": Field(_of_type(str, "a text")),
            "preset": Field(_preset),
            "config": record,
            "log": Field(_of_type(list, "a list")),
            "step": Field(_integer(0, MOST_STEPS)),
            "playing": Field(_flag),
            "lane": lane,
            "lanes": Field(_lane_records),
        },
        "play": {},
        "pause": {},
        "step": {"count": steps},
        "step_back": {"count": steps},
        "seek": {"step": Field(_integer(0, MOST_STEPS), required=True)},
        "reset": {},
        "reseed": {"seed": seed},
        "speed": {"steps_per_second": Field(lambda name, value: check_number(name, value, 0, 100_000), required=True)},
        "set": {
            "learning_rate": Field(_hyperparameter(LEARNING_RATE)),
            "batch_size": batch_size,
            "optimizer": Field(_choice(lambda: OPTIMIZERS)),
            **{name: anything for name in LIVE_NAMES if name not in ("learning_rate", "batch_size", "optimizer")},
            **_hyperparameters(),
            "lane": lane,
        },
        "configure": {
            **{entry.name: anything for entry in dataclasses.fields(RunConfig)},
            "data": record,
            "network": record,
            "optimizer": record,
            "batch_size": batch_size,
            "seed": seed,
            "lane": lane,
        },
        "lane_add": {"change": record, "from": lane, "start": Field(_choice(lambda: STARTS))},
        "lane_remove": {"lane": this_lane},
        "lane_focus": {"lane": this_lane},
        "lane_promote": {"lane": this_lane},
        "preset": {"name": Field(_preset, required=True)},
        "recover": {},
        "sample": {"row": Field(_integer(0, MOST_ROWS - 1), required=True)},
        "look": {"layers": Field(_layers, required=True)},
        "surface": {
            "plane": Field(_choice(lambda: PLANES)),
            "weights": Field(_two_indices),
            "through": Field(_choice(lambda: ("auto", *THROUGH))),
            "resolution": Field(_integer(16, 128)),
            "penalties": Field(_flag),
            "off": Field(_flag),
        },
        "surface_stop": {},
        "cut": {},
        "anatomy": {},
        "sharpness": {},
        "check": {},
        "depth_map": {
            "depth": Field(_integer(1, LIMITS["layers"]), required=True),
            "widths": Field(_widths, required=True),
            "activation": Field(_choice(lambda: ACTIVATIONS), required=True),
            "initializer": Field(_choice(lambda: INITIALIZERS), required=True),
            "normalization": Field(_maybe(_choice(lambda: NORMALIZATIONS))),
        },
        "microscope": {"row": Field(_integer(0, MOST_ROWS - 1))},
        "laboratory": {"number": Field(_integer(-1, _EXACT)), "since": Field(_integer(-1, _EXACT))},
        "explain": looked_at,
        "watch": {**looked_at, "target": Field(_maybe(_of_type(dict, "an object")), required=True)},
        "difference": looked_at,
        "activation": {
            "layer": Field(_integer(1, _EXACT), required=True),
            "low": Field(lambda name, value: check_number(name, value, -1e9, 1e9)),
            "high": Field(lambda name, value: check_number(name, value, -1e9, 1e9)),
            "over": Field(_of_type(str, "a text")),
        },
        "set_parameter": {
            "index": Field(_integer(0, _EXACT), required=True),
            "value": Field(lambda name, value: check_number(name, value, -1e6, 1e6), required=True),
        },
        "ack": {"seq": Field(_integer(0, _EXACT), required=True)},
        "ping": {},
    }


#: op -> name of field -> field
COMMANDS: Mapping[str, Mapping[str, Field]] = MappingProxyType(_table())

#: Commands that are nothing without at least one field.
_NOT_EMPTY = frozenset({"set", "configure"})


def parse(message: str, most_bytes: int = 1 << 20) -> Command:
    """Check a text message and return the command in it.

    Raises
    ------
    CommandError
        Whatever is wrong with it, in words.
    """
    if len(message) > most_bytes or len(message.encode("utf-8", "surrogatepass")) > most_bytes:
        words = f"a message must not be longer than {most_bytes} bytes, got {len(message)} characters"
        raise CommandError("too_large", words, {"name": "message", "value": len(message), "low": 0, "high": most_bytes})
    values = _parse_json(message)
    number = values.pop("id", None)
    if number is not None and not (type(number) is int and abs(number) < _EXACT):
        raise CommandError("bad_message", f"id must be a whole number, got {shorten(number)}", _params("id", number))
    try:
        return _check(values, number)
    except ConfigError as error:
        raise CommandError.of(error, number) from None
    except CommandError as error:
        error.number = number
        raise


def _check(values: dict[str, Any], number: int | None) -> Command:
    op = values.pop("op", None)
    if not isinstance(op, str) or op not in COMMANDS:
        words = f"op must be one of {', '.join(COMMANDS)}, got {shorten(op)}"
        raise CommandError("unknown_op", words, _params("op", op))
    known = COMMANDS[op]
    for name in values:
        if name not in known:
            words = f"{op} has no field {shorten(name)}; known are {', '.join(known) or 'none'}"
            raise CommandError("unknown_field", words, _params("field", name))
    for name, field in known.items():
        if field.required and name not in values:
            raise CommandError("missing_field", f"{op} needs a field {name}", _params("field", name))
    if op in _NOT_EMPTY and not values.keys() - {"lane"}:
        raise CommandError("missing_field", f"{op} needs at least one of {', '.join(known)}", _params("field", None))
    return Command(op, number, {name: known[name].check(name, value) for name, value in values.items()})


def _parse_json(message: str) -> dict[str, Any]:
    try:
        values = _DECODER.decode(message)
    except (ValueError, RecursionError):
        raise CommandError("bad_json", "a message must be JSON") from None
    if not isinstance(values, dict):
        raise CommandError("bad_message", f"a message must be an object, got {shorten(values)}")
    return values


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_number)
