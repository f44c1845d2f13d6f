"""Columns are found in sheets of any language, and the error asks for those that are not found."""

from __future__ import annotations

import pytest

from ncl_course.grading.errors import SheetError
from ncl_course.grading.sheets.columns import Columns, asked_columns, columns_of, numbered
from tests.grading import given_sheets as sheets

FOUND = {
    sheets.MOODLE_EN: Columns(0, 4, 5, 6, 9, "moodle"),
    sheets.MOODLE_RU: Columns(0, 4, 5, 6, 9, "moodle"),
    sheets.MOODLE_DE: Columns(0, 4, 5, 6, 9, "moodle"),
    sheets.MOODLE_UNKNOWN: Columns(0, 3, 4, -1, -1, "moodle"),
    sheets.CANVAS: Columns(1, 5, platform="canvas", first=3, points=2),
}


@pytest.mark.parametrize(("content", "columns"), FOUND.items())
def test_the_columns_of_a_platform_are_found(tmp_path, content, columns):
    assert columns_of(sheets.sheet_of(tmp_path, content), {}, "01_pooling") == columns


def test_columns_that_are_named_come_first(tmp_path):
    sheet = sheets.sheet_of(tmp_path, sheets.MOODLE_UNKNOWN)
    found = columns_of(sheet, asked_columns("feedback=意見,changeable=可更改"))
    assert (found.grade, found.feedback, found.changeable) == (3, 6, 5)
    sheet = sheets.sheet_of(tmp_path, sheets.CANVAS)
    found = columns_of(sheet, asked_columns("id=SIS Login ID,grade=02 activations (502)"), "01_pooling")
    assert (found.id, found.grade) == (3, 6)


def test_a_table_of_no_platform_has_the_columns_that_are_named(tmp_path):
    sheet = sheets.sheet_of(tmp_path, "login,year,points\nanna,2026,\n")
    assert columns_of(sheet, asked_columns("id=login,grade=points")) == Columns(0, 2)


@pytest.mark.parametrize(
    ("content", "asked", "why"),
    [
        (sheets.MOODLE_EN, "grade=Mark", r"no column “Mark”\. Its columns are «Identifier», «Full name»"),
        ("name,points\nanna,\n", "", r"the column for id\. Name it: --sheet-columns id=NAME"),
        ("name,points\nanna,\n", "id=name", r"the column for grade\..*columns are «name», «points»"),
        (sheets.MOODLE_EN.replace("Maximum Grade", "Scale"), "", "graded by a scale of words"),
    ],
)
def test_a_column_that_cannot_be_told_is_asked_for(tmp_path, content, asked, why):
    with pytest.raises(SheetError, match=why):
        columns_of(sheets.sheet_of(tmp_path, content), asked_columns(asked))


def test_an_unknown_column_beside_the_maximum_is_taken_for_marks_only_where_it_holds_marks(tmp_path):
    words = sheets.MOODLE_UNKNOWN.replace(",55.00,", ",繳,")
    with pytest.raises(SheetError, match="the column for grade"):
        columns_of(sheets.sheet_of(tmp_path, words), {})


def test_of_several_assignments_in_canvas_one_must_be_named_for_the_lesson(tmp_path):
    sheet = sheets.sheet_of(tmp_path, sheets.CANVAS)
    assert columns_of(sheet, {}).grade == -1
    with pytest.raises(SheetError, match=r"the marks of 03_linear_softmax.*«01 Pooling \(501\)», «02 Activations"):
        columns_of(sheet, {}, "03_linear_softmax")
    only = sheets.sheet_of(tmp_path, sheets.CANVAS.replace("02 Activations (502)", "A note"))
    assert columns_of(only, {}, "03_linear_softmax").grade == 5


def test_a_comma_may_stand_in_a_columns_name():
    assert asked_columns("id=Name, first,grade=Mark") == {"id": "Name, first", "grade": "Mark"}
    assert asked_columns("") == {}
    with pytest.raises(SheetError, match="--sheet-columns Mark: expected id=NAME"):
        asked_columns("Mark")


@pytest.mark.parametrize(
    ("said", "number"),
    [("Participant 11", "11"), ("Участник11", "11"), ("Teilnehmer/in 7 ", "7"), ("11", ""), ("Anna", ""), ("", "")],
)
def test_the_number_of_a_participant(said, number):
    assert numbered(said) == number
