"""Write ``grades.csv``: one row per student and lesson, safe to open in a spreadsheet.

If a policy or a person changed the scores, three more columns hold the hours of lateness, the points by hand
and the mark.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata

from ncl_course.grading.entry import Entry
from ncl_course.grading.reports.cohort import exercise_names
from ncl_course.grading.reports.marks import any_marks
from ncl_course.grading.results import Results

HEAD = ("student", "lesson", "file", "status", "score", "max_score")
MARKS = ("late", "manual", "final")
FORMULA = frozenset("=+-@＝＋－＠")
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that are invisible."""


def grades_csv(results: Results) -> str:
    """Return the table as text; each exercise has its own column of points."""
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
    """Return the hours of lateness, the points by hand and the mark, each None if there is none."""
    return entry.late.hours if entry.late else None, entry.manual_sum if entry.manual else None, entry.final


def neutral(value: str) -> str:
    """Return a cell that a spreadsheet reads as text: an apostrophe goes before everything that may be a formula.

    That is a sign such as ``=``, after any invisible characters, at the beginning or after a character at which
    some program begins a new cell.
    """
    pieces = re.split(r"([;\t\r\n])", value)
    return begun_as_text("".join(f"'{piece}" if is_formula(piece) else piece for piece in pieces))


def begun_as_text(value: str) -> str:
    """Return a cell with an apostrophe at its beginning if a formula may begin there; the rest stays as it is."""
    return f"'{value}" if is_formula(value) or value.startswith(("\t", "\r", "\n")) else value


def is_formula(piece: str) -> bool:
    """Return whether the first visible character begins a formula."""
    return next((character in FORMULA for character in piece if not shows_nothing(character)), False)


def shows_nothing(character: str) -> bool:
    """Return whether a character is a space, a control character, a mark of direction or another empty one."""
    return character in FILLERS or unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")
