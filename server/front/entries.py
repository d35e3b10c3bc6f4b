"""The sessions as the front knows them: found by name and secret, limited, and who makes room for whom."""

from __future__ import annotations

import hashlib
import hmac
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ..wire.commands import Command, CommandError
from ..wire.messages import Record
from ..wire.settings import Limits
from .audience import Audience
from .hosts import load_of
from .link import Link

#: Falls of its trainer process within a minute after which a session is built again but does not play,
#: and after which it is given up.
FALLS_TO_PAUSE, FALLS_TO_GIVE_UP = 2, 4
_MINUTE = 60.0
#: What the places of members begin with: no address has a blank.
_MEMBER = "member "
#: Seconds that a session keeps its memory after its last client has left.
_AWAKE = 10.0


@dataclass(eq=False)
class Entry:
    """A session as the front knows it."""

    audience: Audience
    secret: bytes
    address: str  # of who opened it, or `member_place` of whose copy it is
    link: Link
    record: Record
    step: int  # the newest known, later than the record's
    seen: float
    pending: dict[tuple[int, int | None], Command] = field(default_factory=dict)  # by client and number
    standing: dict[tuple[int, str], Command] = field(default_factory=dict)  # by client and operation
    falls: deque[float] = field(default_factory=lambda: deque(maxlen=FALLS_TO_GIVE_UP))
    asleep: bool = False  # no host knows it
    owner: bytes | None = None  # digest of the secret of the browser that keeps it among its runs
    stored: bool = False  # it is in the store, or about to be
    unsaved: dict[int, int] = field(default_factory=dict)  # by client, the last change obeyed that is not yet saved

    def reach(self, step: int) -> int:
        """It is at another step; return by how many it has gone on, 0 where it went back."""
        gone, self.step = max(0, step - self.step), step
        return gone

    def fall(self, now: float) -> int:
        """Its trainer has died; return how often within a minute."""
        self.falls.append(now)
        return sum(fall > now - _MINUTE for fall in self.falls)

    def leave(self, client: int, now: float) -> None:
        """A client has left: nothing of what it asked for matters any more."""
        self.seen = now
        self.pending = {key: command for key, command in self.pending.items() if key[0] != client}
        self.standing = {key: command for key, command in self.standing.items() if key[0] != client}

    @property
    def abandoned(self) -> bool:
        """Whether nobody looks at it."""
        return not self.audience.clients

    @property
    def touched(self) -> bool:
        """Whether there is anything in it to lose."""
        return self.step > 0 or bool(self.record.log) or bool(self.record.others)


class Entries:
    """All sessions of this server.

    Parameters
    ----------
    limits : Limits
    clock : callable
        Seconds; what sessions rest and expire by.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits, self._clock = limits, clock
        self._entries: dict[str, Entry] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[tuple[str, Entry]]:
        return iter(list(self._entries.items()))

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def get(self, name: str) -> Entry | None:
        """Return a session, None if there is none of this name."""
        return self._entries.get(name)

    def known(self, name: str) -> Entry:
        """Return a session that is there."""
        return self._entries[name]

    def add(self, name: str, entry: Entry) -> None:
        """Enter a session."""
        self._entries[name] = entry

    def pop(self, name: str) -> Entry:
        """Take a session out."""
        return self._entries.pop(name)

    def of(self, link: Link) -> list[tuple[str, Entry]]:
        """Return the sessions that a host trains."""
        return [(name, entry) for name, entry in self if entry.link is link and not entry.asleep]

    def load(self) -> dict[Link, float]:
        """Return how much all sessions take of each host."""
        load: dict[Link, float] = {}
        for entry in self._entries.values():
            if not entry.asleep:
                load[entry.link] = load.get(entry.link, 0.0) + load_of(entry.record.cost, not entry.abandoned)
        return load

    # Secrets

    def check_secret(self, name: str, secret: str) -> Entry:
        """Return a session to who knows its secret, else raise CommandError."""
        entry = self._entries.get(name)
        if entry is None or not opens(secret, entry.secret, entry.owner):
            raise CommandError("wrong_secret", "this session belongs to somebody else, or is no longer here")
        return entry

    # Room

    def who_makes_room(self, address: str) -> str | None:
        """Return who has to go so that this address can open another session; None if there is room.

        Of those that nobody looks at, those go first in which there is nothing to lose, and then the one that was left
        longest ago. An address makes room for itself.

        Raises
        ------
        CommandError
            If there is no room.
        """
        own = [(name, entry) for name, entry in self if entry.address == address]
        copies = address.startswith(_MEMBER)
        if len(own) >= (most := self._limits.copies if copies else self._limits.address_sessions):
            found = own
            who = "copies of one member of a room" if copies else "sessions of one address"
            words = f"this server holds {most} {who}, and yours are all in use"
        elif len(self) >= self._limits.sessions:
            found, most = list(self), self._limits.sessions
            words = f"this server holds {most} sessions, and all are in use"
        else:
            return None
        left = [(entry.touched, entry.seen, name) for name, entry in found if entry.abandoned]
        if not left:
            raise CommandError("too_many_sessions", words, {"name": "sessions", "value": len(found), "high": most})
        return min(left)[2]

    @property
    def memory(self) -> int:
        """Bytes that the sessions which a host trains should take."""
        return sum(entry.record.cost.memory for _, entry in self if not entry.asleep)

    def check_memory(self, more: int = 0) -> None:
        """Raise CommandError unless the runs, with one that takes so much `more`, fit into the memory for all."""
        value, most = self.memory + more, self._limits.memory_bytes
        if value > most:
            words = (
                f"this server has {most / 2**20:.0f} MB for all runs, and they are in use: try a smaller net, or later"
            )
            raise CommandError("memory_full", words, {"name": "memory", "value": value, "high": most})

    def check_growth(self, entry: Entry) -> None:
        """Raise CommandError where the memory for all is in use, but let who has most of it change, to have less."""
        if entry.record.cost.memory * len(self) <= self.memory:
            self.check_memory()

    def expired(self, before: float) -> list[str]:
        """Return the sessions that nobody has looked at since then."""
        return [name for name, entry in self if entry.abandoned and entry.seen < before]

    def who_may_sleep(self, keep: int | None = None) -> list[str]:
        """Return the sessions whose memory is wanted back: of those left a while ago, the longest left first.

        So many bytes may be left to them, or as many as they usually may have.
        """
        most = self._limits.idle_bytes if keep is None else keep
        awake = sorted((entry.seen, name) for name, entry in self if entry.abandoned and not entry.asleep)
        memory = sum(self._entries[name].record.cost.memory for _, name in awake)
        found = []
        for seen, name in awake:
            if memory <= most or seen > self._clock() - _AWAKE:
                break
            memory -= self._entries[name].record.cost.memory
            found.append(name)
        return found


def member_place(room: str, number: int) -> str:
    """Return what the copies of a member of a room are counted by: a whole school may share one address."""
    return f"{_MEMBER}{room} {number}"


def opens(secret: str, *digests: bytes | None) -> bool:
    """Whether a secret is one of those that are known by these digests."""
    given = digest(secret)
    return any(hmac.compare_digest(given, known) for known in digests if known is not None)


def digest(secret: str) -> bytes:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).digest()
