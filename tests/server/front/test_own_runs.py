"""The runs of a browser: to who knows its secret alone."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest
from backscope.server.front.client import Client
from backscope.server.front.kept import record_to_json
from backscope.server.front.own_runs import OwnRuns
from backscope.server.store.database import Listed, Stored
from backscope.server.wire.commands import CommandError
from backscope.server.wire.messages import Record
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.protocol import Close
from backscope.server.wire.settings import Limits

RECORD = record_to_json(Record(PRESETS["xor"].to_json(), step=7))
OWNER = b"mine"


class Shelf:
    """A store with one run, `r1`, and a second one that cannot be read."""

    def __init__(self) -> None:
        self.names = {"r1": "first", "r2": "torn"}

    async def runs_of(self, owner: bytes) -> list[Listed]:
        records = {"r1": RECORD, "r2": "{}"}
        return [Listed(run, name, 1.0, 2.0, 9, records[run]) for run, name in self.names.items() if owner == OWNER]

    async def rename(self, session: str, owner: bytes, name: str) -> bool:
        known = owner == OWNER and session in self.names
        self.names |= {session: name} if known else {}
        return known

    async def delete(self, session: str, owner: bytes) -> bool:
        return owner == OWNER and self.names.pop(session, None) is not None

    async def flush(self) -> None:
        pass

    async def find(self, session: str) -> Stored | None:
        return Stored(b"", OWNER, 9, RECORD, None, (b"no table",)) if session in self.names else None


def runs_and(open_runs: dict[str, bool]) -> tuple[OwnRuns, Shelf, list[Any]]:
    """The runs, of which some are open, looked at or not; the store; and which sessions were forgotten."""
    shelf = Shelf()
    forgotten: list[Any] = []
    entries = {name: SimpleNamespace(abandoned=not seen) for name, seen in open_runs.items()}
    sessions: Any = SimpleNamespace(store=shelf, entries=entries, forget=lambda *what: forgotten.append(what))
    return OwnRuns(sessions), shelf, forgotten


def client(owner: bytes | None, *, greeted: bool = True) -> Client:
    one: Any = Client(1, Limits())
    one.owner, one.audience = owner, object() if greeted else None
    return one  # type: ignore[no-any-return]


def code_of(asked: Any) -> str:
    with pytest.raises(CommandError) as caught:
        asyncio.run(asked)
    return caught.value.code


def test_a_list_tells_what_each_was_about_also_of_one_that_cannot_be_read() -> None:
    runs, _, _ = runs_and({})
    first, torn = asyncio.run(runs.list(client(OWNER), "r1"))
    assert (first["name"], first["step"], first["data"], first["lanes"], first["here"]) == ("first", 9, "xor", 1, True)
    assert (torn["name"], torn["here"], "data" in torn) == ("torn", False, False)
    assert asyncio.run(runs.list(client(b"another"), "r1")) == []


def test_who_does_not_know_the_secret_is_told_that_there_is_no_such_run() -> None:
    runs, shelf, _ = runs_and({})
    for owner, code in ((b"another", "no_such_run"), (None, "no_owner")):
        assert code_of(runs.rename(client(owner), "r1", "x")) == code
        assert code_of(runs.delete(client(owner), "r1")) == code
        assert code_of(runs.export(client(owner), "r1", tables=False)) == code
    assert code_of(runs.list(client(OWNER, greeted=False), "r1")) == "hello_first"
    assert shelf.names["r1"] == "first"


def test_an_open_run_is_not_deleted_and_one_that_was_left_is_forgotten_with_it() -> None:
    runs, shelf, forgotten = runs_and({"r1": True, "r2": False})
    assert code_of(runs.delete(client(OWNER), "r1")) == "run_open"
    asyncio.run(runs.delete(client(OWNER), "r2"))
    assert (forgotten, list(shelf.names)) == ([("r2", Close.SESSION_CLOSED)], ["r1"])


def test_a_file_holds_the_run_where_it_stands_and_a_torn_table_is_told() -> None:
    runs, _, _ = runs_and({})
    file = asyncio.run(runs.export(client(OWNER), "r1", tables=False))
    assert (file["format"], file["run"]["step"], file["run"]["config"]["data"]["name"]) == ("backscope-run", 9, "xor")
    json.dumps(file, allow_nan=False)
    assert code_of(runs.export(client(OWNER), "r1", tables=True)) == "internal"
