"""A run recorded for a page without a server: what its sessions would send at chosen steps, in one compressed block.

The block is raw deflate of: the length of a JSON header (u32, little-endian), the header, and the binary messages that
the header names by place and length. `static/js/wire/recorded.js` reads it. Steps are chosen evenly, as many as fit the
size of a file that can be sent by mail; of a small net, every weight and neuron can be inspected at some of them.
"""

from __future__ import annotations

import itertools
import json
import struct
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.ground.errors import ConfigError
from ...core.insight.chain import SCALES, Target
from ...core.run.trainer import Trainer
from ..panels.inspection import OVERS, Watch, curve_of, inspect
from ..panels.microscope import microscope_message
from ..wire.messages import Frame, Job, Publish, Record, ToFront
from ..wire.settings import Limits
from .session import Session

VERSION = 1
#: Steps at most, and bytes that their frames may take before they are compressed.
MOST_MOMENTS = 160
_FRAME_BYTES = 700_000
#: Steps at least, of however large a net.
_FEWEST = 6
#: Bytes of steps under the microscope, before they are compressed.
_MICROSCOPE_BYTES = 500_000
#: Inspections at most, of all steps together, and nodes of a tree that are unfolded in each.
_INSPECTIONS = 1_600
_UNFOLDED = 40
#: Bytes of all inspections before they are compressed, and seconds that they may take.
_INSPECTION_BYTES = 4_500_000
_INSPECTING = 8.0
#: Significant digits of what is inspected.
_DIGITS = 8
#: Seconds that the next finer surface may take to be computed.
_PAINTING = 3.0
#: Seconds of session time that pass between two frames: longer than any rest.
_PASS = 10.0


@dataclass(frozen=True, slots=True)
class RecordingTask:
    """A run to record: what its session is built from, of the lane in focus alone."""

    record: Record
    limits: Limits

    @property
    def config(self) -> dict[str, Any]:
        """What the run began with."""
        return dict(self.record.config)


def record_run(task: RecordingTask, start: int, stop: int) -> NDArray[np.uint8]:
    """Return the compressed block, as one piece of work."""
    return np.frombuffer(recording(task.record, task.limits), np.uint8)


def recording(record: Record, limits: Limits) -> bytes:
    """Return the compressed block of a run, up to the step where it stands."""
    return Recorder(record, limits).block()


class Recorder:
    """A session by itself, with a clock of its own, taken from step to step.

    Parameters
    ----------
    record : Record
        Its lane in focus is recorded.
    limits : Limits
    haste : float
        By what the seconds are divided that surface and inspections may take.
    """

    def __init__(self, record: Record, limits: Limits, haste: float = 1.0) -> None:
        record = replace(record, others={}, playing=False)
        self._haste = haste
        self._end, self._now = record.step, 0.0
        self._published: dict[str, str | bytes] = {}
        self._jobs: list[Job] = []
        self._frame: Frame | None = None
        self._blobs: list[bytes] = []
        self._known: dict[str, Any] = {}
        self._size = 0
        self._session = Session("recorded", record, limits, self._hear, lambda: self._now)
        self._session.attended(1)
        self._arrive()
        self._look()
        self._paint()

    def _hear(self, message: ToFront) -> None:
        if isinstance(message, Publish):
            self._published[message.kind] = message.payload
        elif isinstance(message, Job):
            self._jobs.append(message)
        elif isinstance(message, Frame):
            self._frame = message

    @property
    def trainer(self) -> Trainer:
        """Of the run, at the moment that was looked at last."""
        return self._session.run.trainer

    def _arrive(self) -> None:
        while self._session.run.target is not None:
            self._now += _PASS
            self._session.work(0.05)

    def _look(self) -> Frame:
        """Return a frame as a newcomer gets it."""
        self._now += _PASS
        self._session.want((None,))
        frame, self._frame = self._frame, None
        assert frame is not None
        return frame

    def _paint(self) -> None:
        """Have the surface computed, as fine as a run at rest has it, or as this machine can in a short time."""
        each = 0.0
        while True:
            self._now += _PASS
            self._session.work(0.0)
            if not self._jobs:
                return
            job, work = self._jobs[-1], self._jobs.pop().work
            if each * work.size > _PAINTING / self._haste:
                return
            began = time.perf_counter()
            self._session.job_done(job.job, work.function(work.task, 0, work.size))
            each = (time.perf_counter() - began) / work.size

    def block(self) -> bytes:
        """Record all moments, and return them with what they need."""
        steps = moments_of(self._end, len(self._at(0)))
        magnified = _evenly(len(steps), _MICROSCOPE_BYTES // max(1, len(self._microscope() or b"")))
        targets = list(_targets(self.trainer))
        looked = _evenly(len(steps), self._looks(targets))
        inspections: dict[str, dict[int, Any]] = {}
        moments = []
        for k, step in enumerate(steps):
            frame = self._keep(self._at(step))
            microscope = self._keep(self._microscope()) if k in magnified else None
            path = len(self._session.surface.paths.since(-1))
            moments.append({"step": step, "frame": frame, "microscope": microscope, "path": path, **self._changed()})
            if k in looked:
                self._inspect(k, targets, inspections)
        last = dict(self._look().parts[0].before)
        header = {
            "version": VERSION,
            "end": self._end,
            "state": self._state(),
            **{kind: self._keep(_binary(payload)) for kind, payload in last.items()},
            "moments": moments,
            "inspections": inspections,
            "curves": self._curves(),
        }
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        whole = struct.pack("<I", len(text)) + text + b"".join(self._blobs)
        return packer.compress(whole) + packer.flush()

    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(self._published["state"])
        return {name: value for name, value in state.items() if name != "reason"}

    def _at(self, step: int) -> bytes:
        """Go to a step, and return its frame."""
        session = self._session
        if self.trainer.step_count != step:
            session.run.go_to(step)
            session.surface.go_back({session.run.focus: self.trainer.step_count})
            self._arrive()
        frame = self._look()
        (part,) = frame.parts
        return part.head + frame.body + part.tail

    def _changed(self) -> dict[str, Any]:
        """Return what is not as it was at the moment before: layout, config and data, which a live edit may change."""
        layout, config, data = self._published["layout"], self.trainer.config, self._published["data"]
        found: dict[str, Any] = {}
        if layout != self._known.get("layout"):
            found["layout"] = json.loads(layout)
        if config != self._known.get("config"):
            found["config"] = config.to_json()
        if data != self._known.get("data"):
            found["data"] = self._keep(_binary(data))
        self._known = {"layout": layout, "config": config, "data": data}
        return found

    def _keep(self, blob: bytes | None) -> list[int] | None:
        """Put a message into the block; every one begins at a multiple of 4."""
        if blob is None:
            return None
        place = [self._size, len(blob)]
        padded = blob + b"\0" * (-len(blob) % 4)
        self._blobs.append(padded)
        self._size += len(padded)
        return place

    def _microscope(self) -> bytes | None:
        """Return the coming step under the microscope; None where there is none."""
        trainer = self.trainer
        if trainer.config.on_landscape or trainer.diverged is not None:
            return None
        return microscope_message(trainer, self._session.screen.layout, None)

    def _looks(self, targets: list[Target]) -> int:
        """Return at how many moments all can be inspected: their number, their bytes and their time are bounded."""
        most = _INSPECTIONS // max(1, 2 * len(targets))
        if most < 2:
            return 0
        began = time.perf_counter()
        tried: dict[str, dict[int, Any]] = {}
        self._inspect(0, targets, tried)
        seconds, size = time.perf_counter() - began, len(json.dumps(tried))
        # Before the first step there is no batch to look at: later moments are twice as much.
        return min(most, int(_INSPECTING / self._haste / (2 * seconds)), _INSPECTION_BYTES // (2 * size))

    def _inspect(self, k: int, targets: list[Target], found: dict[str, dict[int, Any]]) -> None:
        """Note what there is to see of every weight and neuron now."""
        for target, over in itertools.product(targets, OVERS):
            watch = Watch(target, over, frozenset({"", "z"}))
            told = inspect(self.trainer, watch, self._session.screen.sample)
            unfolded = frozenset(itertools.islice(_folded(told), _UNFOLDED))
            if unfolded:
                told = inspect(self.trainer, replace(watch, unfold=unfolded), self._session.screen.sample)
            found.setdefault(f"{key_of(target)} {over}", {})[k] = _short(told)

    def _curves(self) -> list[dict[str, Any]]:
        network = self.trainer.network
        return [curve_of(network, layer, -6.0, 6.0) for layer in range(1, len(network.blocks) + 1)]


def _binary(payload: str | bytes) -> bytes:
    assert isinstance(payload, bytes)
    return payload


def _evenly(count: int, most: int) -> set[int]:
    """Return up to `most` of the numbers below `count`, the first and the last among them."""
    if most < 2:
        return set()
    return {round(k) for k in np.linspace(0, count - 1, min(count, most))}


def moments_of(end: int, frame_bytes: int) -> list[int]:
    """Return the steps that are recorded: 0, the last, and evenly between them as many as the size allows."""
    most = max(_FEWEST, min(MOST_MOMENTS, _FRAME_BYTES // max(1, frame_bytes)))
    return sorted({round(step) for step in np.linspace(0, end, min(end + 1, most))})


def key_of(target: Target) -> str:
    """Return what a target is called in the block: layer, neuron, and for a weight where it comes from."""
    return f"{target.layer} {target.to}" + ("" if target.source is None else f" {target.source}")


def _targets(trainer: Trainer) -> Iterator[Target]:
    """Iterate over all that can be inspected: inputs, neurons, weights and biases."""
    network = trainer.network
    for layer, size in enumerate(network.sizes):
        for to in range(size):
            sources = range(network.sizes[layer - 1] + 1) if layer else ()
            for source in (None, *sources, *(SCALES if layer else ())):
                target = Target(layer, to, source)
                try:
                    index = target.check(network).index(network)
                except ConfigError:
                    continue
                if index is None or not network.is_fixed(index):
                    yield target


def _short(told: Any) -> Any:
    """Return what is told with as many digits as a page shows."""
    if isinstance(told, float):
        return float(f"{told:.{_DIGITS}g}")
    if isinstance(told, dict):
        return {name: _short(value) for name, value in told.items()}
    return [_short(value) for value in told] if isinstance(told, list) else told


def _folded(told: dict[str, Any]) -> Iterator[str]:
    """Iterate over the places of a tree's nodes that have children which are not told yet."""
    if told["tree"] is not None:
        yield from _places(told["tree"], "")


def _places(node: dict[str, Any], place: str) -> Iterator[str]:
    if "c" in node:
        yield place
    for k, child in enumerate(node.get("k", ())):
        yield from _places(child, f"{place}.{k}" if place else str(k))
