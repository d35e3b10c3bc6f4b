"""Long work in the event loop holds nobody up."""

import asyncio
import time
from collections.abc import Generator

import pytest
from backscope.server.front.slices import SLICE, in_slices


def long_work(rounds: int, each: float) -> Generator[None, None, str]:
    for _ in range(rounds):
        end = time.perf_counter() + each
        while time.perf_counter() < end:
            pass
        yield
    return "done"


def test_others_have_a_turn_after_every_slice() -> None:
    async def scene() -> tuple[str, int]:
        turns = 0

        async def other() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        task = asyncio.create_task(other())
        result = await in_slices(long_work(100, SLICE / 2))
        task.cancel()
        return result, turns

    result, turns = asyncio.run(scene())
    assert result == "done"
    assert turns >= 30


def test_what_goes_wrong_inside_is_told() -> None:
    def failing() -> Generator[None, None, None]:
        yield
        raise KeyError("on purpose")

    with pytest.raises(KeyError):
        asyncio.run(in_slices(failing()))
