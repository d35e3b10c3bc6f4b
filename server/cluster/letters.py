"""Letters between servers: a kind, some fields and bytes, packed so that nothing in them could be carried out.

Who can write to Redis is trusted to mean well, but not to be of this version, whole or sane: whatever does not read as
a letter of `READ` is `Damaged`, and dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from ..front.client import KINDS
from ..wire.messages import Frame, Part, Position, Publish
from ..wire.packing import Damaged, pack, unpack

#: Bytes of a letter at most: a frame of the largest net with all curves is a tenth of it.
MOST_BYTES = 1 << 26
#: Positions and clients that a letter names at most.
_MOST_NAMED = 5000
VERSION = 1


class Letter(NamedTuple):
    """What one server says to another, or to all that look at a room.

    Parameters
    ----------
    sender : str
        The server's name.
    number : int
        Counts what the sender has said on this channel: where one is missing, something was lost.
    kind : str
        One of `READ`.
    fields : mapping
        What belongs to it.
    """

    sender: str
    number: int
    kind: str
    fields: Mapping[str, Any]


def written(letter: Letter) -> bytes:
    """Return a letter as bytes."""
    fields = {name: _plain(value) for name, value in letter.fields.items()}
    return pack([VERSION, letter.sender, letter.number, letter.kind, fields])


def read(raw: bytes) -> Letter:
    """Return the letter that was written.

    Raises
    ------
    Damaged
        If it is none.
    """
    if len(raw) > MOST_BYTES:
        raise Damaged(f"a letter has {MOST_BYTES} bytes at most, got {len(raw)}")
    try:
        version, sender, number, kind, fields = unpack(raw)
        if version != VERSION:
            raise Damaged(f"it is of version {version}, and version {VERSION} is known here")
        checks = READ[kind]
        if fields.keys() != checks.keys():
            raise Damaged(f"{kind} has the fields {', '.join(checks)}, got {', '.join(map(str, fields))}"[:500])
        return Letter(_word(sender), _whole(number), kind, {name: checks[name](fields[name]) for name in checks})
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise error if isinstance(error, Damaged) else Damaged(f"it is no letter: {error!r}"[:500]) from error


# As plain data


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return np.frombuffer(value, np.uint8)
    if isinstance(value, Publish):
        return [value.kind, _payload(value.payload), value.later, value.alike]
    if isinstance(value, Frame):
        parts = [
            [one.position, [[kind, _plain(raw)] for kind, raw in one.before], _plain(one.head), _plain(one.tail)]
            for one in value.parts
        ]
        return [value.seq, value.position, _plain(value.body), parts]
    if isinstance(value, tuple):
        return [_plain(held) for held in value]
    if isinstance(value, dict):
        return {name: _payload(held) for name, held in value.items()}
    return value


def _payload(payload: str | bytes) -> list[Any]:
    return [isinstance(payload, str), _plain(payload.encode() if isinstance(payload, str) else payload)]


# And back: each returns its value, or raises what `read` catches


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(f"a whole number, got {type(value).__name__}")
    return value


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text, got {type(value).__name__}")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"true or false, got {type(value).__name__}")
    return value


def _bytes(value: Any) -> bytes:
    if not (isinstance(value, np.ndarray) and value.dtype == np.uint8):
        raise TypeError(f"bytes, got {type(value).__name__}")
    return value.tobytes()


def _maybe(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else check(value)


def _kind(value: Any) -> str:
    if value not in KINDS:
        raise ValueError(f"a kind of message, got {value!r}"[:100])
    return _word(value)


def _content(value: Any) -> str | bytes:
    is_text, raw = value
    return _bytes(raw).decode() if _flag(is_text) else _bytes(raw)


def _contents(value: Any) -> dict[str, str | bytes]:
    return {_kind(kind): _content(payload) for kind, payload in value.items()}


def _position(value: Any) -> Position | None:
    if value is None:
        return None
    generation, step, version, surface, others = value
    pairs = tuple((_whole(lane), _whole(at)) for lane, at in others)
    return Position(_whole(generation), _whole(step), _whole(version), _whole(surface), pairs)


def _positions(value: Any) -> frozenset[Position | None]:
    return frozenset(_position(one) for one in _few(value))


def _numbers(value: Any) -> frozenset[int]:
    return frozenset(_whole(one) for one in _few(value))


def _few(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > _MOST_NAMED:
        raise ValueError(f"a list of {_MOST_NAMED} at most")
    return value


def _publish(value: Any) -> Publish:
    kind, payload, later, alike = value
    return Publish("", _kind(kind), _content(payload), _maybe(_word)(later), _flag(alike))


def _frame(value: Any) -> Frame:
    seq, position, body, parts = value
    here = _position(position)
    if here is None:
        raise ValueError("a frame has a position")
    return Frame("", _whole(seq), here, _bytes(body), tuple(map(_part, _few(parts))))


def _part(value: Any) -> Part:
    position, before, head, tail = value
    messages = tuple((_kind(kind), _bytes(raw)) for kind, raw in before)
    return Part(_position(position), messages, _bytes(head), _bytes(tail))


def _playing(value: Any) -> tuple[int, tuple[str, int, int, bool, bool] | None]:
    number, place = value
    if place is None:
        return _whole(number), None
    lesson, step, of, done, stuck = place
    return _whole(number), (_word(lesson)[:64], _whole(step), _whole(of), _flag(done), _flag(stuck))


def _members(value: Any) -> list[int]:
    return [_whole(one) for one in _few(value)]


def _own(value: Any) -> list[tuple[int, str]]:
    return [(_whole(number), _word(text)) for number, text in _few(value)]


#: Somebody in a copy, as the server knows them that it is on.
_OF_COPY: dict[str, Callable[[Any], Any]] = {"session": _word, "client": _whole, "number": _maybe(_whole)}
_OF_CLIENT: dict[str, Callable[[Any], Any]] = {"line": _word, "client": _whole}
#: kind -> what each of its fields has to be. `line` names the way between a room and one server that looks at it.
READ: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    # To the server of a room
    "join": {**_OF_CLIENT, "address": _word, "text": _word},
    "say": {**_OF_CLIENT, "text": _word},
    "left": _OF_CLIENT,
    "want": {"line": _word, "positions": _positions},
    "attend": {"line": _word, "positions": _positions, "lags": _numbers},
    "fork": {**_OF_CLIENT, "number": _maybe(_whole), "step": _whole},
    "copies": {"code": _word, "playing": lambda value: [_playing(one) for one in _few(value)]},
    "hears": {"code": _word, "members": _members, "mark": _word},
    "answers": {"code": _word, "member": _whole, "poll": _whole, "value": _word, **_OF_COPY},
    "all": {"line": _word},
    "end": {"line": _word},
    # To one that looks at it
    "in": {**_OF_CLIENT, "topic": _word},
    "out": _OF_CLIENT,
    "reply": {**_OF_CLIENT, "kind": _maybe(_word), "payload": _content},
    "offer": {**_OF_CLIENT, "kind": _kind, "payload": _content},
    "own": {**_OF_CLIENT, "text": _word},
    "lend": _OF_CLIENT,
    "close": {**_OF_CLIENT, "code": _whole},
    "everything": {"line": _word, "told": _word, "common": _contents},
    "forked": {
        **_OF_CLIENT,
        "number": _maybe(_whole),
        "record": _word,
        "kept": _maybe(_bytes),
        "tables": lambda value: [_bytes(table) for table in _few(value)],
        "place": _word,
    },
    "unknown": {"line": _word},
    # To one that has copies of it
    "class": {"code": _word, "mark": _word, "told": _word, "own": _own},
    "answered": {**_OF_COPY, "text": _word},
    # To all that look at it
    "publish": {"message": _publish},
    "show": {"kind": _kind, "payload": _content, "line": _word, "besides": _whole},
    "drop": {"kind": _kind},
    "frame": {"frame": _frame},
    "told": {"text": _word},
    "beat": {},
}


def content(payload: str | bytes) -> list[Any]:
    """Return a text or bytes as a field of a letter."""
    return _payload(payload)
