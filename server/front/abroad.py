"""What the front asks of whoever hands rooms on between servers; without it, all go to the server of their room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ..wire.commands import Command
    from .client import Client
    from .registry import Registry


class Abroad(Protocol):
    """Serves people here whose room is on another server, and servers whose people look at rooms here."""

    def begin(self, registry: Registry) -> None:
        """Serve the clients of this registry from now on."""

    async def join(self, client: Client, command: Command) -> bool:
        """Let a client into a room of another server, and return whether that is one which is handed on.

        Where it is, the client has its answer, be it a refusal.
        """

    async def close(self) -> None:
        """End all that runs beside the event loop."""
