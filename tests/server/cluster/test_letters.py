"""Letters between servers come back as they were written, and what is none harms nobody."""

import contextlib
import random
from typing import Any

import pytest
from backscope.server.cluster.letters import MOST_BYTES, READ, Letter, content, read, written
from backscope.server.wire.messages import Frame, Part, Position, Publish
from backscope.server.wire.packing import Damaged, pack

AT = Position(1, 20, 3, 4, ((1, 19), (2, 20)))
FRAME = Frame("", 7, AT, b"body" * 50, (Part(None, (("history", b"h"),), b"head", b""), Part(AT, (), b"", b"tail")))
FIELDS: dict[str, Any] = {
    "line": "a way",
    "client": 3,
    "address": "10.0.0.1",
    "text": '{"op": "θ"}',
    "positions": [None, AT],
    "lags": [3, 4],
    "topic": "a topic",
    "kind": "state",
    "payload": content("θ"),
    "code": 4001,
    "told": "{}",
    "common": {"state": "{}", "data": b"\0\1"},
    "message": Publish("", "layout", "{}", None, alike=True),
    "besides": 0,
    "number": 5,
    "step": 6,
    "record": "{}",
    "kept": b"state",
    "tables": (b"one", b"two"),
    "place": "member r 1",
    "playing": [(1, None), (2, ("xor", 2, 9, False, True))],
    "frame": FRAME,
    "members": [1, 2],
    "member": 1,
    "mark": "a digest",
    "poll": 2,
    "value": '"words"',
    "session": "a copy",
    "own": [(1, "{}")],
}
ARRIVES = {"positions": frozenset({None, AT}), "lags": frozenset({3, 4}), "payload": "θ", "tables": [b"one", b"two"]}


def letter(kind: str) -> Letter:
    fields = {name: FIELDS[name] for name in READ[kind]}
    of_copies = kind in ("copies", "hears", "answers", "class")
    return Letter("b", 12, kind, {**fields, "code": "AAAAAA"} if of_copies else fields)


@pytest.mark.parametrize("kind", READ)
def test_a_letter_comes_as_it_was_written(kind: str) -> None:
    sent = letter(kind)
    wanted = {name: ARRIVES.get(name, value) for name, value in sent.fields.items()}
    assert read(written(sent)) == sent._replace(fields=wanted)


def test_bytes_stay_bytes() -> None:
    sent = letter("offer")
    sent = sent._replace(fields={**sent.fields, "payload": content(b"\xff\0")})
    assert read(written(sent)).fields["payload"] == b"\xff\0"


WRONG: list[Any] = [None, True, -1, 1.5, "", "x" * 9, [], [1], {}, {"a": 1}, [None] * 4, [[1]], [True, "x"], 2**80]


@pytest.mark.parametrize("kind", READ)
def test_what_is_no_letter_is_damaged_and_nothing_else(kind: str) -> None:
    draw = random.Random(kind)
    whole = written(letter(kind))
    for _ in range(20):
        cut = bytearray(whole[: draw.randrange(len(whole))])
        if cut:
            cut[draw.randrange(len(cut))] ^= 1 << draw.randrange(8)
        with pytest.raises(Damaged):
            read(bytes(cut))
    for name in READ[kind]:
        for wrong in WRONG:
            fields = {**dict.fromkeys(READ[kind], "x"), name: wrong}
            with pytest.raises(Damaged):
                read(pack([1, "b", 1, kind, {**fields, "besides the fields": wrong}]))
            with contextlib.suppress(Damaged):  # a text may be right in this place, and a number in that
                read(pack([1, "b", 1, kind, fields]))


@pytest.mark.parametrize("values", [*WRONG, [2, "b", 1, "beat", {}], [1, "b", 1, "dance", {}], [1, 2, "b", "beat", {}]])
def test_other_words_are_damaged(values: Any) -> None:
    with pytest.raises(Damaged):
        read(pack(values))


def test_what_is_too_large_or_too_deep_is_damaged() -> None:
    with pytest.raises(Damaged, match="at most"):
        read(b"\0" * (MOST_BYTES + 1))
    deep: Any = []
    for _ in range(400):
        deep = [deep]
    with pytest.raises(Damaged):
        read(pack([1, "b", 1, "all", {"line": deep}]))
    with pytest.raises(Damaged):
        read(pack([1, "b", 1, "want", {"line": "a", "positions": [None] * 6000}]))
