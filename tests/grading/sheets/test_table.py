"""Only a cell that is set changes; every other byte of a sheet stays."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncl_course.grading.errors import SheetError
from ncl_course.grading.sheets.table import parsed, read_sheet
from tests.grading import given_sheets as sheets

ALL = [sheets.MOODLE_EN, sheets.MOODLE_RU, sheets.MOODLE_DE, sheets.MOODLE_UNKNOWN, sheets.CANVAS]


@pytest.mark.parametrize("content", ALL)
def test_a_sheet_in_which_nothing_is_set_is_the_same_text(tmp_path, content):
    assert sheets.sheet_of(tmp_path, content).text() == content


@pytest.mark.parametrize("content", ALL)
def test_a_sheet_survives_the_disk_byte_by_byte(tmp_path, content):
    (tmp_path / "in.csv").write_bytes(content.encode())
    read_sheet(tmp_path / "in.csv").write(tmp_path / "out" / "in.csv")
    assert (tmp_path / "out" / "in.csv").read_bytes() == content.encode()


def test_only_the_cell_that_is_set_changes(tmp_path):
    sheet = sheets.sheet_of(tmp_path, sheets.MOODLE_EN)
    sheet.set(1, 4, "83.33")
    assert sheet.text() == sheets.MOODLE_EN.replace('"Submitted for grading - ",,', '"Submitted for grading - ",83.33,')


def test_a_cell_keeps_its_quotes_and_gets_them_where_it_needs_them(tmp_path):
    sheet = sheets.sheet_of(tmp_path, 'a,b,c\n"1",2,3\n')
    for column, value in enumerate(("x", 'y "z"', "1,5")):
        sheet.set(1, column, value)
    assert sheet.text() == 'a,b,c\n"x","y ""z""","1,5"\n'


def test_a_row_that_is_too_short_gets_its_cell(tmp_path):
    sheet = sheets.sheet_of(tmp_path, "a,b,c\r\n1\r\n")
    assert sheet.cell(1, 2) == ""
    sheet.set(1, 2, "x")
    assert sheet.text() == "a,b,c\r\n1,,x\r\n"


def test_a_last_line_without_an_end_stays_without(tmp_path):
    sheet = sheets.sheet_of(tmp_path, "a;b\n1;")
    sheet.set(1, 1, "x")
    assert sheet.text() == "a;b\n1;x"


@given(st.lists(st.lists(st.text('ab,;"\r\n\té ', max_size=5), min_size=2, max_size=4), min_size=2, max_size=5))
def test_whatever_csv_writes_is_read_as_csv_reads_it_and_stays(rows):
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows([["head", "x", "y", "z"], *rows])
    sheet = parsed("sheet.csv", "", file.getvalue())
    assert sheet.text() == file.getvalue()
    assert sheet.values == [row or [""] for row in csv.reader(io.StringIO(file.getvalue(), newline=""))]


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16"])
def test_a_sheet_that_a_spreadsheet_has_saved_is_read_and_its_copy_is_in_utf_8(tmp_path, encoding):
    content = sheets.MOODLE_RU.removeprefix("\ufeff")
    (tmp_path / "in.csv").write_bytes(content.encode(encoding))
    sheet = read_sheet(tmp_path / "in.csv")
    sheet.write(tmp_path / "out.csv")
    assert sheet.recoded
    assert (tmp_path / "out.csv").read_bytes() == sheets.MOODLE_RU.encode("utf-8")
    (tmp_path / "in.csv").write_bytes(content.encode())
    assert not read_sheet(tmp_path / "in.csv").recoded


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("Prénom;Note\nZoé;5\n".encode("cp1252"), "is neither in UTF-8"),
        (b"a,b\n\x98,2\n", "is neither in UTF-8"),
        (b'a,b\n1,"2\n', "a quote is never closed"),
        (b"", "no table"),
        (b"just one line\n", "no table"),
        (b"a,b\n", "no table"),
    ],
)
def test_what_is_no_sheet_is_told(tmp_path, raw, why):
    (tmp_path / "sheet.csv").write_bytes(raw)
    with pytest.raises(SheetError, match=why):
        read_sheet(tmp_path / "sheet.csv")


def test_a_sheet_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SheetError, match=r"nowhere\.csv cannot be read"):
        read_sheet(tmp_path / "nowhere.csv")
