"""A student without a browser: walks a lesson in a real session; the page's own modules judge it."""

from __future__ import annotations

import base64
import json
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from backscope.core import LANDSCAPES
from backscope.server.lessons.shelf import Shelf
from backscope.server.wire.messages import Publish, ToFront
from backscope.server.wire.presets import PRESETS
from javascript import node
from stage import Stage

ROOT = Path(__file__).parents[3]
LESSONS = ROOT / "static" / "lessons"
SHELF = Shelf([LESSONS])
NAMES = sorted(path.parent.name for path in LESSONS.glob("*/lesson.json"))
_SCRIPT = ROOT / "tests" / "static" / "views" / "lessons" / "evaluate.mjs"


class Judge:
    """Node with the page's modules: it is told messages, and asked what expressions come to."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [node(), str(_SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def tell(self, **order: Any) -> None:
        """Tell a message of the session, or what the page shows."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")

    def ask(self, **order: Any) -> Any:
        """Ask something."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.tell(**order)
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """Let it end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)


class Told(Stage):
    """A session whose messages to every client are passed on to a judge."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        super().__init__(PRESETS["circle"])

    def hear(self, message: ToFront) -> None:
        """Take note of a message, and pass it on."""
        super().hear(message)
        if isinstance(message, Publish) and message.kind in ("state", "layout", "data"):
            if isinstance(message.payload, bytes):
                self.judge.tell(binary=base64.b64encode(message.payload).decode())
            else:
                self.judge.tell(text=message.payload)


class Student:
    """Somebody who does what a lesson says.

    Parameters
    ----------
    judge : Judge
    seed : int, optional
        Of all runs, in place of the lesson's own.
    """

    def __init__(self, judge: Judge, seed: int | None = None) -> None:
        self.judge, self.seed = judge, seed
        self.own: dict[str, Any] = {}
        self.stage = Told(judge)
        judge.tell(view={"surface": "3d", "probe": None})

    def begin(self, state: dict[str, Any]) -> None:
        """Bring the run to a step's state."""
        self.stage.do("preset", name=state["preset"])
        config = dict(state["config"])
        if self.seed is not None and config["initial"] is None and config["data"]["name"] not in LANDSCAPES:
            config["seed"] = self.seed
        self.stage.do("configure", **config)
        for change in state["lanes"]:
            self.stage.do("lane_add", change=change, start="start", **{"from": 0})
        if state["step"]:
            self.stage.travel("seek", step=state["step"])
        show = {name: name in state["open"] for name in ("laboratory", "microscope", "race")}
        self.judge.tell(view={**show, "selected": {} if state.get("select") else None})

    def act(self, action: tuple[Any, ...]) -> None:
        """Do one thing: see `walks`."""
        what, *rest = action
        if what == "train":
            self.stage.travel("step", count=rest[0])
        elif what == "answer":
            self.own["answer"] = rest[0]
        elif what == "check":
            self.own["checked"] = True
        elif what == "view":
            self.judge.tell(view=rest[0])
        else:
            self.stage.do(what, **rest[0])

    def values(self, *expressions: str) -> list[Any]:
        """Return what expressions come to now."""
        self.stage.state()
        if self.stage.frame() is not None:
            self.judge.tell(binary=base64.b64encode(self.stage.message).decode())
        return list(self.judge.ask(ask=list(expressions), own=self.own))


def judging() -> closing[Judge]:
    """Return a judge for a `with` statement."""
    return closing(Judge())
