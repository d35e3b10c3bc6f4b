"""Trainability maps: a tile at a time, computed beside the training; to cancel is to ask no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ....core.ensemble.boundary import box_dimension
from ....core.ensemble.tiles import Map, Tile, bitmap_of, pixel_losses, tile_measures
from ....core.ensemble.trainability import AXES
from ....core.ground.errors import check_integer
from ....core.nets.activations import ACTIVATIONS
from ...wire.commands import Command, Field
from ...wire.fields import choice, flag, integer, list_of, needed, number, text
from ...wire.messages import Work
from ...wire.protocol import finite
from .table import operation

if TYPE_CHECKING:
    from ..session import Session

#: What a pixel may cost: neurons, steps; and pixels along a side, and in a tile.
_MOST_WIDTH, _MOST_STEPS, _MOST_SIZE, _MOST_PIXELS = 16, 1000, 512, 4096

_RANGE = list_of(number(-300, 300), 2, "numbers", least=2)
_MAP = {
    "width": needed(integer(1, _MOST_WIDTH)),
    "activation": needed(choice(lambda: ACTIVATIONS)),
    "steps": needed(integer(20, _MOST_STEPS)),
    "map_seed": needed(integer(0, 2**32 - 1)),
    "axes": needed(choice(lambda: AXES)),
    "x": needed(_RANGE),
    "y": needed(_RANGE),
    "size": needed(integer(2, _MOST_SIZE)),
}


def _map(fields: Mapping[str, Any]) -> Map:
    x, y = ((fields[name][0], fields[name][1]) for name in ("x", "y"))
    return Map(
        fields["width"], fields["activation"], fields["steps"], fields["map_seed"], fields["axes"], x, y, fields["size"]
    )


@operation(
    "map_tile",
    {
        **_MAP,
        "stride": needed(integer(1, _MOST_SIZE)),
        "first": needed(integer(0, _MOST_SIZE)),
        "stop": needed(integer(1, _MOST_SIZE)),
        "fresh": Field(flag),
    },
    read_only=True,
)
def map_tile(session: Session, client: int, command: Command) -> None:
    """Train some pixels of a map."""
    fields = command.fields
    tile = Tile(_map(fields), fields["stride"], fields["first"], fields["stop"], fields.get("fresh", False))
    check_integer("pixels of a tile", len(tile), 1, _MOST_PIXELS)

    def answer(found: Any) -> dict[str, Any]:
        compiled = bool(found[:, 1].all())
        return {"measures": [finite(value) for value in found[:, 0]], "engine": "compiled" if compiled else "numpy"}

    session.order(client, command, Work(tile_measures, tile, len(tile), far=True), answer)


@operation(
    "map_run",
    {**_MAP, "row": needed(integer(0, _MOST_SIZE - 1)), "column": needed(integer(0, _MOST_SIZE - 1))},
    read_only=True,
)
def map_run(session: Session, client: int, command: Command) -> None:
    """Train one pixel of a map, and tell its losses."""
    fields, whole = command.fields, _map(command.fields)
    for name in ("row", "column"):
        check_integer(name, fields[name], 0, whole.size - 1)
    work = Work(pixel_losses, (whole, fields["row"], fields["column"]), 1)
    session.order(client, command, work, lambda found: {"losses": [finite(loss) for loss in found[0]]})


@operation(
    "box_dimension",
    {"bitmap": needed(list_of(text("[01]{17,512}", "17 to 512 letters 0 and 1"), _MOST_SIZE, "rows", least=17))},
    read_only=True,
)
def dimension(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Return the box-counting dimension of the boundary in a bitmap; nulls where there is no boundary."""
    found = box_dimension(bitmap_of(command.fields["bitmap"]))
    return {"dimension": found and finite(found.dimension), "error": found and finite(found.error)}
