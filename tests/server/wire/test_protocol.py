"""The golden files, which the browser's tests read too, and the number format."""

import importlib.util
import json
import struct
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from backscope.server.wire.protocol import Arrays, DType, accept, bfloat16, decode, encode, finite, refuse, text
from hypothesis import given
from hypothesis import strategies as st

FIXTURES = Path(__file__).parents[2] / "fixtures"


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_wire", FIXTURES / "make_wire.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GOLDEN = generator()


@pytest.mark.parametrize("name", GOLDEN.MESSAGES)
def test_the_server_writes_the_golden_file(name: str) -> None:
    assert GOLDEN.message(name) == (FIXTURES / "wire" / f"{name}.bin").read_bytes()


@pytest.mark.parametrize("name", GOLDEN.MESSAGES)
def test_the_golden_file_is_read_as_the_browser_reads_it(name: str) -> None:
    expected = json.loads((FIXTURES / "wire" / f"{name}.json").read_text("utf-8"))
    header, arrays = decode((FIXTURES / "wire" / f"{name}.bin").read_bytes())
    assert [entry[0] for entry in header.pop("arrays")] == list(expected["arrays"])
    assert header == expected["header"]
    for array, values in arrays.items():
        assert list(values.shape) == expected["arrays"][array]["shape"]
        np.testing.assert_array_equal(values.ravel(), np.array(expected["arrays"][array]["values"], np.float64))


def test_every_array_begins_at_a_multiple_of_four_bytes() -> None:
    arrays = Arrays()
    for size in (1, 2, 3):
        arrays.add(f"a{size}", np.arange(size), DType.BFLOAT16)
    message = encode({"kind": "x" * 3}, arrays)
    (length,) = struct.unpack_from("<I", message)
    assert length % 4 == 0
    assert len(message) == 4 + length + 4 + 4 + 8


@given(st.floats(width=32))
def test_bfloat16_is_the_nearest_number_with_eight_bits(number: float) -> None:
    value = np.array([number], np.float32)
    found = (bfloat16(value).astype(np.uint32) << np.uint32(16)).view(np.float32)[0]
    if not np.isfinite(number):
        np.testing.assert_equal(found, value[0])
        return
    below = (value.view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)[0]
    with np.errstate(over="ignore"):
        above = ((value.view(np.uint32) >> np.uint32(16)) + np.uint32(1) << np.uint32(16)).view(np.float32)[0]
    nearest = min((below, above), key=lambda x: abs(float(x) - number) if np.isfinite(x) else 2.0**120)
    assert abs(float(found) - number) <= abs(float(nearest) - number) or np.isinf(found)


def test_bfloat16_keeps_gradients_that_a_half_precision_number_loses() -> None:
    tiny = np.array([1e-10, -3e-20, 1e-30], np.float32)
    kept = (bfloat16(tiny).astype(np.uint32) << np.uint32(16)).view(np.float32)
    np.testing.assert_allclose(kept, tiny, rtol=2**-8)
    assert not tiny.astype(np.float16).any()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [DType.FLOAT32, DType.BFLOAT16])
def test_what_float32_cannot_reach_is_infinite_in_silence(dtype: DType) -> None:
    arrays = Arrays()
    arrays.add("a", np.array([1e300, -1e39, 1.0, np.nan]), dtype)
    found = decode(encode({"kind": "frame"}, arrays))[1]["a"]
    assert np.array_equal(found, [np.inf, -np.inf, 1.0, np.nan], equal_nan=True)


def test_no_number_that_json_lacks_gets_into_a_header_or_a_text() -> None:
    assert finite(float("nan")) is None
    assert finite(float("-inf")) is None
    assert finite(0.5) == 0.5
    for broken in (float("nan"), float("inf")):
        assert decode(encode({"loss": broken}, Arrays()))[0]["loss"] is None
        assert json.loads(text("state", {"loss": broken}))["loss"] is None


def test_replies_name_the_command_that_they_answer() -> None:
    assert json.loads(accept(3, 12, restarted=True)) == {
        "kind": "reply", "id": 3, "ok": True, "step": 12, "restarted": True,
    }  # fmt: skip
    assert json.loads(refuse(None, "bad_json", "a message must be JSON")) == {
        "kind": "reply", "id": None, "ok": False, "code": "bad_json", "message": "a message must be JSON", "params": {},
    }  # fmt: skip


def test_a_message_cut_short_is_not_read_as_a_whole_one() -> None:
    message = GOLDEN.message("surface")
    with pytest.raises(ValueError, match="buffer"):
        decode(message[:-8])
