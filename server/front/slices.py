"""Long work in the event loop, in slices so short that no socket notices."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")

#: Seconds that a slice takes at most, by what was yielded.
SLICE = 0.002


async def in_slices(work: Generator[None, None, Result]) -> Result:
    """Run a generator to its end and return its result; whenever a slice is over, all others have their turn."""
    end = time.perf_counter() + SLICE
    while True:
        try:
            next(work)
        except StopIteration as done:
            result: Result = done.value
            return result
        if time.perf_counter() >= end:
            await asyncio.sleep(0)
            end = time.perf_counter() + SLICE
