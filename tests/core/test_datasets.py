"""Data sets: shapes, determinism, separate streams, the split, and that each can be learnt from."""

import subprocess
import sys

import numpy as np
import pytest
from backscope.core import plane_data, real_data
from backscope.core.config import DataConfig
from backscope.core.datasets import DATASETS, encode, make_dataset, split

DRAWN = [name for name, record in DATASETS.items() if not record.fixed]
PLACED = [name for name, record in DATASETS.items() if record.shape]


def make(name, seed=0, **change):
    return make_dataset(DataConfig(name=name, **change), seed)


def everything(dataset):
    return np.vstack([dataset.X_train, dataset.X_test]), np.vstack([dataset.y_train, dataset.y_test])


def rows(X):
    return {row.tobytes() for row in X}


@pytest.mark.parametrize("name", DATASETS)
def test_record_tells_what_the_samples_are(name):
    record, dataset = DATASETS[name], make(name)
    X, y = everything(dataset)
    assert dataset.kind == record.kind
    assert X.shape == (record.samples if record.fixed else 400, record.inputs)
    assert y.shape == (len(X), record.outputs)
    assert len(dataset.features) == record.inputs
    assert np.isfinite(X).all()
    assert np.isfinite(y).all()
    if record.image:
        assert np.prod(record.image) == record.inputs
    if record.kind != "regression":
        assert len(record.class_names) == max(2, record.outputs)


@pytest.mark.parametrize("name", DATASETS)
def test_same_seed_same_samples_and_they_cannot_be_changed(name):
    first, second = make(name, seed=7), make(name, seed=7)
    for field in ("X_train", "y_train", "X_test", "y_test"):
        assert getattr(first, field).tobytes() == getattr(second, field).tobytes()
        with pytest.raises(ValueError, match="read-only"):
            getattr(first, field)[:] = 0


@pytest.mark.parametrize("name", DRAWN)
def test_another_seed_draws_other_samples(name):
    assert not rows(everything(make(name, seed=1))[0]) & rows(everything(make(name, seed=2))[0])


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("noise", [0.0, 0.5, 1.0])
def test_samples_stay_in_the_drawn_plane(name, noise):
    dataset = make(name, noise=noise, samples=2000)
    X, y = everything(dataset)
    assert np.abs(X).max() <= (1.15 if noise else 1.01)
    assert np.ptp(X, axis=0).min() > 1.4
    if noise == 0:
        low, high = dataset.target_range
        assert low <= y.min() < y.max() <= high


@pytest.mark.parametrize("name", PLACED)
def test_more_noise_moves_the_same_points_further(name):
    still, little, more = (make(name, noise=noise).X_train for noise in (0.0, 0.01, 0.02))
    unfolded = (np.abs(more) < 1.1).all(axis=1) & (np.abs(still) < 1.1).all(axis=1)
    assert unfolded.sum() > 100
    np.testing.assert_allclose((more - still)[unfolded], 2 * (little - still)[unfolded], atol=1e-12)
    assert np.std((more - still)[unfolded]) == pytest.approx(DATASETS[name].spread * 0.02, rel=0.15)


@pytest.mark.parametrize("name", ["plane", "gaussian"])
def test_noise_of_regression_moves_the_targets_alone(name):
    still, noisy = make(name, noise=0.0), make(name, noise=0.2)
    assert still.X_train.tobytes() == noisy.X_train.tobytes()
    assert np.std(noisy.y_train - still.y_train) == pytest.approx(0.1, rel=0.15)


@pytest.mark.parametrize("name", DRAWN)
def test_more_samples_come_on_top_of_the_earlier_ones(name):
    assert rows(everything(make(name, samples=100))[0]) < rows(everything(make(name, samples=250))[0])


def test_a_larger_test_set_takes_the_smaller_in():
    small, large = make("circle", test_fraction=0.2), make("circle", test_fraction=0.5)
    assert len(small.X_test) == 80
    assert len(large.X_test) == 200
    assert rows(small.X_test) < rows(large.X_test)
    assert not rows(large.X_test) & rows(large.X_train)


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


@pytest.mark.parametrize("samples", [10, 401, 5000])
def test_classes_are_balanced(samples):
    _, y = everything(make("xor", samples=samples))
    assert abs(y.mean() - 0.5) <= 0.5 / samples


def test_targets_follow_the_output():
    labels = np.array([0, 1, 1])
    assert encode(labels, 2)[0].ravel().tolist() == [0, 1, 1]
    assert encode(labels, 2, output="tanh")[0].ravel().tolist() == [-1, 1, 1]
    assert encode(labels, 2, output="identity", loss="hinge")[1] == (-1.0, 1.0)
    assert encode(np.array([2, 0]), 3, "softmax", "cross_entropy")[0].tolist() == [[0, 0, 1], [1, 0, 0]]
    assert encode(np.array([2, 0]), 3, output="tanh")[0].tolist() == [[-1, -1, 1], [1, -1, -1]]


def test_shapes_without_noise_are_what_they_are_called():
    X, y = everything(make("circle", noise=0.0))
    radius = np.hypot(*X.T)
    assert ((radius <= 0.5) == (y[:, 0] == 1)).all()
    assert radius[y[:, 0] == 0].min() >= 0.7
    X, y = everything(make("xor", noise=0.0))
    assert ((X[:, 0] * X[:, 1] < 0) == (y[:, 0] == 1)).all()
    X, y = everything(make("plane", noise=0.0))
    np.testing.assert_allclose(y[:, 0], (X[:, 0] + X[:, 1]) / 2)


def test_arms_of_the_spiral_are_each_other_turned_by_half():
    X, y = everything(make("spiral", noise=0.0, samples=200))
    first, second = X[y[:, 0] == 0], X[y[:, 0] == 1]
    distances = np.linalg.norm(first[:, None] + second[None], axis=2).min(axis=1)
    assert distances.max() < 1e-12


def test_fold_is_a_mirror():
    X = np.array([0.0, 1.1, -1.1, 1.2, -1.25, 2.3, 5.0])
    np.testing.assert_allclose(plane_data.fold(X), [0.0, 1.1, -1.1, 1.1, -1.05, 0.0, 0.4], atol=1e-12)


@pytest.mark.parametrize(("name", "answers"), [("truth_table", [0, 1, 1, 0]), ("truth_table_column", [0, 0, 1, 1])])
def test_truth_tables_are_for_training_whole(name, answers):
    dataset = make(name, test_fraction=0.5)
    assert dataset.X_train.tolist() == [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
    assert dataset.y_train.ravel().tolist() == answers
    assert dataset.X_test.shape == (0, 3)
    assert dataset.y_test.shape == (0, 1)


def test_digits_are_scikit_learns_scaled_to_one():
    from sklearn.datasets import load_digits

    X, labels = real_data.digits()
    bunch = load_digits()
    assert (bunch.data == X * 16).all()
    assert (labels == bunch.target).all()
    dataset = make("digits", test_fraction=0.25)
    assert (len(dataset.X_train), len(dataset.X_test)) == (1348, 449)
    assert (dataset.y_train.sum(axis=1) == 1).all()
    assert np.abs(dataset.y_test.mean(axis=0) - dataset.y_train.mean(axis=0)).max() < 0.002


def test_digits_without_the_packages_file_come_from_its_loader(monkeypatch):
    expected = real_data.digits()
    monkeypatch.setattr(real_data, "_table", lambda name, columns: None)
    X, labels = real_data.digits.__wrapped__()
    assert (expected[0] == X).all()
    assert (labels == expected[1]).all()


def test_digits_are_read_without_importing_scikit_learn():
    program = (
        "import sys; from backscope.core import real_data; real_data.digits(); "
        "print([name for name in ('sklearn', 'scipy') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.strip() == "[]"
