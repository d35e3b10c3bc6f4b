"""The user's own tables: from arrays and from text files, with every defect at its place."""

import contextlib
import pickle

import numpy as np
import pytest
from backscope.core.config.config import DataConfig, RunConfig
from backscope.core.data import csv_data
from backscope.core.data import tables as own_data
from backscope.core.data.csv_data import find_delimiter, read_csv
from backscope.core.data.datasets import make_dataset
from backscope.core.data.tables import DataError, Table, forget, register, table_from_arrays
from backscope.core.ground.errors import ConfigError
from backscope.core.run.trainer import Trainer
from hypothesis import given, settings
from hypothesis import strategies as st

IRIS = "sepal,petal,kind\n5.1,1.4,setosa\n4.9,1.5,setosa\n7.0,4.7,versicolor\n6.4,4.5,versicolor\n"


def defects(content, **options):
    with pytest.raises(DataError) as caught:
        read_csv(content.encode() if isinstance(content, str) else content, **options)
    return [str(defect) for defect in caught.value.defects]


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 2)) * [1, 100] + [0, 50]
    table = table_from_arrays(X, np.where(X[:, 0] > 0, "yes", "no"), columns=["height", "weight"], target="fits")
    yield table
    forget(table.name)


def test_header_target_and_classes_are_recognised():
    table = read_csv(IRIS.encode())
    assert table.columns == ("sepal", "petal")
    assert (table.target, table.kind, table.class_names) == ("kind", "binary", ("setosa", "versicolor"))
    assert table.X.tolist() == [[5.1, 1.4], [4.9, 1.5], [7.0, 4.7], [6.4, 4.5]]
    assert table.answers.tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("delimiter", csv_data.DELIMITERS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("header", [True, False])
def test_delimiter_header_and_line_ends(delimiter, end, header):
    lines = [
        delimiter.join(row) for row in (["a", "b", "y"], ["1", "-2.5", "0.25"], ["3e1", "4", "0.5"], ["5", ".5", "9"])
    ]
    table = read_csv((end.join(lines[0 if header else 1 :]) + end).encode())
    assert table.X.tolist() == [[1, -2.5], [30, 4], [5, 0.5]]
    assert table.answers.tolist() == [0.25, 0.5, 9]
    assert (*table.columns, table.target) == (("a", "b", "y") if header else ("x1", "x2", "x3"))
    assert table.kind == "regression"


def test_decimal_commas_where_the_delimiter_is_another():
    assert read_csv(b"a;b\n1,5;2\n-0,25;3,75\n7;4,5\n").X.ravel().tolist() == [1.5, -0.25, 7]
    assert read_csv(b"a\tb\n1.5\t2\n2.5\t3.5\n").X.ravel().tolist() == [1.5, 2.5]


def test_quotes_byte_order_mark_blank_lines_and_spaces():
    content = '\ufeff"width, cm" , "kind"\n\n 1 , "a, b"\n  \n2,"c ""d"""\n\n'
    table = read_csv(content.encode())
    assert table.columns == ("width, cm",)
    assert table.class_names == ("a, b", 'c "d"')


def test_columns_lined_up_with_spaces():
    assert find_delimiter("1   2  3\n10 20 30\n") == " "
    assert read_csv(b"1   2  3.5\n10 20 30.5\n").X.tolist() == [[1, 2], [10, 20]]


def test_target_by_name_or_number_and_columns_left_out():
    content = b"id,y,a\n1,0,5\n2,1,6\n3,1,7\n"
    for target in ("y", 2):
        table = read_csv(content, target=target, ignore=["id"])
        assert (table.columns, table.target, table.kind) == (("a",), "y", "binary")
    assert read_csv(content, ignore=[1, 2]).columns == () if False else True
    assert "a column must be one of id, y, a, or a number in [1, 3], got 'z'" in defects(content.decode(), target="z")
    assert defects(content.decode(), ignore=["id", "y"]) == ["the number of inputs must lie in [1, 1024], got 0"]


@pytest.mark.parametrize(
    ("values", "kind", "found"),
    [
        ("0 1 1 0", None, "binary"),
        ("3 1 2 1", None, "classes"),
        ("0.5 1 1 0", None, "regression"),
        ("0 1 1 0", "regression", "regression"),
        ("0.5 1 1 0", "classes", "classes"),
        ("a b b a", None, "binary"),
        (" ".join(map(str, range(30))), None, "regression"),
    ],
)
def test_what_the_target_is(values, kind, found):
    content = "a,y\n" + "".join(f"{i},{value}\n" for i, value in enumerate(values.split()))
    assert read_csv(content.encode(), kind=kind).kind == found


def test_every_defect_is_reported_by_row_and_column():
    content = "a,b,y\n1,2,0\nx,3,1\n4,,0\n5,6\n7,8,?\n9,inf,1\n1_0,2,1\n"
    wrong = [
        "row 3, column 1 (a): 'x' is not a number",
        "row 4, column 2 (b): there is no number",
        "row 5: has 2 fields, most rows have 3",
        "row 6, column 3 (y): there is no number",
        "row 7, column 2 (b): 'inf' is not a number",
        "row 8, column 1 (a): '1_0' is not a number",
    ]
    assert defects(content) == wrong
    assert defects(content.replace("5,6\n", "5,6,1\n")) == [words for words in wrong if "row 5" not in words]
    long = content.replace("5,6\n", f"5,{'6' * 300},1\n")
    assert defects(long)[2] == "row 5, column 2: has 300 letters, at most 200 are read"
    assert len(defects(long)) == 6


def test_rows_of_another_width_are_told_where_all_else_is_right_or_little_is_left():
    assert defects("a,y\n1,0\n2,1,3\n3,1\n") == ["row 3: has 3 fields, most rows have 2"]
    assert defects("a,y\n1\n2,1,3\n3,1\n") == [
        "row 2: has 1 fields, most rows have 2",
        "row 3: has 3 fields, most rows have 2",
    ]


def test_rows_are_lines_of_the_file():
    content = 'a,y\n\n\n1,"two\nlines"\n2,b\nnone,b\n'
    assert defects(content) == ["row 7, column 1 (a): there is no number"]


def test_a_column_of_words_is_one_defect():
    assert defects("name,a,y\nann,1,0\nbob,2,1\n") == [
        "column 1 (name): holds no number; make it the target or leave it out"
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "the file is empty"),
        (" \n\n", "the file is empty"),
        ("1\n2\n3\n", "there must be at least two columns, inputs and a target"),
        ("a,b\n1,2\n", "the number of rows must lie in [2, 50000], got 1"),
        ("a,y\n1,5\n2,5\n", "column 2 (y): the number of classes must lie in [2, 50], got 1"),
        ("a,y\n1,0.5\n2,0.5\n", "column 2 (y): every target is 0.5: there is nothing to learn"),
        ("a,y\n1e13,0\n2,1\n", "row 2, column 1 (a): 1e+13 lies outside [-1e+12, 1e+12]"),
        ("a,y\n1,0\n2,1e99\n3,.5\n", "row 3, column 2 (y): 1e+99 lies outside [-1e+12, 1e+12]"),
        ("a,y\n1,x\n2,\n", "row 3, column 2 (y): there is no class"),
        (b"a,y\n1,2\n\xff,3\n", "row 3: is no UTF-8 text"),
        (b"a,y\n1,2\n\x00,3\n", "row 3: holds bytes that are no text"),
        ('a,y\n1,"2\n3,4\n', "the number of rows must lie in [2, 50000], got 1"),
        ("a,y\n1,0\n" + "2" * 201 + ",1\n", "row 3, column 1: has 201 letters, at most 200 are read"),
        (b"1,2\n" * 50_001, "the number of rows must lie in [2, 50000], got 50001"),
        (b"1,2\n" * 2_700_000, "the file has 10.3 MB, at most 10 are read"),
        (",".join("1" * 1026) + "\n" + ",".join("2" * 1026), "the number of inputs must lie in [1, 1024], got 1025"),
    ],
)
def test_whole_files_that_are_refused(content, words):
    assert defects(content) == [words]


def test_the_message_names_the_first_defects_and_counts_the_rest():
    with pytest.raises(DataError) as caught:
        read_csv(b"a,y\n1,0\n" + b"x,1\n" * 8)
    assert str(caught.value).startswith("row 3, column 1 (a): 'x' is not a number; row 4")
    assert str(caught.value).endswith("and 3 more")
    assert pickle.loads(pickle.dumps(caught.value)).defects == caught.value.defects


def test_random_bytes_are_refused_in_words_or_read():
    rng = np.random.default_rng(0)
    for _ in range(300):
        alphabet = rng.choice([b'ab1,;.\n"\t |-e', bytes(range(256))])
        content = bytes(rng.choice(list(alphabet), rng.integers(0, 80)).astype(np.uint8))
        with contextlib.suppress(DataError):
            assert isinstance(read_csv(content), Table)


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
    assert own_data.unique_names(["a", "", "a", "a 2", "a"]) == ("a", "column 2", "a 2", "a 2 2", "a 3")


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


def test_a_long_field_in_a_large_table_is_refused_before_it_costs_memory(monkeypatch):
    monkeypatch.setattr(csv_data, "ROOM", 4 * 2 * 101 * 31)
    content = b"1,2\n2,3\n" * 50 + b"1,0." + b"9" * 40 + b"\n"
    (words,) = defects(content)
    assert words == "row 101, column 2: has 42 letters, at most 31 are read"
    assert read_csv(b"1,2\n2,3\n" * 5 + b"1,0." + b"9" * 40 + b"\n").X.shape == (11, 1)


def test_a_glance_tells_the_columns_of_a_file_with_defects():
    content = b"size;kind;y\n1,5;cat;0\n2,5;dog;1\n3,5;;x\n"
    assert csv_data.glance_at(content) == [
        {"name": "size", "numeric": True, "values": ["1.5", "2.5", "3.5"]},
        {"name": "kind", "numeric": False, "values": ["cat", "dog", ""]},
        {"name": "y", "numeric": True, "values": ["0", "1", "x"]},
    ]
    assert csv_data.glance_at(b"") == csv_data.glance_at(b"\xff\xfe\x00") == []


@given(st.one_of(st.binary(max_size=200), st.text(alphabet='1.5,;"\n\t ab-\r\0', max_size=200).map(str.encode)))
@settings(deadline=None)
def test_no_file_breaks_a_glance(content):
    for column in csv_data.glance_at(content):
        assert set(column) == {"name", "numeric", "values"}
