"""Commands in: what an operation is, the tables of them, and the check of a message against a table.

What is checked here needs no session: form, types and ranges. What depends on the run is checked where it is known.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from reprlib import repr as shorten
from types import MappingProxyType
from typing import Any, Generic, NoReturn, TypeVar

from ...core.ground.errors import ConfigError
from .rights import DRIVER, Role

#: Whole numbers up to here survive a browser.
MOST_EXACT = 2**53

#: Fields that say of which lane and by which hand, not what.
_BESIDE = frozenset({"lane", "hand"})

Check = Callable[[str, object], Any]
Action = TypeVar("Action", bound=Callable[..., Any])


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
        if error.name == "upload":
            code = "upload_gone"
        elif error.low is not None:
            code = {"": "out_of_range", "below": "not_below", "whole": "not_whole"}[error.bound]
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


@dataclass(frozen=True, slots=True)
class Operation(Generic[Action]):
    """What a command can ask for: all that the server knows of it.

    Parameters
    ----------
    op : str
        Its name on the wire.
    fields : mapping of str to Field
        What it takes.
    action : callable
        Carries it out; its docstring says what it does.
    exact : bool
        It means the step that the run is bound for: until the run is there, it waits.
    read_only : bool
        It only looks: it changes nothing that others would have to hear of, and hurries nothing.
    picture_first : bool
        A hand is on a control: the picture of what it does comes before more training.
    needs_network : bool
        On a landscape it is refused.
    needs_field : bool
        It is nothing without at least one field beside `lane` and `hand`.
    standing : bool
        It holds for its client until the next one: whoever builds the session again is told of it.
    undoable : bool
        What it changes can be undone.
    grows : bool
        It may make the run larger.
    free : bool
        It does not count against how many commands a client may send.
    internal : bool
        A session gives it to itself, and no client does.
    who : frozenset of Role
        Who may ask for it: it is checked before the session hears of it.

    Raises
    ------
    TypeError
        If it is only half described, or contradicts itself.
    """

    op: str
    fields: Mapping[str, Field]
    action: Action
    exact: bool = False
    read_only: bool = False
    picture_first: bool = False
    needs_network: bool = False
    needs_field: bool = False
    standing: bool = False
    undoable: bool = False
    grows: bool = False
    free: bool = False
    internal: bool = False
    who: frozenset[Role] = DRIVER

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z]+(_[a-z]+)*", self.op):
            raise TypeError(f"an operation is named in small letters, got {self.op!r}")
        if not callable(self.action) or not (self.action.__doc__ or "").strip():
            raise TypeError(f"{self.op} needs an action whose docstring says what it does")
        for name, field in self.fields.items():
            if not isinstance(field, Field) or not callable(field.check):
                raise TypeError(f"field {name} of {self.op} needs a check, got {field!r}")
        changes = self.exact or self.picture_first or self.undoable
        if self.read_only and changes:
            raise TypeError(f"{self.op} cannot only look and change the run")
        if not self.who or (Role.FOLLOWER in self.who and changes):
            raise TypeError(f"{self.op} is for nobody, or lets who only looks on change the run")
        if self.needs_field and not self.fields.keys() - _BESIDE:
            raise TypeError(f"{self.op} needs a field and has none")


class Operations(Mapping[str, Operation[Action]]):
    """A table of operations by name, filled by decorating what carries them out."""

    def __init__(self) -> None:
        self._entries: dict[str, Operation[Action]] = {}

    def operation(
        self, op: str, fields: Mapping[str, Field] = MappingProxyType({}), **flags: Any
    ) -> Callable[[Action], Action]:
        """Return a decorator that enters a function as the action of an operation; `flags` are those of `Operation`.

        Raises
        ------
        TypeError
            If the operation is in the table already, or only half described.
        """

        def enter(action: Action) -> Action:
            if op in self._entries:
                raise TypeError(f"there are two operations {op}")
            # A copy of what could be changed by mistake; another mapping knows by itself what is in it by now.
            table = MappingProxyType(dict(fields)) if isinstance(fields, dict) else fields
            self._entries[op] = Operation(op, table, action, **flags)
            return action

        return enter

    def __getitem__(self, op: str) -> Operation[Action]:
        return self._entries[op]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def joined(*tables: Mapping[str, Operation[Any]]) -> Mapping[str, Operation[Any]]:
    """Return the operations of several tables that clients may ask for.

    Raises
    ------
    TypeError
        If two have an operation of one name.
    """
    found: dict[str, Operation[Any]] = {}
    for table in tables:
        for op, operation in table.items():
            if op in found:
                raise TypeError(f"there are two operations {op}")
            if not operation.internal:
                found[op] = operation
    return MappingProxyType(found)


def plain(value: object) -> str | float | bool | None:
    """Return `value` if JSON can carry it as it is, else a short description."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) < MOST_EXACT and math.isfinite(value):
        return value
    return value[:80] if isinstance(value, str) else shorten(value)[:80]


def params_of(name: str, value: object) -> dict[str, Any]:
    """Return what the words of a refusal of a value are made of."""
    return {"name": name, "value": plain(value)}


def parse(message: str, known: Mapping[str, Operation[Any]], most_bytes: int = 1 << 20) -> Command:
    """Check a text message against the operations that are known, and return the command in it.

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
    if number is not None and not (type(number) is int and abs(number) < MOST_EXACT):
        raise CommandError("bad_message", f"id must be a whole number, got {shorten(number)}", params_of("id", number))
    try:
        return _check(values, number, known)
    except ConfigError as error:
        raise CommandError.of(error, number) from None
    except CommandError as error:
        error.number = number
        raise


def _check(values: dict[str, Any], number: int | None, known: Mapping[str, Operation[Any]]) -> Command:
    op = values.pop("op", None)
    operation = known.get(op) if isinstance(op, str) else None
    if operation is None or not isinstance(op, str):
        words = f"op must be one of {', '.join(known)}, got {shorten(op)}"
        raise CommandError("unknown_op", words, params_of("op", op))
    fields = operation.fields
    for name in values:
        if name not in fields:
            words = f"{op} has no field {shorten(name)}; known are {', '.join(fields) or 'none'}"
            raise CommandError("unknown_field", words, params_of("field", name))
    for name, field in fields.items():
        if field.required and name not in values:
            raise CommandError("missing_field", f"{op} needs a field {name}", params_of("field", name))
    if operation.needs_field and not values.keys() - _BESIDE:
        raise CommandError("missing_field", f"{op} needs at least one of {', '.join(fields)}", params_of("field", None))
    return Command(op, number, {name: fields[name].check(name, value) for name, value in values.items()})


def _parse_json(message: str) -> dict[str, Any]:
    try:
        values = _DECODER.decode(message)
    except (ValueError, RecursionError):
        raise CommandError("bad_json", "a message must be JSON") from None
    if ("\\u" in message or not message.isascii()) and not _is_unicode(values):
        raise CommandError("bad_json", "a text in a message must be Unicode: a surrogate stands alone in it")
    if not isinstance(values, dict):
        raise CommandError("bad_message", f"a message must be an object, got {shorten(values)}")
    return values


def _is_unicode(values: object) -> bool:
    """Whether all texts in it can be written down: an escape may name half a character, which nothing can carry on."""
    try:
        json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_number)
