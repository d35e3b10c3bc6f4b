"""Files that users give: read in a process of its own, and the tables kept as long as a session needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ...core.data.csv_data import FileFormat, open_file
from ...core.data.tables import UPLOADS, DataError, Defect, Table, forget, register
from ...core.ground.errors import BackscopeError
from ..wire.commands import CommandError
from ..wire.messages import Record
from .options import dataset_option

#: Defects that are told one by one; all are counted.
_MOST_TOLD = 100


@dataclass(frozen=True, slots=True)
class Choices:
    """What a user has said of a file; see `read_csv`."""

    target: int | None = None
    kind: str | None = None
    ignore: tuple[int, ...] = ()
    form: FileFormat = field(default_factory=FileFormat)


@dataclass(frozen=True, slots=True, eq=False)
class Upload:
    """A table that a user gave, and what the page has to know of it."""

    table: Table
    option: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its name as a data set."""
        return str(self.option["name"])

    @property
    def nbytes(self) -> int:
        """About how much memory it takes."""
        return self.table.X.nbytes + self.table.answers.nbytes


def read_upload(content: bytes, choices: Choices) -> tuple[Upload | None, dict[str, Any]]:
    """Read a file, and return what it holds and the reply to who gave it; any file gets one.

    The reply says how the file is written, chosen or recognised (``form``), what its ``columns`` seem to be, which is
    the ``target``, and either the ``option`` that the table becomes or all ``defects``.
    """
    reply: dict[str, Any] = {"form": asdict(choices.form), "sheets": (), "columns": [], "target": choices.target}
    try:
        sheet = open_file(content, choices.form)
        reply |= {"form": asdict(sheet.form), "sheets": sheet.sheets, "columns": sheet.glance()}
        reply["target"] = choices.target or sheet.last
        table = sheet.table(choices.target, choices.kind, choices.ignore)
    except DataError as error:
        if error.sheets:
            reply |= {"sheets": error.sheets, "form": {**reply["form"], "sheet": error.sheet}}
        return None, {"ok": False, **reply, **_told(error.defects)}
    except BackscopeError as error:
        return None, {"ok": False, **reply, **_told([Defect("choice", str(error))])}
    upload = upload_of(table)
    return upload, {"ok": True, **reply, "option": upload.option}


def upload_of(table: Table) -> Upload:
    """Return a table with what the page has to know of it."""
    known = set(UPLOADS)
    name = register(table)
    upload = Upload(table, {**dataset_option(name), "upload": True, "target": table.target})
    if name not in known:  # who keeps it registers it
        forget(name)
    return upload


def _told(defects: Iterable[Defect]) -> dict[str, Any]:
    found = list(defects)
    told = [{**asdict(defect), "name": defect.name[:80]} for defect in found[:_MOST_TOLD]]
    return {"defects": told, "count": len(found)}


def names_in(record: Record) -> set[str]:
    """Return the names of data sets that the lanes of a record train on, or its ghosts, which can come back."""
    configs = [record.config, *(config for config, _ in record.others.values())]
    left = {str(deed.ghost.data) for deeds in record.deeds for deed in deeds if deed.ghost is not None}
    return {str(config["data"]["name"]) for config in configs} | left


class Uploads:
    """The tables of this server, and which session needs which.

    Parameters
    ----------
    most_bytes : int
        What all together may take.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._tables: dict[str, Upload] = {}
        self._needed: dict[str, dict[str, None]] = {}

    def of(self, session: str) -> list[Upload]:
        """Return what a session needs, the newest last."""
        return [self._tables[name] for name in self._needed.get(session, ())]

    def add(self, session: str, upload: Upload) -> None:
        """Keep a table for a session.

        Raises
        ------
        CommandError
            If there is no room for it.
        """
        if upload.name not in self._tables:
            size = upload.nbytes + sum(one.nbytes for one in self._tables.values())
            if size > self._most:
                words = f"this server keeps {self._most / 2**20:g} MB of uploads, and that is all in use"
                raise CommandError("uploads_full", words, {"name": "uploads", "value": size, "high": self._most})
            self._tables[upload.name] = upload
        register(upload.table)
        needed = self._needed.setdefault(session, {})
        needed.pop(upload.name, None)
        needed[upload.name] = None

    def claim(self, session: str, names: set[str]) -> list[Upload]:
        """Let a session need those of these data sets that are uploads, and return them."""
        for name in sorted(names & self._tables.keys()):
            self._needed.setdefault(session, {})[name] = None
        return self.of(session)

    def keep(self, session: str, names: set[str]) -> list[str]:
        """Drop what a session needs no more: all but these and the newest. Return what nobody needs."""
        needed = self._needed.get(session, {})
        newest = list(needed)[-1:]
        for name in [name for name in needed if name not in names and name not in newest]:
            del needed[name]
        return self._drop()

    def release(self, session: str) -> list[str]:
        """Drop all that a session needed. Return what nobody needs."""
        self._needed.pop(session, None)
        return self._drop()

    def _drop(self) -> list[str]:
        used = {name for needed in self._needed.values() for name in needed}
        gone = [name for name in self._tables if name not in used]
        for name in gone:
            del self._tables[name]
            forget(name)
        return gone
