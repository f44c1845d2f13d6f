"""``report.html`` for the instructor and ``feedback/STUDENT.html``: whole pages that need no network.

A page allows no script but the one that it is written with, by its hash: what a student could smuggle in would not run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from ncl_course.checking.view import key_about, named
from ncl_course.grading.entry import part_name, raised_sentence
from ncl_course.grading.reports import cohort, marks, troubles
from ncl_course.grading.reports.names import file_names
from ncl_course.language import current, find, text

Record = dict[str, Any]
SIGNS = {"all": "■", "some": "▲", "none": "●", "ended": "✕", "missing": "–", "absent": ""}
"""Beside the colours, for those who see colours differently, and on paper."""


@cache
def templates() -> jinja2.Environment:
    """Our templates; everything that is put into them is escaped."""
    loader = jinja2.PackageLoader("ncl_course.grading.reports")
    env = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    env.undefined = jinja2.StrictUndefined
    env.globals.update(text=text, number=cohort.number, signs=SIGNS, level=cohort.level, mark=cohort.mark, told=marks)
    return env


@cache
def script() -> str:
    """The code that searches and sorts tables."""
    return resources.files("ncl_course.grading.reports").joinpath("templates", "tables.js").read_text(encoding="utf-8")


@cache
def script_hash() -> str:
    """The hash by which a page allows that code alone."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()


def render(name: str, **values: Any) -> str:
    """A page from its template."""
    code = Markup(script())  # our own file, and not a student's
    return templates().get_template(name).render(lang=current(), script=code, script_hash=script_hash(), **values)


def report_page(results: Record, changes: Sequence[Any] = ()) -> str:
    """The cohort's page; ``changes`` are those against an earlier run, where one was given."""
    entries = results["submissions"]
    return render(
        "report.html",
        results=results,
        graded=len(cohort.graded(results)),
        total=len(entries),
        lessons=cohort.lessons(results),
        common=cohort.common(results),
        ungraded=cohort.ungraded(results),
        ended=troubles.ended(results),
        slow=troubles.slow(results),
        entries=entries,
        share=cohort.share,
        pages=file_names(dict.fromkeys(entry["student"] for entry in entries)),
        changes=changes,
        marked=marks.any_marks(entries),
    )


def feedback_page(student: str, entries: list[Record]) -> str:
    """One student's page: verdicts, the notebook's own panels, hints, and no number of a case of the grader's."""
    views = [{**entry, "exercises": [exercise_view(one) for one in entry["exercises"]]} for entry in entries]
    return render("feedback.html", student=student, entries=views)


def exercise_view(exercise: Record) -> Record:
    """An exercise as its student reads of it."""
    return {**exercise, "parts": [part_view(exercise["exercise"], part) for part in exercise["parts"]]}


def part_view(exercise: str, part: Record) -> Record:
    """A part as its student reads of it."""
    return {
        **part,
        "name": part_name(part["part"]),
        "why": described(exercise, part),
        "raised": "" if part.get("panel") else raised_line(part),
        "note": part.get("note", ""),
        "panel": part.get("panel"),
        "named": [named(exercise, name) for name in part.get("misconceptions", ())],
    }


def described(exercise: str, part: Record) -> str:
    """How many of the grader's cases fail, and what the smallest of them is about: in words alone."""
    case = part.get("case")
    if not case:
        return ""
    why = find(key_about(exercise, f"case.{case}")) or case
    key = "further" if part.get("panel") else "smallest"
    return text(f"grading.feedback.{key}", why=why, failing=part.get("failing", 1), cases=part.get("cases", 1))


def raised_line(part: Record) -> str:
    """What was raised and where."""
    if "raised" not in part:
        return ""
    where = f" ({text('grading.feedback.where', where=part['where'])})" if part.get("where") else ""
    return raised_sentence(part["raised"], part.get("raised_message", "")) + where
