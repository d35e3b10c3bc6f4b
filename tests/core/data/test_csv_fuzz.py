"""Any file is read, or refused by the reader's own error: a fuzz over bytes, letters, tables and workbooks."""

import io

import pytest
from backscope.core.data.csv_data import FileFormat, open_file
from backscope.core.data.numerals import DECIMAL_MARKS
from backscope.core.data.tables import KINDS, DataError, Table
from backscope.core.data.text_files import DELIMITERS, ENCODINGS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

_NUMERALS = st.one_of(
    st.integers(-(10**18), 10**18).map(str),
    st.floats().map(str),
    st.sampled_from(["1,200", "1.200", "1,5", "1.234.567,8", "−3", "1e999", "01234", "1_0", "١٢", "1 200", "0x1f"]),
)
_WORDS = st.one_of(
    _NUMERALS,
    st.sampled_from(
        ["", "NA", "None", "?", "-", "+", "yes", '"', '""', '"a', 'a"', "größe", "身高", "sep=;", "\ufeff", "a b"]
    ),
    st.text(max_size=6),
)


@st.composite
def tables(draw):
    """Files that nearly are tables: one delimiter, one width, one encoding, with a few slips."""
    delimiter, end = draw(st.sampled_from(DELIMITERS)), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    width = draw(st.integers(1, 5))
    columns = [draw(st.sampled_from([_NUMERALS, _WORDS, st.sampled_from("ab")])) for _ in range(width)]
    rows = draw(st.lists(st.tuples(*columns), min_size=1, max_size=8))
    lines = [delimiter.join(row) for row in rows]
    if draw(st.booleans()):
        lines.insert(draw(st.integers(0, len(lines))), draw(_WORDS))
    first = draw(st.sampled_from(["", "", "sep=;" + end, "a,b,y" + end, "2019,2020" + end]))
    encoding = draw(
        st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "gb18030"])
    )
    return (first + end.join(lines)).encode(
        encoding, "replace" if encoding == "cp1252" else "surrogatepass" if "utf" in encoding else "ignore"
    )


@st.composite
def books(draw):
    """Workbooks with cells of every type, some of them cut short or with a byte changed."""
    book = Workbook()
    cell = st.one_of(
        st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.floats(allow_nan=False, allow_infinity=False),
        st.dates(), st.text(alphabet='ab1,.;"é ', max_size=5),
    )  # fmt: skip
    for row in draw(st.lists(st.lists(cell, max_size=4), max_size=5)):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    broken, place = bytearray(content.getvalue()), st.floats(0, 1, exclude_max=True)  # its length is that of the day
    if draw(st.booleans()):
        broken[int(draw(place) * len(broken))] ^= draw(st.integers(0, 255))
    return bytes(broken[: 4 + int(draw(place) * len(broken))] if draw(st.booleans()) else broken)


FILES = st.one_of(
    tables(),
    st.binary(max_size=300),
    st.text(alphabet="1.5,;\"\n\t ab-e\r\0é|='\u2028\x85", max_size=300).map(lambda text: text.encode("utf-8")),
)
FORMS = st.one_of(
    st.just(FileFormat()),
    st.builds(
        FileFormat,
        encoding=st.sampled_from([None, *ENCODINGS]),
        delimiter=st.sampled_from([None, *DELIMITERS]),
        decimal=st.sampled_from([None, *DECIMAL_MARKS]),
        header=st.sampled_from([None, True, False]),
        sheet=st.sampled_from([None, "Sheet", "none"]),
    ),
)
CHOICES = {
    "target": st.sampled_from([None, 1, 2, 9, "y", "x1"]),
    "kind": st.sampled_from([None, *KINDS]),
    "ignore": st.lists(st.sampled_from([1, 2, 7, "a"]), max_size=2),
}


def read(content, form, target, kind, ignore):
    """Read a file; all that may be raised is DataError, with words for every defect."""
    defects = []
    try:
        sheet = open_file(content, form)
        assert all(isinstance(column["name"], str) for column in sheet.glance())
        assert isinstance(sheet.table(target, kind, ignore), Table)
    except DataError as error:
        defects = error.defects or [None]
    assert all(defect.words and (defect.row is None or type(defect.row) is int) for defect in defects)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=FILES, form=FORMS, **CHOICES)
def test_any_file_is_read_or_refused(content, form, target, kind, ignore):
    read(content, form, target, kind, ignore)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=books(), form=FORMS)
def test_any_workbook_is_read_or_refused(content, form):
    read(content, form, None, None, ())


@pytest.mark.long
@pytest.mark.timeout(3000)
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=FILES, form=FORMS, **CHOICES)
def test_any_of_ten_thousand_files_is_read_or_refused(content, form, target, kind, ignore):
    read(content, form, target, kind, ignore)


@pytest.mark.long
@pytest.mark.timeout(3000)
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=books(), form=FORMS)
def test_any_of_a_thousand_workbooks_is_read_or_refused(content, form):
    read(content, form, None, None, ())
