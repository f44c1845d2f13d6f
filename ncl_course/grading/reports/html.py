"""``report.html`` for the instructor and ``feedback/STUDENT.html``: whole pages that need no network.

A page allows no script but the one that it is written with, by its hash: what a student could smuggle in would not run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from ncl_course.checking.view import Named, key_about, named
from ncl_course.grading.entry import Entry, PartEntry
from ncl_course.grading.plain import plain
from ncl_course.grading.reports import cohort, marks, troubles
from ncl_course.grading.reports.compare import Change
from ncl_course.grading.reports.names import file_names
from ncl_course.grading.results import Results
from ncl_course.grading.worded import part_name, raised_sentence
from ncl_course.language import current, find, text

SIGNS = {"all": "■", "some": "▲", "none": "●", "ended": "✕", "missing": "–", "absent": ""}
"""Beside the colours, for those who see colours differently, and on paper."""


@cache
def templates() -> jinja2.Environment:
    """Our templates; everything that is put into them is escaped."""
    loader = jinja2.PackageLoader("ncl_course.grading.reports")
    env = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    env.undefined = jinja2.StrictUndefined
    env.globals.update(text=text, number=cohort.number, signs=SIGNS, level=cohort.level, told=marks)
    env.globals.update(part_name=part_name, explained=explained)
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


def report_page(results: Results, changes: Sequence[Change] = ()) -> str:
    """The cohort's page; ``changes`` are those against an earlier run, where one was given."""
    entries = results.submissions
    return render(
        "report.html",
        how=plain(results.run),
        graded=len(results.graded),
        total=len(entries),
        lessons=cohort.lessons(results),
        common=cohort.common(results),
        ungraded=results.ungraded,
        ended=troubles.ended(results),
        slow=troubles.slow(results),
        entries=entries,
        share=cohort.share,
        pages=file_names(results.students),
        changes=changes,
        marked=marks.any_marks(entries),
    )


def feedback_page(student: str, entries: Sequence[Entry]) -> str:
    """One student's page: verdicts, the notebook's own panels, hints, and no number of a case of the grader's."""
    return render("feedback.html", student=student, entries=entries)


@dataclass(frozen=True)
class Explained:
    """The sentences about a part that a student reads beside its panel and its note."""

    why: str
    raised: str
    named: tuple[Named, ...]


def explained(exercise: str, part: PartEntry) -> Explained:
    """Explain a part in words."""
    raised = "" if part.panel or part.raised is None else raised_line(part)
    return Explained(described(exercise, part), raised, tuple(named(exercise, name) for name in part.misconceptions))


def described(exercise: str, part: PartEntry) -> str:
    """How many of the grader's cases fail, and what the smallest of them is about: in words alone."""
    if not part.case:
        return ""
    why = find(key_about(exercise, f"case.{part.case}")) or part.case
    key = "further" if part.panel else "smallest"
    return text(f"grading.feedback.{key}", why=why, failing=part.failing, cases=part.cases)


def raised_line(part: PartEntry) -> str:
    """What was raised and where."""
    where = f" ({text('grading.feedback.where', where=part.where)})" if part.where else ""
    return raised_sentence(part.raised or "", part.raised_message or "") + where
