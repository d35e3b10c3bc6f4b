"""Points in the plane: reflections, and shapes that fit the window and keep their samples as more are asked for."""

import numpy as np
import pytest
from backscope.core.data import plane_data
from backscope.core.data.datasets import DATASETS

SHAPES = {name: record.shape for name, record in DATASETS.items() if record.shape}


def test_fold_is_a_mirror():
    X = np.array([0.0, 1.1, -1.1, 1.2, -1.25, 2.3, 5.0])
    np.testing.assert_allclose(plane_data.fold(X), [0.0, 1.1, -1.1, 1.1, -1.05, 0.0, 0.4], atol=1e-12)


@pytest.mark.parametrize("name", SHAPES)
def test_more_samples_come_on_top_and_classes_lie_apart_in_the_window(name):
    labels = np.arange(400) % 2
    points, first = (SHAPES[name](labels[:n], np.random.default_rng(5)) for n in (400, 150))
    np.testing.assert_array_equal(points[:150], first)
    assert np.abs(points).max() <= plane_data.LIMIT
    distance = np.linalg.norm(points[:, None] - points[None], axis=2) + 10 * np.eye(400)
    assert (labels[distance.argmin(axis=1)] == labels).mean() > 0.9
