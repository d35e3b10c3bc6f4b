"""Packed data come back as they were, and what has been changed or cut is refused."""

import numpy as np
import pytest
from backscope.server.wire.packing import Damaged, pack, unpack
from hypothesis import given
from hypothesis import strategies as st

VALUES = {
    "theta": np.array([1.5, -0.0, np.nan, np.inf, 5e-324]),
    "rates": np.arange(6, dtype=np.float32).reshape(2, 3),
    "steps": np.arange(3),
    "stream": {"state": 2**127 + 1, "has": None, "empty": np.empty((0, 4))},
    "best": float("inf"),
    "names": ["a", "β", True],
}


def test_all_comes_back_bit_for_bit() -> None:
    found = unpack(pack(VALUES))
    for name in ("theta", "rates", "steps"):
        assert found[name].tobytes() == VALUES[name].tobytes()  # type: ignore[attr-defined]
        assert found[name].shape == VALUES[name].shape  # type: ignore[attr-defined]
    assert found["stream"]["state"] == 2**127 + 1
    assert found["stream"]["empty"].shape == (0, 4)
    assert (found["best"], found["names"]) == (float("inf"), ["a", "β", True])


@given(st.data())
def test_whatever_is_changed_or_cut_is_noticed(data: st.DataObject) -> None:
    raw = bytearray(pack(VALUES))
    at = data.draw(st.integers(0, len(raw) - 1))
    if data.draw(st.booleans()):
        raw[at] ^= data.draw(st.integers(1, 255))
        if 6 <= at < 8:  # padding of the prefix
            return
    else:
        del raw[at:]
    with pytest.raises(Damaged):
        unpack(bytes(raw))
