"""A small cohort of a term: its results, its roster, and how a Russian Excel would read a table."""

from __future__ import annotations

import csv
import io

from ncl_course.grading.results import Results
from tests.grading.reports.test_reports import entry, results

LATE = {"submitted": "2026-10-14T10:05:00+03:00", "due": "2026-10-12T23:59:00+03:00", "hours": 34.1, "factor": 0.8}
IN_GRACE = {**LATE, "hours": 0.1, "factor": 1.0}


def marked(student: str, lesson: str, mark: float, most: float = 10.0, **more: object):
    """Return the entry of a lesson with that mark."""
    return entry(student, score=mark, max_score=most, lesson=lesson, file=f"{student}/{lesson}.ipynb", **more)


def cohort(*entries) -> Results:
    """Return the results with these entries."""
    return results(*entries)


def as_russian_excel(raw: bytes) -> list[list[str | float]]:
    """Read a CSV as a Russian Excel opens it: UTF-8 only with its mark, semicolons, and numbers with a comma."""
    assert raw.startswith(b"\xef\xbb\xbf"), "without the mark, Excel takes UTF-8 for cp1251"
    rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";")
    return [[number(cell) for cell in row] for row in rows]


def number(cell: str) -> str | float:
    """Return a cell as a number if it looks like one in Russian; 7.5 would become the seventh of May."""
    try:
        return float(cell.replace(",", ".")) if "." not in cell and cell.strip() else cell
    except ValueError:
        return cell
