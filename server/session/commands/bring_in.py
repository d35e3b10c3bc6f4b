"""Weights brought in from elsewhere: the run begins anew with them."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import TYPE_CHECKING, Any

from ....core.config.weights import read_weights, with_weights
from ....core.ground.errors import ConfigError
from ...run.lane_changes import lane_of, present
from ...wire.commands import Command, Field
from ...wire.fields import some_text
from ...wire.run_fields import LANE
from .restarts import restart
from .table import operation

if TYPE_CHECKING:
    from ..session import Session


@operation(
    "bring_weights",
    {"text": Field(some_text), "base64": Field(some_text), "lane": LANE},
    needs_field=True,
    needs_network=True,
    undoable=True,
    grows=True,
)
def bring_weights(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Begin again with the weights of a file or of a pasted text, in a net of their shape."""
    run = session.run
    number = lane_of(run, command.fields.get("lane"))
    weights = read_weights(_content(command))
    configs = dict(present(run))
    configs[number] = with_weights(configs[number], weights)
    reply = restart(session, configs, "weights")
    return {**reply, "sizes": weights.sizes, "digits": weights.digits, "left_out": list(weights.left_out)}


def _content(command: Command) -> bytes | str:
    packed = command.fields.get("base64")
    if packed is None:
        return str(command.fields["text"])
    try:
        return b64decode(packed, validate=True)
    except binascii.Error:
        raise ConfigError("the file did not arrive whole", "base64", packed[:20]) from None
