"""Messages between processes: whole, in order, however they are cut on the way."""

import random
import socket
from collections.abc import Iterator

import numpy as np
import pytest
from backscope.server.wire.commands import Command
from backscope.server.wire.messages import Cancel, Order, Progress, Ready, Record, Saved, ToFront, ToHost, Want
from backscope.server.wire.pipe import Hangup, Pipe, packed, unpacked

MESSAGES: list[ToFront | ToHost] = [
    Ready(),
    Progress("r", 2**53),
    Cancel("ä", "order"),
    Order("r", 3, Command("set", 7, {"learning_rate": 0.1})),
    Want("r", (None,)),
    Saved("r", Record({"seed": 1}, step=4, others={2: ({"seed": 2}, ())})),
]


@pytest.fixture
def pair() -> Iterator[tuple[Pipe, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Pipe(ours), theirs


@pytest.mark.parametrize("seed", range(20))
def test_messages_arrive_whole_and_in_order_however_they_are_cut(seed: int) -> None:
    rng = random.Random(seed)
    raw = b"".join(packed(message) for message in MESSAGES)
    buffer, found, at = bytearray(), [], 0
    while at < len(raw):
        size = rng.choice([1, 2, 3, 7, 50, 400])
        buffer += raw[at : at + size]
        at += size
        found += list(unpacked(buffer))
    assert found == MESSAGES
    assert not buffer


def test_a_trainer_hears_what_is_sent_and_waits_no_longer_than_it_wants(pair: tuple[Pipe, socket.socket]) -> None:
    pipe, front = pair
    assert list(pipe.receive(0.0)) == []
    front.sendall(packed(MESSAGES[3]) + packed(MESSAGES[4])[:5])
    assert list(pipe.receive(1.0)) == [MESSAGES[3]]
    front.sendall(packed(MESSAGES[4])[5:])
    assert list(pipe.receive(1.0)) == [MESSAGES[4]]


def test_a_front_that_is_gone_is_noticed_by_who_listens_and_by_who_speaks(pair: tuple[Pipe, socket.socket]) -> None:
    pipe, front = pair
    front.close()
    with pytest.raises(Hangup):
        list(pipe.receive(1.0))
    with pytest.raises(Hangup):
        pipe.send(Progress("r", 1))


def test_numbers_keep_their_bits() -> None:
    array = np.array([np.nan, np.inf, -0.0, 5e-324, 1 / 3])
    (found,) = unpacked(bytearray(packed(Order("r", 1, Command("set", None, {"x": array})))))
    assert found.command.fields["x"].tobytes() == array.tobytes()
