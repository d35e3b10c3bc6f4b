"""The random streams of a run: one seed, and a stream of its own for every purpose.

Streams are the children of one `SeedSequence`, so they are independent of each other, and what draws more numbers from
one never shifts another: a lane's dropout leaves the order of the batches as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

#: Purposes in the order in which they are spawned; new ones go to the end.
STREAMS = (
    *("data", "split", "batches", "initialization", "dropout", "noise", "labels", "gradient_noise"),
    *("tasks", "replacement"),
)


def stream(seed: int, purpose: str, lane: int = 0) -> np.random.Generator:
    """Return a fresh generator at the start of the stream `purpose` of the run with `seed`.

    Parameters
    ----------
    seed : int
        Root seed of the run, 0 to 2**32 − 1.
    purpose : str
        One of `STREAMS`.
    lane : int
        Lanes differ in their stream ``"dropout"`` alone. Of ``"tasks"`` it is the number of the task.
    """
    key = (STREAMS.index(purpose), lane) if lane else (STREAMS.index(purpose),)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))


def words_of(state: Mapping[str, Any]) -> Words:
    """Return the state of a stream's bit generator as six words, as machine code takes it.

    They are the upper and the lower half of the state and of the increment, whether half a word is left over, and it.
    """
    numbers = state["state"]["state"], state["state"]["inc"]
    halves = [half for number in numbers for half in (number >> 64, number & (2**64 - 1))]
    return np.array([*halves, state["has_uint32"], state["uinteger"]], np.uint64)


def state_of(words: Words) -> dict[str, Any]:
    """Return the state of a bit generator that `words_of` made six words of."""
    high, low, up, down, kept, half = words.tolist()
    numbers = {"state": high << 64 | low, "inc": up << 64 | down}
    return {"bit_generator": "PCG64", "state": numbers, "has_uint32": kept, "uinteger": half}
