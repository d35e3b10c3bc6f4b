"""Tables from text files: read right, or refused with every defect at its place and a cure."""

import contextlib
import pickle

import numpy as np
import pytest
from backscope.core.data.csv_data import MOST_DEFECTS, FileFormat, open_file, read_csv
from backscope.core.data.tables import DataError, Table
from backscope.core.data.text_files import DELIMITERS, find_delimiter
from backscope.core.ground.errors import ConfigError

IRIS = "sepal,petal,kind\n5.1,1.4,setosa\n4.9,1.5,setosa\n7.0,4.7,versicolor\n6.4,4.5,versicolor\n"


def defects(content, **options):
    with pytest.raises(DataError) as caught:
        read_csv(content.encode() if isinstance(content, str) else content, **options)
    return [str(defect) for defect in caught.value.defects]


def test_header_target_and_classes_are_recognised():
    table = read_csv(IRIS.encode())
    assert table.columns == ("sepal", "petal")
    assert (table.target, table.kind, table.class_names) == ("kind", "binary", ("setosa", "versicolor"))
    assert table.X.tolist() == [[5.1, 1.4], [4.9, 1.5], [7.0, 4.7], [6.4, 4.5]]
    assert table.answers.tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("delimiter", DELIMITERS)
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
        "row 4, column 2 (b): there is no number: fill it in, or delete the row",
        "row 5: has 2 fields, most rows have 3",
        "row 6, column 3 (y): there is no number: fill it in, or delete the row",
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
        "row 2: has 1 field, most rows have 2",
        "row 3: has 3 fields, most rows have 2",
    ]


def test_rows_are_lines_of_the_file():
    content = 'a,y\n\n\n1,"two\nlines"\n2,b\nnone,b\n'
    assert defects(content) == ["row 7, column 1 (a): there is no number: fill it in, or delete the row"]


def test_a_column_of_words_is_one_defect():
    assert defects("name,a,y\nann,1,0\nbob,2,1\n") == [
        "column 1 (name): holds no number; make it the target or leave it out"
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "the file is empty"),
        (" \n\n", "the file is empty"),
        ("1\n2\n3\n", "there must be at least two columns, inputs and a target: is the delimiter right?"),
        ("a,b\n1,2\n", "the number of rows must lie in [2, 50000], got 1"),
        ("a,y\n1,5\n2,5\n", "column 2 (y): the number of classes must lie in [2, 50], got 1"),
        ("a,y\n1,0.5\n2,0.5\n", "column 2 (y): every target is 0.5: there is nothing to learn"),
        ("a,y\n1e13,0\n2,1\n", "row 2, column 1 (a): 1e+13 lies outside [-1e+12, 1e+12]"),
        ("a,y\n1,0\n2,1e99\n3,.5\n", "row 3, column 2 (y): 1e+99 lies outside [-1e+12, 1e+12]"),
        ("a,y\n1,x\n2,\n", "row 3, column 2 (y): there is no class: fill it in, or delete the row"),
        (b"a,y\n1,2\n\xff,3\n", "row 3, column 1 (a): 'ÿ' is not a number"),
        (b"a,y\n1,2\n\x00,3\n", "row 3: holds bytes that are not text: save the table as CSV (UTF-8) or .xlsx"),
        ('a,y\n1,"2\n3,4\n', "row 2, column 2: a quotation mark opens here and is not closed: close it, or delete it"),
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


def test_a_glance_tells_the_columns_of_a_file_with_defects():
    sheet = open_file(b"size;kind;y;\n1,5;cat;0;\n2,5;dog;1;\n3,5;;x;\n")
    assert sheet.glance() == [
        {"name": "size", "numeric": True, "empty": False, "values": ["1,5", "2,5", "3,5"]},
        {"name": "kind", "numeric": False, "empty": False, "values": ["cat", "dog", ""]},
        {"name": "y", "numeric": True, "empty": False, "values": ["0", "1", "x"]},
    ]
    assert sheet.form == FileFormat("utf-8", ";", ",", True)


# Quotation marks


def lines(rows, mark, column, delimiter=","):
    """Six rows of numbers and a word; into each of `rows` comes a quotation mark, at the beginning of a column."""
    words = [["x1", "x2", "y"], *([str(i), str(7 - i), "yes" if i % 2 else "no"] for i in range(1, 7))]
    for row in rows:
        words[row - 1][column - 1] = mark + ("" if column == 3 else words[row - 1][column - 1])
    return "\n".join(delimiter.join(row) for row in words)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("column", [1, 2, 3])
@pytest.mark.parametrize("rows", [(4,), (2,), (7,), (4, 6), (2, 4), (3, 4), (2, 4, 6)])
def test_a_quotation_mark_that_is_not_closed_is_a_defect_of_its_row(rows, column, delimiter):
    told = defects(lines(rows, '"', column, delimiter))
    assert told[0].startswith(f"row {rows[0]}, column {column}")
    assert any("a quotation mark opens here" in words for words in told) or "is not a number" in told[0]


@pytest.mark.parametrize("row", [1, 3, 30, 61])
@pytest.mark.parametrize("column", [1, 150, 300])
def test_the_same_in_a_table_wider_than_a_field_may_be(row, column):
    rows = [["0.00390625"] * 300 + ["ab"[i % 2]] for i in range(61)]
    rows[row - 1][column - 1] = '"' + rows[row - 1][column - 1]
    (words,) = defects("\n".join(",".join(row) for row in rows))
    assert words == f"row {row}, column {column}: a quotation mark opens here and is not closed: close it, or delete it"


def test_a_line_without_end_is_refused_without_blaming_a_quotation_mark():
    assert "has a field of more than 200 letters" in defects(b"1,2\n" + b"7" * 200_000 + b",1\n")[0]


def test_quotation_marks_that_belong_to_a_field_stay():
    content = 'size,name\n5,6" board\n6,"8"" board"\n7,"two\nlines"\n8,6" board\n'
    assert read_csv(content.encode()).class_names == ('6" board', '8" board', "two\nlines")


# Names of classes


@pytest.mark.parametrize(
    "name", ["+", "-", "−", "None", "none", "NA", "N/A", "na", "nan", "NaN", "null", "NULL", "?", "#N/A", "."]
)
@pytest.mark.parametrize("kind", [None, "classes"])
def test_words_for_nothing_are_names_of_classes(name, kind):
    rows = "".join(f"{i},{6 - i},{word}\n" for i, word in enumerate([name, "other", name, "third"]))
    for content in (rows, "a,b,y\n" + rows):
        table = read_csv(content.encode(), kind=kind)
        assert set(table.class_names) == {name, "other", "third"}
        assert [table.class_names[label] for label in table.answers] == [name, "other", name, "third"]
    told = defects(f"a,b,y\n1,{name},x\n2,3,y\n3,4,x\n4,5,y\n")
    assert told[0].startswith("row 2, column 2 (b): ")


def test_plus_and_minus():
    table = read_csv(b"1,5,+\n2,6,-\n3,7,+\n4,8,-")
    assert (table.class_names, table.answers.tolist(), len(table.X)) == (("+", "-"), [0, 1, 0, 1], 4)


@pytest.mark.parametrize("odd", ["3+", "many", "NA", "1/2", "01", "1e400"])
def test_classes_that_are_chosen_are_obeyed(odd):
    content = f"a;b;d\n1;2;0\n2;1;1\n3;3;0\n4;1;2\n5;2;0\n6;4;{odd}\n".encode()
    table = read_csv(content, kind="classes")
    assert [table.class_names[label] for label in table.answers] == ["0", "1", "0", "2", "0", odd]
    if odd in ("3+", "many", "1/2"):
        assert defects(content) == [
            f"row 7, column 3 (d): {odd!r} is not a number; if the column holds classes, choose “classes”"
        ]


@pytest.mark.parametrize("kind", [None, "classes"])
@pytest.mark.parametrize(
    "codes", [["01234", "1234", "01234", "90210"], ["007", "7", "07", "7"], ["00", "0", "1", "00"]]
)
def test_codes_with_leading_zeros_are_names(codes, kind):
    content = "x,zip\n" + "".join(f"{i},{code}\n" for i, code in enumerate(codes))
    table = read_csv(content.encode(), kind=kind)
    assert [table.class_names[label] for label in table.answers] == codes


def test_equal_numbers_are_one_class_and_digits_of_ids_stay():
    assert read_csv(b"x,y\n1,1\n2,1.0\n3,2\n4,2.00\n").class_names == ("1", "2")
    ids = ["1234567", "1234568", "7654321", "1234567"]
    content = "x,id\n" + "".join(f"{i},{one}\n" for i, one in enumerate(ids))
    assert read_csv(content.encode()).class_names == ("1234567", "1234568", "7654321")
    long = "x,id\n1,12345678901234567\n2,12345678901234568\n3,12345678901234567\n"
    assert read_csv(long.encode(), kind="classes").class_names == ("12345678901234567", "12345678901234568")


def test_padded_numbers_of_many_values_are_numbers():
    content = "x,day\n" + "".join(f"{i % 7},{i:03d}\n" for i in range(1, 100))
    assert read_csv(content.encode()).kind == "regression"


# Decimal marks and thousands


def test_thousands_with_commas_beside_smaller_numbers():
    table = read_csv(b"income;age;y\n950;50;0\n1,200;60;1\n12,500;70;0\n800;55;1")
    assert table.X[:, 0].tolist() == [950, 1200, 12500, 800]


def test_thousands_with_points_beside_decimal_commas():
    content = b"umsatz;alter;kauf\n950,5;50;0\n1.200;60;1\n12.500;70;0\n800,25;55;1\n700,5;41;0\n690,5;40;1"
    assert read_csv(content).X[:, 0].tolist() == [950.5, 1200, 12500, 800.25, 700.5, 690.5]


AMOUNTS = [950.5, 1200.0, 12500.25, 1234567.0, -1200.5, 0.125, 3.0]
WRITTEN = {  # decimal mark, mark of thousands
    (".", ""): ["950.5", "1200", "12500.25", "1234567", "-1200.5", "0.125", "3"],
    (".", ","): ["950.5", "1,200", "12,500.25", "1,234,567", "-1,200.5", "0.125", "3"],
    (",", "."): ["950,5", "1.200", "12.500,25", "1.234.567", "−1.200,5", "0,125", "3"],
    (",", ""): ["950,5", "1200", "12500,25", "1234567", "-1200,5", "0,125", "3"],
    (",", " "): ["950,5", "1 200", "12 500,25", "1 234 567", "-1 200,5", "0,125", "3"],
    (",", "\u202f"): ["950,5", "1\u202f200", "12\u202f500,25", "1\u202f234\u202f567", "-1\u202f200,5", "0,125", "3"],
    (".", "'"): ["950.5", "1'200", "12'500.25", "1'234'567", "-1'200.5", "0.125", "3"],
}


@pytest.mark.parametrize("marks", WRITTEN, ids=repr)
@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
@pytest.mark.parametrize("order", range(4))
def test_numbers_written_as_people_write_them(marks, delimiter, order):
    cells = np.roll(np.array([*zip(AMOUNTS, WRITTEN[marks], strict=True)], dtype=object), order, axis=0)
    rows = [
        ["amount", "y"],
        *([f'"{cell}"' if delimiter == "," else cell, str(i % 2)] for i, (_, cell) in enumerate(cells)),
    ]
    content = "\n".join(delimiter.join(row) for row in rows).encode()
    sheet = open_file(content)
    assert sheet.table().X.ravel().tolist() == cells[:, 0].tolist()
    assert sheet.form.decimal == marks[0]
    assert read_csv(content, form=FileFormat(decimal=marks[0])).X.ravel().tolist() == cells[:, 0].tolist()


@pytest.mark.parametrize("mark", [".", ","])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_what_may_be_thousands_or_decimals_is_refused_until_the_mark_is_chosen(mark, delimiter):
    rows = [["a", "b", "y"], ["1#234", "1", "0"], ["2#345", "2", "1"], ["13#456", "3", "0"]]
    content = "\n".join(delimiter.join(row) for row in rows).replace("#", mark).encode()
    assert defects(content) == [f"row 2, column 1 (a): '1{mark}234' may be 1234 or 1.234: choose the decimal mark"]
    assert open_file(content).form.decimal is None
    for chosen in (".", ","):
        right = [1.234, 2.345, 13.456] if chosen == mark else [1234, 2345, 13456]
        assert read_csv(content, form=FileFormat(decimal=chosen)).X[:, 0].tolist() == right
    assert read_csv(content, ignore=["a"]).columns == ("b",)


def test_the_other_columns_decide_what_one_cannot():
    assert read_csv(b"a;b;y\n1,234;0,5;0\n2,345;0,75;1\n").X[:, 0].tolist() == [1.234, 2.345]
    assert read_csv(b"a;b;y\n1,234;0.5;0\n2,345;0.75;1\n").X[:, 0].tolist() == [1234, 2345]
    assert read_csv(b"a;b;y\n1,234;7;0\n2500;8;1\n").X[:, 0].tolist() == [1.234, 2500]
    assert read_csv(b"a,b\n1.250,0\n3.125,1\n").X[:, 0].tolist() == [1.25, 3.125]
    assert read_csv(b'a,b\n"1,250",0\n"3,125",1\n').X[:, 0].tolist() == [1250, 3125]
    assert read_csv(b"a;b;y\n0.5;0,5;0\n1.5;1,5;1\n").X.tolist() == [[0.5, 0.5], [1.5, 1.5]]


def test_a_mark_out_of_place_is_a_defect():
    for cell in ("1,20", "12,50", "1,2345", "0,123", "1,234.5.6", "1,23,456"):
        rows = "".join(f"{i}.5;{i % 2}\n" for i in range(9))
        assert defects(f"a;y\n{rows}{cell};1\n") == [f"row 11, column 1 (a): {cell!r} is not a number"]


# The first lines


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line", ["sep={}", "SEP={}", '"sep={}"', "\ufeffsep={}"])
def test_the_line_that_tells_excel_the_delimiter_is_obeyed(line, delimiter, end):
    rows = [line.format(delimiter), f"x{delimiter}y", *(f"1.{i}{delimiter}{i % 2}" for i in range(4)), f"?{delimiter}1"]
    content = end.join(rows[:-1]).encode()
    table = read_csv(content)
    assert (table.columns, table.target, len(table.X)) == (("x",), "y", 4)
    assert defects(end.join(rows))[0].startswith("row 7, column 1 (x)")
    three = end.join([line.format(delimiter), *(f"{i}{delimiter}{i}{delimiter}{i % 2}" for i in range(4))])
    assert read_csv(three.encode()).X.shape == (4, 2)


@pytest.mark.parametrize(
    "content",
    [
        "2019,2020,2021,label\n1.5,1.25,1.1,up\n2.2,2.1,1.9,down\n3.4,3.8,3.9,up\n2.3,2.5,2.6,down",
        "2019;2020;label\n15;12;up\n22;21;down\n34;38;up\n23;25;down",
        "2019,2020,2021\n1.5,1.25,1.1\n2.2,2.1,1.9\n3.4,3.8,3.9",
        "1990,2000,y\n3100,2950,a\n1200,1400,b\n2000,2010,b\n2001,1999,a",
        ",".join([*map(str, range(64)), "digit"])
        + "\n"
        + "".join(",".join([*"0123456789" * 6, "1", "2", "3", "4", d]) + "\n" for d in "abab"),
        "2019,2020,2021,target\n1.5,1.25,1.1,0\n2.2,2.1,1.9,1\n3.4,3.8,3.9,1\n2.3,2.5,2.6,0",
        "0,1,2,target\n1.5,1.25,1.1,0\n2.2,2.1,1.9,1\n3.4,3.8,3.9,1",
        "100,200,300,y\n.1,.2,.3,a\n.2,.3,.1,b\n.3,.1,.2,a",
    ],
)
def test_numbers_that_name_columns(content):
    rows = content.strip().replace(";", ",").split("\n")
    table = read_csv(content.encode())
    assert (*table.columns, table.target) == tuple(rows[0].split(","))
    assert len(table.X) == len(rows) - 1
    assert len(read_csv(content.encode(), kind="classes", form=FileFormat(header=False)).X) == len(rows)


@pytest.mark.parametrize(
    "content",
    [
        "1,2,3,a\n2,3,4,b\n3,4,5,a\n4,5,6,b",
        "5.1,3.5,1.4,setosa\n4.9,3.0,1.4,setosa\n7.0,3.2,4.7,versicolor",
        "2019,2020,a\n2018,2019,b\n2017,2019,b\n2016,2018,b",
        "1990,2000\n1991,2001\n1992,2002\n1993,2003",
        "9,8,7,rare\n1,2,3,b\n5,9,2,b\n3,1,8,b",
        "2019,2020,2021,?\n2018,2019,2017,1\n2016,2017,2018,0\n2015,2016,2017,1",
        "0,1,2,?\n5,3,4,1\n2,4,6,0\n1,8,2,1",
        "0,1,2\n1,0,1\n1,1,0\n0,0,0",
    ],
)
def test_numbers_that_are_samples(content):
    assert not open_file(content.encode()).form.header
    assert open_file(content.encode(), FileFormat(header=True)).names == tuple(content.split("\n")[0].split(","))


def test_auto_mpg():
    rows = [
        '18.0   8   307.0   12.0   70  1\t"alpha beta one"',
        '15.0   8   350.0   11.5   70  1\t"gamma delta two"',
        '18.0   8   318.0   11.0   70  1\t"epsilon zeta"',
        '16.0   8   304.0   12.0   70  1\t"eta theta three"',
    ]
    table = read_csv("\n".join(rows).encode())
    assert table.X.tolist() == [
        [18, 8, 307, 12, 70, 1],
        [15, 8, 350, 11.5, 70, 1],
        [18, 8, 318, 11, 70, 1],
        [16, 8, 304, 12, 70, 1],
    ]
    assert table.class_names == ("alpha beta one", "epsilon zeta", "eta theta three", "gamma delta two")
    two = read_csv(
        "\n".join(row.replace(" one", "").replace(" two", "").replace(" three", "") for row in rows).encode()
    )
    assert (two.X.tolist(), len(two.class_names)) == (table.X.tolist(), 4)
    mpg = read_csv("\n".join(rows).encode(), target=1, ignore=[7], kind="regression")
    assert (mpg.answers.tolist(), mpg.X.shape) == ([18, 15, 18, 16], (4, 5))


def test_the_delimiter_is_what_leaves_numbers():
    assert find_delimiter("1,5;2,5\n3,5;4,5\n") == ";"
    assert find_delimiter("a b;1;2\nc d;3;4\n") == ";"
    assert find_delimiter("1.0, 2.0, a b\n1.5, 2.5, c d\n") == ","


# Empty columns


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("empty", [1, 2, 5])
@pytest.mark.parametrize("header", ["all", "short", "none"])
def test_lines_that_end_in_empty_columns(delimiter, empty, header):
    tail = delimiter * empty
    names = {"all": [f"a,b,y{tail}"], "short": ["a,b,y"], "none": []}[header]
    rows = [*names, f"1.5,2.5,0{tail}", f"1.7,2.1,1{tail}", f"1.2,2.9,0{tail}", delimiter * 2 + tail]
    table = read_csv("\n".join(rows).replace(",", delimiter).encode())
    assert (table.X.tolist(), table.answers.tolist()) == ([[1.5, 2.5], [1.7, 2.1], [1.2, 2.9]], [0, 1, 0])


def test_a_named_column_that_is_empty_is_left_out_and_said_to_be_empty():
    content = b"a,note,y,remark\n1,,0,\n2,,1,\n3,,0,\n"
    sheet = open_file(content)
    assert [column["empty"] for column in sheet.glance()] == [False, True, False, True]
    table = sheet.table()
    assert (table.columns, table.target, sheet.last) == (("a",), "y", 3)
    assert defects(content, target="note")[0].startswith("column 2 (note): is empty")


# Encodings


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp1252", "windows-1252"), ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"), ("utf-16-be", "utf-16"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_encodings_of_excel(encoding, found, end):
    content = end.join(["größe;€;y", "1;2;für", "2;3;über", "3;4;für", ""]).encode(encoding)
    sheet = open_file(content)
    table = sheet.table()
    assert (table.columns, table.class_names, sheet.form.encoding) == (("größe", "€"), ("für", "über"), found)
    assert read_csv(content, form=FileFormat(encoding=found)).class_names == ("für", "über")


@pytest.mark.parametrize(
    ("words", "encoding", "found"),
    [
        ("身高,体重,结果\n1,2,正常\n2,3,偏高\n", "gb18030", "gb18030"),
        ("рост,вес,класс\n1,2,да\n2,3,нет\n", "cp1251", "windows-1251"),
        ("poids,âge,issue\n1,2,élevé\n2,3,à côté\n", "cp1252", "windows-1252"),
        ("größe,b,y\n1,2,0\n2,3,1\n", "cp1252", "windows-1252"),
        ("T in °C,m²,y\n1,2,0\n2,3,1\n", "cp1252", "windows-1252"),
    ],
)
def test_encodings_are_recognised_by_their_letters(words, encoding, found):
    sheet = open_file(words.encode(encoding))
    assert (*sheet.names,) == tuple(words.split("\n")[0].split(","))
    assert sheet.form.encoding == found


def test_another_encoding_can_be_chosen():
    content = "wzrost,płeć\n1,mąż\n2,żona\n".encode("cp1250")
    assert read_csv(content, form=FileFormat(encoding="windows-1250")).class_names == ("mąż", "żona")
    assert (
        "row 2: is not text in utf-8: choose another encoding"
        in defects(content[:8] + b"e\n" + content, form=FileFormat(encoding="utf-8"))[0]
    )


def test_one_broken_byte_does_not_turn_utf_8_into_something_else():
    content = "größe,y\nmäßig,é\n".encode() * 3 + b"1,\xff\n"
    assert defects(content) == ["row 7: is not text in utf-8: choose another encoding, or save the file as “CSV UTF-8”"]


@pytest.mark.parametrize(
    "start", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-1.7\n", b"\x1f\x8b\x08", b"PAR1\x15", b"\x89PNG\r\n\x1a\n"]
)
def test_files_of_other_kinds_are_refused_by_what_they_are(start):
    (words,) = defects(start + bytes(range(256)) * 4)
    assert words.startswith("the file is ")
    assert words.endswith("which is not read: save it as .xlsx or as CSV")


def test_a_name_that_looks_like_the_beginning_of_another_file_is_a_name():
    assert read_csv(b"PAR1,PAR2\n1,0\n2,1\n").columns == ("PAR1",)
    assert read_csv(b"PK,BM\n1,0\n2,1\n").columns == ("PK",)


# Choices


def test_what_is_recognised_can_be_chosen_otherwise():
    content = b"1;2|3\n2;3|4\n3;5|1\n"
    assert open_file(content).form == FileFormat("utf-8", ";", ".", False)
    sheet = open_file(content, FileFormat(delimiter="|", header=True))
    assert (sheet.names, sheet.form) == (("1;2", "3"), FileFormat("utf-8", "|", ".", True))
    for wrong in ({"delimiter": "/"}, {"encoding": "ebcdic"}, {"decimal": "·"}, {"header": 1}):
        with pytest.raises(ConfigError, match=next(iter(wrong))):
            FileFormat(**wrong)
    with pytest.raises(ConfigError, match="kind must be one of"):
        read_csv(content, kind="words")


def test_the_number_of_defects_is_bounded():
    content = "\n".join(",".join(["1", f"x{i}", "2", f"y{i}", "0"]) if i % 2 else "1,2,3,4,1" for i in range(30_000))
    assert len(defects(content)) == MOST_DEFECTS


def test_a_defect_carries_what_its_words_name():
    with pytest.raises(DataError) as caught:
        read_csv(b"a,y\n1,0\nx,1\n2,1\n3\n")
    assert [dict(defect.params) for defect in caught.value.defects] == [{"value": "x"}, {"value": 1, "usual": 2}]
