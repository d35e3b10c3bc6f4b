"""Text files as rows of fields: the encoding, the delimiter and quotation marks, each recognised or chosen."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from .numerals import is_number
from .tables import MOST_ROWS, DataError, Defect

LARGEST_FILE = 10 * 2**20
"""Bytes."""

ENCODINGS = (
    "utf-8",
    "utf-16",
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "gb18030",
    "big5",
    "shift_jis",
)

DELIMITERS = (",", ";", "\t", "|", " ")
"""The last stands for spaces and tabs, as many as there are."""

LONGEST_FIELD = 200
"""Characters; a number needs 30, the name of a class not many more."""

_LONGEST_LINE = 10_000
_SAMPLE = 1 << 16  # bytes
_FIRST_LINE = re.compile(r'"?sep=(.)"?[ \t]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_NO_TEXT = re.compile("[\0-\x08\x0e-\x1f\x7f]")
_SIGNATURES = {
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a compressed file",
    b"PAR1\x15": "a Parquet file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
#: What a workbook with a password holds: it is packed as old ones are.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_END = "\0"


@dataclass(slots=True)
class Rows:
    """A file cut into rows of fields; blank lines are left out.

    Attributes
    ----------
    fields : list of list of str
        Rows of different lengths, as they stand there.
    lines : list of int
        The line in which each row begins, from 1.
    defects : list of Defect
        Rows that cannot be cut.
    left : int
        Rows that were not read, because there are too many.
    sheets : tuple of str
        Of a workbook, in its order.
    formulas : set of (int, int)
        Line and index of the cells of a workbook that hold a formula without its value.
    """

    fields: list[list[str]]
    lines: list[int]
    defects: list[Defect] = field(default_factory=list)
    left: int = 0
    sheets: tuple[str, ...] = ()
    formulas: set[tuple[int, int]] = field(default_factory=set)


def decode(content: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text of a file and the encoding that it was read with; None recognises it.

    Raises
    ------
    DataError
        If the bytes are not text in this encoding.
    """
    for signature, what in _SIGNATURES.items():
        if content.startswith(signature):
            if _ENCRYPTED in content:
                raise DataError([Defect("password", "the workbook has a password: save it without one, or as CSV")])
            words = f"is {what}, which is not read: save it as .xlsx or as CSV"
            raise DataError([Defect("format", f"the file {words}", params={"format": what})])
    encoding = encoding or _encoding(content)
    try:
        text = content.decode(_codec(content, encoding))
    except UnicodeDecodeError as error:
        line = _line(content[: error.start].decode("latin-1"))
        words = f"is not text in {encoding}: choose another encoding, or save the file as “CSV UTF-8”"
        raise DataError([Defect("encoding", words, line, params={"encoding": encoding})]) from None
    text = text.lstrip("\ufeff").rstrip("\x1a")
    strange = _NO_TEXT.search(text)
    if strange:
        words = "holds bytes that are not text: save the table as CSV (UTF-8) or .xlsx"
        raise DataError([Defect("binary", words, _line(text[: strange.start()]))])
    if not text.strip():
        raise DataError([Defect("nothing", "the file is empty")])
    return text, encoding


def _line(before: str) -> int:
    return before.count("\n") + before.count("\r") - before.count("\r\n") + 1


def _codec(content: bytes, encoding: str) -> str:
    if encoding == "utf-16":
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16"
        return "utf-16-le" if content[1::2].count(0) >= content[::2].count(0) else "utf-16-be"
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _encoding(content: bytes) -> str:
    """The encoding that fits: UTF-16 by its mark or its zeros, UTF-8 where it can be, else what Excel writes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = content[:4096:2].count(0), content[1:4096:2].count(0)
    if max(even, odd) > 0.35 * min(len(content), 4096) / 2 and min(even, odd) * 20 <= max(even, odd):
        return "utf-16"
    try:
        content.decode("utf-8-sig")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if len(text.encode("ascii", "ignore")) + 2 * broken < len(text):
        return "utf-8"  # most of it is: the rest is told as a defect
    runs = re.findall(rb"[\x80-\xff]+", content[:_SAMPLE])
    hanzi = sum(2 * len(re.findall(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]", run)) for run in runs)
    if hanzi > 0.8 * sum(map(len, runs)):
        return "gb18030"
    cyrillic = sum(len(run) for run in runs if len(run) > 2 and min(run) >= 0xC0)  # elsewhere letters stand alone
    return "windows-1251" if cyrillic > 0.5 * sum(map(len, runs)) else "windows-1252"


def find_delimiter(text: str) -> str:
    """Return the delimiter that cuts the first lines most evenly, into most numbers, and among equals most fields."""
    lines = [line[:_LONGEST_LINE] for line in islice(_lines(text), 200) if line.strip()][:50]

    def fitness(delimiter: str) -> tuple[float, float, int]:
        cut = [_fields(line, delimiter) for line in lines]
        width, count = max(Counter(map(len, cut)).items(), key=lambda item: (item[1], item[0]))
        if width < 2:
            return 0.0, 0.0, width
        cells = [cell.strip() for row in cut if len(row) == width for cell in row[:200] if cell.strip()]
        even = count / len(lines)
        return even**2 * (0.2 + sum(map(is_number, cells)) / max(1, len(cells))), even, width

    return max(DELIMITERS, key=fitness)


def _fields(line: str, delimiter: str) -> list[str]:
    reader = csv.reader(
        [line.replace("\t", " ") if delimiter == " " else line], delimiter=delimiter, skipinitialspace=True
    )
    row = next(reader, [])
    return [cell for cell in row if cell.strip()] if delimiter == " " else row


def _lines(text: str) -> Iterator[str]:
    """Lines that end where csv ends them; `splitlines` would also cut at characters that can stand in a name."""
    return io.StringIO(text, newline="")


def cut(text: str, delimiter: str | None = None) -> tuple[Rows, str]:
    """Cut a text into rows of fields, and return them with the delimiter; None recognises it.

    A first line ``sep=;``, as Excel reads and writes it, is obeyed.
    """
    said = _FIRST_LINE.match(text)
    skipped = 0
    if said:
        text, skipped = text[said.end() :], 1
        if said[1] in DELIMITERS:
            delimiter = delimiter or said[1]
    if not text.strip():
        raise DataError([Defect("nothing", "the file is empty")])
    delimiter = delimiter or find_delimiter(text)
    rows = _cut(text.replace("\t", " ") if delimiter == " " else text, delimiter, skipped)
    if not rows.fields and not rows.defects:
        raise DataError([Defect("nothing", "the file is empty")])
    return rows, delimiter


def _cut(text: str, delimiter: str, skipped: int) -> Rows:
    source = _lines(text)
    reader = csv.reader(_with_end(source), delimiter=delimiter, skipinitialspace=True)
    rows, start, several = Rows([], []), 1, []
    try:
        for row in reader:
            if row and row[-1].endswith(_END):
                if len(row) > 1 or row[0] != _END:
                    rows.defects.append(_unclosed(text, start, delimiter, skipped))
                break
            if any(map(str.strip, row)):
                if reader.line_num > start:
                    several.append(len(rows.fields))
                rows.fields.append([cell for cell in row if cell] if delimiter == " " else row)
                rows.lines.append(start + skipped)
                if len(rows.fields) > MOST_ROWS + 1:
                    rows.left = sum(1 for line in source if line.strip())
                    break
            start = reader.line_num + 1
    except csv.Error:  # a field beyond all bounds
        rows.defects.append(_unclosed(text, start, delimiter, skipped))
    _find_swallowed(rows, several, delimiter)
    return rows


def _with_end(lines: Iterator[str]) -> Iterator[str]:
    """Lines and one more, which becomes a row of its own unless a quotation mark is still open."""
    yield from lines
    yield _END


def _unclosed(text: str, start: int, delimiter: str, skipped: int) -> Defect:
    """The row after whose quotation mark nothing ends."""
    line = next(islice(_lines(text), start - 1, None), "")
    if '"' not in line:
        words = f"has a field of more than {LONGEST_FIELD} letters: is the delimiter right?"
        return Defect("too_long", words, start + skipped, params={"high": LONGEST_FIELD})
    return _quotes(start + skipped, len(_fields(line[: csv.field_size_limit()], delimiter)))


def _quotes(row: int, column: int) -> Defect:
    return Defect("quotes", "a quotation mark opens here and is not closed: close it, or delete it", row, column)


def _find_swallowed(rows: Rows, several: list[int], delimiter: str) -> None:
    """Take out rows in which a quoted field holds what looks like rows of the file: its mark closes in a later row."""
    if not several:
        return
    width = usual_width(rows.fields)
    for index in reversed(several):
        for column, cell in enumerate(rows.fields[index], start=1):
            parts = re.split(r"\r\n|\r|\n", cell)
            if len(parts) > 1 and any(len(_fields(part[:_LONGEST_LINE], delimiter)) >= max(width, 2) for part in parts):
                rows.defects.append(_quotes(rows.lines[index], column))
                del rows.fields[index], rows.lines[index]
                break


def usual_width(fields: list[list[str]]) -> int:
    """Return how many fields most rows have."""
    return Counter(map(len, fields)).most_common(1)[0][0] if fields else 0
