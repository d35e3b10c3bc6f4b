"""The file that runs are kept in: one thread writes it, and whatever is wrong with it, the service goes on.

SQLite with a write-ahead log: what has been committed is there after a `kill -9` of the server. A file that cannot be
read, or that another version has written, is put aside under another name and never deleted.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

NAME, VERSION = "runs.sqlite", 1
#: Bytes and runs that are kept at most: above, those go that were left longest ago.
MOST_BYTES, MOST_RUNS = 2 * 2**30, 2000

_SCHEMA = """
CREATE TABLE runs (
    session TEXT PRIMARY KEY, secret BLOB NOT NULL, owner BLOB, name TEXT NOT NULL DEFAULT '', begun REAL NOT NULL,
    seen REAL NOT NULL, step INTEGER NOT NULL, record TEXT NOT NULL
);
CREATE INDEX of_owner ON runs (owner);
CREATE TABLE states (session TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE, payload BLOB NOT NULL);
CREATE TABLE tables (name TEXT PRIMARY KEY, payload BLOB NOT NULL);
CREATE TABLE needs (
    session TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, name TEXT NOT NULL, PRIMARY KEY (session, name)
);
"""
#: Came later, and is no reason to put a file aside: who does not know of rooms leaves them alone.
_ROOMS = """
CREATE TABLE IF NOT EXISTS rooms (session TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE, payload TEXT NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What is written of a run: digests of the secrets that open it, and its record as a function that makes JSON."""

    secret: bytes
    owner: bytes | None
    step: int
    record: Callable[[], str]
    tables: frozenset[str] = frozenset()


class Stored(NamedTuple):
    """A run as it was kept; its state packed, None if there is none."""

    secret: bytes
    owner: bytes | None
    step: int
    record: str
    state: bytes | None
    tables: tuple[bytes, ...]


class Listed(NamedTuple):
    """A run in a list: when it was begun and seen last, in seconds since 1970."""

    session: str
    name: str
    begun: float
    seen: float
    step: int
    record: str


@dataclass(slots=True)
class Batch:
    """What is to be written at once: of every run the newest."""

    runs: dict[str, Run] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)
    states: dict[str, bytes] = field(default_factory=dict)
    tables: dict[str, Callable[[], bytes]] = field(default_factory=dict)
    rooms: dict[str, Callable[[], str] | None] = field(default_factory=dict)  # by session; None closes one

    def __bool__(self) -> bool:
        return bool(self.runs or self.steps or self.states or self.tables or self.rooms)

    def under(self, newer: Batch) -> Batch:
        """Return both, of each run what is newer."""
        steps = {name: step for name, step in self.steps.items() if name not in newer.runs}
        return Batch(
            self.runs | newer.runs,
            steps | newer.steps,
            self.states | newer.states,
            self.tables | newer.tables,
            self.rooms | newer.rooms,
        )


class Database:
    """The file, used by one thread at a time.

    Parameters
    ----------
    folder : Path or None
        Where it lies, made if it is not there; None for a file without a name that nobody finds again.
    told : callable
        Takes words for who runs the server.
    """

    def __init__(self, folder: Path | None, told: Callable[[str], None]) -> None:
        self._folder, self._told = folder, told
        self._connection: sqlite3.Connection | None = None

    @property
    def lasting(self) -> bool:
        """Whether what is written is there after the server has ended."""
        return self._folder is not None

    def open(self) -> None:
        """Open the file, or a new one where it cannot be read; where no file can be written, one without a name.

        Raises
        ------
        sqlite3.Error
            If not even that is possible.
        """
        if self._folder is not None:
            try:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._connection = self._opened(self._folder / NAME)
                return
            except (OSError, sqlite3.OperationalError) as error:
                self._told(f"runs cannot be kept in {self._folder} ({error}): they last as long as this server")
                self._folder = None
        self._connection = self._prepared(_connect(""))

    def _opened(self, path: Path) -> sqlite3.Connection:
        connection = _connect(str(path))
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
            if version == VERSION:
                connection.execute("SELECT count(*), max(seen) FROM runs").fetchone()
            if empty or version == VERSION:
                os.chmod(path, 0o600)
                return self._prepared(connection)
            reason, mark = f"is of version {version}, and this Backscope reads version {VERSION}", f"version-{version}"
        except sqlite3.DatabaseError as error:
            if _is_busy(error):
                connection.close()
                raise
            reason, mark = f"cannot be read ({error})", "damaged"
        connection.close()
        self._put_aside(path, reason, mark)
        return self._prepared(_connect(str(path)))

    def _put_aside(self, path: Path, reason: str, mark: str) -> None:
        aside = path.with_name(f"{path.stem}.{mark}.{time.strftime('%Y%m%d-%H%M%S')}{path.suffix}")
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.replace(f"{path}{suffix}", f"{aside}{suffix}")
        self._told(f"the file of runs {reason}: it is kept as {aside}, and a new one is begun")

    def _prepared(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # a commit outlives the process, if not a power cut
        connection.execute("PRAGMA foreign_keys = ON")
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
        connection.execute(_ROOMS)
        return connection

    def start_over(self) -> None:
        """The file has turned out to be damaged: put it aside, and begin a new one."""
        self.close()
        if self._folder is not None:
            self._put_aside(self._folder / NAME, "is damaged", "damaged")
        self.open()

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    @property
    def _sql(self) -> sqlite3.Connection:
        if self._connection is None:
            self.open()
        assert self._connection is not None
        return self._connection

    # What is asked of it

    def write(self, batch: Batch, keep: Iterable[str] = ()) -> None:
        """Write a batch, all of it or nothing, and make room without the runs that are to be kept.

        Raises
        ------
        sqlite3.Error
            If it could not be written: nothing of it is.
        """
        now, sql = time.time(), self._sql
        with _transaction(sql):
            for name, table in batch.tables.items():
                if sql.execute("SELECT 1 FROM tables WHERE name = ?", (name,)).fetchone() is None:
                    sql.execute("INSERT INTO tables VALUES (?, ?)", (name, table()))
            for session, run in batch.runs.items():
                sql.execute(
                    "INSERT INTO runs (session, secret, owner, begun, seen, step, record) VALUES (?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT (session) DO UPDATE SET owner = coalesce(excluded.owner, owner),"
                    " seen = excluded.seen, step = excluded.step, record = excluded.record",
                    (session, run.secret, run.owner, now, now, run.step, run.record()),
                )
                sql.execute("DELETE FROM needs WHERE session = ?", (session,))
                sql.executemany("INSERT INTO needs VALUES (?, ?)", [(session, name) for name in run.tables])
            sql.executemany(
                "UPDATE runs SET step = ?, seen = ? WHERE session = ?",
                [(step, now, session) for session, step in batch.steps.items()],
            )
            sql.executemany(
                "INSERT OR REPLACE INTO states SELECT session, ? FROM runs WHERE session = ?",
                [(payload, session) for session, payload in batch.states.items()],
            )
            for session, room in batch.rooms.items():
                if room is None:
                    sql.execute("DELETE FROM rooms WHERE session = ?", (session,))
                else:
                    words = "INSERT OR REPLACE INTO rooms SELECT session, ? FROM runs WHERE session = ?"
                    sql.execute(words, (room(), session))
            if batch.states:
                self._make_room(set(keep) | batch.states.keys() | batch.runs.keys())

    def _make_room(self, keep: set[str]) -> None:
        sql = self._sql
        pages, free, size = (
            sql.execute(f"PRAGMA {word}").fetchone()[0] for word in ("page_count", "freelist_count", "page_size")
        )
        count = sql.execute("SELECT count(*) FROM runs").fetchone()[0]
        if (pages - free) * size <= MOST_BYTES and count <= MOST_RUNS:
            return
        oldest = [row[0] for row in sql.execute("SELECT session FROM runs ORDER BY seen") if row[0] not in keep]
        self._drop(oldest[: max(1, count // 20)])

    def _drop(self, sessions: Iterable[str]) -> None:
        self._sql.executemany("DELETE FROM runs WHERE session = ?", [(session,) for session in sessions])
        self._sql.execute("DELETE FROM tables WHERE name NOT IN (SELECT name FROM needs)")

    def find(self, session: str) -> Stored | None:
        """Return a run, None if there is none of this name."""
        sql = self._sql
        row = sql.execute("SELECT secret, owner, step, record FROM runs WHERE session = ?", (session,)).fetchone()
        if row is None:
            return None
        wanted = "SELECT payload FROM tables JOIN needs USING (name) WHERE session = ?"
        tables = tuple(payload for (payload,) in sql.execute(wanted, (session,)))
        secret, owner, step, record = row
        return Stored(secret, owner, step, record, self.state(session), tables)

    def state(self, session: str) -> bytes | None:
        """Return the newest packed state of a run, None if there is none."""
        row = self._sql.execute("SELECT payload FROM states WHERE session = ?", (session,)).fetchone()
        return None if row is None else bytes(row[0])

    def rooms(self) -> list[tuple[str, str]]:
        """Return the rooms, as sessions and what was kept of each."""
        return [(session, payload) for session, payload in self._sql.execute("SELECT session, payload FROM rooms")]

    def runs_of(self, owner: bytes) -> list[Listed]:
        """Return the runs of an owner, the newest first."""
        words = "SELECT session, name, begun, seen, step, record FROM runs WHERE owner = ? ORDER BY seen DESC LIMIT 500"
        return [Listed(*row) for row in self._sql.execute(words, (owner,))]

    def rename(self, session: str, owner: bytes, name: str) -> bool:
        """Give a run of an owner a name; False if there is no such run."""
        with _transaction(self._sql) as sql:
            words = "UPDATE runs SET name = ? WHERE session = ? AND owner = ?"
            return sql.execute(words, (name, session, owner)).rowcount > 0

    def delete(self, session: str, owner: bytes) -> bool:
        """Delete a run of an owner; False if there is no such run."""
        with _transaction(self._sql) as sql:
            words = "SELECT 1 FROM runs WHERE session = ? AND owner = ?"
            if sql.execute(words, (session, owner)).fetchone() is None:
                return False
            self._drop([session])
            return True


def _connect(path: str) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=5.0, isolation_level=None, check_same_thread=False)


@contextlib.contextmanager
def _transaction(sql: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    sql.execute("BEGIN IMMEDIATE")
    try:
        yield sql
        sql.execute("COMMIT")
    except BaseException:
        if sql.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                sql.execute("ROLLBACK")
        raise


def _is_busy(error: sqlite3.Error) -> bool:
    return isinstance(error, sqlite3.OperationalError) and "malformed" not in str(error)


def is_damage(error: Exception) -> bool:
    """Whether it is the file itself that is wrong, not the disk below it."""
    return isinstance(error, sqlite3.DatabaseError) and not _is_busy(error)
