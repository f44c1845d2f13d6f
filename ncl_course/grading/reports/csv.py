"""``grades.csv``: one row a student and lesson, safe to open in a spreadsheet.

Where a policy or a person made marks of the scores, three columns more hold the hours of lateness, the points by hand
and the mark.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from ncl_course.grading.reports.marks import any_marks, manual_sum

HEAD = ("student", "lesson", "file", "status", "score", "max_score")
MARKS = ("late", "manual", "final")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def grades_csv(results: dict[str, Any]) -> str:
    """The table as text; the points of each exercise stand in columns of their own."""
    submissions = results["submissions"]
    names = list(dict.fromkeys(one["exercise"] for entry in submissions for one in entry["exercises"]))
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    marked = any_marks(submissions)
    writer.writerow([*HEAD, *(MARKS if marked else ()), *names])
    for entry in submissions:
        points = {one["exercise"]: one["score"] for one in entry["exercises"]}
        marks = marks_of(entry) if marked else []
        row = [*(entry[column] for column in HEAD), *marks, *(points.get(name) for name in names)]
        writer.writerow([neutral(value) for value in row])
    return sheet.getvalue()


def marks_of(entry: dict[str, Any]) -> list[Any]:
    """The hours of lateness, the points by hand and the mark, each empty where there is none."""
    late = entry["late"]["hours"] if "late" in entry else None
    return [late, manual_sum(entry) if "manual" in entry else None, entry.get("final")]


def neutral(value: Any) -> Any:
    """A cell that a spreadsheet takes for text: what would start a formula gets an apostrophe in front."""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.lstrip(" \u00a0").startswith(FORMULA) or value.startswith(FORMULA) else value
