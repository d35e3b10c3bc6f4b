"""The log of a run: what was changed when, and on which branch.

A run is a pure function of its config and its log. An edit made after going back starts a branch, which keeps what its
parent had up to that step and drops what came later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Self

from ..config.config import LIVE_DATA
from ..ground.errors import ConfigError, check_integer

Change = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A change, made when `step` steps had been taken, and obeyed by the next one.

    Attributes
    ----------
    branch : int
        Index of the branch it was made on.
    step : int
        Steps taken before it.
    lane : int
        Lane it is for.
    change : mapping
        New values by name, as given to `Trainer.edit`.
    """

    branch: int
    step: int
    lane: int
    change: Change = field(hash=False)

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Build it from `values`, ``{"step": 12, "change": {…}}``, and ``"branch"`` and ``"lane"`` if not 0."""
        known, needed = {"branch", "step", "lane", "change"}, {"step", "change"}
        if not isinstance(values, Mapping) or not needed <= set(values) <= known:
            raise ConfigError("a log entry must have step and change, and may have branch and lane", "log", values)
        if not isinstance(values["change"], Mapping):
            raise ConfigError("the change of a log entry must be an object", "log", values["change"])
        numbers = {name: check_integer(name, values.get(name, 0), 0, 2**53) for name in ("branch", "step", "lane")}
        return cls(**numbers, change=dict(values["change"]))

    def to_json(self) -> dict[str, Any]:
        """Return the entry as plain data."""
        return {"branch": self.branch, "step": self.step, "lane": self.lane, "change": dict(self.change)}


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a branch left from: another branch, and the step it had reached. The first has no parent."""

    parent: int | None = None
    step: int = 0


class Log:
    """All branches and entries of a run, and the entries that hold on the present branch.

    Attributes
    ----------
    entries : list of LogEntry
        Of all branches, in the order they were made.
    branches : list of Branch
    branch : int
        The present one.
    effective : list of LogEntry
        What holds on the present branch, in order of steps.
    """

    def __init__(self, entries: Iterable[LogEntry] = (), branches: Sequence[Branch] = (Branch(),)) -> None:
        self.entries = list(entries)
        self.branches = list(branches)
        self.branch = len(self.branches) - 1
        for index, branch in enumerate(self.branches):
            if (branch.parent is None) != (index == 0) or (branch.parent is not None and branch.parent >= index):
                message = f"branch {index} must leave from an earlier one, got {branch.parent}"
                raise ConfigError(message, "branches", branch.parent)
        for entry in self.entries:
            check_integer("branch", entry.branch, 0, self.branch)
        self.effective = self._effective()

    def append(self, step: int, change: Change, lane: int = 0) -> LogEntry:
        """Note a change on the present branch.

        Of a hand that moves the noise while the run stands still, the last place alone counts.
        """
        entry = LogEntry(self.branch, step, lane, dict(change))
        if self.effective and self._outlived(self.effective[-1], entry):
            self.entries.remove(self.effective.pop())
        self.entries.append(entry)
        self.effective.append(entry)
        return entry

    @staticmethod
    def _outlived(last: LogEntry, entry: LogEntry) -> bool:
        """Whether samples that the last entry had drawn are drawn again before any step."""
        here = (last.branch, last.step, last.lane) == (entry.branch, entry.step, entry.lane)
        return here and set(last.change) <= set(entry.change) <= set(LIVE_DATA)

    def leave(self, step: int) -> None:
        """Start a new branch from the present one: what was changed after `step` no longer holds."""
        self.branches.append(Branch(self.branch, step))
        self.branch = len(self.branches) - 1
        self.effective = [entry for entry in self.effective if entry.step <= step]

    def _effective(self) -> list[LogEntry]:
        """Collect the entries of the present branch and of its ancestors up to where each was left."""
        kept: list[LogEntry] = []
        branch: int | None = self.branch
        last = float("inf")
        while branch is not None:
            kept = [entry for entry in self.entries if entry.branch == branch and entry.step <= last] + kept
            last = min(last, self.branches[branch].step)
            branch = self.branches[branch].parent
        if any(before.step > after.step for before, after in pairwise(kept)):
            raise ConfigError("the steps of a log must not decrease along a branch", "log", [e.step for e in kept])
        return kept
