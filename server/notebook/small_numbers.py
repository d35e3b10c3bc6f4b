"""What a small view shows of a run that somebody else trains: messages of the page's wire, packed into two blocks.

A block is raw deflate of: the length of a JSON header (u32, little-endian), the header, and the binary messages that
the header names by place and length. `static/js/wire/recording.js` reads it.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence
from typing import Any, NamedTuple

from ...core.run.log import LogEntry
from ...core.run.trainer import Trainer
from ..front.options import options
from ..panels.surface_choice import SurfaceChoice
from ..panels.surfaces import SurfaceView
from ..run.lane import Lane
from ..run.pace import Pace
from ..run.run import Run
from ..session.history import History
from ..session.screen import Screen
from ..session.telling import Telling
from ..wire.edits import Edits, beginning
from ..wire.messages import Frame, Publish, ToFront
from ..wire.protocol import text
from ..wire.settings import Limits

#: What can be shown.
VIEWS = ("network", "gradients", "loss", "surface")
#: Points along each side of a surface: a cell waits for it.
_RESOLUTION = 32
#: Seconds of its own time that pass from look to look: longer than anything rests. Whoever asks decides how often.
_PASS = 10.0


class Look(NamedTuple):
    """What there is to show: how numbers are read and the data, which change rarely, and the numbers."""

    setting: bytes
    numbers: bytes


class SmallNumbers:
    """What is to be shown of a trainer, whenever that is asked for.

    Parameters
    ----------
    trainer : Trainer
        Only looked at.
    view : {"network", "gradients", "loss", "surface"}
        Only a surface is reckoned for it alone.
    """

    def __init__(self, trainer: Trainer, view: str) -> None:
        self._now = 0.0
        self._published: dict[str, str | bytes] = {}
        self._frame: Frame | None = None
        self._run = Run({0: (trainer.edits.start, Edits(), trainer)}, 0, Pace(0.0))
        self._surface = SurfaceView(SurfaceChoice(off=view != "surface", resolution=_RESOLUTION))
        self._surface.show(0, trainer, {})
        history = History()
        self._screen = Screen("small", self._run, self._surface, self._hear)
        self._telling = Telling(
            "small", self._run, self._screen, self._surface, history, self._hear, lambda: self._now, 0
        )
        self._screen.introduce()
        self._edits: list[LogEntry] = []
        self._step = trainer.step_count
        self._setting: tuple[Any, ...] = ()
        self._packed = b""

    def look(self) -> Look:
        """Return what there is to see now."""
        self._keep_up()
        self._now += _PASS
        self._paint(self._now)
        self._telling.tell(bound_to_play=False)
        self._screen.want((None,))
        self._screen.show(self._now, self._run.status()["kind"])
        assert self._frame is not None
        (part,) = self._frame.parts
        before = [payload for _, payload in part.before if isinstance(payload, bytes)]
        numbers = pack([self._published["state"]], [*before, part.head + self._frame.body + part.tail])
        setting = choices(self._run.trainer.config.data.name), self._published["layout"], self._published["data"]
        if setting != self._setting:
            self._setting, self._packed = setting, pack(setting[:2], setting[2:])
        return Look(self._packed, numbers)

    def _hear(self, message: ToFront) -> None:
        if isinstance(message, Publish):
            self._published[message.kind] = message.payload
        elif isinstance(message, Frame):
            self._frame = message

    def _keep_up(self) -> None:
        """Take note of edits, and of what has been left behind for another branch."""
        lane: Lane = self._run.lane
        trainer, known = lane.trainer, lane.metrics
        reached = [entry for entry in trainer.edits.entries if entry.step <= trainer.step_count]
        if reached != self._edits:
            self._edits = reached
            log = [{"step": entry.step, "change": dict(entry.change)} for entry in reached]
            lane.edits = Edits(beginning(trainer.edits.start.to_json(), log)[1])
        known.go_to(trainer.step_count)
        if known.knows_beyond(trainer.furthest):
            known.branch()
        if trainer.step_count < self._step:
            self._surface.go_back({0: trainer.step_count})
        self._step = trainer.step_count

    def _paint(self, now: float) -> None:
        """Reckon the surface, where the one that was shown holds no longer."""
        surface, trainer, metrics = self._surface, self._run.trainer, self._run.metrics
        self._run.measure(now)
        work = surface.begin(trainer, now) if surface.due(trainer) <= now else None
        while work is not None:
            work = surface.computed(work.function(work.task, 0, work.size), trainer, metrics, now)


def choices(data: str) -> str:
    """Return the part of a welcome that small views have words of: of parts, and of the data set or landscape."""
    served = options(Limits())
    of_parts = ("words", "activations", "normalizations", "limits", "planes", "through", "resolutions")
    kept = {name: served[name] for name in of_parts}
    for name in ("datasets", "landscapes"):
        kept[name] = [entry for entry in served[name] if entry["name"] == data]
    return text("welcome", {"options": kept})


def pack(texts: Sequence[str | bytes], binaries: Sequence[str | bytes]) -> bytes:
    """Return a block of messages; every binary one begins at a multiple of 4."""
    places, blobs, size = list[tuple[int, int]](), list[bytes](), 0
    for message in binaries:
        assert isinstance(message, bytes)
        padded = message + b"\0" * (-len(message) % 4)
        places.append((size, len(message)))
        blobs.append(padded)
        size += len(padded)
    body, told = b"".join(blobs), [json.loads(text) for text in texts]
    checksum = zlib.crc32(body, zlib.crc32(json.dumps(told).encode()))
    header = json.dumps({"texts": told, "binaries": places, "checksum": checksum}, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 4)
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(struct.pack("<I", len(header)) + header + body) + packer.flush()
