"""One client: how fast it may ask, and what waits for it."""

from backscope.server.front.client import Bucket, Client
from backscope.server.wire.settings import Limits


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
