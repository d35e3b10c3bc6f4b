"""Pixels of a map: what is measured of their losses."""

import numpy as np
from backscope.core.ensemble.pixels import LARGEST, measured


def test_the_measure_is_the_papers() -> None:
    losses = np.full((30, 4), 2.0)
    losses[1:, 0], losses[1:, 1], losses[5:, 2], losses[3, 3] = 1.0, 4.0, np.nan, np.inf
    converged, measure = measured(losses)
    assert converged.tolist() == [True, False, False, False]
    expected = [-15.5, 1 + 29 / 2, 5 + 25 / LARGEST, 29 + 1 / LARGEST]
    np.testing.assert_allclose(measure, expected)
