"""``grades.csv``: one row a student and lesson, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import Any

HEAD = ("student", "lesson", "file", "status", "score", "max_score")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def grades_csv(results: dict[str, Any]) -> str:
    """The table as text; the points of each exercise stand in columns of their own."""
    submissions = results["submissions"]
    names = list(dict.fromkeys(one["exercise"] for entry in submissions for one in entry["exercises"]))
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow([*HEAD, *names])
    for entry in submissions:
        points = {one["exercise"]: one["score"] for one in entry["exercises"]}
        row = [entry[column] for column in HEAD] + [points.get(name) for name in names]
        writer.writerow([neutral(value) for value in row])
    return sheet.getvalue()


def neutral(value: Any) -> Any:
    """A cell that a spreadsheet takes for text: what would start a formula gets an apostrophe in front."""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.lstrip(" \u00a0").startswith(FORMULA) or value.startswith(FORMULA) else value
