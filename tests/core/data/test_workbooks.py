"""Excel workbooks: read like text files, and refused in words where they are broken or too large."""

import contextlib
import datetime
import io
import pickle
import zipfile

import pytest
from backscope.core.data import workbooks
from backscope.core.data.csv_data import FileFormat, open_file, read_csv
from backscope.core.data.tables import DataError
from openpyxl import Workbook

ROWS = [["size", "weight", "kind"], [1.5, 2, "cat"], [2.25, 1234567, "dog"], [1e-7, -3.5, "cat"], [4, 1.234, "dog"]]


def workbook(*sheets, change=None):
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    if change is not None:
        change(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def problem(content, **form):
    with pytest.raises(DataError) as caught:
        read_csv(content, form=FileFormat(**form))
    return caught.value.defects[0]


def test_a_workbook_is_read_like_the_same_numbers_as_text():
    table = read_csv(workbook(ROWS))
    assert table.X.tolist() == [row[:2] for row in ROWS[1:]]
    assert (table.columns, table.target, table.class_names) == (("size", "weight"), "kind", ("cat", "dog"))
    assert open_file(workbook(ROWS)).form == FileFormat(None, None, ".", True, "Sheet 1")


def test_cells_of_every_type_become_what_they_show():
    words = ["01234", "1234", "None"]
    rows = [
        ["a", "b", "on", "day", "code"],
        *([i, "1,5", i > 1, datetime.datetime(2024, 1, i), words[i - 1]] for i in (1, 2, 3)),
    ]
    table = read_csv(workbook(rows), kind="classes", ignore=["day", "on"])
    assert (table.X.tolist(), table.class_names) == ([[1, 1.5], [2, 1.5], [3, 1.5]], ("01234", "1234", "None"))
    assert read_csv(workbook(rows), target="on", ignore=["day", "code"]).class_names == ("FALSE", "TRUE")
    assert "2024-01-01" in open_file(workbook(rows)).glance()[3]["values"][0]


def test_empty_cells_columns_and_rows():
    rows = [[], [None, "a", "b", "y"], [None, 1, None, 0], [], [None, 2, 3, 1], [None, 3, 4, 0]]
    assert str(problem(workbook(rows))) == "row 3, column 3 (b): there is no number: fill it in, or delete the row"
    rows[2][2] = 7
    table = read_csv(workbook(rows))
    assert (table.columns, table.X.tolist()) == (("a", "b"), [[1, 7], [2, 3], [3, 4]])


def test_the_sheet_can_be_chosen():
    content = workbook(ROWS, [["p", "q"], [1, 2], [3, 5]])
    sheet = open_file(content)
    assert (sheet.sheets, sheet.form.sheet, sheet.names[0]) == (("Sheet 1", "Sheet 2"), "Sheet 1", "size")
    assert read_csv(content, form=FileFormat(sheet="Sheet 2")).X.tolist() == [[1], [3]]
    assert problem(content, sheet="Sheet 3").problem == "sheet"
    second = workbook(ROWS, [["p", "q"], [1, 2], [3, 5]], change=lambda book: setattr(book, "active", 1))
    assert open_file(second).form.sheet == "Sheet 2"


def test_an_empty_sheet_gives_way_to_one_that_is_not_and_a_sheet_without_a_table_to_the_choice():
    assert open_file(workbook([], ROWS)).form.sheet == "Sheet 2"
    for rows, words in (([], "no_rows"), ([["alone"]], "columns")):
        with pytest.raises(DataError) as caught:
            open_file(workbook(ROWS, rows), FileFormat(sheet="Sheet 2"))
        error = pickle.loads(pickle.dumps(caught.value))  # it comes from another process
        assert (error.defects[0].problem, error.sheets, error.sheet) == (words, ("Sheet 1", "Sheet 2"), "Sheet 2")


@pytest.mark.parametrize("place", range(3))
def test_a_formula_that_was_never_computed_is_told_and_not_passed_over(place):
    """Programs that write workbooks do not compute: such a column is not empty, and no other becomes the target."""
    rows = [["a", "b", "y"], *([i, i * i % 5, i % 2] for i in range(6))]
    for i, row in enumerate(rows[1:], start=2):
        row[place] = f"=Z{i}*2"
    with pytest.raises(DataError) as caught:
        read_csv(workbook(rows))
    told = [(one.problem, one.row, one.column) for one in caught.value.defects]
    assert told == [("formula", row, place + 1) for row in range(2, 8)]
    left = "y" if place < 2 else "b"
    assert read_csv(workbook(rows), target=left, ignore=[place + 1]).target == left


def test_a_formula_is_its_stored_value_and_an_error_is_no_number():
    whole = workbook([["a", "y"], [1, 0], [2.5, 1], [3, 0], ["", ""]])
    cells = {b"<v>2.5</v>": b"<f>A2*2.5</f><v>2.5</v>"}
    assert read_csv(changed(whole, cells)).X.tolist() == [[1], [2.5], [3]]
    assert problem(changed(whole, {b"<v>2.5</v>": b"<f>A2*2.5</f><v/>"})).problem == "formula"
    empty = {b"</sheetData>": b'<row r="9"><c r="A9" t="str"><f>B2&amp;""</f><v></v></c></row></sheetData>'}
    assert read_csv(changed(whole, {**cells, **empty})).X.tolist() == [[1], [2.5], [3]]  # its value is the empty text
    assert problem(workbook([["a", "y"], [1, 0], ["#DIV/0!", 1], [3, 0]])).problem == "not_a_number"


def changed(content, parts):
    """The first sheet of a workbook, with some bytes of its XML put in place of others."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    files = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    for before, after in parts.items():
        assert before in files[sheet]
        files[sheet] = files[sheet].replace(before, after)
    return packed(**files)


def packed(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def test_what_is_no_workbook_is_refused_in_words():
    whole = workbook(ROWS)
    for broken in (b"PK\x03\x04", whole[: len(whole) // 2], packed(a="b"), packed(**{"[Content_Types].xml": "<a>"})):
        assert problem(broken).problem == "workbook"
    parts = zipfile.ZipFile(io.BytesIO(whole))
    for name in parts.namelist():
        others = {other: parts.read(other) for other in parts.namelist() if other != name}
        for content in (packed(**others), packed(**others, **{name: "<"})):
            with contextlib.suppress(DataError):  # and nothing else
                read_csv(content)


def test_a_workbook_without_numbers_is_empty():
    assert problem(workbook([])).problem == "nothing"


def test_a_workbook_that_unpacks_without_end_is_refused_before_it_is(monkeypatch):
    monkeypatch.setattr(workbooks, "_MOST_BYTES", 10**6)
    assert problem(packed(bomb=b"0" * 10**7)).problem == "size"


def test_a_sheet_that_is_far_larger_than_what_it_holds_is_refused(monkeypatch):
    monkeypatch.setattr(workbooks, "_MOST_CELLS", 500)
    assert problem(workbook(ROWS, change=lambda book: book.active.cell(200, 600, 1))).problem == "size"


def test_a_sheet_with_too_many_rows_is_refused_by_their_number():
    assert problem(workbook([[i, i % 2] for i in range(50_003)])).params["value"] == 50_003
