"""``grades.csv``: one row a student and lesson, safe to open in a spreadsheet.

Where a policy or a person made marks of the scores, three columns more hold the hours of lateness, the points by hand
and the mark.
"""

from __future__ import annotations

import csv
import io

from ncl_course.grading.entry import Entry
from ncl_course.grading.reports.cohort import exercise_names
from ncl_course.grading.reports.marks import any_marks
from ncl_course.grading.results import Results

HEAD = ("student", "lesson", "file", "status", "score", "max_score")
MARKS = ("late", "manual", "final")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def grades_csv(results: Results) -> str:
    """The table as text; the points of each exercise stand in columns of their own."""
    names = exercise_names(results.submissions)
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    marked = any_marks(results.submissions)
    writer.writerow([*HEAD, *(MARKS if marked else ()), *names])
    for entry in results.submissions:
        points = {one.exercise: one.score for one in entry.exercises}
        head = (entry.student, entry.lesson, entry.file, entry.status, entry.score, entry.max_score)
        row = (*head, *(marks_of(entry) if marked else ()), *(points.get(name) for name in names))
        writer.writerow([neutral(value) if isinstance(value, str) else value for value in row])
    return sheet.getvalue()


def marks_of(entry: Entry) -> tuple[float | None, ...]:
    """The hours of lateness, the points by hand and the mark, each None where there is none."""
    return entry.late.hours if entry.late else None, entry.manual_sum if entry.manual else None, entry.final


def neutral(value: str) -> str:
    """A cell that a spreadsheet takes for text: what would start a formula gets an apostrophe in front."""
    return f"'{value}" if value.lstrip(" \u00a0").startswith(FORMULA) or value.startswith(FORMULA) else value
