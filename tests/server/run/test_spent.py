"""What a thread's own work takes."""

import sys
import time

import pytest
from backscope.server.run.spent import spent


@pytest.mark.skipif(sys.platform == "win32", reason="ticks are longer than what is measured")
def test_waiting_for_others_is_no_work() -> None:
    begin, there = spent(), time.perf_counter()
    time.sleep(0.05)
    waited = spent() - begin
    assert waited < 0.5 * (time.perf_counter() - there)
    while spent() - begin < 2 * waited + 0.001:
        pass
