"""The surface's work beside the training: ordered, taken, told of, and dropped."""

import itertools
import json
from types import SimpleNamespace
from typing import Any, cast

from backscope.server.panels.surfaces import SurfaceView
from backscope.server.session.surface_jobs import SurfaceJobs
from backscope.server.wire.messages import Cancel, Job, Publish, ToFront, Work

WORK = Work(len, "abc", 3)


class Surface:
    """As much of a surface as its jobs look at."""

    def __init__(self) -> None:
        self.task: Any = SimpleNamespace(resolution=32)
        self.progress = 0.0
        self.outdated = False
        self.picture = SimpleNamespace(laid=7)

    @property
    def idle(self) -> bool:
        return self.task is None

    def advanced(self, share: float) -> None:
        self.progress = share


def begin() -> tuple[SurfaceJobs, Surface, list[ToFront]]:
    surface, said = Surface(), list[ToFront]()
    return SurfaceJobs("r", cast(SurfaceView, surface), said.append, itertools.count(5)), surface, said


def told(said: list[ToFront]) -> list[tuple[float, int]]:
    words = [json.loads(cast(str, message.payload)) for message in said if isinstance(message, Publish)]
    return [(each["share"], each["resolution"]) for each in words]


def test_work_is_ordered_by_number_and_taken_once() -> None:
    jobs, _, said = begin()
    jobs.order(None)
    assert said == []
    jobs.order(WORK)
    (job,) = said
    assert isinstance(job, Job)
    assert (job.job, job.topic) == (5, "surface")
    assert not jobs.take(4)
    assert jobs.take(5)
    assert not jobs.take(5)


def test_how_far_it_is_is_told_while_it_changes() -> None:
    jobs, surface, said = begin()
    jobs.order(WORK)
    jobs.advanced(4, 0.5)  # somebody else's
    assert told(said) == []
    jobs.advanced(5, 0.25)
    jobs.advanced(5, 0.25)
    jobs.advanced(5, 0.75)
    assert jobs.take(5)
    surface.task = None
    jobs.go_on(None)
    assert told(said) == [(0.25, 32), (0.75, 32), (1.0, 0)]


def test_what_the_surface_wants_no_more_is_cancelled_and_its_result_is_nobodys() -> None:
    jobs, surface, said = begin()
    jobs.order(WORK)
    jobs.drop()
    assert not [message for message in said if isinstance(message, Cancel)]  # it is wanted still
    surface.task = None
    jobs.drop()
    jobs.drop()
    assert [message.topic for message in said if isinstance(message, Cancel)] == ["surface"]
    assert not jobs.take(5)
