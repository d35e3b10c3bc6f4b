"""What the front carries out itself, and the table of all that clients can ask for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from ..session.commands import OPERATIONS as OF_A_SESSION
from ..wire.commands import Command, Field, Operations, joined
from ..wire.fields import MOST_STEPS, flag, integer, needed, preset, record, some_list, some_text, text
from ..wire.protocol import text as message
from ..wire.run_fields import LANE, lane_records

if TYPE_CHECKING:
    from .client import Client
    from .registry import Registry

Action = Callable[["Registry", "Client", str, Command], Awaitable[None]]

OF_THE_FRONT: Operations[Action] = Operations()


@OF_THE_FRONT.operation(
    "hello",
    {
        "secret": needed(text(r"[\x20-\x7e]{16,128}", "a text of 16 to 128 characters")),
        "owner": Field(text(r"[\x20-\x7e]{16,128}", "a text of 16 to 128 characters")),
        "version": Field(integer(0, 1_000_000)),
        "token": Field(some_text),
        "preset": Field(preset),
        "config": Field(record),
        "log": Field(some_list),
        "step": Field(integer(0, MOST_STEPS)),
        "playing": Field(flag),
        "lane": LANE,
        "lanes": Field(lane_records),
    },
)
async def hello(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Open a session, or come back to it."""
    await registry.enter(client, name, command)


@OF_THE_FRONT.operation("ack", {"seq": needed(integer(0))}, free=True)
async def acknowledge(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Say that a frame is drawn: the next one may come."""
    registry.audience_of(client).acknowledge(client, command.fields["seq"])


@OF_THE_FRONT.operation("ping")
async def ping(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Ask for a sign of life."""
    client.reply(message("pong", {} if command.number is None else {"id": command.number}))


#: op -> what a client can ask for, whoever carries it out
COMMANDS = joined(OF_THE_FRONT, OF_A_SESSION)
