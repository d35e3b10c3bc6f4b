"""Frames as another implementation of RFC 6455 writes and reads them."""

import pytest
from backscope.server.wire.websocket import BINARY, TEXT, Course, Shared, framed, short_text
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

SIZES = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]


@pytest.mark.parametrize("size", SIZES)
def test_a_message_is_framed_as_others_frame_it(size: int) -> None:
    assert framed(b"x" * size) == Frame(Opcode.BINARY, b"x" * size).serialize(mask=False)
    assert framed("x" * size) == Frame(Opcode.TEXT, b"x" * size).serialize(mask=False)
    assert framed("é" * 100) == Frame(Opcode.TEXT, "é".encode() * 100).serialize(mask=False)
    shared = Shared(b"x" * size)
    assert shared == b"x" * size
    assert shared.framed is shared.framed == framed(b"x" * size)
    assert (TEXT, BINARY) == (Opcode.TEXT, Opcode.BINARY)


@given(
    st.one_of(st.text(max_size=9), st.integers(100, 140).map(lambda size: "x" * size)),
    st.sampled_from(list(Opcode)[:3]),
    st.booleans(),
    st.booleans(),
    st.integers(-3, 3),
)
def test_a_short_text_is_read_and_nothing_else_is(words: str, opcode: Opcode, fin: bool, mask: bool, cut: int) -> None:
    raw = words.encode()
    data = Frame(opcode, raw, fin=fin).serialize(mask=mask)
    data = data[:cut] if cut < 0 else data + b"\x81" * cut
    whole = opcode == Opcode.TEXT and fin and mask and 0 < len(raw) < 126 and not cut
    assert short_text(data) == (raw if whole else None)


MESSAGES = st.lists(
    st.tuples(
        st.lists(st.sampled_from([0, 3, 125, 126, 300, 66_000]), min_size=1, max_size=3),  # sizes of its frames
        st.lists(st.integers(0, 9), max_size=1),  # of a ping between them
    ),
    max_size=4,
)


@given(MESSAGES, st.lists(st.integers(0, 1 << 18), max_size=12), st.booleans())
def test_where_messages_end_is_known_however_they_are_cut(
    messages: list[tuple[list[int], list[int]]], cuts: list[int], mask: bool
) -> None:
    stream, ends, marks = b"", {0}, {0}
    for sizes, pings in messages:
        for index, size in enumerate(sizes):
            last = index == len(sizes) - 1
            stream += Frame(Opcode.CONT if index else Opcode.BINARY, bytes(size), fin=last).serialize(mask=mask)
            marks.add(len(stream))
            for length in pings:
                ends |= {len(stream)} if last else set()
                stream += Frame(Opcode.PING, bytes(length)).serialize(mask=mask)
                marks.add(len(stream))
        ends.add(len(stream))
    near = [mark + beside for mark in marks for beside in (-1, 0, 1, 3)]
    course, before = Course(), 0
    for at in sorted({min(len(stream), max(0, cut)) for cut in [*cuts, *near]}):
        course.go(stream[before:at])
        before = at
        assert course.between == (at in ends)
    assert before == len(stream)
