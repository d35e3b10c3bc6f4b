"""The page from a script or a notebook: served by a thread, on the very run, until it is stopped."""

from __future__ import annotations

import asyncio
import base64
import json
import urllib.request
from typing import Any

import pytest
from backscope.core import ConfigError, RunConfig, Trainer
from backscope.server import Shown, show
from backscope.server.notebook.show import run_of
from backscope.server.wire.edits import beginning
from backscope.server.wire.protocol import VERSION
from websockets.asyncio.client import connect


def edited() -> Trainer:
    trainer = Trainer(RunConfig.from_json({"data": {"name": "spiral", "samples": 60}, "network": {"hidden": [4]}}))
    trainer.run(10)
    trainer.edit(learning_rate=0.2, optimizer="adam")
    trainer.run(7)
    return trainer


async def hello(shown: Shown, run: dict[str, Any]) -> dict[str, Any]:
    """Open a session as the page does, and return its state once it is where the run stands."""
    address = shown.url.partition("#")[0].replace("http", "ws", 1) + "ws/0123456789abcdef01"
    async with connect(address) as socket:
        await socket.send(json.dumps({"id": 1, "op": "hello", "secret": "00" * 24, "version": VERSION, **run}))
        while True:
            message = await socket.recv()
            told = json.loads(message) if isinstance(message, str) else {}
            if told.get("kind") == "state" and told["step"] == run["step"]:
                return dict(told)


def test_a_run_is_served_at_its_step_with_its_changes_and_stops() -> None:
    trainer = edited()
    shown = show(trainer, browser=False)
    try:
        address, _, fragment = shown.url.partition("#run=")
        with urllib.request.urlopen(address, timeout=20) as answer:
            assert "frame-ancestors 'self' http://localhost:*" in answer.headers["Content-Security-Policy"]
            assert b"Backscope" in answer.read()
        run = json.loads(base64.urlsafe_b64decode(fragment + "=" * (-len(fragment) % 4)))
        state = asyncio.run(asyncio.wait_for(hello(shown, run), 30))
        assert state["config"]["optimizer"]["name"] == "adam"
        assert [edit["step"] for edit in state["log"]] == [10]
    finally:
        shown.stop()
    assert not shown.running
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(address, timeout=5)


def test_the_link_carries_the_run_to_the_last_bit() -> None:
    trainer = edited()
    run = run_of(trainer)
    config, edits = beginning(run["config"], run["log"])
    again = Trainer(config)
    for edit in edits:
        again.run(edit.step - again.step_count)
        again.edit(**edit.change)
    again.run(run["step"] - again.step_count)
    assert again.theta.tobytes() == trainer.theta.tobytes()


def test_a_config_opens_at_its_beginning_and_a_bad_one_is_refused() -> None:
    config = RunConfig.from_json({"data": {"name": "xor"}})
    assert run_of(config) == run_of({"data": {"name": "xor"}}) == {"config": config.to_json(), "log": [], "step": 0}
    with pytest.raises(ConfigError):
        run_of({"data": {"name": "nothing"}})
