"""Formulas as NumPy source: executed, they are what the formula says."""

import math

import numpy as np
import pytest
from backscope.core.export.arithmetic import numpy_source
from backscope.core.ground.expressions import expression


@pytest.mark.parametrize("formula", ["max(z, 0.1) * exp(-z**2)", "z if z > 0 else 0.2 * z", "min(abs(z), 1) + ln(2)"])
def test_elementwise_source_has_the_values_of_the_formula(formula):
    z = np.array([-2.0, -0.3, 0.05, 1.7])
    source = numpy_source(formula)
    np.testing.assert_allclose(eval(source, {"np": np, "z": z}), expression(formula).value({"z": z}), rtol=1e-14)


def test_sums_go_over_the_outputs_of_a_sample_and_names_are_replaced():
    a = np.array([[1.0, 2.0, 5.0], [0.0, -1.0, 3.0]])
    found = eval(numpy_source("sum(a) + k * largest(a)", {"k": "len(a)"}), {"np": np, "a": a})
    np.testing.assert_array_equal(found, [[8 + 2 * 5], [2 + 2 * 3]])
    assert numpy_source("normal(z)") == "normal(z)"  # the script defines it
    assert eval(numpy_source("ln(z)"), {"np": np, "z": 3.0}) == math.log(3)
