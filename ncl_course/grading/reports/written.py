"""Write the reports beside ``results.json``: tables, the class's page, each student's page."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Sequence
from pathlib import Path

from ncl_course.files import write_atomically
from ncl_course.grading.entry import Entry
from ncl_course.grading.gradebook import PREVIOUS
from ncl_course.grading.plain import StrictError
from ncl_course.grading.reports.csv import grades_csv
from ncl_course.grading.reports.html import Section, feedback_page, report_page
from ncl_course.grading.reports.names import file_names
from ncl_course.grading.results import Results, read_results

TABLE = "grades.csv"


def write_reports(results: Results, out: Path, whole: Results | None = None, sections: Sequence[Section] = ()) -> None:
    """Write all of them, and remove the pages of students of an earlier run, or of former partners, not in this one.

    Args:
        whole: the results with the entries of partners, who share a submission; it has a row and a page for each.
        sections: the sections of the roster, for an overview.

    Raises:
        OSError: if one cannot be written.
    """
    whole = whole or results
    former = former_names(out)
    write_atomically(out / TABLE, grades_csv(whole), durable=False)
    write_atomically(out / "report.html", report_page(results, sections=sections), durable=False)
    folder = out / "feedback"
    folder.mkdir(exist_ok=True)
    by_student: dict[str, list[Entry]] = {}
    for entry in whole.submissions:
        by_student.setdefault(entry.student, []).append(entry)
    names = file_names(by_student)
    for student, entries in by_student.items():
        write_atomically(folder / f"{names[student]}.html", feedback_page(student, entries), durable=False)
    for name in former - set(names.values()):
        (folder / f"{name}.html").unlink(missing_ok=True)


def former_names(out: Path) -> set[str]:
    """Return the names of the pages of the earlier results and of the table as it was; none if these cannot be read."""
    found: set[str] = set()
    with contextlib.suppress(OSError, StrictError):
        found |= set(file_names(read_results(out / PREVIOUS).students).values())
    with contextlib.suppress(OSError, ValueError, csv.Error), (out / TABLE).open(encoding="utf-8", newline="") as table:
        found |= set(file_names(row.get("student") or "" for row in csv.DictReader(table)).values())
    return found
