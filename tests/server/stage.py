"""A session by itself: a clock of our own, and what it says caught in a list."""

import json
import math
from typing import Any

from backscope.core.config.config import RunConfig
from backscope.core.run.trainer import Trainer
from backscope.server.session.commands import OPERATIONS
from backscope.server.session.session import Session
from backscope.server.wire import commands
from backscope.server.wire.commands import Command
from backscope.server.wire.messages import Frame, Job, Position, Publish, Record, Reply, Saved, ToFront
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.protocol import decode
from backscope.server.wire.settings import Limits

CIRCLE = PRESETS["circle"]


def parse(message: str) -> Command:
    """A message as a session gets it."""
    return commands.parse(message, OPERATIONS)


class Stage:
    """A session, its clock, and a client that always draws at once."""

    def __init__(self, config: RunConfig = CIRCLE, limits: Limits | None = None, **record: Any) -> None:
        self.now = 0.0
        self.said: list[ToFront] = []
        self.published: dict[str, Any] = {}
        self.orders: list[Job] = []
        self.position: Position | None = None
        self.message = b""  # the last frame as it travels
        self.limits = limits or Limits()
        self.session = self.build(Record(config.to_json(), **record))
        self.session.attended(1)

    def build(self, record: Record, reason: str | None = None) -> Session:
        self.position = None
        self.session = Session("r", record, self.limits, self.hear, lambda: self.now, reason)
        return self.session

    def hear(self, message: ToFront) -> None:
        self.said.append(message)
        if isinstance(message, Publish):
            self.published[message.kind] = message.payload
        elif isinstance(message, Saved):
            self.published["record"] = message.record
        elif isinstance(message, Job):
            self.orders.append(message)

    @property
    def trainer(self) -> Trainer:
        return self.session.run.trainer

    def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        """Give a command and return its reply."""
        self.said.clear()
        self.session.obey(1, parse(json.dumps({"id": 5, "op": op, **fields})))
        if not self._answers():  # it leads to a step that a busy machine does not reach at once
            self.finish()
        return self._answers()[0]

    def _answers(self) -> list[dict[str, Any]]:
        return [json.loads(said.text) for said in self.said if isinstance(said, Reply) and said.number is not None]

    def do(self, op: str, **fields: Any) -> dict[str, Any]:
        reply = self.ask(op, **fields)
        assert reply["ok"], reply
        return reply

    def later(self, op: str, **fields: Any) -> dict[str, Any]:
        """Give a command whose answer is computed elsewhere, let that be done, and return the reply."""
        self.said.clear()
        self.session.obey(1, parse(json.dumps({"id": 5, "op": op, **fields})))
        self.serve_jobs()
        reply: dict[str, Any]
        (reply,) = (json.loads(said.text) for said in self.said if isinstance(said, Reply) and said.number is not None)
        assert reply["ok"], reply
        return reply

    def travel(self, op: str, **fields: Any) -> None:
        """Give a command that leads to another step, and wait until the run is there."""
        self.do(op, **fields)
        self.finish()

    def state(self) -> dict[str, Any]:
        """Return the newest state, after what was due."""
        self.pass_time(5.0, slices=0)
        state: dict[str, Any] = json.loads(self.published["state"])
        return state

    def pass_time(self, seconds: float, slices: int = 50) -> None:
        """Let the clock go on, and the session work when it is due."""
        for _ in range(slices):
            self.now += seconds / slices
            while self.session.due() <= self.now:
                self.session.work(0.01)
                if self.trainer.step_count > 10**6:
                    raise AssertionError("it never rests")
        if not slices:
            self.now += seconds
            self.session.work(0.0)

    def work(self, times: int = 1) -> None:
        """Let it work, whatever the clock says, which goes on meanwhile."""
        for _ in range(times):
            self.now += 0.002
            self.session.work(0.002)

    def finish(self) -> None:
        """Let it arrive where it is bound for."""
        for _ in range(10_000):
            if self.session.run.target is None:
                return
            steps = [lane.trainer.step_count for lane in self.session.run.lanes.values()]
            self.work()
            if steps == [lane.trainer.step_count for lane in self.session.run.lanes.values()]:
                self.now += 0.001  # a hand's picture holds it up for a while
        raise AssertionError("it never arrives")

    def frame(self) -> dict[str, Any] | None:
        """Ask for a frame, as a client does that has drawn the last one; None if there is nothing new."""
        self.said.clear()
        self.now += 1.0
        self.session.want((self.position,))
        if self.now < self.session.screen.due() < math.inf:  # a rest for what the last one took of the machine's time
            self.now = self.session.screen.due()
            self.session.want((self.position,))
        for message in self.said:
            if isinstance(message, Frame):
                (part,) = message.parts
                self.position = message.position
                self.message = part.head + message.body + part.tail
                header, arrays = decode(self.message)
                before = {kind: decode(payload) for kind, payload in part.before}
                return {**header, "arrays": arrays, "before": before}
        return None

    def see(self) -> dict[str, Any]:
        frame = self.frame()
        assert frame is not None
        return frame

    def saved(self) -> Record:
        record: Record = self.published["record"]
        return record

    def jobs(self) -> list[Job]:
        """Return the work that it ordered since the last time."""
        orders, self.orders = self.orders, []
        return orders

    def serve_jobs(self) -> None:
        """Do the work that it ordered, and what it orders then."""
        while jobs := self.jobs():
            for job in jobs:
                self.serve(job)

    def serve(self, job: Job) -> None:
        """Do a piece of work."""
        self.session.job_done(job.job, job.work.function(job.work.task, 0, job.work.size))
