"""The users' own data: files read beside the event loop, and tables kept as long as a session needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...core.data.csv_data import glance_at, read_csv
from ...core.data.tables import OWN, DataError, Defect, Table, forget, register
from ...core.ground.errors import BackscopeError
from ..wire.commands import CommandError
from ..wire.messages import Record
from .options import dataset_option

#: Defects that are told one by one; all are counted.
_MOST_TOLD = 100


@dataclass(frozen=True, slots=True, eq=False)
class OwnData:
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


def read_own(
    content: bytes, target: int | None, kind: str | None, ignore: tuple[int, ...]
) -> tuple[OwnData | None, dict[str, Any]]:
    """Read a file, and return what it holds and the reply to who gave it; any file gets one.

    Parameters
    ----------
    content : bytes
        See `read_csv`.
    target : int, optional
        Number of the column to be learnt, from 1; None is the last.
    kind : {"classes", "regression"}, optional
        What the target is; None decides by its values.
    ignore : tuple of int
        Columns that are left out.
    """
    columns = glance_at(content)
    try:
        table = read_csv(content, target, kind, ignore)
    except DataError as error:
        return None, {"ok": False, "columns": columns, **_told(error.defects)}
    except BackscopeError as error:
        return None, {"ok": False, "columns": columns, **_told([Defect("choice", str(error))])}
    known = set(OWN)
    name = register(table)
    own = OwnData(table, {**dataset_option(name), "own": True, "target": table.target})
    if name not in known:  # who keeps it registers it
        forget(name)
    return own, {"ok": True, "columns": columns, "option": own.option}


def _told(defects: Iterable[Defect]) -> dict[str, Any]:
    found = list(defects)
    told = [
        {"problem": one.problem, "words": one.words, "row": one.row, "column": one.column, "name": one.name[:80]}
        for one in found[:_MOST_TOLD]
    ]
    return {"defects": told, "count": len(found)}


def names_in(record: Record) -> set[str]:
    """Return the names of data sets that the lanes of a record train on."""
    configs = [record.config, *(config for config, _ in record.others.values())]
    return {str(config["data"]["name"]) for config in configs}


class OwnTables:
    """The tables of this server, and which session needs which.

    Parameters
    ----------
    most_bytes : int
        What all together may take.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._tables: dict[str, OwnData] = {}
        self._needed: dict[str, dict[str, None]] = {}

    def of(self, session: str) -> list[OwnData]:
        """Return what a session needs, the newest last."""
        return [self._tables[name] for name in self._needed.get(session, ())]

    def add(self, session: str, own: OwnData) -> None:
        """Keep a table for a session.

        Raises
        ------
        CommandError
            If there is no room for it.
        """
        if own.name not in self._tables:
            size = own.nbytes + sum(one.nbytes for one in self._tables.values())
            if size > self._most:
                words = f"this server keeps {self._most / 2**20:g} MB of own data, and that is all in use"
                raise CommandError("own_data_full", words, {"name": "own_data", "value": size, "high": self._most})
            self._tables[own.name] = own
        register(own.table)
        needed = self._needed.setdefault(session, {})
        needed.pop(own.name, None)
        needed[own.name] = None

    def claim(self, session: str, names: set[str]) -> list[OwnData]:
        """Let a session need those of these data sets that are own ones, and return them."""
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
