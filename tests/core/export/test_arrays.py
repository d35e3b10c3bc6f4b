"""Arrays as source: read again, every bit is there, whether written as numbers or packed."""

import base64
import zlib

import numpy as np
import pytest
from backscope.core.export.arrays import UNPACKED, WRITTEN, literal, number


@pytest.mark.parametrize("shape", [(0,), (7,), (4, 150), (WRITTEN + 1,), (3, 300)])
def test_an_array_comes_back_to_the_last_bit(shape):
    array = np.random.default_rng(2).normal(size=shape) * 1e-3
    source, namespace = literal(array), {"np": np, "base64": base64, "zlib": zlib}
    exec(UNPACKED, namespace)
    found = eval(source, namespace)
    assert found.shape == shape
    assert found.tobytes() == array.tobytes()
    assert source.startswith("unpacked(") == (array.size > WRITTEN)
    assert max(map(len, source.split("\n"))) <= 120


@pytest.mark.parametrize("value", [0.0, -0.0, 3.0, -17.0, 0.1, 1e15, 1e-320, 2**53 + 2.0, np.inf, -np.inf, np.nan])
def test_a_number_reads_as_the_same_bits(value):
    assert np.float64(eval(number(value))).tobytes() == np.float64(value).tobytes()
    assert number(3.0) == "3"
