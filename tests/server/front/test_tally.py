"""What a server counts."""

from backscope.server.front.tally import BOUNDS, Tally, Times


def test_every_time_is_in_the_first_class_that_holds_it() -> None:
    times = Times()
    for seconds in (*BOUNDS, 0.0, 0.0051, 60.0):
        times.add(seconds)
    assert times.counts == [2, 2, *[1] * (len(BOUNDS) - 2), 1]
    assert times.total == sum(BOUNDS) + 0.0051 + 60.0


def test_a_server_counts_for_itself_from_nothing() -> None:
    busy, other = Tally(), Tally()
    busy.refused["out_of_range"] += 1
    busy.drawn.add(0.1)
    assert (other.steps, other.frames, other.dropped, other.refused, other.drawn.total) == (0, 0, 0, {}, 0.0)
    assert sum(other.drawn.counts) == 0
