"""Reports say what the record says, in both languages, and nothing from a student does more than be read."""

from __future__ import annotations

import csv
import io
import re

import pytest

from ncl_course.grading.reports import cohort
from ncl_course.grading.reports.csv import grades_csv, neutral
from ncl_course.grading.reports.html import feedback_page, report_page
from ncl_course.grading.reports.names import file_names
from ncl_course.language import language

EVIL = "<script>alert(1)</script>\"'{{ 7*7 }}&"


def part(name="forward", verdict="failed", **more):
    """A part's record."""
    return {"part": name, "score": 1.5 if verdict == "passed" else 0.0, "max_score": 1.5, "verdict": verdict, **more}


def exercise(verdict="failed", misconceptions=(), **more):
    """An exercise's record."""
    return {
        "exercise": "MaxPool2d",
        "score": 1.5 if verdict == "passed" else 0.0,
        "max_score": 1.5,
        "verdict": verdict,
        "misconceptions": list(misconceptions),
        "message": "why",
        "parts": [part(verdict=verdict, misconceptions=[m.partition(".")[2] for m in misconceptions], **more)],
    }


def entry(student="anna", exercises=(), **more):
    """A submission's record."""
    exercises = list(exercises) or [exercise("passed")]
    score, points = (sum(one[key] for one in exercises) for key in ("score", "max_score"))
    base = {"student": student, "lesson": "01_pooling", "file": f"{student}/01_pooling.ipynb", "status": "graded"}
    return {**base, "score": score, "max_score": points, "seconds": 0.1, "exercises": exercises, "notes": [], **more}


def results(*entries):
    """The content of a ``results.json``."""
    return {"schema": 1, "seed": 7, "submissions": list(entries)}


def ungraded(**more):
    """A submission without a score."""
    return entry(status="unreadable", score=None, max_score=None, lesson=None, message="no JSON", **more) | {
        "exercises": []
    }


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_becomes_a_text(formula):
    assert neutral(formula) == f"'{formula}"
    (_, row) = csv.reader(io.StringIO(grades_csv(results(entry(formula))), newline=""))
    assert row[0] == f"'{formula}"


@pytest.mark.parametrize("value", ["anna", "o'neil", "a=b", "", 3.5, None, -2.0])
def test_other_cells_stay_as_they_are(value):
    assert neutral(value) == value


def test_the_table_has_a_row_a_submission_and_a_column_an_exercise():
    rows = list(csv.reader(grades_csv(results(entry("anna"), ungraded(student="boris"))).splitlines()))
    assert rows[0] == ["student", "lesson", "file", "status", "score", "max_score", "MaxPool2d"]
    assert rows[1] == ["anna", "01_pooling", "anna/01_pooling.ipynb", "graded", "1.5", "1.5", "1.5"]
    assert rows[2] == ["boris", "", "boris/01_pooling.ipynb", "unreadable", "", "", ""]


NAMES = [
    "../../etc/passwd",
    "/abs",
    "..",
    ".",
    "",
    "a/b",
    "a\\b",
    "con",
    "NUL.txt",
    ".hidden",
    "x" * 500,
    "a\0b",
    "\ud800",
    "Anna",
    "anna",
    "Ёжик",
    "a_b",
]


def test_file_names_stay_in_their_folder_and_never_collide():
    names = file_names(NAMES)
    assert len({name.casefold() for name in names.values()}) == len(NAMES)
    for name in names.values():
        assert re.fullmatch(r"[\w@ -][\w.@ -]{0,99}", name)
        assert name.encode("utf-8")
    assert names["Ёжик"] == "Ёжик"


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_nothing_from_a_student_gets_into_a_page_unescaped(lang):
    language(lang)
    wrong = exercise("error", raised=EVIL, where=EVIL, note=EVIL, case="overlap")
    one = entry(EVIL, [wrong], notes=[EVIL], also=[entry(file=EVIL)], file=EVIL)
    two = ungraded(student=EVIL, file=EVIL) | {"message": EVIL}
    for page in (report_page(results(one, two)), feedback_page(EVIL, [one, two])):
        assert "<script" not in page
        assert "{{ 7*7 }}" in page
        assert "49" not in re.sub(r"&#\d+;|<style>.*?</style>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_pages_need_no_network(lang):
    language(lang)
    for page in (report_page(results(entry())), feedback_page("anna", [entry()])):
        assert not re.search(r"https?:|src=|<link|@import|url\(", page)
        assert f'<html lang="{lang}">' in page


def test_feedback_names_the_misconception_with_its_hint_and_the_cases_reason():
    wrong = exercise(misconceptions=["MaxPool2d.gradient-to-all-maxima"], case="ties", failing=3, cases=36)
    page = feedback_page("anna", [entry(exercises=[wrong])])
    assert "every tied maximum gets the whole gradient" in page
    assert "compare dx.sum() with grad_out.sum()" in page
    assert "The smallest failing case: the maximum stands in several cells of a window" in page


def test_feedback_quotes_the_line_that_raised_and_not_the_message():
    page = feedback_page(
        "anna", [entry(exercises=[exercise("error", raised="ValueError", raised_message="3.14159", where="3: x[9]")])]
    )
    assert "It raised ValueError. (in the line 3: x[9])" in page
    assert "3.14159" not in page


def test_feedback_says_why_torch_is_not_there():
    message = "torch is not there while a notebook is graded: exercises are written in NumPy alone"
    wrong = exercise("error", raised="ImportError", raised_message=message, where="8: import torch")
    assert "It imports torch, which is not there" in feedback_page("anna", [entry(exercises=[wrong])])


def test_the_report_counts_misconceptions_by_students():
    wrong = exercise(misconceptions=["MaxPool2d.starts-at-zero"])
    common = cohort.common(results(entry("anna", [wrong]), entry("boris", [wrong]), entry("clara")))
    assert [(one.exercise, one.students) for one in common] == [("MaxPool2d", 2)]
    page = report_page(results(entry("anna", [wrong])))
    assert "no maximum is below 0" in page
    assert 'class="points none"' in page


def test_marks_fall_into_ten_bars():
    entries = [entry(exercises=[exercise() | {"score": score, "max_score": 10.0}]) for score in (0, 0.5, 1, 9.9, 10)]
    assert cohort.marks(results(*entries)) == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]


def test_an_empty_cohort_has_a_report():
    assert "0 of 0 submissions" in report_page(results())
