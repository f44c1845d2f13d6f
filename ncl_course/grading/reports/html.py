"""``report.html`` for the instructor and ``feedback/STUDENT.html``: whole pages that need no network."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2

from ncl_course.checking.view import named
from ncl_course.grading.record import part_name, raised_sentence
from ncl_course.grading.reports import cohort
from ncl_course.language import current, find, text

Record = dict[str, Any]


@cache
def templates() -> jinja2.Environment:
    """Our templates; everything that is put into them is escaped."""
    loader = jinja2.PackageLoader("ncl_course.grading.reports")
    env = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    env.undefined = jinja2.StrictUndefined
    env.globals.update(text=text, number=cohort.number)
    return env


def report_page(results: Record) -> str:
    """The cohort's page."""
    return (
        templates()
        .get_template("report.html")
        .render(
            lang=current(),
            graded=len(cohort.graded(results)),
            total=len(results["submissions"]),
            names=cohort.exercise_names(results),
            rows=cohort.rows(results),
            marks=cohort.marks(results),
            common=cohort.common(results),
            ungraded=cohort.ungraded(results),
        )
    )


def feedback_page(student: str, entries: list[Record]) -> str:
    """One student's page: verdicts, hints and the smallest failing case's reason, and no number of a case."""
    views = [{**entry, "exercises": [exercise_view(one) for one in entry["exercises"]]} for entry in entries]
    return templates().get_template("feedback.html").render(lang=current(), student=student, entries=views)


def exercise_view(exercise: Record) -> Record:
    """An exercise as its student reads of it."""
    return {**exercise, "parts": [part_view(exercise["exercise"], part) for part in exercise["parts"]]}


def part_view(exercise: str, part: Record) -> Record:
    """A part as its student reads of it."""
    case = part.get("case")
    return {
        **part,
        "name": part_name(part["part"]),
        "level": {"passed": "all", "missing": "missing"}.get(part["verdict"], "none"),
        "why": text("grading.feedback.smallest", why=find(f"case.{case}") or case) if case else "",
        "raised": raised_line(part),
        "note": part.get("note", ""),
        "named": [named(exercise, name) for name in part.get("misconceptions", ())],
    }


def raised_line(part: Record) -> str:
    """What was raised and where."""
    if "raised" not in part:
        return ""
    where = f" ({text('grading.feedback.where', where=part['where'])})" if part.get("where") else ""
    return raised_sentence(part["raised"], part.get("raised_message", "")) + where
