"""One client: how fast it may ask, and what waits for it."""

import asyncio
import json

from backscope.server.front.client import Bucket, Client
from backscope.server.wire.protocol import Close
from backscope.server.wire.settings import Limits
from hypothesis import given
from hypothesis import strategies as st


def test_a_bucket_allows_a_burst_and_then_a_rate() -> None:
    now = [0.0]
    bucket = Bucket(10, 5, lambda: now[0])
    assert [bucket.take(1) for _ in range(6)] == [True] * 5 + [False]
    now[0] = 0.1
    assert [bucket.take(1), bucket.take(1)] == [True, False]
    now[0] = 100.0
    assert bucket.take(1000)
    assert not bucket.take(1)


def test_a_client_has_a_bucket_of_its_own() -> None:
    hasty, calm = (Client(number, Limits(messages_per_second=0.001, messages_at_once=2)) for number in (1, 2))
    assert [hasty.pay(1) for _ in range(3)] == [True, True, False]
    assert calm.pay(1)


def reads(client: Client) -> bool:
    """Whether commands of the client are read."""

    async def ask() -> bool:
        try:
            await asyncio.wait_for(client.readable(), 0.001)
        except TimeoutError:
            return False
        return True

    return asyncio.run(ask())


def drained(client: Client) -> list[str | bytes]:
    found = []
    while (message := client.take()) is not None:
        found.append(message)
    return found


def test_few_large_replies_stop_a_client_as_many_small_ones_do() -> None:
    for size, count in ((1, 256), (1 << 19, 3)):
        client = Client(1, Limits())
        for _ in range(count - 1):
            client.reply("x" * size)
        assert reads(client)
        client.reply("x" * size)
        assert not reads(client)
        client.take()
        drained(client)
        assert reads(client)


@given(st.lists(st.tuples(st.sampled_from(["microscope", "laboratory", None]), st.integers(0, 400)), max_size=60))
def test_what_waits_for_a_client_that_does_not_read_is_bounded_in_bytes(replies: list[tuple[str | None, int]]) -> None:
    client = Client(1, Limits(waiting_bytes=1000))
    for kind, size in replies:
        client.reply(b"x" * size, kind)
        waiting = [len(message) for _, message in client._replies]
        assert client._bytes == sum(waiting) <= 1000
    if client.closed is None:
        assert drained(client)[: len(replies)] or not replies
        assert client._bytes == 0
    else:
        assert client.closed == Close.TOO_SLOW
        assert drained(client) == []
        assert reads(client)  # so that its reader ends


def test_of_what_is_told_by_kind_only_the_newest_waits_and_replies_keep_their_order() -> None:
    client = Client(1, Limits())
    for number in range(3):
        client.reply(f"picture {number}", "microscope")
        client.reply(f"reply {number}")
    client.reply("reading", "laboratory")
    assert drained(client) == ["reply 0", "reply 1", "picture 2", "reply 2", "reading"]


def test_a_client_without_frames_gets_a_sign_of_life_every_other_turn_that_tells_what_was_heard() -> None:
    client = Client(1, Limits())

    def signs(turns: int) -> list[dict[str, object]]:
        found = []
        for _ in range(turns):
            client.keep_alive()
            while (message := client.take()) is not None:
                found.append(json.loads(message))
        return found

    client.heard = 7
    assert signs(5) == [{"kind": "beat", "heard": 7}] * 2
    client.busy = True
    assert signs(2) == [{"kind": "beat"}] * 1  # more may wait unread


def test_frames_are_signs_of_life_and_what_is_said_of_them_is_not_old() -> None:
    client = Client(1, Limits())
    for seq in range(4):
        client.offer("frame", b"picture")
        assert client.take() == b"picture"
        client.keep_alive()
        assert client.take() is None
        client.seq = seq
        assert client.acknowledge(seq)
    client.keep_alive()
    client.heard = 5  # came while the sign waited to leave
    assert json.loads(client.take() or "")["heard"] == 5
