"""Data sets: shapes, determinism, separate streams, the split, and that each can be learnt from."""

import numpy as np
import pytest
from backscope.core.config.config import DataConfig, RunConfig
from backscope.core.data import real_data
from backscope.core.data.datasets import DATASETS, make_dataset
from backscope.core.data.features import FEATURES
from backscope.core.ground.errors import ConfigError
from backscope.core.run.trainer import Trainer

DRAWN = [name for name, record in DATASETS.items() if not record.fixed]
PLACED = [name for name, record in DATASETS.items() if record.shape]
MANY = [name for name, record in DATASETS.items() if record.many]
MEASURED = ["iris", "wine", "breast_cancer", "diabetes"]


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
        assert len(dataset.class_names) == max(2, record.outputs)
        assert dataset.class_names == record.class_names[: len(dataset.class_names)]


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
    assert np.ptp(X, axis=0).min() > 1.2
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


@pytest.mark.parametrize("name", [name for name, record in DATASETS.items() if record.surface])
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


@pytest.mark.parametrize("samples", [10, 401, 5000])
def test_classes_are_balanced(samples):
    _, y = everything(make("xor", samples=samples))
    assert abs(y.mean() - 0.5) <= 0.5 / samples


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


@pytest.mark.parametrize(("name", "answers"), [("truth_table", [0, 1, 1, 0]), ("truth_table_column", [0, 0, 1, 1])])
def test_truth_tables_are_for_training_whole(name, answers):
    dataset = make(name, test_fraction=0.5)
    assert dataset.X_train.tolist() == [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
    assert dataset.y_train.ravel().tolist() == answers
    assert dataset.X_test.shape == (0, 3)
    assert dataset.y_test.shape == (0, 1)


@pytest.mark.parametrize("standardize", [None, False, True])
def test_mazurs_sample_has_two_targets_that_are_numbers(standardize):
    dataset = make("mazur", standardize=standardize, test_fraction=0.5)
    assert (dataset.kind, dataset.outputs, len(dataset.X_test)) == ("regression", 2, 0)
    assert dataset.target_scaling.shift.shape == dataset.target_scaling.scale.shape == (2,)
    scaled = [[0.0, 0.0]]  # one sample is its own mean
    assert dataset.X_train.tolist() == (scaled if standardize else [[0.05, 0.10]])
    assert dataset.y_train.tolist() == (scaled if standardize else [[0.01, 0.99]])


def test_digits_are_pixels_from_0_to_1():
    X, labels = real_data.digits()
    assert X.min() == 0
    assert X.max() == 1
    assert (np.round(X * 16) == X * 16).all()
    assert np.bincount(labels).min() > 170
    dataset = make("digits", test_fraction=0.25)
    assert (len(dataset.X_train), len(dataset.X_test)) == (1348, 449)
    assert (dataset.y_train.sum(axis=1) == 1).all()
    assert np.abs(dataset.y_test.mean(axis=0) - dataset.y_train.mean(axis=0)).max() < 0.002


@pytest.mark.parametrize("name", ["digits", *MEASURED])
def test_measured_data_are_scikit_learns(name):
    from sklearn import datasets

    options = {"scaled": False} if name == "diabetes" else {}
    bunch = getattr(datasets, f"load_{name}")(**options)
    X, answers = getattr(real_data, name)()
    assert (X * (16 if name == "digits" else 1)).tolist() == bunch.data.tolist()
    assert answers.tolist() == bunch.target.tolist()
    record = DATASETS[name]
    assert record.samples == len(X)
    if name != "digits":
        columns = [str(column).removesuffix(" (cm)").replace("_", " ") for column in bunch.feature_names]
        short = {"bp": "blood pressure", "od280/od315 of diluted wines": "OD280/OD315"}
        assert list(record.features) == [short.get(column, column) for column in columns]
    if name in ("iris", "breast_cancer", "digits"):
        assert list(record.class_names) == [str(label) for label in bunch.target_names]


@pytest.mark.parametrize("name", MANY)
@pytest.mark.parametrize("classes", range(3, 9))
def test_classes_from_three_to_eight(name, classes):
    dataset = make(name, classes=classes, noise=0.0, samples=800)
    assert dataset.outputs == dataset.y_train.shape[1] == len(dataset.class_names) == classes
    assert DataConfig(name=name, classes=classes).outputs == classes
    X, y = everything(dataset)
    nearest = np.linalg.norm(X[:, None] - X[None], axis=2) + 10 * np.eye(len(X))
    assert (y.argmax(axis=1) == y.argmax(axis=1)[nearest.argmin(axis=1)]).mean() > 0.97


def test_balance_reaches_training_and_test_set():
    dataset = make("circle", balance=0.25, samples=1000)
    assert dataset.y_train.mean() == pytest.approx(0.2, abs=0.005)
    assert dataset.y_test.mean() == pytest.approx(0.2, abs=0.005)


@pytest.mark.parametrize("name", ["circle", "arms", "iris", "digits"])
def test_label_noise_touches_the_training_set_alone_and_grows(name):
    clean, some, more = (make(name, label_noise=share) for share in (0.0, 0.2, 0.5))
    wrong_some, wrong_more = ((clean.y_train != noisy.y_train).any(axis=1) for noisy in (some, more))
    assert wrong_some.mean() == pytest.approx(0.2, abs=0.07)
    assert wrong_more.mean() == pytest.approx(0.5, abs=0.09)
    assert (wrong_more >= wrong_some).all()
    assert (clean.y_test == more.y_test).all()
    assert (clean.X_train == more.X_train).all()


@pytest.mark.parametrize("name", MEASURED)
def test_standard_units_are_learnt_on_the_training_set_alone(name):
    dataset = make(name, seed=3)
    np.testing.assert_allclose(dataset.X_train.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(dataset.X_train.std(axis=0), 1)
    assert np.abs(dataset.X_test.mean(axis=0)).max() > 0.01
    shift, scale = dataset.input_scaling
    raw = np.vstack([dataset.X_train, dataset.X_test]) * scale + shift
    wanted, _ = getattr(real_data, name)()
    np.testing.assert_allclose(np.sort(raw, axis=0), np.sort(wanted, axis=0), atol=1e-9)
    plain = make(name, seed=3, standardize=False)
    np.testing.assert_allclose((plain.X_test - shift) / scale, dataset.X_test, atol=1e-9)
    assert plain.input_scaling == (pytest.approx(0), pytest.approx(1))


def test_targets_of_measured_regression_come_in_standard_units_too():
    dataset = make("diabetes")
    assert dataset.y_train.mean() == pytest.approx(0, abs=1e-9)
    assert dataset.y_train.std() == pytest.approx(1)
    assert dataset.target_range == (dataset.y_train.min(), dataset.y_train.max())
    raw = dataset.y_train * dataset.target_scaling.scale + dataset.target_scaling.shift
    assert (raw.min(), raw.max()) == (pytest.approx(25, abs=12), pytest.approx(346, abs=30))
    assert make("diabetes", standardize=False).y_train.max() > 300
    assert make("plane", standardize=True, noise=0.0).target_range == (-1, 1)


@pytest.mark.parametrize("standardize", [False, True])
def test_derived_features_are_computed_from_the_points(standardize):
    names = list(FEATURES)
    dataset = make("circle", features=names[::-1], standardize=standardize)
    assert dataset.derived == tuple(names)
    assert dataset.features == ("x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin πx₁", "sin πx₂", "cos πx₁", "cos πx₂")
    assert dataset.domain == ((-1.2, 1.2), (-1.2, 1.2))
    x1, x2 = dataset.points_test.T
    wanted = np.column_stack([
        *(x1, x2, x1**2, x2**2, x1 * x2, np.sin(np.pi * x1), np.sin(np.pi * x2), np.cos(np.pi * x1), np.cos(np.pi * x2))
    ])  # fmt: skip
    shift, scale = dataset.input_scaling
    np.testing.assert_allclose(dataset.X_test * scale + shift, wanted, atol=1e-12)
    assert (shift.any(), (scale != 1).any()) == (standardize, standardize)


def test_points_of_plain_inputs_are_the_inputs():
    dataset = make("moons")
    assert dataset.points_train.tolist() == dataset.X_train.tolist()
    assert dataset.derived == ("x1", "x2")


def test_two_columns_of_a_table_make_a_plane():
    dataset = make("iris", features=["petal_width", "petal_length"])
    assert dataset.features == ("petal length", "petal width")
    assert dataset.derived == ()
    assert dataset.points_test.tolist() == dataset.X_test.tolist()
    (left, right), (bottom, top) = dataset.domain
    X, _ = everything(dataset)
    assert (left < X[:, 0]).all()
    assert (X[:, 0] < right).all()
    assert (bottom < X[:, 1]).all()
    assert (X[:, 1] < top).all()
    assert make("iris").domain is None
    assert make("iris").points_train is None


def test_truth_tables_of_two_inputs_lie_in_a_plane():
    for name, answers in (("truth_and", [0, 0, 0, 1]), ("truth_or", [0, 1, 1, 1]), ("truth_xor", [0, 1, 1, 0])):
        dataset = make(name)
        assert dataset.X_train.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
        assert dataset.y_train.ravel().tolist() == answers
        assert dataset.domain == ((-0.5, 1.5), (-0.5, 1.5))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "circle", "features": ["x3"]}, "features must be one of x1, x2, x1_squared"),
        ({"name": "circle", "features": []}, "features must be at least one"),
        ({"name": "circle", "features": "x1"}, "features must be a list"),
        ({"name": "digits", "features": ["x1"]}, "cannot be chosen"),
        ({"classes": 2}, r"classes must be a whole number in \[3, 8\], got 2"),
        ({"balance": 0}, r"balance must lie in \[0.05, 1\], got 0"),
        ({"label_noise": 1.5}, r"label_noise must lie in \[0, 1\], got 1.5"),
        ({"standardize": 1}, "standardize must be true or false, got 1"),
        ({"name": "upload-0"}, "the data upload-0 are not here any more"),
    ],
)
def test_bad_choices_are_refused(change, words):
    with pytest.raises(ConfigError, match=words):
        DataConfig(**change)


@pytest.mark.parametrize(
    ("name", "change", "wanted"),
    [
        ("circle", {"features": ["x1_squared", "x2_squared"]}, 0.98),
        ("arms", {"classes": 4}, 0.95),
        ("moons", {}, 0.97),
        ("iris", {}, 0.9),
        ("wine", {}, 0.94),
        ("breast_cancer", {}, 0.94),
        ("diabetes", {}, 0.35),
        ("steps", {}, 0.9),
    ],
)
def test_a_net_learns_it(name, change, wanted):
    hidden = [] if "features" in change or name == "diabetes" else [8, 8]
    data = {"name": name, "noise": DATASETS[name].noise, "samples": 600, **change}
    optimizer = {"name": "adam", "learning_rate": 0.02}
    trainer = Trainer(RunConfig.from_json({"data": data, "network": {"hidden": hidden}, "optimizer": optimizer}))
    trainer.run(2000)
    assert trainer.evaluate().test_accuracy >= wanted


def test_a_net_learns_the_spiral():
    optimizer = {"name": "adam", "learning_rate": 0.04}
    data = {"name": "spiral", "noise": 0.0}
    trainer = Trainer(RunConfig.from_json({"data": data, "network": {"hidden": [8, 8]}, "optimizer": optimizer}))
    trainer.run(4200)
    assert trainer.evaluate().test_accuracy >= 0.97
