"""Files of text: encodings, delimiters, rows by their lines, and what cannot be read."""

import pytest
from backscope.core.data.tables import DataError
from backscope.core.data.text_files import cut, decode, find_delimiter, usual_width


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "windows-1251", "gb18030"])
def test_an_encoding_is_recognised_by_what_it_holds(encoding):
    words = {"windows-1251": "высота,ширина\n1,2\n", "gb18030": "高度,宽度\n1,2\n"}.get(encoding, "Höhe,Größe\n1,2\n")
    assert decode(words.encode(encoding)) == (words, encoding)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.4", "is a PDF document, which is not read"),
        (b"\xd0\xcf\x11\xe0" + bytes(9) + "EncryptedPackage".encode("utf-16-le"), "the workbook has a password"),
        (b"1,2\n3\x00\x01,4\n", "holds bytes that are not text"),
        (b"  \n", "the file is empty"),
    ],
)
def test_what_is_no_text_is_refused_in_words(content, words):
    with pytest.raises(DataError, match=words):
        decode(content)


def test_a_mark_of_encoding_is_no_part_of_the_first_name_however_often_it_stands_there():
    assert decode("\ufeff\ufeffa,b\n1,2\n".encode())[0].startswith("a,b")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " "])
def test_rows_are_cut_by_what_stands_between_them(delimiter):
    text = "\n".join(delimiter.join(row) for row in (["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]))
    assert find_delimiter(text) == delimiter
    rows, found = cut(text + "\n\n")
    assert found == delimiter
    assert rows.fields == [["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]]


def test_lines_are_counted_and_an_open_quotation_mark_is_told_with_its_place():
    rows, _ = cut('sep=;\na;b\n\n1;2\n3;"4\n', None)
    assert rows.fields == [["a", "b"], ["1", "2"]]
    assert rows.lines == [2, 4]
    assert [(defect.problem, defect.row, defect.column) for defect in rows.defects] == [("quotes", 5, 2)]
    assert usual_width([["1"], ["1", "2"], ["3", "4"]]) == 2
