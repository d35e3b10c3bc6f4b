"""What clients can ask of a session: each command in one place, with its fields and what carries it out."""

from . import (  # noqa: F401  # fill the table
    agreement,
    bring_in,
    edits,
    forecast,
    graph,
    inspection,
    laboratory,
    lanes,
    maps,
    opening,
    restarts,
    run_control,
    surface,
    sweep,
    take_away,
    undoing,
    views,
)
from .table import OPERATIONS as OPERATIONS
