"""What was changed in a run while it went on: its log, how far that is carried out, and the config that comes of it."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from ..config.config import RunConfig
from .log import Branch, Log, LogEntry
from .stopping import Divergence


class Edits:
    """The changes of a run, on all of its branches.

    Parameters
    ----------
    start : RunConfig
        The config as the run began.
    log : Log
        Its entries and branches.

    Attributes
    ----------
    start : RunConfig
        The same.
    applied : int
        How many of the `entries` have been carried out.
    """

    def __init__(self, start: RunConfig, log: Log) -> None:
        self.start, self.applied = start, 0
        self._log, self._held = log, False

    @property
    def log(self) -> list[LogEntry]:
        """Entries of all branches, in the order they were made."""
        return list(self._log.entries)

    @property
    def entries(self) -> list[LogEntry]:
        """Entries that hold on the present branch, in order of steps; some may lie ahead."""
        return list(self._log.effective)

    @property
    def branch(self) -> int:
        """Index of the present branch."""
        return self._log.branch

    @property
    def branches(self) -> list[Branch]:
        """Where the branches left from."""
        return list(self._log.branches)

    def config_at(self, step: int) -> RunConfig:
        """Return the config that the present branch has at a step: with the edits made up to there."""
        config = self.start
        for entry in self._log.effective:
            if entry.step <= step:
                config = config.edited(entry.change)
        return config

    def config_after(self, count: int) -> RunConfig:
        """Return the config with the first `count` entries of the present branch.

        Raises
        ------
        ValueError
            If there are not so many.
        """
        if not 0 <= count <= len(self._log.effective):
            raise ValueError(f"{count} edits of {len(self._log.effective)}")
        config = self.start
        for entry in self._log.effective[:count]:
            config = config.edited(entry.change)
        return config

    def fingerprint(self, count: int) -> str:
        """Return what tells this run with the first `count` entries of its branch from every other."""
        entries = [[entry.step, dict(entry.change)] for entry in self._log.effective[:count]]
        whole = json.dumps([self.start.to_json(), entries], sort_keys=True, default=repr)
        return hashlib.sha256(whole.encode()).hexdigest()

    def good_step(self, diverged: Divergence | None = None) -> tuple[int, float]:
        """Return a step to go back to after a divergence, and the learning rate to go on with.

        It is where the learning rate was last raised, with the rate before that; else the start, with a tenth of the
        rate. Where a pull has thrown the parameters off, it is a rate at which that cannot.
        """
        config, found = self.start, None
        for entry in self._log.effective[: self.applied]:
            after = config.edited(entry.change)
            if after.optimizer.learning_rate > config.optimizer.learning_rate:
                found = entry.step, config.optimizer.learning_rate
            config = after
        step, rate = found or (0, config.optimizer.learning_rate / 10)
        if diverged is not None and diverged.pull:
            rate = min(rate, diverged.learning_rate / diverged.pull)
        return step, rate

    # For the trainer

    def until_next(self, step: int) -> int:
        """Return how many steps after `step` the next entry lies, or more than any run has if there is none."""
        effective = self._log.effective
        if self._held or self.applied == len(effective):
            return sys.maxsize
        return effective[self.applied].step - step

    def before(self, step: int) -> int:
        """Return how many entries of the present branch lie before `step`, carried out when it was reached."""
        return sum(entry.step < step for entry in self._log.effective)

    def due(self, step: int) -> Iterator[Mapping[str, Any]]:
        """Yield the changes that `step` has reached, and count each as carried out."""
        effective = self._log.effective
        while not self._held and self.applied < len(effective) and effective[self.applied].step <= step:
            self.applied += 1
            yield effective[self.applied - 1].change

    def hold(self) -> None:
        """Carry out nothing from now on of what lies ahead."""
        self._held = True

    def note(self, step: int, change: Mapping[str, Any], leave: bool) -> None:
        """Note a change that is carried out now, on a branch that leaves here if `leave`."""
        if leave:
            self._log.leave(step)
        self._log.append(step, change)
        self.applied = len(self._log.effective)

    def copy(self) -> Edits:
        """Return the same, none of it carried out yet, to go its own way."""
        return Edits(self.start, Log(self._log.entries, self._log.branches))
