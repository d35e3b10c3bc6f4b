"""The store beside the event loop: trouble with the disk is told once, and nothing is forgotten."""

import asyncio
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from backscope.server.store import store as module
from backscope.server.store.database import Database, Run
from backscope.server.store.store import Store

SECRET, OWNER = b"s" * 32, b"o" * 32


def run(step: int) -> Run:
    return Run(SECRET, OWNER, step, lambda: '{"lanes": []}')


async def wait(wanted: Any) -> None:
    for _ in range(2000):
        if wanted():
            return
        await asyncio.sleep(0.002)
    raise AssertionError("it never happens")


def test_a_full_disk_is_told_and_all_is_written_once_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "_RETRY", 0.01)
    room = Database.write

    def full(*_: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    async def scene() -> None:
        told: list[str | None] = []
        store = Store(tmp_path, told.append)
        monkeypatch.setattr(Database, "write", full)
        store.save("a", run(3))
        store.keep("a", b"state")
        answered: list[str] = []
        store.when_saved(lambda: answered.append("a"))
        await wait(lambda: answered and told)  # commands are answered all the same
        store.advance("a", 9)
        await asyncio.sleep(0.05)
        assert told == ["full"]
        monkeypatch.setattr(Database, "write", room)
        await wait(lambda: store.trouble is None)
        await store.flush()
        stored = await store.find("a")
        assert stored is not None
        assert (stored.step, stored.state) == (9, b"state")
        assert told == ["full", None]
        await store.close()

    asyncio.run(scene())
    assert capsys.readouterr().err.count("cannot be written") == 1


def test_a_file_that_turns_out_to_be_damaged_is_put_aside_and_all_is_saved_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scene() -> None:
        again: list[bool] = []
        store = Store(tmp_path, again=lambda: (again.append(True), store.save("a", run(5)))[0])
        store.save("a", run(4))
        await store.flush()

        def damaged(*_: Any) -> None:
            store._database.write = Database.write.__get__(store._database)  # type: ignore[method-assign]
            raise sqlite3.DatabaseError("database disk image is malformed")

        store._database.write = damaged  # type: ignore[method-assign]
        store.advance("a", 6)
        await wait(lambda: again)
        await store.flush()
        stored = await store.find("a")
        assert stored is not None
        assert stored.step == 5
        await store.close()

    asyncio.run(scene())
    assert "is damaged" in capsys.readouterr().err
    assert len([path for path in tmp_path.iterdir() if ".damaged." in path.name and path.suffix == ".sqlite"]) == 1


def test_a_room_is_written_down_where_nobody_comes_in_meanwhile(tmp_path: Path) -> None:
    """It is a living thing: in the thread that writes, its members would change while they are counted."""

    async def scene() -> None:
        threads = list[threading.Thread]()
        store = Store(tmp_path, lambda _: None)

        def room() -> str:
            threads.append(threading.current_thread())
            return "{}"

        store.save("r", run(1))
        store.keep_room("r", room)
        await store.flush()
        assert threads == [threading.main_thread()]
        assert await store.rooms() == [("r", "{}")]
        await store.close()

    asyncio.run(scene())
