"""Tables from arrays: checked, named by their content, and trained on like any data set."""

import numpy as np
import pytest
from backscope.core.config.config import DataConfig, RunConfig
from backscope.core.data import tables as tables_module
from backscope.core.data.csv_data import read_csv
from backscope.core.data.datasets import make_dataset
from backscope.core.data.tables import DataError, forget, register, table_from_arrays
from backscope.core.ground.errors import ConfigError
from backscope.core.run.trainer import Trainer


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 2)) * [1, 100] + [0, 50]
    table = table_from_arrays(X, np.where(X[:, 0] > 0, "yes", "no"), columns=["height", "weight"], target="fits")
    yield table
    forget(table.name)


@pytest.mark.parametrize(
    ("X", "y", "words"),
    [
        ([[1, 2], [3]], [0, 1], "X must be numbers in rows of one length"),
        ([["a", 2], [3, 4]], [0, 1], "X must be numbers"),
        ([[1, 2], [3, 4]], [0, 1, 1], "X must have shape"),
        ([[1, np.nan], [3, np.inf]], [0, 1], "row 1, column 2 \\(x2\\): there is no number; row 2, column 2"),
        ([[1], [2]], [[0, 1], [1, 0]], "X must have shape"),
    ],
)
def test_arrays_that_are_refused(X, y, words):
    with pytest.raises(DataError, match=words):
        table_from_arrays(X, y)


def test_arrays_of_booleans_and_lists():
    assert table_from_arrays([1, 2, 3], [True, False, True]).class_names == ("False", "True")
    assert table_from_arrays([1, 2, 3], [[1.5], [2], [3]]).kind == "regression"


def test_names_are_made_different():
    assert tables_module.unique_names(["a", "", "a", "a 2", "a"]) == ("a", "column 2", "a 2", "a 2 2", "a 3")


def test_pixels_are_a_picture():
    content = (
        ",".join([f"pixel{i}" for i in range(9)] + ["label"]) + "\n" + "0,1,2,3,4,5,6,7,8,a\n" + "1,1,2,3,4,5,6,7,8,b\n"
    )
    record = read_csv(content.encode()).record
    assert (record.image, record.standardize) == ((3, 3), False)
    assert (record.load()[0].min(), record.load()[0].max()) == (0, 1)
    assert read_csv(content.replace("pixel3", "depth").encode()).record.image is None


def test_a_table_becomes_a_data_set_that_a_run_can_name(table):
    name = register(table)
    assert register(table) == name
    config = RunConfig.from_json({"data": {"name": name}, "network": {"hidden": [4]}})
    assert config.sizes == (2, 4, 1)
    dataset = make_dataset(config.data, 0)
    assert dataset.features == ("height", "weight")
    assert dataset.class_names == ("no", "yes")
    assert dataset.domain is not None
    assert dataset.X_train.std(axis=0) == pytest.approx(1)
    trainer = Trainer(config)
    trainer.run(2000)
    assert trainer.evaluate().accuracy > 0.9


def test_a_table_that_is_not_here_is_refused(table):
    name = register(table)
    forget(name)
    with pytest.raises(ConfigError, match="give their file again"):
        DataConfig(name=name)


def test_other_numbers_other_name(table):
    changed = table_from_arrays(table.X + 1e-9, table.answers, columns=table.columns, target=table.target)
    assert changed.name != table.name
    same = table_from_arrays(table.X, np.where(table.answers == 1, "yes", "no"), columns=table.columns, target="fits")
    assert same.name == table.name


@pytest.mark.parametrize("number", [1234567, 7654321.0, 9007199254740991, 0.1, 1234567.25, 1e-7, 10000000000000])
def test_numbers_as_classes_keep_all_their_digits(number):
    other = number + (1 if number > 1 else 0.25)
    table = table_from_arrays([[1], [2], [3]], [number, other, number], kind="classes")
    assert [float(name) for name in table.class_names] == [number, other]
    assert not any(name.endswith(".0") or "e+" in name for name in table.class_names)
