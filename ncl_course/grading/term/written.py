"""Write ``gradebook.csv``, a gradebook and a report for each section, and the statistics of the exercises."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

from ncl_course.files import write_atomically
from ncl_course.grading.entry import clean
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.reports.html import Section, items_page, report_page
from ncl_course.grading.reports.names import file_names
from ncl_course.grading.results import Results
from ncl_course.grading.term.behind import behind
from ncl_course.grading.term.class_talk import topics
from ncl_course.grading.term.excerpts import by_key
from ncl_course.grading.term.form import Form
from ncl_course.grading.term.gradebook import Row, Term
from ncl_course.grading.term.history import keep
from ncl_course.grading.term.items import items, items_csv, lesson_lines
from ncl_course.grading.term.roster import Roster

NAME, REPORT, SECTIONS = "gradebook.csv", "report.html", "sections"
HEAD, TAIL = ("student", "id", "email", "section"), ("total", "percent", "late")
UNKNOWN = "?"
"""The cell of a notebook that could not be graded; such a student has no total."""


def gradebook_csv(term: Term, form: Form, rows: Sequence[Row] | None = None) -> str:
    """Return the gradebook as text: of all students, or of those rows."""
    lines = [cells(one, term.lessons) for one in (term.rows if rows is None else rows)]
    return form.text([(*HEAD, *term.lessons, *TAIL), *lines])


def cells(row: Row, lessons: Sequence[str]) -> list[object]:
    """Return the cells of one student; a lesson that was not handed in has an empty one."""
    marks: list[object] = [
        None if (entry := row.marks.get(lesson)) is None else UNKNOWN if entry.mark is None else float(entry.mark)
        for lesson in lessons
    ]
    total = UNKNOWN if row.total is None else round(row.total, 2)
    percent = UNKNOWN if row.total is None else None if row.percent is None else round(row.percent, 2)
    return [row.student, row.id, row.person.email, row.person.section, *marks, total, percent, " ".join(row.late)]


def overview(term: Term, roster: Roster) -> list[Section]:
    """Return the sections of the roster for the report's overview."""
    folders = file_names(roster.sections)
    found = []
    for section in roster.sections:
        rows = [one for one in term.rows if one.person.section == section]
        percents = [one.percent for one in rows if one.percent is not None]
        mean = statistics.fmean(percents) if percents else None
        page = f"{SECTIONS}/{folders[section]}/{REPORT}"
        found.append(Section(section, len(rows), sum(bool(one.marks) for one in rows), mean, page))
    return found


def write_term(term: Term, roster: Roster, results: Results, out: Path, form: Form) -> None:
    """Write the gradebook, and for each section of the roster a folder with its own gradebook and report.

    Raises:
        OSError: if one cannot be written.
    """
    write_atomically(out / NAME, gradebook_csv(term, form), durable=False)
    folders = file_names(roster.sections)
    remove_former(out / SECTIONS, folders.values())
    for section in roster.sections:
        rows = [one for one in term.rows if one.person.section == section]
        of_section = {one.student for one in rows}
        theirs = tuple(entry for entry in results.submissions if entry.student in of_section)
        folder = out / SECTIONS / folders[section]
        write_atomically(folder / NAME, gradebook_csv(term, form, rows), durable=False)
        page = report_page(Results(results.run, theirs), title=section, up="../../")
        write_atomically(folder / REPORT, page, durable=False)


def remove_former(folder: Path, kept: Iterable[str]) -> None:
    """Remove the files of sections that the roster no longer has, and no other file.

    Raises:
        OSError: if one cannot be removed.
    """
    former = [path for path in folder.glob("*") if path.is_dir() and path.name not in set(kept)]
    for path in former:
        for name in (NAME, REPORT):
            (path / name).unlink(missing_ok=True)
        if not any(path.iterdir()):
            path.rmdir()


def write_items(results: Results, term: Term, out: Path, submissions: Iterable[Submission], form: Form) -> None:
    """Write ``items.csv``, ``items.html`` and ``history.json``.

    Raises:
        OSError: if one cannot be written.
    """
    found, runs = items(results), keep(results, out)
    write_atomically(out / "items.csv", items_csv(found, form), durable=False)
    page = items_page(
        items=found,
        lessons=lesson_lines(results),
        behind=behind(term, runs),
        topics=topics(results, by_key(submissions)),
    )
    write_atomically(out / "items.html", clean(page), durable=False)
