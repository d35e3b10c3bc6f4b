"""The random streams of a run: one seed, and a stream of its own for every purpose.

Streams are the children of one `SeedSequence`, so they are independent of each other, and what draws more numbers from
one never shifts another: a lane's dropout leaves the order of the batches as it was.
"""

from __future__ import annotations

import numpy as np

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
