"""What a neuron is called: the one definition, at its bounds."""

import numpy as np
import pytest
from backscope.core import ACTIVATIONS
from backscope.core.insight.health import (
    DEAD,
    DEAD_NEURON,
    FINE,
    MOSTLY,
    SATURATED,
    SATURATED_NEURON,
    flat_ends,
    health_of,
)


@pytest.mark.parametrize("name", [name for name, entry in ACTIVATIONS.items() if entry.bounded])
def test_a_flat_end_is_a_slope_below_a_share_of_the_largest(name: str) -> None:
    function = ACTIVATIONS[name]
    largest = float(function.slope(np.zeros(1))[0])
    slopes = largest * SATURATED * np.array([0.0, 0.999, 1.001, 1 / SATURATED])
    assert flat_ends(function, slopes).tolist() == [True, True, False, False]
    samples = 40
    for flat in range(samples + 1):
        row = np.full(samples, largest)
        row[:flat] = largest * SATURATED / 2
        expected = SATURATED_NEURON if flat >= MOSTLY * samples else FINE
        assert health_of(function, row[None])[0] == expected


def test_an_activation_without_ends_is_never_saturated_but_can_be_dead() -> None:
    relu = ACTIVATIONS["relu"]
    slopes = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0], [DEAD / 2, 0.0, 0.0]])
    assert not flat_ends(relu, slopes).any()
    assert health_of(relu, slopes).tolist() == [FINE, DEAD_NEURON, DEAD_NEURON]
