"""From samples to what a network is fed with: shares of classes, splits, wrong labels, targets, standard units."""

import numpy as np
import pytest
from backscope.core.data.preparation import Scaling, encode, labels_in_proportion, mislabel, split


def test_split_gives_every_class_its_share():
    strata = np.repeat([0, 1, 2], [100, 30, 7])
    for fraction in (0.1, 0.3, 0.5, 0.9):
        train, test = split(strata, fraction, np.random.default_rng(3))
        assert sorted([*train, *test]) == list(range(137))
        share = np.bincount(strata[test], minlength=3) / [100, 30, 7]
        assert np.abs(share - fraction).max() <= 0.5 / 7 + 0.02


def test_a_split_leaves_something_to_learn_from():
    train, test = split(np.zeros(10, dtype=np.int64), 0.99, np.random.default_rng(0))
    assert len(train) == 1
    assert len(test) == 9


def test_targets_follow_the_output():
    labels = np.array([0, 1, 1])
    assert encode(labels, 2)[0].ravel().tolist() == [0, 1, 1]
    assert encode(labels, 2, output="tanh")[0].ravel().tolist() == [-1, 1, 1]
    assert encode(labels, 2, output="identity", loss="hinge")[1] == (-1.0, 1.0)
    assert encode(np.array([2, 0]), 3, "softmax", "cross_entropy")[0].tolist() == [[0, 0, 1], [1, 0, 0]]
    assert encode(np.array([2, 0]), 3, output="tanh")[0].tolist() == [[-1, -1, 1], [1, -1, -1]]


@pytest.mark.parametrize(("classes", "balance"), [(2, 0.25), (5, 0.2), (8, 1.0)])
def test_class_balance_is_the_last_class_to_the_first(classes, balance):
    labels = labels_in_proportion(3000, classes, balance)
    counts = np.bincount(labels)
    assert counts[-1] / counts[0] == pytest.approx(balance, rel=0.02)
    assert (np.diff(counts) <= 0).all()
    assert (labels[:700] == labels_in_proportion(700, classes, balance)).all()


def test_every_label_wrong_is_none_right():
    labels = np.repeat(np.arange(5), 200)
    wrong = mislabel(labels, 5, 1.0, np.random.default_rng(0))
    assert (wrong != labels).all()
    assert np.bincount(wrong).min() > 160


def test_a_column_that_never_changes_is_only_shifted():
    scaling = Scaling.learnt(np.array([[5.0, 0.1], [5.0, 0.1], [5.0, 0.1]]))
    np.testing.assert_allclose(scaling(np.array([[5.0, 0.1], [6.0, 1.1]])), [[0, 0], [1, 1]], atol=1e-12)


@pytest.mark.parametrize("size", [1e-300, 1e-170, 1e-20, 1.0, 1e20, 1e160, 1e300, 1e308])
def test_columns_of_every_size_are_brought_to_deviation_one(size):
    """Their squares vanish or overflow; a column beside them in ordinary units keeps its bits."""
    ordinary = np.array([1.0, -3.0, 0.25, 0.75, 2.0])
    values = np.stack([size * np.array([1.0, -1.0, 0.0, 1.0, 1.0]), ordinary], axis=1)
    scaled = Scaling.learnt(values)(values)
    np.testing.assert_allclose(scaled.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(axis=0), 1.0, rtol=1e-12)
    np.testing.assert_array_equal(scaled[:, 1], (ordinary - ordinary.mean()) / ordinary.std())
