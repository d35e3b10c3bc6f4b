"""The file of runs: what is written is there again; a file that is wrong is put aside with words, and ends nothing."""

import json
import sqlite3
from pathlib import Path

import pytest
from backscope.server.store import database as module
from backscope.server.store.database import NAME, Batch, Database, Run

SECRET, OWNER = b"s" * 32, b"o" * 32


def run(step: int = 3, *tables: str) -> Run:
    return Run(SECRET, OWNER, step, lambda: json.dumps({"step": step}), frozenset(tables))


def batch(*names: str, step: int = 3) -> Batch:
    return Batch({name: run(step) for name in names}, states={name: b"state of " + name.encode() for name in names})


@pytest.fixture
def words() -> list[str]:
    return []


@pytest.fixture
def database(tmp_path: Path, words: list[str]) -> Database:
    found = Database(tmp_path / "data", words.append)
    found.open()
    return found


def test_what_is_written_is_there_for_the_next_server(database: Database, tmp_path: Path, words: list[str]) -> None:
    database.write(Batch({"a": run(7, "t")}, states={"a": b"1"}, tables={"t": lambda: b"table"}))
    database.write(Batch(steps={"a": 9}))
    other = Database(tmp_path / "data", words.append)  # the first one was killed: it has not closed its file
    assert other.find("a") == (SECRET, OWNER, 9, '{"step": 7}', b"1", (b"table",))
    assert other.find("b") is None
    assert (tmp_path / "data" / NAME).stat().st_mode & 0o077 == 0
    assert not words


def test_names_are_given_and_runs_deleted_by_their_owner_alone(database: Database) -> None:
    database.write(Batch({"a": run(1, "t")}, tables={"t": lambda: b"table"}, states={"a": b"1"}))
    database.write(batch("b"))
    assert not database.rename("a", b"x" * 32, "mine")
    assert database.rename("a", OWNER, "first")
    assert {(one.session, one.name) for one in database.runs_of(OWNER)} == {("a", "first"), ("b", "")}
    assert database.runs_of(b"x" * 32) == []
    assert not database.delete("a", b"x" * 32)
    assert database.delete("a", OWNER)
    assert [one.session for one in database.runs_of(OWNER)] == ["b"]
    assert database.state("a") is None
    database.write(Batch({"c": run(1, "t")}, tables={"t": lambda: b"again"}))  # it had gone with its only run
    found = database.find("c")
    assert found is not None
    assert found.tables == (b"again",)


@pytest.mark.parametrize("how", ["no database", "cut", "other version"])
def test_a_file_that_cannot_be_read_is_put_aside(
    how: str, database: Database, tmp_path: Path, words: list[str]
) -> None:
    database.write(batch("a"))
    database.close()
    path = tmp_path / "data" / NAME
    if how == "no database":
        path.write_bytes(b"not a database " * 1000)
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:5000])
    else:
        with sqlite3.connect(path) as sql:
            sql.execute("PRAGMA user_version = 99")
        sql.close()
    before = path.read_bytes()
    database.open()
    assert database.find("a") is None
    database.write(batch("b"))
    assert database.find("b") is not None
    (aside,) = [one for one in path.parent.iterdir() if one.name.startswith("runs.") and one.name.count(".") > 2]
    assert aside.read_bytes() == before
    (said,) = words
    assert str(aside) in said


def test_where_nothing_can_be_written_runs_last_as_long_as_the_server(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "file").write_text("no folder")
    database = Database(tmp_path / "file" / "data", words.append)
    database.open()
    database.write(batch("a"))
    assert database.find("a") is not None
    assert not database.lasting
    assert "last as long as this server" in words[0]


def test_a_batch_is_written_whole_or_not_at_all(database: Database) -> None:
    def broken() -> str:
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(sqlite3.OperationalError):
        database.write(Batch({"a": run(), "b": Run(SECRET, None, 1, broken)}))
    assert database.find("a") is None
    database.write(batch("a"))


def test_of_two_batches_the_newer_counts() -> None:
    old = Batch({"a": run(1)}, {"b": 5, "a": 4}, {"a": b"1"})
    new = Batch({"b": run(2)}, {"a": 6}, {"a": b"2"})
    both = old.under(new)
    assert (both.runs["a"].step, both.runs["b"].step) == (1, 2)
    assert both.steps == {"a": 6}
    assert both.states == {"a": b"2"}


def test_the_oldest_make_room(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_RUNS", 5)
    for index in range(12):
        database.write(batch(f"r{index:02}"), keep={"r00"})
    names = [one.session for one in database.runs_of(OWNER)]
    assert len(names) == 5
    assert {"r00", "r11"} <= set(names)
