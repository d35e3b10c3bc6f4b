"""Who may do what: the parts that a client can play in a session, named in the record of every command."""

from __future__ import annotations

import enum
from collections.abc import Set


class Role(enum.StrEnum):
    """A part that a client plays; it may play two at once, and may what either may."""

    STRANGER = "stranger"  # has not yet said who it is
    HOST = "host"  # knows the session's secret: it opens the room, rules it and closes it
    DRIVER = "driver"  # drives the run: the host, or the one student it has handed the run to
    FOLLOWER = "follower"  # came with the room's code, and looks on


#: What changes a run is for who drives it: the rule for a command that says nothing else.
DRIVER = frozenset({Role.DRIVER})
HOST = frozenset({Role.HOST})
STRANGER = frozenset({Role.STRANGER})
#: Everybody in a session. Whatever a follower may do leaves the run as it is.
INSIDE = frozenset({Role.HOST, Role.DRIVER, Role.FOLLOWER})
ANYBODY = frozenset(Role)

Roles = Set[Role]
