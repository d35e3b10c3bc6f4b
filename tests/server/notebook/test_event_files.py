"""Event files, read: what TensorBoard's own writer and reader make of them, and what is wrong with broken ones."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from backscope.server.notebook import event_files
from backscope.server.notebook.event_files import EventFileError, read_events, records
from backscope.server.notebook.event_run import EventRun

writing = pytest.importorskip("tensorboardX")
messages = pytest.importorskip("tensorboardX.proto.summary_pb2")
crc32c = pytest.importorskip("tensorboardX.crc32c").crc32c


def written(folder: Path, steps: int = 5) -> Path:
    """Write a small run, and return its one file."""
    writer = writing.SummaryWriter(str(folder))
    random = np.random.default_rng(3)
    for step in range(steps):
        writer.add_scalar("train/loss", 1 / (step + 1), step)
        writer.add_histogram("fc1.weight", random.normal(size=50), step)
    writer.add_text("note", "hello", 1)
    picture = messages.Summary.Image(height=4, width=4, colorspace=3, encoded_image_string=b"\x89PNG")
    writer.file_writer.add_summary(messages.Summary(value=[messages.Summary.Value(tag="picture", image=picture)]), 1)
    writer.close()
    (file,) = folder.iterdir()
    return Path(file)


def record(content: bytes) -> bytes:
    def masked(part: bytes) -> bytes:
        crc = int(crc32c(part)) & 0xFFFFFFFF
        return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)

    length = struct.pack("<Q", len(content))
    return length + masked(length) + content + masked(content)


def test_scalars_histograms_and_texts_come_back(tmp_path: Path) -> None:
    table = read_events(written(tmp_path).parent)
    assert table.scalars["train/loss"] == pytest.approx({0: 1, 1: 1 / 2, 2: 1 / 3, 3: 1 / 4, 4: 1 / 5})
    random = np.random.default_rng(3)
    norms = [np.linalg.norm(random.normal(size=50)) for _ in range(5)]
    assert [one.norm for one in table.histograms["fc1.weight"].values()] == pytest.approx(norms)
    assert table.texts == {"note": "hello"}
    assert table.unread == {"picture"}
    assert table.fault is None


def test_without_tensorboardx_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path)
    monkeypatch.setitem(sys.modules, "tensorboardX.proto.event_pb2", None)
    with pytest.raises(ImportError, match=r'pip install "backscope\[tensorboard\]"'):
        read_events(file)


def test_a_file_that_is_cut_says_where_and_what_stands_before_can_be_had(tmp_path: Path) -> None:
    file = written(tmp_path)
    whole = file.read_bytes()
    ends = [place for place, _ in records(file)]
    file.write_bytes(whole[: ends[4] + 20])
    with pytest.raises(EventFileError, match=rf"is cut: a record at byte {ends[4]} needs \d+ bytes, 8 are left"):
        read_events(file)
    table = read_events(file, partial=True)
    assert 0 < len(table.scalars["train/loss"]) < 5
    assert "is cut" in str(table.fault)


def test_a_changed_byte_is_found_by_its_checksum(tmp_path: Path) -> None:
    file = written(tmp_path)
    whole = bytearray(file.read_bytes())
    second = [place for place, _ in records(file)][1]
    whole[second + 12] ^= 1
    file.write_bytes(whole)
    with pytest.raises(EventFileError, match=f"the content of the record at byte {second} has another checksum"):
        read_events(file)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"step,loss\n1,0.5\n2,0.25\n", "is no event file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "is no event file"),
        (record(b"no message"), "the record at byte 0 is no event"),
        (struct.pack("<Q", 1 << 40) + record(bytes(0))[8:], "is no event file|at most"),
    ],
)
def test_other_files_are_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "events.out.tfevents.1"
    file.write_bytes(content)
    with pytest.raises(EventFileError, match=words):
        read_events(file)


def test_folders_without_a_run_or_with_several_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EventFileError, match="holds no event file"):
        read_events(tmp_path)
    with pytest.raises(EventFileError, match="does not exist"):
        read_events(tmp_path / "nowhere")
    written(tmp_path / "a")
    assert read_events(tmp_path).scalars
    written(tmp_path / "b")
    with pytest.raises(EventFileError, match="several runs, name one of them: a, b"):
        read_events(tmp_path)


def test_a_record_that_is_too_long_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_files, "MOST_RECORD", 20)
    with pytest.raises(EventFileError, match="20 at most"):
        read_events(written(tmp_path))


def test_of_very_many_steps_every_other_is_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_files, "MOST_STEPS", 8)
    steps = list(read_events(written(tmp_path, 50)).scalars["train/loss"])
    assert 4 <= len(steps) <= 8
    assert steps[-1] == 49


@pytest.mark.long
def test_thousands_of_broken_files_are_read_or_refused_in_words(tmp_path: Path) -> None:
    """Bytes changed, left out, put in and cut, with checksums made right again for half of them."""
    file = written(tmp_path)
    contents = [content for _, content in records(file)]
    random = np.random.default_rng(11)
    refused = 0
    for k in range(5000):
        changed = bytearray(contents[random.integers(len(contents))] if k % 2 else file.read_bytes())
        for _ in range(random.integers(1, 6)):
            at = int(random.integers(len(changed)))
            kind = random.integers(4)
            if kind == 0:
                changed[at] = random.integers(256)
            elif kind == 1:
                del changed[at : at + int(random.integers(1, 9))]
            elif kind == 2:
                changed[at:at] = random.bytes(int(random.integers(1, 9)))
            else:
                del changed[at:]
            changed = changed or bytearray(b"x")
        broken = tmp_path / "broken"
        broken.write_bytes(record(bytes(changed)) if k % 2 else bytes(changed))
        for partial in (False, True):
            try:
                EventRun(read_events(broken, partial=partial), "broken").message(-1, -1)
            except EventFileError:  # and no other error
                refused += 1
    assert refused > 5000
