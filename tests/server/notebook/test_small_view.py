"""A small view as a widget: what a notebook is told of it, and when. Needs the extra `test-long`."""

from __future__ import annotations

import asyncio
import re
import time
from importlib import import_module
from typing import Any

import pytest
from backscope.core import RunConfig, Trainer
from backscope.server import widget
from blocks import step_of

pytestmark = pytest.mark.long
pytest.importorskip("anywidget")
CONFIG = {"data": {"name": "circle", "samples": 40}, "network": {"hidden": [3]}}


def told(shown: Any) -> list[str]:
    """Return the names of what is sent from now on."""
    names: list[str] = []
    shown.observe(lambda change: names.append(change["name"]))
    return names


def test_a_loop_is_followed_now_and_then_and_its_end_once_the_notebook_has_time() -> None:
    trainer = Trainer(RunConfig.from_json(CONFIG))
    shown = widget(trainer, "loss")
    names = told(shown)

    async def cell() -> None:
        for _ in range(400):
            trainer.step()

    async def notebook() -> None:
        await cell()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(notebook())
    assert step_of(shown) == 400
    assert 1 <= names.count("numbers") < 100
    assert "setting" not in names


def test_without_a_loop_behind_it_is_followed_too_as_steps_come() -> None:
    trainer = Trainer(RunConfig.from_json(CONFIG))
    shown = widget(trainer, "gradients")
    end = time.monotonic() + 30
    while step_of(shown) == 0 and time.monotonic() < end:
        trainer.step()
    assert step_of(shown) > 0
    trainer.step()
    shown.update()
    assert step_of(shown) == trainer.step_count


def test_its_state_is_all_that_a_notebook_needs_to_draw_it_again() -> None:
    shown = widget(Trainer(RunConfig.from_json(CONFIG)), "surface")
    state = shown.get_state()
    assert {"_esm", "view", "height", "setting", "numbers"} <= set(state)
    assert len(state["_esm"]) < 300_000
    assert "@PAGE@" not in state["_esm"]


def test_its_page_asks_for_nothing() -> None:
    page = import_module("backscope.server.notebook.small_view").small_page()
    assert "connect-src" not in page
    assert "default-src 'none'" in page
    assert re.findall(r"""(?:src|href)="(?!data:)[^"]*\"""", page) == []
    assert not re.search(r"^import |[ (]import\(", re.sub(r"/\*.*?\*/", "", page, flags=re.DOTALL), re.MULTILINE)
    assert '"lesson.' not in page
