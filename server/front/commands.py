"""What the front carries out itself, and the table of all that clients can ask for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from ..session.commands import OPERATIONS as OF_A_SESSION
from ..wire.commands import Command, Field, Operations, joined
from ..wire.fields import MOST_STEPS, flag, integer, needed, preset, record, some_list, some_text, text
from ..wire.protocol import accept
from ..wire.protocol import text as message
from ..wire.rights import ANYBODY, HOST, INSIDE, STRANGER
from ..wire.run_fields import LANE, lane_records
from .room_commands import OF_ROOMS

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
        "pass": Field(some_text),
        "preset": Field(preset),
        "config": Field(record),
        "log": Field(some_list),
        "step": Field(integer(0, MOST_STEPS)),
        "playing": Field(flag),
        "lane": LANE,
        "lanes": Field(lane_records),
        "has": Field(record),
    },
    who=STRANGER,
)
async def hello(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Open a session, or come back to it."""
    await registry.enter(client, name, command)


@OF_THE_FRONT.operation("ack", {"seq": needed(integer(0))}, free=True, who=INSIDE)
async def acknowledge(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Say that a frame is drawn: the next one may come."""
    registry.audience_of(client).acknowledge(client, command.fields["seq"])


@OF_THE_FRONT.operation("ping", who=ANYBODY)
async def ping(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Ask for a sign of life."""
    client.reply(message("pong", {} if command.number is None else {"id": command.number}))


_SESSION = {"session": needed(text(r"[A-Za-z0-9_-]{1,64}", "the name of a session"))}


@OF_THE_FRONT.operation("runs", who=HOST)
async def runs(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Ask for the list of the runs that this browser keeps, the newest first."""
    client.reply(accept(command.number, 0, runs=await registry.own_runs.list(client, name)))


@OF_THE_FRONT.operation(
    "run_name", {**_SESSION, "name": needed(text(r"[^\x00-\x1f\x7f]{0,80}", "at most 80 letters"))}, who=HOST
)
async def run_name(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Give a run of one's own a name."""
    await registry.own_runs.rename(client, command.fields["session"], command.fields["name"].strip())
    client.reply(accept(command.number, 0))


@OF_THE_FRONT.operation("run_delete", _SESSION, who=HOST)
async def run_delete(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Delete a run of one's own, which nobody looks at."""
    await registry.own_runs.delete(client, command.fields["session"])
    client.reply(accept(command.number, 0))


@OF_THE_FRONT.operation("run_export", {**_SESSION, "tables": Field(flag)}, who=HOST)
async def run_export(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Ask for a run of one's own as a file carries it, with the tables that it is trained on if wanted."""
    fields = command.fields
    file = await registry.own_runs.export(client, fields["session"], tables=fields.get("tables", False))
    client.reply(accept(command.number, 0, file=file))


#: op -> what a client can ask for, whoever carries it out
BY_THE_FRONT = {**OF_THE_FRONT, **OF_ROOMS}
COMMANDS = joined(OF_THE_FRONT, OF_ROOMS, OF_A_SESSION)
