"""Features of points: each its formula, in the order in which they are asked for."""

import math

import numpy as np
from backscope.core.data.features import FEATURES, derive


def test_features_are_their_formulas():
    x1, x2 = 0.3, -0.8
    expected = {
        "x1": x1, "x2": x2, "x1_squared": x1**2, "x2_squared": x2**2, "product": x1 * x2,
        "sin_x1": math.sin(math.pi * x1), "sin_x2": math.sin(math.pi * x2),
        "cos_x1": math.cos(math.pi * x1), "cos_x2": math.cos(math.pi * x2),
    }  # fmt: skip
    assert list(FEATURES) == list(expected)
    points = np.array([[0.0, 0.0], [x1, x2]])
    for names in (list(expected), ["cos_x2", "x1"]):
        np.testing.assert_allclose(derive(points, names)[1], [expected[name] for name in names], rtol=1e-14)
