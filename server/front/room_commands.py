"""What the front carries out for rooms: commands of who rules one, drives its run, or looks on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from ..classroom.polls import ANSWERS, MOST_CHOICES, MOST_LETTERS
from ..classroom.roster import DOINGS
from ..wire.commands import Command, CommandError, Field, Operations
from ..wire.fields import MOST_STEPS, anything, choice, flag, integer, list_of, maybe, needed, number, record, text
from ..wire.protocol import accept, refuse
from ..wire.rights import HOST, STRANGER, Role
from ..wire.run_fields import LIVE_FIELDS
from .pictures import code_picture

if TYPE_CHECKING:
    from .client import Client
    from .registry import Registry

Action = Callable[["Registry", "Client", str, Command], Awaitable[None]]

OF_ROOMS: Operations[Action] = Operations()

_SECRET = text(r"[\x20-\x7e]{16,128}", "a text of 16 to 128 characters")
_SHORT = text(rf"[^\x00-\x1f\x7f]{{0,{MOST_LETTERS}}}", f"at most {MOST_LETTERS} letters")
_MEMBER = {"member": needed(integer(1))}
_POLL = {"number": needed(integer(1))}
_TEACHER = frozenset({Role.HOST, Role.DRIVER})
#: Stands before a table by which a spreadsheet knows that it is UTF-8: without it, Chinese comes out as signs.
_SIGNED = "\ufeff"
_FOLLOWER = frozenset({Role.FOLLOWER})


@OF_ROOMS.operation(
    "join",
    {
        "code": needed(text(r"[^\x00-\x1f\x7f]{1,40}", "a text of 1 to 40 letters")),
        "name": needed(text(r"(?s).{1,400}", "a text of 1 to 400 letters")),
        "secret": needed(_SECRET),
        "version": Field(integer(0, 1_000_000)),
        "has": Field(record),
    },
    who=STRANGER,
)
async def join(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Come into a room with its code and a nickname, or back into it."""
    await registry.join(client, command)


@OF_ROOMS.operation("room_open", who=HOST)
async def room_open(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Turn the session into a room."""
    room = registry.classroom.open(client, registry.audience_of(client).name)
    client.reply(accept(command.number, 0, code=room.code))


@OF_ROOMS.operation("room_close", who=HOST)
async def room_close(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Close the room: all leave it, and its code is no longer one."""
    registry.classroom.shut(registry.classroom.room_of(client).session)
    client.reply(accept(command.number, 0))


@OF_ROOMS.operation(
    "room_rules",
    {"paused": Field(flag), "locked": Field(flag), "door": Field(flag), "own_pace": Field(flag)},
    needs_field=True,
    who=HOST,
)
async def room_rules(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Have all look up, lock them to the teacher's view, let nobody else in, or leave them their own pace; or not."""
    room, fields = registry.classroom.room_of(client), command.fields
    room.paused = fields.get("paused", room.paused)
    room.locked = fields.get("locked", room.locked)
    room.closed_door = fields.get("door", room.closed_door)
    room.own_pace = fields.get("own_pace", room.own_pace)
    if fields.get("paused"):
        registry.classroom.questions.halt(room)
    registry.classroom.changed(room)
    client.reply(accept(command.number, 0))


@OF_ROOMS.operation("room_hand", {"member": needed(maybe(integer(1)))}, who=HOST)
async def room_hand(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Let a student drive the run; null takes it back."""
    room = registry.classroom.room_of(client)
    room.hand_to(command.fields["member"])
    registry.classroom.changed(room)
    client.reply(accept(command.number, 0))


@OF_ROOMS.operation("room_remove", _MEMBER, who=HOST)
async def room_remove(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Take somebody out of the room, which has another code from then on."""
    room = registry.classroom.room_of(client)
    registry.classroom.remove(room, command.fields["member"])
    client.reply(accept(command.number, 0, code=room.code))


@OF_ROOMS.operation("room_picture", {"address": needed(text(r"https?://[\x21-\x7e]{1,500}", "an address"))}, who=HOST)
async def room_picture(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Ask for the QR code of an address, as a picture in SVG."""
    client.reply(accept(command.number, 0, svg=code_picture(command.fields["address"])))


@OF_ROOMS.operation("doing", {"what": needed(choice(lambda: DOINGS))}, who=_FOLLOWER)
async def doing(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Say whether one follows, looks elsewhere, or plays with a copy."""
    registry.classroom.note(client, command.fields["what"])
    client.reply(accept(command.number, 0))


@OF_ROOMS.operation(
    "lesson_at",
    {
        "lesson": needed(text(r"[\w-]{0,64}", "the name of a lesson")),
        "step": needed(integer(1, 1000)),
        "of": needed(integer(1, 1000)),
        "done": needed(flag),
        "stuck": needed(flag),
    },
    who=HOST,
)
async def lesson_at(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Say where one is in a lesson, for the teacher of the room that this session was copied from, if it was."""
    registry.classroom.players.note_lesson(client, command.fields)
    client.reply(accept(command.number, 0))


@OF_ROOMS.operation("glance", {"view": needed(record)}, who=frozenset({Role.DRIVER}))
async def glance(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Show everybody what one has chosen to see: selection, open panels, slow motion and its phase."""
    registry.classroom.glance(client, command.fields["view"])
    client.reply(accept(command.number, 0))


_FRACTION = needed(number(0, 1))


def _place(name: str, value: object) -> dict[str, Any]:
    """Check for a place: a panel, and how far right and down in it, as fractions."""
    if not isinstance(value, dict) or set(value) != {"panel", "x", "y"}:
        raise CommandError("wrong_type", f"{name} must have panel, x and y", {"name": name})
    panel = text(r"[a-z-]{1,40}", "the name of a panel")("panel", value["panel"])
    return {"panel": panel, "x": _FRACTION.check("x", value["x"]), "y": _FRACTION.check("y", value["y"])}


@OF_ROOMS.operation("point", {"at": needed(maybe(_place))}, who=_TEACHER)
async def point(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Point at a place in a panel, for everybody to see; null points nowhere."""
    registry.classroom.point(client, command.fields["at"])
    client.reply(accept(command.number, 0))


@OF_ROOMS.operation(
    "copy",
    {"session": needed(text(r"[A-Za-z0-9_-]{1,64}", "the name of a session")), "secret": needed(_SECRET),
     "owner": Field(_SECRET), "step": needed(integer(0, MOST_STEPS))},
    who=_FOLLOWER,
)  # fmt: skip
async def copy(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Take a copy of the run at a step into a session of one's own."""
    step = await registry.copies.take(client, command.fields)
    classroom = registry.classroom
    if client.member is not None:
        classroom.players.copied(classroom.room_of(client), client.member, command.fields["session"])
    client.reply(accept(command.number, step))


# Questions


@OF_ROOMS.operation(
    "ask",
    {
        "kind": needed(choice(lambda: ANSWERS)),
        "text": Field(_SHORT),
        "choices": Field(list_of(_SHORT, MOST_CHOICES, "choices", least=2, called="a choice")),
        "right": Field(maybe(integer(0, MOST_CHOICES - 1))),
        "step": Field(integer(1, MOST_STEPS)),
        "rate": LIVE_FIELDS["learning_rate"],
    },
    who=HOST,
)
async def ask(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Ask everybody something before the run goes on."""
    classroom = registry.classroom
    poll = classroom.questions.ask(classroom.room_of(client), command.fields)
    client.reply(accept(command.number, poll.asked_at, question=poll.number))


@OF_ROOMS.operation("answer", {**_POLL, "value": needed(anything)}, who=_FOLLOWER | HOST)
async def answer(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Answer the question, or answer it otherwise: in the room, or from a copy of its run."""
    registry.classroom.players.answer(client, command)


@OF_ROOMS.operation("ask_end", {**_POLL, "hide": Field(flag)}, who=HOST)
async def ask_end(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Take no more answers to the question; hidden, it leaves the pages too."""
    room = registry.classroom.room_of(client)
    room.polls.get(command.fields["number"])
    if command.fields.get("hide", False):
        room.polls.hide()
    else:
        room.polls.close()
    registry.classroom.changed(room)
    client.reply(accept(command.number, 0))


@OF_ROOMS.operation("reveal", {**_POLL, "named": Field(flag)}, who=HOST)
async def reveal(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Show everybody the answers, with names if wanted, and what the run really does."""

    def done(reply: dict[str, Any]) -> None:
        if reply["ok"]:
            client.reply(accept(command.number, 0))
        else:
            client.reply(refuse(command.number, reply["code"], reply["message"], reply["params"]))

    fields = command.fields
    classroom, named = registry.classroom, fields.get("named", False)
    classroom.questions.reveal(classroom.room_of(client), fields["number"], named=named, done=done)


@OF_ROOMS.operation("answers", {"named": Field(flag)}, who=HOST)
async def answers(registry: Registry, client: Client, name: str, command: Command) -> None:
    """Ask for all questions and answers of the room as a table in CSV, with names if wanted."""
    room = registry.classroom.room_of(client)
    table = _SIGNED + room.polls.csv(named=command.fields.get("named", False))
    client.reply(accept(command.number, 0, name="answers.csv", media_type="text/csv", text=table))
