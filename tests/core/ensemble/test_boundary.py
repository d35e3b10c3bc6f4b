"""The dimension of a boundary: of sets whose dimension is known, and of none."""

import numpy as np
import pytest
from backscope.core import ConfigError, box_dimension


def test_the_dimension_of_known_sets() -> None:
    rows, columns = np.indices((129, 129))
    straight = box_dimension(rows > 60)
    assert straight is not None
    assert abs(straight.dimension - 1) < 0.02
    sierpinski = box_dimension((rows & columns) == 0)
    assert sierpinski is not None
    assert abs(sierpinski.dimension - np.log(3) / np.log(2)) < max(3 * sierpinski.error, 0.1)
    noise = box_dimension(np.random.default_rng(0).random((129, 129)) > 0.5)
    assert noise is not None
    assert noise.dimension > 1.9
    slanted = box_dimension(rows + 0.37 * columns > 90)
    assert slanted is not None
    assert abs(slanted.dimension - 1) < 3 * slanted.error + 0.03
    assert box_dimension(np.ones((20, 20))) is None
    with pytest.raises(ConfigError, match="at least 17 pixels"):
        box_dimension(np.ones((16, 20)))
