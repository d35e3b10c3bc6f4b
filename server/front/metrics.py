"""The server's numbers for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from ..wire.log import WRONG
from .tally import BOUNDS, Times

if TYPE_CHECKING:
    from .registry import Registry

CONTENT_TYPE = CONTENT_TYPE_LATEST


def exposition(registry: Registry) -> bytes:
    """Return all numbers as Prometheus reads them."""
    numbers = CollectorRegistry(auto_describe=False)
    numbers.register(_Numbers(registry))
    ProcessCollector(registry=numbers)
    return generate_latest(numbers)


class _Numbers(Collector):
    """Reads the numbers when they are asked for."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        """Yield them."""
        registry, tally = self._registry, self._registry.tally
        for name, words, value in (
            ("sessions", "Sessions held", registry.sessions),
            ("sessions_watched", "Sessions that somebody looks at", registry.watched),
            ("clients", "Connections that are in a session", registry.clients),
            ("rooms", "Rooms that are open", registry.rooms),
            ("members", "People who follow a room or play with a copy of its run", registry.members),
            ("trainers", "Trainer processes alive", registry.trainers),
            ("memory_estimated_bytes", "Memory that the runs which are awake should take", registry.memory),
        ):
            yield GaugeMetricFamily(f"backscope_{name}", words, value=value)
        for name, words, count in (
            ("steps", "Training steps by which runs have gone on", tally.steps),
            ("frames", "Frames sent", tally.frames),
            ("frames_dropped", "Frames that a newer one replaced before they left", tally.dropped),
        ):
            yield CounterMetricFamily(f"backscope_{name}", words, value=count)
        for name, words, label, counts in (
            ("refused", "Commands that were not obeyed", "code", tally.refused),
            ("ended", "Connections that the server has ended", "why", tally.ended),
            ("errors", "What went wrong in the server", "event", WRONG),
        ):
            family = CounterMetricFamily(f"backscope_{name}", words, labels=[label])
            for key, count in counts.items():
                family.add_metric([key], count)
            yield family
        yield _histogram("frame_seconds", "From the sending of a frame to the word that it is drawn", tally.drawn)


def _histogram(name: str, words: str, times: Times) -> HistogramMetricFamily:
    bounds = [*map(str, BOUNDS), "+Inf"]
    buckets = list(zip(bounds, map(float, accumulate(times.counts)), strict=True))
    return HistogramMetricFamily(f"backscope_{name}", words, buckets=buckets, sum_value=times.total)
