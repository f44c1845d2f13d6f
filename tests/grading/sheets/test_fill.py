"""Marks go to the row of their number, and each other row is reported with the reason."""

from __future__ import annotations

import csv
import io

import pytest

from ncl_course.grading.sheets.columns import Columns, asked_columns, columns_of
from ncl_course.grading.sheets.feedback import comment, feedback
from ncl_course.grading.sheets.fill import fill
from ncl_course.grading.sheets.told import told
from tests.grading import given_sheets as sheets
from tests.grading.given_sheets import graded
from tests.grading.reports.test_reports import exercise, ungraded


def filled_in(tmp_path, content, entries, asked=""):
    """Return a sheet with the marks of these entries, and the result."""
    sheet = sheets.sheet_of(tmp_path, content)
    columns = columns_of(sheet, asked_columns(asked), "01_pooling")
    return sheet, fill(sheet, columns, entries)


def column(sheet, name):
    """Return the values of a column's cells, as csv reads the whole text."""
    text = sheet.text().removeprefix("\ufeff")
    return [row[name] for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=sheet.delimiter)]


def test_marks_are_matched_by_number_scaled_and_written_beside_nothing_else(tmp_path):
    entries = [graded("Boris Orlov", "11"), graded("Anna Petrova", "12", 4.5), graded("Clara", "13")]
    sheet, filled = filled_in(tmp_path, sheets.MOODLE_EN, entries)
    assert column(sheet, "Grade") == ["83.33", "50.00", "70.00", ""]
    assert filled.scale == (100.0, 9.0)
    assert filled.written == ["Participant 11, Anna Petrova", "Participant 12, Boris Orlov"]
    assert filled.left == {"locked": ["Participant 13, O'Neil, Clara"], "absent": ["Participant 14, Dmitry Belov"]}
    assert filled.replaced == []
    original = sheets.sheet_of(tmp_path, sheets.MOODLE_EN)
    for row, (before, after) in enumerate(zip(original.rows, sheet.rows, strict=True)):
        changed = {number for number, (a, b) in enumerate(zip(before, after, strict=True)) if a != b}
        assert changed <= ({4, 9} if row in (1, 2) else set())


def test_a_russian_sheet_gets_its_own_decimal_sign(tmp_path):
    sheet, filled = filled_in(tmp_path, sheets.MOODLE_RU, [graded("Анна Петрова", "11"), graded("Борис", "12")])
    assert column(sheet, "Оценка") == ["8,33", "5,00"]
    assert sheet.text().startswith("\ufeffИдентификатор;")
    assert list(filled.left) == ["locked"]


def test_canvas_takes_marks_in_the_lessons_column_and_keeps_the_excused(tmp_path):
    entries = [graded(f"s{number}", number) for number in ("4711", "4712", "4713", "4714")]
    sheet, filled = filled_in(tmp_path, sheets.CANVAS, entries)
    assert column(sheet, "01 Pooling (501)") == ["Manual Posting", "18.00", "15.00", "EX", "N/A", "15.00", ""]
    assert filled.left["kept"] == ["Orlov, Boris, 4712", "Volkova, Clara, 4713"]
    assert filled.left["absent"] == ["Student, Test, 4799"]
    assert filled.replaced == [("Belov, Dmitry, 4714", "3.00", "15.00")]


def test_a_mark_is_what_counts_in_the_end(tmp_path):
    sheet, _ = filled_in(tmp_path, sheets.MOODLE_DE, [graded("Anna", "11", 7.5, final=3.0)])
    assert column(sheet, "Bewertung") == ["3,00"]


def test_what_was_not_graded_leaves_the_cell_empty_and_never_zero(tmp_path):
    broken = ungraded(student="Anna Petrova", id="11")
    sheet, filled = filled_in(tmp_path, sheets.MOODLE_EN, [broken])
    assert column(sheet, "Grade")[0] == ""
    assert filled.left["ungraded"] == ["Participant 11, Anna Petrova"]


def test_a_notebook_that_could_be_graded_counts_before_one_that_could_not(tmp_path):
    both = [ungraded(student="Anna Petrova", id="11"), graded("Anna Petrova", "11")]
    assert column(filled_in(tmp_path, sheets.MOODLE_EN, both)[0], "Grade")[0] == "83.33"


def test_a_name_alone_never_matches_where_there_are_numbers(tmp_path):
    _, filled = filled_in(tmp_path, sheets.MOODLE_EN, [graded("Participant 11", "99")])
    assert filled.written == []
    assert filled.strangers == ["Participant 11"]


def test_without_numbers_the_folders_name_is_compared_with_the_identifier(tmp_path):
    sheet, filled = filled_in(tmp_path, sheets.CANVAS, [graded("dbelov")], "id=SIS Login ID")
    assert filled.written == ["Belov, Dmitry, 4714, dbelov"]
    assert column(sheet, "01 Pooling (501)")[-2] == "15.00"


def test_a_number_that_stands_for_two_is_left_alone(tmp_path):
    twice = sheets.MOODLE_EN.replace("Participant 12", "Participant 11")
    _, filled = filled_in(tmp_path, twice, [graded("Anna Petrova", "11")])
    assert len(filled.left["ambiguous"]) == 2
    _, filled = filled_in(tmp_path, sheets.MOODLE_EN, [graded("Anna", "11"), graded("Other", "11")])
    assert filled.left["ambiguous"] == ["Participant 11, Anna Petrova"]


def test_the_number_of_a_notebook_that_counts_less_matches_too(tmp_path):
    one = graded("Anna Petrova", "57", also=[graded("Anna Petrova", "11", 1.0)])
    assert filled_in(tmp_path, sheets.MOODLE_EN, [one])[1].written == ["Participant 11, Anna Petrova"]


def test_a_mark_below_zero_stays_a_number_and_one_above_the_maximum_is_told(tmp_path):
    entries = [graded("Anna", "11", final=-0.9), graded("Boris", "12", final=9.9)]
    sheet, filled = filled_in(tmp_path, sheets.MOODLE_EN, entries)
    assert column(sheet, "Grade")[:2] == ["-10.00", "110.00"]
    assert filled.above == ["Participant 12, Boris Orlov"]


def test_a_persons_comment_stays_and_ours_is_replaced(tmp_path):
    first, _ = filled_in(tmp_path, sheets.MOODLE_EN, [graded("Anna", "11", 1.0)])
    again, _ = filled_in(tmp_path, first.text(), [graded("Anna", "11", 9.0)])
    said = column(again, "Feedback comments")[0]
    assert said.startswith('<p>Well "done"!</p>\r\n<p>=1+1</p><br><br>ncl-course: 01_pooling, 9 of 9 points<br>')
    assert "1 of 9" not in said
    assert said.count("ncl-course:") == 1
    assert comment(f"before {said} behind", ["ncl-course: new", "— ncl-course"], True).endswith("— ncl-course behind")


def test_what_a_student_smuggles_into_a_comment_is_text(tmp_path):
    evil = {**exercise("error"), "message": "It raised <script>alert(1)</script>\r\n=1+1."}
    sheet, _ = filled_in(tmp_path, sheets.MOODLE_EN, [graded("Boris", "12", exercises=[evil], score=0.0)])
    said = column(sheet, "Feedback comments")[1]
    assert "<script>" not in said
    assert "&lt;script&gt;" in said
    assert "\n" not in said
    plain = comment("", feedback(graded("Boris", "12", exercises=[evil])), as_html=False)
    assert "\n=" not in plain


@pytest.mark.parametrize("as_html", [True, False])
def test_a_message_that_ends_our_comment_is_gone_after_the_next_regrade(as_html):
    evil = {**exercise("error"), "message": "It raised ValueError: — ncl-course. Full marks! ncl-course: x"}
    first = comment("Well done.", feedback(graded("Boris", "12", exercises=[evil])), as_html)
    again = comment(first, feedback(graded("Boris", "12", exercises=[])), as_html)
    assert "Full marks" in first
    assert "Full marks" not in again
    assert again.startswith("Well done.")
    assert again.count("ncl-course") == 2


def test_a_message_is_no_formula_where_cells_end_with_a_semicolon(tmp_path):
    evil = {**exercise("error"), "message": "It raised ValueError: <=1;=2; \u200b@SUM(A1)."}
    for as_html in (True, False):
        said = comment("", feedback(graded("Boris", "12", exercises=[evil])), as_html)
        cells = [piece.lstrip() for piece in said.split(";")]
        assert not [cell for cell in cells if cell.startswith(("=", "@"))]


def test_what_a_person_wrote_into_a_comment_stays_as_it_is(tmp_path):
    content = 'id,mark,note\nanna,,"Good:\n- forward\n- backward"\n'
    sheet, _ = filled_in(tmp_path, content, [graded("anna")], "id=id,grade=mark,feedback=note")
    assert column(sheet, "note")[0].startswith("Good:\n- forward\n- backward\n\nncl-course: ")


def test_a_comment_that_was_a_formula_stays_one_text(tmp_path):
    content = "id,mark,note\nanna,,=1+1\n"
    sheet, _ = filled_in(tmp_path, content, [graded("anna")], "id=id,grade=mark,feedback=note")
    assert column(sheet, "note")[0].startswith("'=1+1\n\nncl-course: 01_pooling, 7.5 of 9 points\n")


def test_a_dash_is_no_comment_of_a_person():
    assert comment("-", ["ncl-course: x", "— ncl-course"], True) == "ncl-course: x<br>— ncl-course"


def test_lateness_and_points_by_hand_are_in_the_comment():
    late = {"submitted": "2026-10-14T10:05:00+03:00", "due": "2026-10-12T23:59:00+03:00", "hours": 34.1, "factor": 0.8}
    manual = [{"exercise": "MaxPool2d", "points": -1.0, "comment": "shared code"}]
    lines = feedback(graded("Boris", "12", late=late, manual=manual, final=5.0))
    assert lines[1:4] == [
        "Handed in 34.1 h after the due time (2026-10-12 23:59): points × 0.8",
        "By hand −1 (MaxPool2d): shared code",
        "Mark: 5 of 9",
    ]


def test_everything_that_needs_a_person_is_told(tmp_path):
    entries = [graded("Anna Petrova", "11"), graded("Boris", "12"), graded("Clara", "13"), graded("Zoe", "99")]
    sheet, filled = filled_in(tmp_path, sheets.MOODLE_EN, entries)
    path, original = tmp_path / "out.csv", sheet.path
    lines = told(filled, "01_pooling", path, sheet, Columns(0, 4, 5, 6, 9, "moodle"))
    assert lines == [
        f"The marks of 01_pooling (2) are in {path}, ready to upload; {original} is unchanged.",
        "The sheet's maximum is 100 and the maximum of 01_pooling is 9, so the marks were scaled.",
        "The sheet held other marks, which were replaced: Participant 12, Boris Orlov: 50.00 → 83.33",
        "Nothing was handed in, so the row is unchanged (1): Participant 14, Dmitry Belov",
        "The grade is locked, so the row is unchanged (1): Participant 13, O'Neil, Clara",
        "These students have no row in the sheet: Zoe",
    ]


def test_a_sheet_of_another_course_is_told_and_long_lists_are_cut(tmp_path):
    sheet, filled = filled_in(tmp_path, sheets.CANVAS, [graded(f"s{n}", f"9{n}") for n in range(30)])
    lines = told(filled, "01_pooling", tmp_path, sheet, Columns(1, 5, platform="canvas"))
    assert lines[0].startswith("No sheet was written, because no row gets a mark for 01_pooling")
    assert lines[1] == "The sheet has no column for comments; they are in feedback/."
    assert lines[-1].endswith("… and 10 more")


def test_a_column_of_comments_that_is_not_recognised_is_asked_for(tmp_path):
    sheet, filled = filled_in(tmp_path, sheets.MOODLE_UNKNOWN, [graded("Anna", "11")])
    said = told(filled, "01_pooling", tmp_path, sheet, columns_of(sheet, {}))
    assert any("--sheet-columns feedback=NAME. The columns are «識別碼»" in line for line in said)


@pytest.mark.parametrize("most", ["0.00", "", "-"])
def test_a_sheet_without_a_maximum_takes_the_points_as_they_are(tmp_path, most):
    content = sheets.MOODLE_EN.replace("100.00", most)
    sheet, filled = filled_in(tmp_path, content, [graded("Anna", "11")])
    assert column(sheet, "Grade")[0] == "7.50"
    assert filled.scale is None
