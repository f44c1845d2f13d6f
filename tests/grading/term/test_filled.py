"""A platform's sheet for a term: Moodle's one column gets the total, Canvas's columns a lesson each, in one run."""

from __future__ import annotations

import csv
import io

import pytest

from ncl_course.grading.errors import GradingError, SheetError
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.marks.marking import Marking
from ncl_course.grading.sheets.columns import columns_of
from ncl_course.grading.sheets.fill import fill
from ncl_course.grading.sheets.table import parsed
from ncl_course.grading.term.filled import demand_columns, summary, totals
from ncl_course.grading.term.gradebook import term
from ncl_course.grading.term.plan import Plan, Wanted, named_lesson, place, prepare, sheet_lessons
from ncl_course.grading.term.roster import Roster
from tests.grading.given_sheets import MOODLE_EN, MOODLE_RU
from tests.grading.reports.test_reports import ungraded
from tests.grading.term.cohort import cohort, marked

ONE, TWO, THREE = "01_pooling", "02_activations", "03_linear_softmax"
RESULTS = cohort(
    marked("Anna Petrova", ONE, 10.0, id="11"),
    marked("Anna Petrova", TWO, 10.0, 20.0, id="11"),
    marked("Boris Orlov", ONE, 5.0, id="12"),
    ungraded(ONE, student="Dmitry Belov", id="14"),
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,01 pooling (5),02_activations (6),Essay (7),Final Score\n"
    "    Points Possible,,,,,10.00,40.00,5.00,(read only)\n"
    '"Petrova, Anna",11,,anna,A,,,,\n"Orlov, Boris",12,,boris,A,,EX,,\n'
)


def sheet(content):
    """Return a sheet with that content."""
    return parsed("sheet.csv", "", content.removeprefix("\ufeff"))


def column(content, name, delimiter=","):
    """Return a column of a sheet."""
    return [row[name] for row in csv.DictReader(io.StringIO(content, newline=""), delimiter=delimiter)]


@pytest.mark.parametrize(
    ("content", "name", "delimiter", "marks"),
    [
        (MOODLE_EN, "Grade", ",", ["75.00", "25.00", "70.00", ""]),
        (MOODLE_RU.removeprefix("\ufeff"), "Оценка", ";", ["7,50", "5,00"]),
    ],
)
def test_moodles_one_column_gets_the_percentage_of_the_term_on_its_own_scale(content, name, delimiter, marks):
    made = term(RESULTS, Roster())
    given = sheet(content)
    filled = fill(given, columns_of(given, {}), totals(made), summary)
    assert column(given.text(), name, delimiter) == marks
    assert not filled.above
    if delimiter == ",":
        assert filled.left["ungraded"] == ["Participant 14, Dmitry Belov"], "a notebook is open: no silent 0"


def test_the_comment_beside_a_total_has_each_lesson_and_is_replaced_by_the_next_run():
    given = sheet(MOODLE_EN)
    for _ in range(2):
        fill(given, columns_of(given, {}), totals(term(RESULTS, Roster())), summary)
    anna, boris, *_ = column(given.text(), "Feedback comments")
    assert anna.endswith(
        "ncl-course: the term so far: 75.0%<br>01_pooling: 10 of 10<br>02_activations: 10 of 20<br>— ncl-course"
    )
    assert anna.count("ncl-course:") == 1
    assert "02_activations: nothing handed in" in boris


def whole_run(tmp_path, content, results, **wanted):
    """Fill a sheet as a run does, and return the copy's text."""
    path = tmp_path / "sheet.csv"
    path.write_text(content, encoding="utf-8", newline="")
    plan = Plan(Wanted(sheet=path, **wanted), Marking(None, (), None))
    plan.hand_back(results, term(results, Roster()), tmp_path / "out", [])
    return (tmp_path / "out" / "sheets" / "sheet.csv").read_text(encoding="utf-8")


def test_all_columns_of_canvas_that_are_a_lessons_are_filled_in_one_run(tmp_path, capsys):
    further = cohort(*RESULTS.submissions[:3], marked("Anna Petrova", THREE, 1.0, id="11"))
    made = whole_run(tmp_path, CANVAS, further)
    assert column(made, "01 pooling (5)")[1:] == ["10.00", "5.00"]
    assert column(made, "02_activations (6)")[1:] == ["20.00", "EX"]
    assert column(made, "Essay (7)")[1:] == ["", ""]
    said = capsys.readouterr()
    assert "no column for these lessons: 03_linear_softmax" in said.err
    assert "The marks of 01_pooling (2)" in said.out
    assert "The marks of 02_activations (1)" in said.out


def test_one_lesson_of_several_goes_into_moodles_column_if_it_is_asked_for(tmp_path):
    made = whole_run(tmp_path, MOODLE_EN, RESULTS, sheet_lesson="01")
    assert column(made, "Grade") == ["100.00", "50.00", "70.00", ""]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            CANVAS.replace("01 pooling", "Homework 1").replace("02_activations", "Homework 2"),
            "cannot recognise the column for the marks of 01_pooling, 02",
        ),
        (CANVAS.replace("Essay (7)", "01_pooling again (7)"), "01_pooling"),
    ],
)
def test_a_sheet_of_canvas_that_takes_no_lesson_or_whose_columns_are_unclear_is_refused(content, why):
    with pytest.raises(SheetError, match=why):
        demand_columns(sheet(content), {}, [ONE, TWO])


def submission(tmp_path, lesson, student="anna", number=""):
    """Return a submission whose lesson is in its name; it cannot be read."""
    path = tmp_path / f"{lesson}.ipynb"
    path.write_text("{")
    return Submission(student, path, f"{student}/{lesson}.ipynb", id=number)


def test_what_could_not_be_met_in_the_end_is_refused_before_grading(tmp_path):
    both = [submission(tmp_path, ONE), submission(tmp_path, TWO)]
    path = tmp_path / "canvas.csv"
    path.write_text(CANVAS.replace("01 pooling", "Homework 1").replace("02_activations", "Homework 2"))
    with pytest.raises(SheetError, match="cannot recognise the column for the marks of 01_pooling, 02"):
        prepare(Wanted(sheet=path), tmp_path / "out", both)
    path.write_text(CANVAS)
    with pytest.raises(SheetError, match="nothing of that lesson is here; there is 01_pooling, 02_activations"):
        prepare(Wanted(sheet=path, sheet_lesson="03"), tmp_path / "out", both)
    with pytest.raises(GradingError, match="comes from a download of Moodle"):
        prepare(Wanted(feedback_zip="moodle"), tmp_path / "out", both)
    assert prepare(Wanted(sheet=path), tmp_path / "out", both).columns == {}


def test_the_sheets_lessons_are_all_that_are_there_or_the_one_that_is_asked_for():
    assert sheet_lessons([TWO, ONE], "") == [ONE, TWO]
    assert sheet_lessons([ONE, TWO], "01") == sheet_lessons([ONE, TWO], "pooling") == [ONE]
    for there, asked in (([ONE], "02"), ([], "")):
        with pytest.raises(SheetError, match="nothing of that lesson is here"):
            sheet_lessons(there, asked)


@pytest.mark.parametrize("name", ["0", "07", "pool"])
def test_a_lesson_that_is_not_clear_is_told(name):
    with pytest.raises(SheetError, match=f"--sheet-lesson {name}: the lessons are"):
        named_lesson(name)


def test_a_filled_copy_never_takes_the_sheets_own_place(tmp_path):
    assert place(tmp_path, tmp_path / "a.csv") == tmp_path / "sheets" / "a.csv"
    assert place(tmp_path, tmp_path / "sheets" / "a.csv") == tmp_path / "sheets" / "a-marks.csv"
