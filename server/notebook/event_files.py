"""TensorBoard's event files, read: scalars, histograms and texts, or a refusal in words.

A file is a row of records (TFRecord): length (u64), its checksum (u32), the message, its checksum (u32), all
little-endian; a checksum is CRC-32C, turned and moved (https://www.tensorflow.org/tutorials/load_data/tfrecord). The
messages' form is tensorboardX's, which is loaded when a file is read.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

#: Bytes of a record, of all files together, and names at most; steps kept of each, above which every other is dropped.
MOST_RECORD, MOST_BYTES, MOST_TAGS, MOST_STEPS = 64 * 2**20, 2 * 2**30, 10_000, 2_000
_MASK, _TURN = 0xA282EAD8, 15
_LENGTH, _CHECKSUM = struct.Struct("<Q"), struct.Struct("<I")


class EventFileError(ValueError):
    """What is wrong with an event file, and where."""


class Histogram(NamedTuple):
    """A histogram as TensorBoard keeps it: right ends of its bins (k,), counts (k,), and of all values exactly:"""

    ends: tuple[float, ...]
    counts: tuple[float, ...]
    number: float
    sum_of_squares: float
    least: float
    most: float

    @property
    def norm(self) -> float:
        """Euclidean norm of all values; NaN where the file does not tell."""
        return math.sqrt(self.sum_of_squares) if self.sum_of_squares >= 0 else math.nan


@dataclass(slots=True)
class EventTable:
    """What event files hold, by tag in order of appearance: steps ascending, each once, the last to be written.

    Attributes
    ----------
    scalars : dict of str to dict of int to float
    histograms : dict of str to dict of int to Histogram
    texts : dict of str to str
        The last of each.
    unread : set of str
        Tags of what is neither: images, sounds, tensors of other kinds.
    fault : EventFileError or None
        Where reading ended early, if that was allowed.
    """

    scalars: dict[str, dict[int, float]] = field(default_factory=dict)
    histograms: dict[str, dict[int, Histogram]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    fault: EventFileError | None = None


def needs(name: str) -> Any:
    """Return a module of tensorboardX, or say what is to be installed.

    Raises
    ------
    ImportError
        If it is not there.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        words = f'event files need {error.name}, which is not installed: pip install "backscope[tensorboard]"'
        raise ImportError(words, name=error.name) from error


def read_events(path: Path, *, partial: bool = False) -> EventTable:
    """Return what an event file holds, or those of one folder.

    Parameters
    ----------
    path : Path
        A file, or a folder with files whose names hold ``tfevents``: the run of one program.
    partial : bool
        Take what stands before a fault, as of a run that is just being written, and note it.

    Raises
    ------
    EventFileError
        If there are none, or one is broken.
    """
    event = needs("tensorboardX.proto.event_pb2").Event
    table, files = EventTable(), files_of(path)
    if sum(file.stat().st_size for file in files) > MOST_BYTES:
        raise EventFileError(f"{path} holds more than {MOST_BYTES >> 30} GB of events")
    for file in files:
        try:
            for place, content in records(file):
                _take(table, _parsed(event, content, file, place))
        except EventFileError as fault:
            if not partial:
                raise
            table.fault = fault
    for kind in (table.scalars, table.histograms):
        for tag, steps in kind.items():
            kind[tag] = _thinned(dict(sorted(steps.items())))
    return table


def files_of(path: Path) -> list[Path]:
    """Return the event files of a path, in the order of their names, which begin with the time they were begun."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise EventFileError(f"{path} does not exist")
    here = sorted(file for file in path.iterdir() if "tfevents" in file.name and file.is_file())
    if here:
        return here
    below = sorted(
        {file.parent for file in path.glob("*/*tfevents*")} | {f.parent for f in path.glob("*/*/*tfevents*")}
    )
    if len(below) == 1:
        return files_of(below[0])
    if below:
        names = ", ".join(str(folder.relative_to(path)) for folder in below[:8])
        raise EventFileError(f"{path} holds several runs, name one of them: {names}")
    raise EventFileError(f"{path} holds no event file: their names hold tfevents")


def records(file: Path) -> Iterator[tuple[int, bytes]]:
    """Iterate over the records of a file, each with the byte where it begins.

    Raises
    ------
    EventFileError
        At the first that is cut, or whose checksum is another.
    """
    checksum_of = needs("tensorboardX.crc32c").crc32c
    place = 0

    def take(stream: BinaryIO, count: int, what: str) -> bytes:
        found = stream.read(count)
        if len(found) < count:
            raise EventFileError(
                f"{file.name} is cut: {what} at byte {place} needs {count} bytes, {len(found)} are left"
            )
        return found

    def check(content: bytes, told: bytes, what: str) -> None:
        crc = int(checksum_of(content)) & 0xFFFFFFFF
        turned = ((crc >> _TURN | crc << (32 - _TURN)) + _MASK) & 0xFFFFFFFF
        if turned == _CHECKSUM.unpack(told)[0]:
            return
        if place == 0 and what == "the length":
            raise EventFileError(f"{file.name} is no event file: it does not begin with a record")
        raise EventFileError(f"{file.name} is damaged: {what} of the record at byte {place} has another checksum")

    with file.open("rb") as stream:
        if not file.stat().st_size:
            raise EventFileError(f"{file.name} is empty")
        while first := stream.read(1):
            packed = first + take(stream, _LENGTH.size - 1, "the length of a record")
            check(packed, take(stream, _CHECKSUM.size, "the checksum of a length"), "the length")
            (length,) = _LENGTH.unpack(packed)
            if length > MOST_RECORD:
                raise EventFileError(
                    f"{file.name}: the record at byte {place} has {length} bytes, {MOST_RECORD} at most"
                )
            content = take(stream, length, "a record")
            check(content, take(stream, _CHECKSUM.size, "the checksum of a record"), "the content")
            yield place, content
            place += _LENGTH.size + length + 2 * _CHECKSUM.size


def _parsed(event: Any, content: bytes, file: Path, place: int) -> Any:
    try:
        return event.FromString(content)
    except Exception as error:  # DecodeError, of whichever of protobuf's engines
        raise EventFileError(f"{file.name}: the record at byte {place} is no event") from error


def _take(table: EventTable, event: Any) -> None:
    step = int(event.step)
    for value in event.summary.value:
        tag, kind = str(value.tag), value.WhichOneof("value")
        if kind == "tensor" and value.tensor.dtype == 7 and value.tensor.string_val:
            table.texts[tag.removesuffix("/text_summary")] = value.tensor.string_val[0].decode("utf-8", "replace")
        elif kind == "tensor" and value.tensor.dtype == 1 and _scalar_in(value) is not None:
            _note(table.scalars, tag, step, _scalar_in(value))
        elif kind == "simple_value":
            _note(table.scalars, tag, step, float(value.simple_value))
        elif kind == "histo":
            _note(table.histograms, tag, step, _histogram(value.histo))
        elif kind is not None:
            table.unread.add(tag)
        if len(table.scalars) + len(table.histograms) + len(table.texts) + len(table.unread) > MOST_TAGS:
            raise EventFileError(f"there are more than {MOST_TAGS} names")


def _scalar_in(value: Any) -> float | None:
    """Return the one number of a tensor of float32, as TensorFlow 2 writes scalars; None of others."""
    tensor = value.tensor
    if len(tensor.float_val) == 1:
        return float(tensor.float_val[0])
    if len(tensor.tensor_content) == 4 and not tensor.tensor_shape.dim:
        return float(struct.unpack("<f", tensor.tensor_content)[0])
    return None


def _histogram(told: Any) -> Histogram:
    counts = tuple(told.bucket)
    return Histogram(tuple(told.bucket_limit), counts, told.num, told.sum_squares, told.min, told.max)


def _note(into: dict[str, dict[int, Any]], tag: str, step: int, value: Any) -> None:
    steps = into.setdefault(tag, {})
    steps[step] = value
    if len(steps) > 2 * MOST_STEPS:
        into[tag] = _thinned(steps)


def _thinned(steps: dict[int, Any]) -> dict[int, Any]:
    """Return at most `MOST_STEPS` of the steps: every other one is dropped, the last stays."""
    kept = list(steps)
    while len(kept) > MOST_STEPS:
        kept = kept[:-1:2] + kept[-1:]
    return {step: steps[step] for step in kept}
