"""The session's table of operations, which the modules beside this one fill.

An action returns the fields of its reply, or None if it will be answered later. It raises where it refuses, before it
has changed anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...wire.commands import Command, Operations

if TYPE_CHECKING:
    from ..session import Session

Action = Callable[["Session", int, Command], dict[str, Any] | None]

OPERATIONS: Operations[Action] = Operations()

operation = OPERATIONS.operation
