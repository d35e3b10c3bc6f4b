"""The post between servers: in order, numbered, bounded, and back after Redis was gone."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from backscope.server.cluster import post
from backscope.server.cluster.letters import Letter, read
from backscope.server.cluster.post import Post, channel_to
from little_redis import PubSub, Redis

TO_B = channel_to("b")


class Ear:
    """Notes what is heard."""

    def __init__(self) -> None:
        self.heard: list[Letter] = []
        self.gaps: list[tuple[str, str]] = []
        self.post: Post | None = None

    def hear(self, channel: str, letter: Letter) -> None:
        self.heard.append(letter)
        if letter.fields.get("line") == "wrong":
            raise ValueError("nothing that comes ends the post")

    def missed(self, channel: str, sender: str) -> None:
        self.gaps.append((channel, sender))

    def lines(self) -> list[str]:
        return [letter.fields["line"] for letter in self.heard]


def posted(scene: Callable[[Post, Ear, Redis], Awaitable[None]]) -> None:
    async def play() -> None:
        redis, ear = Redis(), Ear()
        a, b = Post(redis, "a"), Post(redis, "b")
        ear.post = b
        a.begin(Ear())
        b.begin(ear)
        try:
            await until(lambda: a.connected and b.connected)
            await scene(a, ear, redis)
        finally:
            redis.gone = False
            await asyncio.gather(a.close(), b.close())

    asyncio.run(asyncio.wait_for(play(), 20))


async def until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0.002)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "_AGAIN", 0.02)


def test_letters_come_in_order_and_a_missing_one_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    async def scene(a: Post, ear: Ear, redis: Redis) -> None:
        lines = [str(number) for number in range(200)]
        for line in ["wrong", *lines]:
            a.send(TO_B, "all", {"line": line})
        await until(lambda: len(ear.heard) == 201)
        assert ear.lines() == ["wrong", *lines]
        assert ear.gaps == []
        redis.lose = lambda channel, raw: read(raw).fields["line"] == "lost"
        for line in ("one", "lost", "two"):
            a.send(TO_B, "all", {"line": line})
        await until(lambda: ear.lines()[-1] == "two")
        assert ear.gaps == [(TO_B, "a")]
        for pubsub in redis.pubsubs:
            pubsub.put({"type": "message", "channel": TO_B.encode(), "data": b"nonsense"})
        a.send(TO_B, "all", {"line": "after nonsense"})
        await until(lambda: ear.lines()[-1] == "after nonsense")
        assert len(ear.gaps) == 1

    posted(scene)
    assert "cannot be read and is dropped" in capsys.readouterr().err


def test_of_what_waits_only_the_newest_frame_is_kept_and_all_of_it_is_bounded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scene(a: Post, ear: Ear, redis: Redis) -> None:
        a.send(TO_B, "all", {"line": "begin"})
        for number in range(50):
            a.send(TO_B, "all", {"line": f"frame {number}"}, 10**6, newest="frames of a room")
            a.send(TO_B, "all", {"line": f"state {number}"})
        await until(lambda: ear.lines() and ear.lines()[-1] == "state 49")
        assert [line for line in ear.lines() if line.startswith("frame")] == ["frame 49"]
        assert sum(line.startswith("state") for line in ear.lines()) == 50
        assert ear.gaps == []
        monkeypatch.setattr(post, "MOST_WAITING", 10_000)
        for number in range(100):
            a.send(TO_B, "all", {"line": f"too much {number}"}, 1000)
        await until(lambda: ear.lines()[-1] == "too much 99")
        assert len(ear.gaps) >= 1
        assert sum(line.startswith("too much") for line in ear.lines()) < 100

    posted(scene)
    assert "are dropped" in capsys.readouterr().err


def test_after_redis_was_gone_letters_come_again_and_those_between_are_missed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def scene(a: Post, ear: Ear, redis: Redis) -> None:
        a.send(TO_B, "all", {"line": "before"})
        await until(lambda: ear.heard)
        redis.gone = True
        a.send(TO_B, "all", {"line": "into nothing"})
        await until(lambda: not a.connected)
        a.send(TO_B, "all", {"line": "not even kept"})
        redis.gone = False
        await until(lambda: a.connected)
        await a.subscribe("a topic")
        await asyncio.sleep(0.1)
        a.send(TO_B, "all", {"line": "after"})
        await until(lambda: ear.lines()[-1] == "after")
        assert ear.lines() == ["before", "after"]
        assert ear.gaps == [(TO_B, "a")]

    posted(scene)
    assert capsys.readouterr().err.count("rooms are not handed on") >= 1


def test_of_channels_that_are_over_nothing_is_kept_on_either_side() -> None:
    """Rooms come and go for months; a channel with letters that still wait, or on their way, leaves nothing either."""

    async def scene(a: Post, ear: Ear, redis: Redis) -> None:
        b = ear.post
        assert b is not None
        for number in range(50):
            channel = f"room {number}"
            await b.subscribe(channel)
            a.send(channel, "all", {"line": channel})
            await until(lambda channel=channel: ear.lines()[-1:] == [channel])
            if number % 2:
                b._pubsub, kept = None, b._pubsub  # Redis is away just now
                await b.unsubscribe(channel)
                b._pubsub = kept
            else:
                await b.unsubscribe(channel)
            a.send(channel, "all", {"line": "too late"}, 300)
            a.send(channel, "all", {"line": "newer"}, 300, newest="of it")
            if number % 3:
                await until(lambda: not a._waiting)
            a.forget(channel)
            assert a._size == sum(size for *_, size in a._waiting.values()) == 0
        a.send(TO_B, "all", {"line": "last"})
        await until(lambda: ear.lines()[-1] == "last")
        assert len(ear.heard) == 51
        assert (set(a._sent), set(b._got)) == ({TO_B}, {(TO_B, "a")})

    posted(scene)


def test_it_ends_where_the_client_of_redis_swallows_that_it_is_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = PubSub.get_message

    async def deaf(self: PubSub, timeout: float) -> object:
        try:
            return await heard(self, timeout)
        except asyncio.CancelledError:
            return None

    async def scene(a: Post, ear: Ear, redis: Redis) -> None:
        monkeypatch.setattr(PubSub, "get_message", deaf)
        await asyncio.sleep(0.1)

    posted(scene)
