"""Lessons that a page has given the server: read like those of a folder, kept for a while under their content's name.

So whoever follows a room can be shown a lesson that nobody has put into a folder. Nothing of it is written to disk.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

from .faults import LessonError
from .shelf import LANGUAGES, MOST_BYTES, assembled
from .steps import FILE, read_steps
from .texts import read_text

Json = dict[str, Any]
#: Name of a file of a lesson -> its text.
Files = Mapping[str, str]

WORDS = {language: f"{language}.md" for language in LANGUAGES}
#: Bytes of a whole lesson as it is sent: its texts, as JSON or compressed.
MOST_SENT = 1 << 20
#: Letters of the names of given lessons: no folder can have such a name.
OWN = "own-"
_MOST_KEPT = 200
_MOST_LETTERS = 1 << 24


def lesson_name(files: Files) -> str:
    """Return the name of a lesson by its content: the same files have the same name on every server."""
    content = json.dumps(dict(sorted(files.items())), ensure_ascii=False)
    return OWN + hashlib.sha256(content.encode()).hexdigest()[:32]


def read_files(files: Files, language: str) -> Json:
    """Return a lesson as plain data, from its files.

    Parameters
    ----------
    files : mapping
        `lesson.json`, and `en.md`, `zh.md` or both.
    language : str
        That of the words, where there are some in it.

    Raises
    ------
    LessonError
        If a file is broken; also one of another language than that asked for.
    """
    _check_names(files)
    steps = read_steps(files[FILE])
    found: dict[str, Json] = {}
    for spoken, file in WORDS.items():
        if file in files:
            text = read_text(files[file], file)
            found[spoken] = assembled(lesson_name(files), spoken, steps, text, file)
    return found.get(language) or next(iter(found.values()))


def _check_names(files: Files) -> None:
    known = ", ".join(WORDS.values())
    for name, text in files.items():
        if name != FILE and name not in WORDS.values():
            raise LessonError(name[:60], 1, "stray_file", known=known, found=name[:60])
        size = len(text.encode("utf-8", "surrogatepass"))
        if size > MOST_BYTES:
            raise LessonError(name, 1, "large", high=MOST_BYTES, value=size)
        if size > len(text) and any("\ud800" <= letter <= "\udfff" for letter in text):
            raise LessonError(name, 1, "utf8")
    if FILE not in files:
        raise LessonError(FILE, 1, "steps_file", found=", ".join(files)[:60] or "-")
    if len(files) == 1:
        raise LessonError(WORDS["en"], 1, "words_file", known=known)


def unpacked(content: bytes) -> Files:
    """Return the files of a lesson that was sent: a .zip, or a JSON object of name and text.

    Raises
    ------
    LessonError
        If it is neither, or holds what belongs to no lesson.
    """
    if content[:2] == b"PK":
        return _unzipped(content)
    try:
        files = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise LessonError(FILE, 1, "json", column=1, found=str(error)[:80]) from None
    if not isinstance(files, dict) or not all(isinstance(text, str) for text in files.values()):
        raise LessonError(FILE, 1, "json", column=1, found="not an object of texts")
    return files


def _unzipped(content: bytes) -> Files:
    """Return what lies in a .zip, in one folder of it or in none; no more is unpacked than a lesson may have."""
    files: dict[str, str] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and "__MACOSX" not in entry.filename]
            if len({entry.filename.rpartition("/")[0] for entry in entries}) > 1 or len(entries) > len(WORDS) + 1:
                raise LessonError(FILE, 1, "zip", found=", ".join(entry.filename for entry in entries)[:80])
            for entry in entries:
                name = entry.filename.rpartition("/")[2]
                with archive.open(entry) as file:
                    read = file.read(MOST_BYTES + 1)
                if len(read) > MOST_BYTES:
                    raise LessonError(name[:60], 1, "large", high=MOST_BYTES, value=entry.file_size)
                files[name] = _decoded(read, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise LessonError(FILE, 1, "zip", found=str(error)[:80]) from None
    return files


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LessonError(name[:60], content.count(b"\n", 0, error.start) + 1, "utf8") from None


def zipped(files: Files, folder: str) -> bytes:
    """Return a .zip with a folder that `--lessons` reads as it is: always the same bytes for the same files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in (FILE, *WORDS.values()):
            if name in files:
                archive.writestr(zipfile.ZipInfo(f"{folder}/{name}"), files[name].encode(), zipfile.ZIP_DEFLATED)
    return made.getvalue()


class Given:
    """The lessons that were given last: so many, and of so many letters in all. Threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[Files, dict[str, Json]]] = OrderedDict()

    def keep(self, files: Files) -> str:
        """Keep a lesson that has been read, and return its name."""
        name = lesson_name(files)
        with self._lock:
            self._kept.setdefault(name, (dict(files), {}))
            self._kept.move_to_end(name)
            while len(self._kept) > _MOST_KEPT or self._letters() > _MOST_LETTERS:
                self._kept.popitem(last=False)
        return name

    def lesson(self, name: str, language: str) -> Json:
        """Return a lesson as plain data.

        Raises
        ------
        KeyError
            If it was never given, or so long ago that others have taken its place.
        """
        with self._lock:
            files, read = self._kept[name]
            self._kept.move_to_end(name)
        if language not in read:
            read[language] = read_files(files, language)
        return read[language]

    def _letters(self) -> int:
        return sum(len(text) for files, _ in self._kept.values() for text in files.values())
